"""What is read from obligations and ledger: the desk, whom I wait for, the inbox. Fixed numbers of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import Delegation
from portal.common.dates import day_in
from portal.notifications import registry
from portal.notifications.models import Delivery, Obligation
from portal.notifications.wording import for_reader, owed_url, why_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from portal.accounts.models import User
    from portal.notifications.kinds import News, Task
    from portal.notifications.querysets import ObligationQuerySet

#: Nobody reads further down a desk than this; what is due first comes first.
MOST_TASKS = 200
PAGE_OF_INBOX = 25

Row = TypeVar("Row", Obligation, Delivery)


class Due(Enum):
    """When something is due, as the desk groups it: in the reader's zone, the whole due day counted in."""

    PAST = "past"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class DeskTask:
    """One thing somebody owes, in words."""

    obligation: Obligation
    task: Task
    icon: str
    due: Due
    #: Where it says why and what comes next; only for whoever owes it.
    why_url: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What another owes on a project of mine, and where to look: at the project, not into his work."""

    obligation: Obligation
    task: Task
    icon: str
    due: Due
    project_url: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One message as the inbox shows it."""

    pk: int
    sentence: str
    detail: str
    url: str
    icon: str
    at: datetime
    is_new: bool
    why_url: str = ""


def tasks_for(user: User, now: datetime) -> list[DeskTask]:
    """What waits for the person, most urgent first; only what he may see."""
    rows = on_desk_of(user, now).select_related("person").order_by("due_at", "pk")[:MOST_TASKS]
    return [_named(task, user) for task in _described(_visible(rows, user), now, user.zone)]


def on_desk_of(user: User, now: datetime) -> ObligationQuerySet:
    """What the person owes, and what he may do for those he stands in for; nothing of that on projects of his own."""
    absent = Delegation.objects.standing_in(user, now).values("person")
    for_others = Q(person__in=absent, kind__in=registry.for_stand_ins())
    own = registry.directory().owned_by(user)
    return Obligation.objects.open().filter(Q(person=user) | (for_others & ~Q(project_id__in=own)))


def _named(desk_task: DeskTask, user: User) -> DeskTask:
    """Says for whom, where it is another's; why, where it is one's own."""
    person, task = desk_task.obligation.person, desk_task.task
    if person == user:
        return replace(desk_task, why_url=owed_url(desk_task.obligation))
    words = _("for %(person)s · %(detail)s") % {"person": person, "detail": task.detail}
    return replace(desk_task, task=replace(task, detail=words))


def task_of(row: Obligation, user: User) -> Task | None:
    """One row in words, if the reader may see what it is about."""
    return _tasks_of(_visible([row], user)).get(row.pk)


def open_of_team(user: User, now: datetime) -> list[DeskTask]:
    """What people of the manager still owe, as far as he was told of it; the longest due first, whoever owes it."""
    rows = Obligation.objects.told_to_manager().filter(person__manager=user).select_related("person")
    return _described(_visible(rows.order_by("due_at", "pk")[:MOST_TASKS], user), now, user.zone)


def waiting_for(user: User, now: datetime) -> list[Waiting]:
    """What others owe on projects that the person owns, most urgent first."""
    directory = registry.directory()
    rows = (
        Obligation.objects.open()
        .filter(project_id__in=list(directory.owned_by(user)))
        .exclude(person=user)
        .select_related("person")
        .order_by("due_at", "pk")[:MOST_TASKS]
    )
    return [
        Waiting(row.obligation, row.task, row.icon, row.due, directory.url(row.obligation.project_id or 0))
        for row in _described(rows, now, user.zone)
    ]


def open_of_project(project_id: int, user: User, now: datetime) -> list[DeskTask]:
    """What anybody owes on one project, most urgent first; nothing, if the reader may not see the project."""
    rows = Obligation.objects.open().filter(project_id=project_id).select_related("person").order_by("due_at", "pk")
    rows = rows.exclude(~Q(person=user), kind__in=registry.private_obligations())
    return _described(_visible(rows[:MOST_TASKS], user), now, user.zone)


