"""The first line of each page: the answer its reader came for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.written import date_long, percent_short
from projects.enums import Stage
from projects.permissions import is_owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import User
    from retros.board import Board
    from retros.facts import Facts
    from retros.models import Retro
    from retros.summaries import Answers, OwedRow

State = Literal["done", "current", "to_come"]


@dataclass(frozen=True, slots=True)
class Phase:
    """One step on the way of a retro; its picture says what its colour says."""

    words: str
    state: State

    @property
    def icon(self) -> str:
        return {"done": "check-lg", "current": "record-circle", "to_come": "circle"}[self.state]


def of_retro(retro: Retro, facts: Facts) -> str:
    """What happened; while it is open, with the question that the retro is for."""
    finding = finding_of(retro, facts)
    return finding if retro.is_settled else _("%(finding)s: what do we do differently?") % {"finding": finding}


def finding_of(retro: Retro, facts: Facts) -> str:
    """“Launched 9 working days late with 88% of the benefit”."""
    record = facts.record
    if retro.project.stage == Stage.CANCELLED:
        return _("Cancelled after it was approved")
    if record.launch_actual is None:
        return _("Rolled back after its launch")
    words = {"kept": percent_short(record.benefit_kept), "day": date_long(record.launch_actual)}
    if record.launch_drift_days is None:
        return _("Launched on %(day)s with %(kept)s of the benefit") % words
    if record.launch_drift_days == 0:
        return _("Launched on the day promised with %(kept)s of the benefit") % words
    days = abs(record.launch_drift_days)
    if record.launch_drift_days > 0:
        late = ngettext(
            "Launched %(days)d working day late with %(kept)s of the benefit",
            "Launched %(days)d working days late with %(kept)s of the benefit",
            days,
        )
        return late % {**words, "days": days}
    early = ngettext(
        "Launched %(days)d working day early with %(kept)s of the benefit",
        "Launched %(days)d working days early with %(kept)s of the benefit",
        days,
    )
    return early % {**words, "days": days}


def answer_of(retro: Retro, reader: User, *, lessons: int, follow_ups: int) -> str:
    """The line below: until when, or what came of it."""
    if retro.is_waived:
        return _("Waived by %(lead)s: %(reason)s") % {"lead": retro.closed_by, "reason": retro.waived_because}
    if retro.held_at is not None:
        words = {"day": date_long(retro.held_at), "outcome": outcome_in_words(lessons, follow_ups)}
        return _("Held on %(day)s: %(outcome)s.") % words
    words = {"day": date_long(retro.wanted_on), "due": date_long(retro.due_on), "owner": str(retro.project.owner)}
    is_yours = is_owner(reader, retro.project)
    if retro.wanted_on != retro.due_on:
        yours, theirs = (
            _("Planned for %(day)s, due %(due)s. You hold it."),
            _("Planned for %(day)s, due %(due)s. %(owner)s holds it."),
        )
    else:
        yours, theirs = _("Due %(due)s. You hold it."), _("Due %(due)s. %(owner)s holds it.")
    return (yours if is_yours else theirs) % words


def outcome_in_words(lessons: int, follow_ups: int) -> str:
    """“2 lessons and 1 follow-up”."""
    learnt = ngettext("%(count)d lesson", "%(count)d lessons", lessons) % {"count": lessons}
    if not follow_ups:
        return _("%(lessons)s, nothing to do") % {"lessons": learnt}
    promised = ngettext("%(count)d follow-up", "%(count)d follow-ups", follow_ups) % {"count": follow_ups}
    return _("%(lessons)s and %(follow_ups)s") % {"lessons": learnt, "follow_ups": promised}


def phases_of(retro: Retro, answers: Answers, *, lessons: int, follow_ups: int) -> list[Phase]:
    """Where the retro stands: facts, answers, lesson and follow-ups, held."""
    if retro.is_waived:
        return [Phase(_("Facts prepared"), "done"), Phase(_("Waived"), "done")]
    coming = _("Answers, each apart: %(count)d of %(asked)d in") % {
        "count": answers.count,
        "asked": answers.asked_count,
    }
    if retro.is_held:
        done = [_("Facts prepared"), _("Answers, each apart"), _("Lesson and follow-ups"), _("Held")]
        return [Phase(words, "done") for words in done]
    has_answers = answers.count > 0 and not answers.waited_for
    has_outcome = has_answers and lessons > 0 and follow_ups > 0
    return [
        Phase(_("Facts prepared"), "done"),
        Phase(coming, "done" if has_answers else "current"),
        Phase(_("Lesson and follow-ups"), "done" if has_outcome else "current" if has_answers else "to_come"),
        Phase(_("Say that it was held"), "current" if has_outcome else "to_come"),
    ]


def phases_of_board(retro: Retro, board: Board, facts: Facts, *, lessons: int) -> list[Phase]:
    """The facilitator's phases: facts, last time's follow-ups, notes, votes, discussion, held."""
    if retro.is_waived:
        return [Phase(_("Facts prepared"), "done"), Phase(_("Waived"), "done")]
    before = len(facts.open_before)
    last_time = ngettext("Last time’s follow-ups: %(count)d open", "Last time’s follow-ups: %(count)d open", before)
    steps = [_("Facts prepared"), last_time % {"count": before} if before else _("No follow-up open from last time")]
    steps += [notes_in_words(retro, board), _("Group and vote"), _("Discuss, lessons and follow-ups"), _("Held")]
    current = 2 if retro.is_collecting else 3 if retro.is_voting else 4 if not retro.is_held else len(steps)
    if current == 4 and lessons and retro.is_discussing:  # noqa: PLR2004 -- the step counted above
        steps[5] = _("Say that it was held")
    return [
        Phase(words, "done" if place < current else "current" if place == current else "to_come")
        for place, words in enumerate(steps)
    ]


def notes_in_words(retro: Retro, board: Board) -> str:
    """“Notes, each apart: 4 people wrote”: a number, never who."""
    if retro.is_collecting and not board.writers:
        return _("Notes, each apart")
    wrote = ngettext("%(count)d person wrote", "%(count)d people wrote", board.writers) % {"count": board.writers}
    return _("Notes, each apart: %(wrote)s") % {"wrote": wrote}


def of_list(rows: Sequence[OwedRow]) -> str:
    """“2 retros are owed, 1 is past its date”."""
    if not rows:
        return _("No retro is owed")
    owed = ngettext("%(count)d retro is owed", "%(count)d retros are owed", len(rows)) % {"count": len(rows)}
    late = sum(row.is_late for row in rows)
    if not late:
        return _("%(owed)s, none is past its date") % {"owed": owed}
    past = ngettext("%(count)d is past its date", "%(count)d are past their date", late) % {"count": late}
    return _("%(owed)s, %(past)s") % {"owed": owed, "past": past}


def of_lessons(lessons: int, projects: int, words: str) -> str:
    """“14 lessons from 9 projects”, or how many speak of what was looked for."""
    if words:
        found = ngettext("%(count)d lesson about “%(words)s”", "%(count)d lessons about “%(words)s”", lessons)
        return found % {"count": lessons, "words": words}
    if not lessons:
        return _("No lesson is written yet")
    what = ngettext("%(count)d lesson", "%(count)d lessons", lessons) % {"count": lessons}
    whence = ngettext("from %(count)d project", "from %(count)d projects", projects) % {"count": projects}
    return _("%(lessons)s %(projects)s") % {"lessons": what, "projects": whence}
