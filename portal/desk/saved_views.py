"""One's own views of any list: kept under a name, renamed, dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.actions.saved_view import change_view, drop_view, keep_view
from portal.accounts.forms.saved_view import SavedViewForm
from portal.accounts.http import PortalRequest, post_once
from portal.accounts.models import SavedView
from portal.common.http import leave_to, page
from portal.process import PROCESS

if TYPE_CHECKING:
    from portal.common.lists import ListFilter


@require_http_methods(["GET", "HEAD", "POST"])
def view_new(request: PortalRequest, name: str) -> HttpResponse:
    asked = named_list(request, name)
    form = SavedViewForm(request.POST or None)

    def keep() -> str:
        view = keep_view(asked, **form.cleaned_data, by=request.user, now=timezone.now())
        return address_of(view)

    status = post_once(request, form, keep)
    if isinstance(status, HttpResponse):
        return status
    context = {"form": form, "back_url": asked.address()}
    return page(request, "desk/view_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def view_edit(request: PortalRequest, pk: int) -> HttpResponse:
    view = own_view(request, pk)
    form = SavedViewForm(request.POST or None, initial={"name": view.name, "is_default": view.is_default})

    def change() -> str:
        return address_of(change_view(view, **form.cleaned_data, by=request.user, now=timezone.now()))

    status = post_once(request, form, change)
    if isinstance(status, HttpResponse):
        return status
    context = {"form": form, "view": view, "back_url": address_of(view)}
    return page(request, "desk/view_edit.html", context, status=status)


@require_POST
def view_drop(request: PortalRequest, pk: int) -> HttpResponse:
    view = own_view(request, pk)
    drop_view(view, by=request.user, now=timezone.now())
    messages.success(request, _("The view is gone; the list itself stays."))
    return leave_to(request, reverse(view.page))


def named_list(request: PortalRequest, name: str) -> ListFilter:
    """The list and what is asked of it, as the address says."""
    kind = PROCESS.lists.get(name)
    if kind is None:
        raise Http404
    asked = kind(request.GET, reader=request.user, now=timezone.now())
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    return asked


def own_view(request: PortalRequest, pk: int) -> SavedView:
    """Of a list that still exists."""
    return get_object_or_404(SavedView, pk=pk, person=request.user, page__in=PROCESS.lists)


def address_of(view: SavedView) -> str:
    """The list as the view shows it."""
    return f"{reverse(view.page)}?{view.query}" if view.query else reverse(view.page)
