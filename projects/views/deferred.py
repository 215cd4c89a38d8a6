"""What is left out: listed with owner, date and the benefit it takes away; or confirmed as nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.components import Tab
from portal.common.http import leave_to, page
from portal.common.written import percent
from projects.actions.deferred import (
    confirm_nothing_deferred,
    defer_scope,
    drop_deferred_item,
    keep_deferred,
    settle_deferred,
    who_settles,
)
from projects.actions.project import DELIVERING
from projects.enums import Stage
from projects.forms.delivery import DeferForm, LeftOutForm
from projects.models import DeferredItem
from projects.permissions import can_run, can_settle_deferred
from projects.summaries import benefit_kept
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projects.models import Project

#: Nobody reads further down; what is due first comes first.
MOST_ROWS = 200


@require_http_methods(["GET", "HEAD", "POST"])
def defer(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    may = can_run(request.user, project)
    form = DeferForm(request.POST or None, project=project, title=request.GET.get("line", "")[:160])

    def deed() -> str:
        defer_scope(project, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Listed as left out."))
        return reverse("projects:defer", args=[project.pk])

    if request.method == "POST":
        require(may, _("Only the owner can do this. The owner is %s.") % project.owner)
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    items = list(DeferredItem.objects.filter(project=project).select_related("owner").order_by("settled_at", "due_on"))
    context = frame(request, project, "resources", answer_line(project, items)) | {
        "form": form,
        "items": items,
        "may": may and project.stage in DELIVERING and project.started_at is not None,
        "open_count": sum(item.settled_at is None for item in items),
    }
    return page(request, "projects/deferred_list.html", context, status=status)


def answer_line(project: Project, items: Sequence[DeferredItem]) -> str:
    """How much of the benefit is left."""
    count = sum(item.settled_at is None for item in items)
    if count:
        return ngettext(
            "%(count)s thing is left out: %(share)s of the benefit remains.",
            "%(count)s things are left out: %(share)s of the benefit remains.",
            count,
        ) % {"count": count, "share": percent(benefit_kept(project))}
    if project.nothing_deferred_by_id is not None:
        return _("Nothing is left out, as the owner has confirmed.")
    return _("It is not said yet whether something is left out. Launch asks for it.")


@require_POST
def nothing_deferred(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    confirm_nothing_deferred(project, by=request.user, now=timezone.now())
    messages.success(request, _("Confirmed: nothing is left out."))
    return leave_to(request, reverse("projects:defer", args=[project.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PortalRequest, pk: int, item_pk: int) -> HttpResponse:
    """Keep it for another day, or drop it, with the reason."""
    project = find_project(request, pk)
    item = find_item(project, item_pk)
    require(can_settle_deferred(request.user, item), who_settles(item))
    form = LeftOutForm(request.POST if request.method == "POST" else None)

    def deed() -> str:
        values, now = form.cleaned_data, timezone.now()
        if values["what"] == "drop":
            drop_deferred_item(item, why=values["why"], by=request.user, now=now)
        else:
            keep_deferred(item, due_on=values["due_on"], why=values["why"], by=request.user, now=now)
        messages.success(request, _("Noted."))
        return reverse("projects:defer", args=[project.pk])

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    context = frame(request, project, "resources") | {"form": form, "item": item}
    return page(request, "projects/deferred_decide.html", context, status=status)


@require_safe
def left_out(request: PortalRequest) -> HttpResponse:
    """Everything that was left out and has not come: mine, or of every project that the reader may see."""
    visible = (
        DeferredItem.objects.visible_to(request.user).filter(settled_at=None).exclude(project__stage=Stage.CANCELLED)
    )
    mine = visible.filter(Q(owner=request.user) | Q(project__owner=request.user))
    wants_all = request.GET.get("view") == "all"
    counts = mine.count(), visible.count()
    rows = (visible if wants_all else mine).select_related("project__product", "project__owner", "owner")
    context = {
        "items": list(rows.order_by("due_on", "pk")[:MOST_ROWS]),
        "heading": ngettext(
            "%(count)s thing that was left out waits for you",
            "%(count)s things that were left out wait for you",
            counts[0],
        )
        % {"count": counts[0]}
        if counts[0]
        else _("Nothing that was left out waits for you"),
        "tabs": [
            Tab(_("Mine"), "?view=mine", is_current=not wants_all, count=counts[0]),
            Tab(_("All"), "?view=all", is_current=wants_all, count=counts[1]),
        ],
        "place": "products",
    }
    return page(request, "projects/left_out_list.html", context)


def find_item(project: Project, pk: int) -> DeferredItem:
    return get_object_or_404(DeferredItem.objects.select_related("project__owner", "owner"), project=project, pk=pk)


@require_POST
def settle(request: PortalRequest, pk: int, item_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    item = find_item(project, item_pk)
    settle_deferred(item, by=request.user, now=timezone.now())
    messages.success(request, _("Settled: “%(title)s” is not left out any more.") % {"title": item.title})
    return leave_to(request, reverse("projects:defer", args=[project.pk]))
