"""One colleague: a card for everybody, a form for administrators."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.actions.person import (
    change_person,
    change_preferences,
    change_roles,
    create_person,
    deactivate,
    reactivate,
)
from portal.accounts.enums import Language
from portal.accounts.forms.person import PLACE, PREFERENCES, PersonForm
from portal.accounts.http import PortalRequest, post_once
from portal.accounts.models import Delegation, User
from portal.accounts.permissions import ADMINS_MAY, can_deactivate, can_delegate, can_manage_people, require
from portal.accounts.tasks import queue_password_link
from portal.common.forms import PortalForm
from portal.common.http import leave_to, page

if TYPE_CHECKING:
    from collections.abc import Callable


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: PortalRequest) -> HttpResponse:
    require(can_manage_people(request.user), ADMINS_MAY)
    spoken = get_language()
    language = spoken if spoken in Language.values else Language.EN
    form = PersonForm(request.POST or None, language=language)
    answer = post_once(request, form, lambda: _create(request, form))
    if isinstance(answer, HttpResponse):
        return answer
    return page(request, "accounts/person_new.html", {"form": form}, status=answer)


def _create(request: PortalRequest, form: PersonForm) -> str:
    person = create_person(**form.cleaned_data, by=request.user, now=timezone.now())
    # The task reads the row, so it waits until everybody can.
    transaction.on_commit(partial(queue_password_link, person.pk))
    messages.success(request, _("%(name)s is added; a link to set a password is on its way.") % {"name": person.name})
    return address(person)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PortalRequest, pk: int) -> HttpResponse:
    found = _find(pk)
    may = can_manage_people(request.user) and found.erased_at is None
    may_end = can_deactivate(request.user, found)
    form = PersonForm(request.POST or None, person=found, may_set_roles=may_end) if may else None
    answer: HttpResponse | HTTPStatus = HTTPStatus.OK
    if request.method == "POST":
        require(may, ADMINS_MAY)
        answer = _saved(request, found, form) if form else answer
    if isinstance(answer, HttpResponse):
        return answer
    context = {
        "person": found,
        "form": form,
        "may_end": may_end,
        "is_self": found == request.user,
        "delegations": list(Delegation.objects.of(found, timezone.now())),
        "may_delegate": found.is_active and can_delegate(request.user, found),
    }
    return page(request, "accounts/person.html", context, status=answer)


def _saved(request: PortalRequest, found: User, form: PersonForm) -> HttpResponse | HTTPStatus:
    def save() -> str:
        by, now = request.user, timezone.now()
        change_person(found, by=by, now=now, **form.changed(*PLACE))
        change_preferences(found, by=by, now=now, **form.changed(*PREFERENCES))
        if roles := form.changed("roles"):
            change_roles(found, roles["roles"], by=by, now=now)
        messages.success(request, _("Saved."))
        return address(found)

    return post_once(request, form, save)


@require_POST
def person_deactivate(request: PortalRequest, pk: int) -> HttpResponse:
    return _switched(request, pk, deactivate, _("%(name)s is signed out everywhere and cannot sign in."))


@require_POST
def person_reactivate(request: PortalRequest, pk: int) -> HttpResponse:
    return _switched(request, pk, reactivate, _("%(name)s can sign in again, with the same password and roles."))


def _switched(request: PortalRequest, pk: int, switch: Callable[..., User], words: str) -> HttpResponse:
    found = _find(pk)

    def deed() -> str:
        switch(found, by=request.user, now=timezone.now())
        messages.success(request, words % {"name": found.name})
        return address(found)

    answer = post_once(request, PortalForm(request.POST), deed)
    # Nothing is typed here, so all that can be refused is a key that was used for something else.
    return leave_to(request, address(found)) if isinstance(answer, HTTPStatus) else answer


def _find(pk: int) -> User:
    related = User.objects.select_related("department", "manager", "dotted_manager", "site")
    return get_object_or_404(related.prefetch_related("groups"), pk=pk)


def address(found: User) -> str:
    return reverse("accounts:person", args=[found.pk])
