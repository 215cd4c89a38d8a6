"""What the morning mail says: what the person owes soon, and what is new, by project, one link each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from portal.common.written import date_short
from portal.notifications import registry
from portal.notifications.enums import DeliveryState
from portal.notifications.summaries import Due, in_words, tasks_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.notifications.models import Delivery, Obligation

#: The event that a morning mail is in the ledger; its object is the day.
DIGEST: Final = "digest"
#: A mail is read in a minute; the rest stands on the desk.
MOST_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, and the one link to it; `due` where it is to be done."""

    sentence: str
    detail: str
    url: str
    due: str = ""


@dataclass(slots=True)
class Group:
    """The lines of one project, or those of none."""

    title: str
    owed: list[Line] = field(default_factory=list)
    news: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Morning:
    """Everything in one mail: groups in the order of what is due first."""

    groups: Sequence[Group]
    owed_count: int
    news_count: int
    left_out: int


def morning_of(digest: Delivery, now: datetime) -> Morning | None:
    """In the language and zone that are active; None where nothing that was gathered is still wanted."""
    parts = list(
        digest.parts.filter(state=DeliveryState.PENDING).select_related("person", "obligation__person").order_by("pk")
    )
    if not parts:
        return None
    reminded = {part.obligation_id for part in parts if part.obligation_id is not None}
    tasks = [one for one in tasks_for(digest.person, now) if one.due != Due.LATER or one.obligation.pk in reminded]
    shown = {one.obligation.pk for one in tasks}
    lines: list[tuple[int | None, bool, Line]] = [
        (
            one.obligation.project_id,
            True,
            Line(one.task.sentence, one.task.detail, one.task.url, due_words(one.obligation, one.due)),
        )
        for one in tasks
    ]
    news = in_words([part for part in parts if part.obligation_id not in shown])
    projects = {part.pk: part.project_id for part in parts}
    lines += [(projects[row.pk], False, Line(row.sentence, row.detail, row.url)) for row in news]
    if not lines:
        return None
    kept = lines[:MOST_LINES]
    return Morning(grouped(kept), len(tasks), len(news), len(lines) - len(kept))


def grouped(lines: Sequence[tuple[int | None, bool, Line]]) -> list[Group]:
    """By project, in the order in which each appears first; what belongs to none stands last."""
    titles = registry.directory().titles({project for project, _is_owed, _line in lines if project is not None})
    groups: dict[int | None, Group] = {}
    for project, is_owed, line in lines:
        group = groups.setdefault(project, Group(titles.get(project, "") if project is not None else ""))
        (group.owed if is_owed else group.news).append(line)
    return sorted(groups.values(), key=lambda group: not group.title)


def due_words(owed: Obligation, due: Due) -> str:
    """Until when."""
    if due == Due.TODAY:
        return _("due today")
    day = date_short(owed.due_at)
    return (_("since %(day)s") if due == Due.PAST else _("by %(day)s")) % {"day": day}
