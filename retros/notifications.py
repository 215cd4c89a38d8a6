"""Who hears what about a retro, in which words. Neutral news; what is owed speaks through its obligation."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.audit.models import AuditEntry
from portal.common.written import date_short, listed
from portal.notifications.enums import Pace
from portal.notifications.kinds import EventKind, News
from retros.models import Retro

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def retro_held(ids: Sequence[int]) -> Mapping[int, News]:
    """What came of it, never what was said in it."""
    found = Retro.objects.select_related("project").prefetch_related("lessons").in_bulk(ids)
    return {
        pk: News(
            sentence=_("The retro of “%(title)s” was held: %(lessons)s")
            % {"title": retro.project.title, "lessons": lessons_in_words(len(retro.lessons.all()))},
            url=retro.get_absolute_url(),
        )
        for pk, retro in found.items()
    }


def lessons_in_words(count: int) -> str:
    """“2 lessons”, “2 条经验教训”."""
    return ngettext("%(count)d lesson", "%(count)d lessons", count) % {"count": count}


def retro_waived(ids: Sequence[int]) -> Mapping[int, News]:
    found = Retro.objects.select_related("project", "closed_by").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(lead)s waived the retro of “%(title)s”: %(reason)s")
            % {"lead": retro.closed_by, "title": retro.project.title, "reason": retro.waived_because},
            url=retro.get_absolute_url(),
        )
        for pk, retro in found.items()
    }


def retro_minutes(ids: Sequence[int]) -> Mapping[int, News]:
    """Lessons and follow-ups in the mail itself; what was said stays where it was said."""
    found = Retro.objects.select_related("project").prefetch_related("lessons", "follow_ups__owner").in_bulk(ids)
    return {
        pk: News(
            sentence=_("Minutes of the retro of “%(title)s”") % {"title": retro.project.title},
            url=reverse("retros:minutes", args=[retro.project_id, pk]),
            detail=_("Lessons: %(lessons)s. Follow-ups: %(follow_ups)s.")
            % {
                "lessons": listed(retro.lessons.all()) or _("none"),
                "follow_ups": listed(f"{item.title} ({item.owner})" for item in retro.follow_ups.all()) or _("none"),
            },
        )
        for pk, retro in found.items()
    }


def retro_called(ids: Sequence[int]) -> Mapping[int, News]:
    """When and where, and that notes may be written before."""
    found = Retro.objects.select_related("project").in_bulk(ids)
    return {
        pk: News(
            sentence=_("The retro of “%(title)s” is on %(when)s") % {"title": retro.project.title, "when": when(retro)},
            url=retro.get_absolute_url(),
            detail=_("Write your notes before, without a name."),
        )
        for pk, retro in found.items()
    }


def when(retro: Retro) -> str:
    """“Wed 25 Nov, 15:00, room 3”: as much of it as is known."""
    return meeting_in_words(retro.wanted_on, retro.begins_at, retro.place)


def meeting_in_words(day: date, begins_at: time | None, place: str) -> str:
    hour = begins_at.strftime("%H:%M") if begins_at else ""
    return listed(filter(None, [date_short(day), hour, place]))


def retro_moved(ids: Sequence[int]) -> Mapping[int, News]:
    """From when and where to when and where: the audit row of the move knows both."""
    entries = AuditEntry.objects.filter(verb="retro.day_picked").in_bulk(ids)
    found = Retro.objects.select_related("project").in_bulk({entry.subject_id for entry in entries.values()})
    return {
        pk: News(
            sentence=_("The retro of “%(title)s” moved: not %(old)s but %(new)s")
            % {"title": retro.project.title, "old": kept_in_words(entry.before), "new": kept_in_words(entry.after)},
            url=retro.get_absolute_url(),
        )
        for pk, entry in entries.items()
        if (retro := found.get(entry.subject_id)) is not None
    }


def kept_in_words(kept: Mapping[str, str] | None) -> str:
    """Day, hour and place as the audit keeps them."""
    known = kept or {}
    hour = known.get("begins_at")
    begins_at = time.fromisoformat(hour) if hour else None
    return meeting_in_words(date.fromisoformat(known["planned_on"]), begins_at, known.get("place") or "")


EVENTS = (
    EventKind(key="retro_minutes", describe=retro_minutes, icon="arrow-counterclockwise", pace=Pace.SOON),
    EventKind(key="retro_called", describe=retro_called, icon="arrow-counterclockwise", pace=Pace.SOON),
    EventKind(key="retro_moved", describe=retro_moved, icon="arrow-counterclockwise", pace=Pace.SOON),
    EventKind(key="retro_held", describe=retro_held, icon="arrow-counterclockwise"),
    EventKind(key="retro_waived", describe=retro_waived, icon="arrow-counterclockwise"),
)
