"""Erasing a person: the one deed that goes through every app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.erasure import forget_person
from portal.accounts.models import Department, User
from portal.accounts.permissions import ADMINS_MAY, can_erase, require
from portal.audit.actions import record
from portal.common.errors import GateError, IllegalStateError, Reason
from portal.links.models import SignedLink
from portal.notifications import registry
from portal.notifications.actions.erasure import forget_messages
from portal.notifications.models import Obligation
from projects.actions.erasure import forget_name
from projects.models import Project
from projects.permissions import OVER

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def erase(person: User, *, by: User, now: datetime) -> User:
    """Leave “former user” and a number of whoever left, for good. What was decided, assessed and learnt stays, without the name.

    Raises PermissionDenied, IllegalStateError (erased already), GateError with what has to be handed over first.
    """
    require(can_erase(by, person), ADMINS_MAY)
    current = User.objects.select_for_update().get(pk=person.pk)
    if current.erased_at is not None:
        raise IllegalStateError(_("This person is erased already."))
    if reasons := hindrances(current, by):
        raise GateError(reasons)
    forget_messages(current)
    SignedLink.objects.filter(person=current).delete()
    current = forget_person(current, by=by, now=now)
    renamed = forget_name(current, by=by, now=now)
    record("person.erased", current, by=by, now=now, after={"pitches": renamed})
    return current


def hindrances(person: User, reader: User) -> list[Reason]:
    """What still waits for this person; projects that are not the reader's to see are counted and not named."""
    reasons = []
    if person.is_active:
        reasons.append(Reason("active", _("The access has to be ended first."), _card(person)))
    reasons += [
        Reason("heads", _("Heads the department %s.") % unit, reverse("accounts:department", args=[unit.pk]))
        for unit in Department.objects.filter(head=person)
    ]
    reasons += [
        Reason("manages", _("Is the manager of %s.") % one, _card(one))
        for one in User.objects.active().filter(manager=person)
    ]
    return reasons + _of_projects(person, reader)


def _of_projects(person: User, reader: User) -> list[Reason]:
    owed = list(Obligation.objects.open().filter(person=person))
    owned = list(Project.objects.exclude(stage__in=OVER).filter(owner=person))
    wanted = {one.project_id for one in owed if one.project_id} | {project.pk for project in owned}
    seen = {project.pk: project for project in Project.objects.visible_to(reader).filter(pk__in=wanted)}
    reasons = []
    for project in owned:
        shown = seen.get(project.pk)
        words = _("Owns a project that is not over: %s.") % (shown.title if shown else _("one that is not open to you"))
        reasons.append(Reason("owns", words, shown.get_absolute_url() if shown else ""))
    for one in owed:
        known = one.kind in registry.known_obligations()
        kind = registry.obligation_kind(one.kind).label if known else one.kind
        shown = seen.get(one.project_id or 0)
        reasons.append(Reason("owes", _("Still owes: %s.") % kind, shown.get_absolute_url() if shown else ""))
    return reasons


def _card(person: User) -> str:
    return reverse("accounts:person", args=[person.pk])
