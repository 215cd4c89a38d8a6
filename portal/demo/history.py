"""Tells the projects of three quarters: what came before, and what runs beside the ten with stories of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portal.demo import boards, questions
from portal.demo.closed import CLOSED
from portal.demo.ended import ENDED
from portal.demo.running import RUNNING
from portal.demo.steps import decided, go_live, measured, reviewed, started, submitted, told, worked, written
from portal.demo.words import Say
from projects.actions import follow_ups, stage
from projects.enums import FollowUpState, Stage, StepState
from projects.lifecycle import Transition
from retros.actions.answer import answer
from retros.actions.outcome import add_lesson, promise
from retros.actions.retro import hold, waive
from retros.models import Retro
from risks.actions import occurrence
from risks.models import Risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.demo.company import Company
    from portal.demo.past import Past
    from projects.models import Project

PAST: Sequence[Past] = (*CLOSED, *RUNNING, *ENDED)
#: Working days between the steps: from the pitch to the start, from the launch to the retro and to the number.
TO_START, TO_RETRO, TO_NUMBER = 6, 6, 20
#: A working day of the week before.
LAST_WEEK = 5


def tell_history(company: Company) -> None:
    """Each project as it went, the oldest first."""
    for past in sorted(PAST, key=lambda past: -past.ago):
        TOLD[Stage(past.case.key)](company, past)


def draft(company: Company, past: Past) -> None:
    written(company, past.case, past.ago)


def submission(company: Company, past: Past) -> None:
    submitted(company, past.case, past.ago)


def approved(company: Company, past: Past) -> None:
    reviewed(company, past.case, past.ago)


def declined(company: Company, past: Past) -> None:
    decided(company, past.case, past.ago, StepState.DECLINED, past.why)


def in_delivery(company: Company, past: Past) -> None:
    project = started(company, past.case, past.ago)
    worked(company, project, max(past.ago - TO_START - 3, LAST_WEEK), past.used)
    if past.week:
        told(company, project, LAST_WEEK, *past.week)
    if past.asked:
        questions.put(company, project, past.asked)


def live(company: Company, past: Past) -> tuple[Project, int]:
    """Launched `work` days after the start; a risk happened on the way where the case says so. And how long ago."""
    ago = past.ago - TO_START - past.work
    project = started(company, replace(past.case, wanted=2 - ago), past.ago)
    if past.happened:
        happened(company, project, ago + past.work // 2)
    return go_live(company, project, ago, past.used), ago


def happened(company: Company, project: Project, ago: int) -> None:
    risk = Risk.objects.filter(project=project).earliest("pk")
    note = company.say(Say("Seen by those who use it", "使用的人发现的"))
    occurrence.occur(risk, note=note, by=project.owner, now=company.at(ago, 9))
    outcome = company.say(Say("Settled within three days", "三天内解决"))
    occurrence.resolve(
        Risk.objects.get(pk=risk.pk), outcome=outcome, by=project.owner, now=company.at(max(ago - 3, 0), 16)
    )


def launched(company: Company, past: Past) -> None:
    project, ago = live(company, past)
    if past.measured:
        measured(company, project, ago // 2, *past.measured)
    if past.board:
        retro = boards.scheduled(company, Retro.objects.get(project=project), company.people[past.case.engineer])
        boards.discussed(company, retro, past.board, now=company.at(1, 11))


def closed(company: Company, past: Past) -> None:
    """Its retro held and its number in: a light project closes by itself, another by its owner."""
    project, ago = live(company, past)
    discussed(company, project, past, ago - TO_RETRO)
    if past.measured:
        measured(company, project, ago - TO_NUMBER, *past.measured)
    if past.case.weighed:
        stage.move(project, Transition.CLOSE, by=project.owner, now=company.at(ago - TO_NUMBER, 17))


def discussed(company: Company, project: Project, past: Past, ago: int) -> None:
    """Answered apart, or talked about at a board; then a lesson, a follow-up, held."""
    retro = Retro.objects.get(project=project)
    if past.board:
        retro = boards.discussed(company, retro, past.board, now=company.at(ago, 10))
    else:
        answered(company, retro, past, ago)
    lesson, applies = company.say(past.lesson), company.say(past.applies)
    add_lesson(retro, text=lesson, applies_when=applies, by=project.owner, now=company.at(ago, 11))
    if past.promised:
        promised(company, retro, past, ago)
    hold(retro, nothing_to_do=past.promised is None, by=project.owner, now=company.at(ago, 12))


def answered(company: Company, retro: Retro, past: Past, ago: int) -> None:
    """The three questions, by the owner and the engineer."""
    well, hard, following = past.said or (IN_USE, NOTHING_HARD, SAME_AGAIN)
    for person, first in ((retro.project.owner, IN_USE), (company.people[past.case.engineer], well)):
        answer(
            retro,
            went_well=company.say(first),
            was_hard=company.say(hard),
            do_next=company.say(following),
            by=person,
            now=company.at(ago, 10),
        )


def promised(company: Company, retro: Retro, past: Past, ago: int) -> None:
    """A follow-up of the retro, done ten working days later, and its effect seen."""
    owner = company.people[past.case.engineer]
    due_on = company.day(10 - ago)
    title = company.say(past.promised)
    follow_up = promise(retro, title=title, owner=owner, due_on=due_on, by=retro.project.owner, now=company.at(ago, 11))
    for state, days in ((FollowUpState.DONE, 9), (FollowUpState.EFFECTIVE, 30)):
        follow_up = follow_ups.change_follow_up(follow_up, state, by=owner, now=company.at(ago - days, 16))


def cancelled(company: Company, past: Past) -> None:
    """Given up before the approval; or, where it had risks to live with, after the start, and its retro waived."""
    has_begun = bool(past.case.risks)
    project = (started if has_begun else submitted)(company, past.case, past.ago)
    why = company.say(past.why)
    end = past.ago - TO_START - 4
    stage.move(project, Transition.CANCEL, by=project.owner, now=company.at(end, 15), note=why)
    if has_begun:
        retro = Retro.objects.get(project=project)
        reason = company.say(Say("Stopped in its first week by the customer", "第一周就因客户原因停止"))
        waive(retro, reason=reason, by=company.people["lead"], now=company.at(end - 2, 10))


IN_USE = Say("It was in use from the first day.", "上线第一天就用起来了。")
NOTHING_HARD = Say("Nothing was harder than thought.", "没有比预想更难的事。")
SAME_AGAIN = Say("The same way again.", "下次照旧。")
TOLD = {
    Stage.DRAFT: draft,
    Stage.SUBMITTED: submission,
    Stage.APPROVED: approved,
    Stage.DECLINED: declined,
    Stage.IN_DELIVERY: in_delivery,
    Stage.LAUNCHED: launched,
    Stage.CLOSED: closed,
    Stage.CANCELLED: cancelled,
}