def inbox_of(user: User, *, before: int | None = None, most: int = PAGE_OF_INBOX) -> tuple[list[InboxRow], int | None]:
    """A page of the inbox, newest first, and the id to go on before (None at the end)."""
    found = Delivery.objects.inbox_of(user).select_related("obligation__person").order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found[: most + 1])
    older = page[most - 1].pk if len(page) > most else None
    page = _visible(page[:most], user)
    words = words_of_messages(page)
    return [words[row.pk] for row in page if row.pk in words], older


def words_of_messages(page: Sequence[Delivery]) -> dict[int, InboxRow]:
    """Messages in words, by id; what can no longer be described is left out."""
    words = _words_of_reminders(page) | _words_of_events(page)
    return {row.pk: words[row.pk] for row in page if row.pk in words}


def unread_count(user: User) -> int:
    """How many messages are new."""
    return Delivery.objects.inbox_of(user).unread().count()


def due_of(due_at: datetime, now: datetime, zone: tzinfo) -> Due:
    """Late only after the due moment; the week ends with Sunday."""
    if due_at < now:
        return Due.PAST
    today, day = day_in(zone, now), day_in(zone, due_at)
    if day == today:
        return Due.TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    return Due.THIS_WEEK if day <= sunday else Due.LATER


def _visible(rows: Iterable[Row], user: User) -> list[Row]:
    """Without those about projects that the reader may not see; one query."""
    rows = list(rows)
    projects = {row.project_id for row in rows if row.project_id is not None}
    seen = set(registry.directory().visible_to(user, projects)) if projects else set()
    return [row for row in rows if row.project_id is None or row.project_id in seen]


def _described(rows: Iterable[Obligation], now: datetime, zone: tzinfo) -> list[DeskTask]:
    rows = list(rows)
    words = _tasks_of(rows)
    return [
        DeskTask(row, words[row.pk], registry.obligation_kind(row.kind).icon, due_of(row.due_at, now, zone))
        for row in rows
        if row.pk in words
    ]


def _tasks_of(rows: Iterable[Obligation]) -> Mapping[int, Task]:
    """Words by id: every kind is asked once, for all its rows."""
    by_kind: dict[str, list[Obligation]] = defaultdict(list)
    for row in rows:
        if row.kind in registry.known_obligations():
            by_kind[row.kind].append(row)
    words: dict[int, Task] = {}
    for kind, of_kind in by_kind.items():
        words |= registry.obligation_kind(kind).describe(of_kind)
    return words


def _words_of_reminders(page: Sequence[Delivery]) -> dict[int, InboxRow]:
    obligations = {row.obligation.pk: row.obligation for row in page if row.obligation is not None}
    tasks = _tasks_of(obligations.values())
    return {
        row.pk: _row(
            row,
            for_reader(row, row.obligation, tasks[row.obligation.pk]),
            registry.obligation_kind(row.obligation.kind).icon,
            why_url=why_url(row, row.obligation),
        )
        for row in page
        if row.obligation is not None and row.obligation.pk in tasks
    }


def _words_of_events(page: Sequence[Delivery]) -> dict[int, InboxRow]:
    objects: dict[str, set[int]] = defaultdict(set)
    for row in page:
        if row.event in registry.known_events():
            objects[row.event].add(row.object_id)
    news = {event: registry.event_kind(event).describe(sorted(ids)) for event, ids in objects.items()}
    return {
        row.pk: _row(row, news[row.event][row.object_id], registry.event_kind(row.event).icon)
        for row in page
        if row.object_id in news.get(row.event, {})
    }


def _row(row: Delivery, words: Task | News, icon: str, *, why_url: str = "") -> InboxRow:
    return InboxRow(
        pk=row.pk,
        sentence=words.sentence,
        detail=words.detail,
        url=words.url,
        icon=icon,
        at=row.created_at,
        is_new=row.read_at is None,
        why_url=why_url,
    )
