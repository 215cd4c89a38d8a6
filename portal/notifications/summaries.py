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
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, tzinfo

    from portal.accounts.models import User
    from portal.notifications.kinds import News, Task
    from portal.notifications.querysets import DeliveryQuerySet, ObligationQuerySet

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


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for somebody, whom he waits for, and his latest messages."""

    tasks: Sequence[DeskTask]
    waiting: Sequence[Waiting]
    news: Sequence[InboxRow]


def desk_for(user: User, now: datetime, *, most_news: int) -> Desk:
    """All three at once: each kind is asked once for the words of all its rows."""
    own, others = list(_own_rows(user, now)), list(_rows_of_others(user))
    page = list(_inbox_rows(user)[:most_news])
    seen = _seen_projects([*own, *page], user)
    own, page = _among(own, seen), _among(page, seen)
    words = _tasks_of({row.pk: row for row in (*own, *others, *_reminded(page))}.values())
    return Desk(
        tasks=[_named(task, user) for task in _described(own, words, now, user.zone)],
        waiting=_waiting(_described(others, words, now, user.zone)),
        news=_in_words(page, words),
    )


def tasks_for(user: User, now: datetime) -> list[DeskTask]:
    """What waits for the person, most urgent first; only what he may see."""
    rows = _visible(_own_rows(user, now), user)
    return [_named(task, user) for task in _described(rows, _tasks_of(rows), now, user.zone)]


def _own_rows(user: User, now: datetime) -> ObligationQuerySet:
    return on_desk_of(user, now).select_related("person").order_by("due_at", "pk")[:MOST_TASKS]


def on_desk_of(user: User, now: datetime) -> ObligationQuerySet:
    """What the person owes, and what he may do for those he stands in for; nothing of that on projects of his own."""
    absent = Delegation.objects.standing_in(user, now).values("person")
    for_others = Q(person__in=absent, kind__in=registry.for_stand_ins())
    projects = registry.directory().owned_by(user)
    rows = Obligation.objects.open()
    own, others = rows.filter(person=user), rows.filter(for_others).exclude(project_id__in=projects)
    # Not as one condition with an “or”: no index is found by that, and this is asked by every page.
    return rows.filter(pk__in=own.order_by().values("pk").union(others.order_by().values("pk"), all=True))


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
    told = Obligation.objects.told_to_manager().filter(person__manager=user).select_related("person")
    rows = _visible(told.order_by("due_at", "pk")[:MOST_TASKS], user)
    return _described(rows, _tasks_of(rows), now, user.zone)


def _rows_of_others(user: User) -> ObligationQuerySet:
    """What others owe on projects that the person owns."""
    own = registry.directory().owned_by(user)
    rows = Obligation.objects.open().filter(project_id__in=own).exclude(person=user)
    return rows.select_related("person").order_by("due_at", "pk")[:MOST_TASKS]


def _waiting(rows: Iterable[DeskTask]) -> list[Waiting]:
    url = registry.directory().url
    return [Waiting(row.obligation, row.task, row.icon, row.due, url(row.obligation.project_id or 0)) for row in rows]


def open_of_project(project_id: int, user: User, now: datetime) -> list[DeskTask]:
    """What anybody owes on a project that the reader sees, most urgent first."""
    rows = Obligation.objects.open().shown_to(user).filter(project_id=project_id).select_related("person")
    shown = list(rows.order_by("due_at", "pk")[:MOST_TASKS])
    return _described(shown, _tasks_of(shown), now, user.zone)


def inbox_of(user: User, *, before: int | None = None, most: int = PAGE_OF_INBOX) -> tuple[list[InboxRow], int | None]:
    """A page of the inbox, newest first, and the id to go on before (None at the end)."""
    found = _inbox_rows(user)
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found[: most + 1])
    older = page[most - 1].pk if len(page) > most else None
    page = _visible(page[:most], user)
    return in_words(page), older


def _inbox_rows(user: User) -> DeliveryQuerySet:
    return Delivery.objects.inbox_of(user).select_related("obligation__person").order_by("-pk")


def in_words(page: Sequence[Delivery]) -> list[InboxRow]:
    """Messages in words, in their order; what can no longer be described is left out."""
    return _in_words(page, _tasks_of(_reminded(page)))


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
    return _among(rows, _seen_projects(rows, user))


def _seen_projects(rows: Iterable[Obligation | Delivery], user: User) -> set[int]:
    """Of the projects that the rows are about, those that the reader may see."""
    projects = {row.project_id for row in rows if row.project_id is not None}
    return set(registry.directory().visible_to(user, projects)) if projects else set()


def _among(rows: Iterable[Row], seen: Collection[int]) -> list[Row]:
    return [row for row in rows if row.project_id is None or row.project_id in seen]


def _described(rows: Iterable[Obligation], words: Mapping[int, Task], now: datetime, zone: tzinfo) -> list[DeskTask]:
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


def _reminded(page: Iterable[Delivery]) -> list[Obligation]:
    """What the reminders among messages are about, each once."""
    return list({row.obligation.pk: row.obligation for row in page if row.obligation is not None}.values())


def _in_words(page: Sequence[Delivery], tasks: Mapping[int, Task]) -> list[InboxRow]:
    words = _words_of_reminders(page, tasks) | _words_of_events(page)
    return [words[row.pk] for row in page if row.pk in words]


def _words_of_reminders(page: Iterable[Delivery], tasks: Mapping[int, Task]) -> dict[int, InboxRow]:
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
