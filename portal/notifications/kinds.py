"""What an app declares about the things its people owe (`obligations.py`) and the news it sends (`notifications.py`).

Declarations only: the rows, the sweep and the desk are the same for every kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from portal.notifications.enums import Pace, Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from portal.notifications.models import Obligation


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: in the morning of the day that lies this many working days after the due day (before: negative).

    Apps declare steps that remind the person, and those that `acts`: they let the kind's `act` do what policy does then.
    The private notice and the word to the manager come from the policy, never from a declaration.
    """

    working_days: int
    reach: str = Reach.PERSON
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """What a person is to do: a sentence that begins with a verb, why now, and one button that leads there."""

    sentence: str
    detail: str
    url: str
    button: str
    ways_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What happened, in one neutral sentence that leads to it."""

    sentence: str
    url: str
    detail: str = ""


#: The signed link that a mail to a person carries: purpose and id of the object; None where he has no part in it.
LinkOf: TypeAlias = "Callable[[int, User], tuple[str, int] | None]"


@dataclass(frozen=True, slots=True)
class ObligationKind:
    """One kind of thing that is owed.

    `still_owed` and `visible_to` are asked again before every message. `describe` takes many rows at once, in the
    language and zone that are active, and may cost a fixed number of queries; a row it leaves out is not shown.
    `act` is what an acting rung calls, as policy; if it says that it did nothing, the person is reminded instead.
    `is_private` keeps what is owed from the pages of the project: only whoever owes it sees it there.
    `climbs` lets the direct manager hear of it, after the private notice.
    """

    key: str
    label: _StrOrPromise
    icon: str
    ladder: tuple[Rung, ...]
    still_owed: Callable[[Obligation], bool]
    visible_to: Callable[[Obligation, User], bool]
    describe: Callable[[Sequence[Obligation]], Mapping[int, Task]]
    is_private: bool = False
    act: Callable[[Obligation, datetime], bool] | None = None
    signed_link: LinkOf | None = None
    #: Whether it stands on the desk of whoever stands in for the person too.
    is_for_stand_ins: bool = False
    climbs: bool = True
    pace: Pace = Pace.MORNING


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of news; `describe` maps ids of its objects to words, as that of an obligation does. `letter` is what its
    mail alone says below them, such as minutes.
    """

    key: str
    describe: Callable[[Sequence[int]], Mapping[int, News]]
    icon: str = "bell"
    signed_link: LinkOf | None = None
    letter: Callable[[int], str] | None = None
    pace: Pace = Pace.MORNING


def pace_of(kind: ObligationKind | EventKind, reach: str = Reach.PERSON) -> Pace:
    """What carries a link of the person's own, and the private notice, is a mail by itself."""
    if kind.pace == Pace.MORNING and (kind.signed_link is not None or reach == Reach.NOTICE):
        return Pace.SOON
    return kind.pace


@dataclass(frozen=True, slots=True)
class ProjectDirectory:
    """What the kernel may ask about projects, which it does not know: each answer costs one query at most.

    It keeps news of a project from those who no longer see it, and finds what others owe to its owner. `hold` locks a
    project until the transaction ends, as every action of a project does first.
    """

    visible_to: Callable[[User, Collection[int]], Iterable[int]]
    owned_by: Callable[[User], Iterable[int]]
    url: Callable[[int], str]
    titles: Callable[[Collection[int]], Mapping[int, str]]
    hold: Callable[[int], None]
