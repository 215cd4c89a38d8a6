"""Turns that lives take, told on projects that exist already, so that every state of every life cycle occurs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from portal.demo.cases import CASES
from portal.demo.history import PAST
from portal.demo.steps import thought
from portal.demo.words import Say
from projects.actions import change, decision, follow_ups, stage
from projects.actions.renewal import submit_anew
from projects.enums import FollowUpState, Stage, StepState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Project
from retros.actions.answer import answer
from retros.actions.retro import pick_day
from retros.enums import RetroState
from retros.models import Retro
from risks.actions import escalation, occurrence
from risks.actions.escalation import Way
from risks.models import Risk

if TYPE_CHECKING:
    from portal.demo.company import Company


def take_turns(company: Company) -> None:
    """One after the other; each leaves its project in the stage in which it was, or one that it may well be in."""
    ask_back(company)
    renew(company)
    withdraw_question(company)
    watch_and_occur(company)
    answer_first(company)
    set_a_time(company)


def called(company: Company, title: str) -> Project:
    """The project of that English title."""
    cases = [*CASES, *(past.case for past in PAST)]
    words = next(case.title for case in cases if case.title.en == title)
    return Project.objects.select_related("owner", "site").get(title=company.say(words))


def waiting(project: Project) -> ApprovalStep:
    steps = ApprovalStep.objects.select_related("submission__project", "approver")
    return steps.get(submission__project=project, state=StepState.PENDING)


def ask_back(company: Company) -> None:
    """A pitch came back with a question, and is a draft again."""
    project = called(company, "Same agent for the same complaint")
    stage.move(project, Transition.SUBMIT, by=project.owner, now=company.at(3, 11))
    step = waiting(project)
    why = Say("How many complaints come a second time? Count one week.", "有多少投诉会来第二次？先数一周。")
    said = company.say(why)
    decision.decide(step, StepState.ASKED_BACK, reason=said, by=step.approver, now=company.at(2, 15))


def renew(company: Company) -> None:
    """The launch moved beyond what the approval bears; approved anew with conditions, of which each took its own way."""
    project = called(company, "Dust sensor before the camera")
    owner = project.owner
    change.change_launch_date(
        project,
        launch_on=company.day(36),
        reason=company.say(Say("A second line joins the trial", "增加一条试点产线")),
        version=project.version,
        by=owner,
        now=company.at(9, 10),
    )
    moved = Project.objects.select_related("owner", "site").get(pk=project.pk)
    reason = company.say(Say("A second line shows whether it holds", "多一条产线，才看得出是否成立"))
    submit_anew(moved, reason=reason, version=moved.version, by=owner, now=company.at(9, 14))
    step = waiting(project)
    decision.decide(
        step,
        StepState.APPROVED,
        conditions="\n".join(company.say(words) for words, _path in CONDITIONS),
        conditions_by=company.day(8),
        answers=thought(step, StepState.APPROVED),
        by=step.approver,
        now=company.at(8, 15),
    )
    opened = project.follow_ups.filter(origin="condition").order_by("pk")
    for condition, (_words, path) in zip(opened, CONDITIONS, strict=True):
        for ago, state in zip((6, 2), path, strict=False):
            note = company.say(NO_LONGER) if state == FollowUpState.DROPPED else ""
            follow_ups.change_follow_up(condition, state, note=note, by=owner, now=company.at(ago, 11))


NO_LONGER = Say("The line keeps that list by itself", "产线已自动记录")
#: What was demanded, and what became of it.
CONDITIONS = (
    (Say("Name who cleans the sensors", "写明由谁清洁传感器"), (FollowUpState.DOING,)),
    (Say("Show the number after a week", "一周后给出数字"), (FollowUpState.DONE,)),
    (Say("Train the evening shift first", "先培训晚班"), (FollowUpState.DONE, FollowUpState.NOT_EFFECTIVE)),
    (Say("Keep one list of stops", "只保留一份停机清单"), (FollowUpState.DROPPED,)),
)


def withdraw_question(company: Company) -> None:
    """A question answered itself before the decider did."""
    project = called(company, "Van inspection by pictures")
    asked = escalation.escalate(
        project,
        question=company.say(Say("May drivers use their own phones?", "司机能否用自己的手机？")),
        proposal=Way(
            company.say(Say("Own phones, with an allowance", "用自己的手机，给补贴")), cost_amount=Decimal(1200)
        ),
        decider=company.people["lead"],
        answer_on=company.day(1),
        by=project.owner,
        now=company.at(4, 10),
    )
    reason = company.say(Say("The scanners take pictures after all", "扫码枪本来就能拍照"))
    escalation.withdraw(asked, reason=reason, by=project.owner, now=company.at(2, 10))


def watch_and_occur(company: Company) -> None:
    """An answer is in place and its risk only watched; another risk has happened and is not over."""
    watched = Risk.objects.filter(project=called(company, "Van inspection by pictures")).earliest("pk")
    occurrence.watch_risk(watched, by=watched.project.owner, now=company.at(2, 10))
    lost = Risk.objects.filter(project=called(company, "Find a van by its last stop")).earliest("pk")
    note = company.say(Say("The maker's interface changed a week early", "厂商接口提前一周更换"))
    occurrence.occur(lost, note=note, by=lost.project.owner, now=company.at(1, 9))


def answer_first(company: Company) -> None:
    """What was cancelled after its approval is looked back on too; the first answer is in."""
    retro = Retro.objects.select_related("project__owner").get(project__stage=Stage.CANCELLED, state=RetroState.OWED)
    answer(
        retro,
        went_well=company.say(Say("It was stopped before anything was bought", "还没采购就停了")),
        was_hard=company.say(Say("The maker's offer was never in writing", "厂商报价一直没有书面文件")),
        do_next=company.say(Say("Ask for a written offer before the pitch", "立项前先要书面报价")),
        by=retro.project.owner,
        now=company.at(1, 10),
    )


def set_a_time(company: Company) -> None:
    """The retro of a light project has its day."""
    project = called(company, "Refund of small amounts without a form")
    retro = Retro.objects.get(project=project)
    pick_day(retro, planned_on=company.day(3), version=retro.version, by=project.owner, now=company.at(1, 10))
