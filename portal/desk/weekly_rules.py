"""What the facts of a week make of it: a colour and what to say. Pure, so that its rules are tested by facts alone.

Danger: the launch date is past; a question has no answer past its time; what happened has no plan B in use; the launch
lies more than ten working days behind what was approved. Watch: the launch moved this week or lies behind at all; a
risk above the line has no answer; a question is open; plan B is in use; the project is on hold. Else on track.
The most serious thing is said first, then what moved, then what came; at most three.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

FAR_BEHIND: Final = 10
MOST_SAID: Final = 3


class Said(StrEnum):
    """What a draft can say, most serious first."""

    LAUNCH_PAST = "launch_past"
    QUESTION_LATE = "question_late"
    HAPPENED = "happened"
    FAR_BEHIND = "far_behind"
    LAUNCH_MOVED = "launch_moved"
    ON_HOLD = "on_hold"
    QUESTION_OPEN = "question_open"
    PLAN_B = "plan_b"
    UNANSWERED = "unanswered"
    BEHIND = "behind"
    STAGE = "stage"
    MEASURED = "measured"
    NOTHING = "nothing"


DANGER: Final = frozenset({Said.LAUNCH_PAST, Said.QUESTION_LATE, Said.HAPPENED, Said.FAR_BEHIND})
WATCH: Final = frozenset(
    {Said.LAUNCH_MOVED, Said.ON_HOLD, Said.QUESTION_OPEN, Said.PLAN_B, Said.UNANSWERED, Said.BEHIND}
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one project on one day. `behind` counts working days between the approved launch and today's."""

    is_delivering: bool
    is_on_hold: bool = False
    today: date | None = None
    launch_on: date | None = None
    launch_before: date | None = None
    behind: int = 0
    happened: Sequence[str] = ()
    plan_b: Sequence[str] = ()
    unanswered: int = 0
    questions: Sequence[str] = ()
    late_questions: Sequence[str] = ()
    came_to_stage: str = ""
    has_measured: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A colour (`danger`, `watch`, `on_track`) and what to say."""

    health: str
    said: Sequence[Said]


def draft(facts: Facts) -> Draft:
    """The week as the facts make it; the owner changes what he knows better."""
    true = dict(conditions(facts))
    said = [one for one in Said if true.get(one)]
    if DANGER.intersection(said):
        health = "danger"
    elif WATCH.intersection(said):
        health = "watch"
    else:
        health = "on_track"
    return Draft(health, said[:MOST_SAID] or [Said.NOTHING])


def conditions(facts: Facts) -> Sequence[tuple[Said, bool]]:
    """Each thing that can be said, and whether it is true."""
    is_past = facts.launch_on is not None and facts.today is not None and facts.launch_on < facts.today
    has_moved = facts.launch_before is not None and facts.launch_before != facts.launch_on
    is_far = facts.behind > FAR_BEHIND
    return [
        (Said.LAUNCH_PAST, facts.is_delivering and is_past),
        (Said.QUESTION_LATE, bool(facts.late_questions)),
        (Said.HAPPENED, bool(facts.happened)),
        (Said.FAR_BEHIND, facts.is_delivering and is_far),
        (Said.LAUNCH_MOVED, has_moved),
        (Said.ON_HOLD, facts.is_on_hold),
        (Said.QUESTION_OPEN, bool(facts.questions)),
        (Said.PLAN_B, bool(facts.plan_b)),
        (Said.UNANSWERED, facts.unanswered > 0),
        (Said.BEHIND, facts.is_delivering and facts.behind > 0 and not is_far and not has_moved),
        (Said.STAGE, bool(facts.came_to_stage)),
        (Said.MEASURED, facts.has_measured),
    ]
