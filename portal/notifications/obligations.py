"""What managers owe those who ask them for more time, and how these hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.written import date_short
from portal.notifications import registry
from portal.notifications.enums import Pace
from portal.notifications.kinds import EventKind, News, ObligationKind, Rung, Task
from portal.notifications.models import Extension

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db import models

    from portal.accounts.models import User
    from portal.notifications.models import Obligation


def extension_owed(owed: Obligation) -> bool:
    return unanswered().filter(pk=owed.object_id).exists()


def sees_extension(owed: Obligation, person: User) -> bool:
    """The manager who was asked, as long as he may see what it is about."""
    asked = Extension.objects.select_related("obligation").filter(pk=owed.object_id, decider=person).first()
    return asked is not None and registry.obligation_kind(asked.obligation.kind).visible_to(asked.obligation, person)


def describe_extensions(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    found = unanswered().select_related("obligation__person").in_bulk({owed.object_id for owed in obligations})
    return {
        owed.pk: Task(
            sentence=_("%(person)s asks for time until %(day)s")
            % {"person": asked.obligation.person, "day": date_short(asked.until)},
            detail=asked.reason,
            url=asked.get_absolute_url(),
            button=_("Answer"),
        )
        for owed in obligations
        if (asked := found.get(owed.object_id)) is not None
    }


def describe_answers(ids: Sequence[int]) -> Mapping[int, News]:
    found = Extension.objects.select_related("decider").filter(pk__in=ids, answered_at__isnull=False)
    return {
        row.pk: News(
            sentence=(
                _("%(person)s gives you time until %(day)s")
                if row.is_granted
                else _("%(person)s keeps the day as it is")
            )
            % {"person": row.decider, "day": date_short(row.until)},
            url=reverse("owed", args=[row.obligation_id]),
        )
        for row in found
    }


def describe_weeks(ids: Sequence[int]) -> Mapping[int, News]:
    """The same for every week: the page shows what is open when it is read."""
    return {
        week: News(
            sentence=_("Your team this week: what is still open"),
            url=reverse("team"),
            detail=_("Grouped by kind. Everybody named was told in private first."),
        )
        for week in ids
    }


def unanswered() -> models.QuerySet[Extension]:
    return Extension.objects.filter(answered_at=None, obligation__settled_at=None)


KINDS = (
    ObligationKind(
        key="extension_answer",
        label=gettext_lazy("An answer to somebody who asks for more time"),
        icon="calendar",
        ladder=(Rung(working_days=0), Rung(working_days=1)),
        still_owed=extension_owed,
        visible_to=sees_extension,
        describe=describe_extensions,
        is_private=True,
        climbs=False,
    ),
)
EVENTS = (
    EventKind(key="extension_answered", describe=describe_answers, icon="calendar", pace=Pace.SOON),
    EventKind(key="team_week", describe=describe_weeks, icon="people"),
)
