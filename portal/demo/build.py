"""Builds the demo: three quarters of projects, and ten of them, one in each state, with stories of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from portal.common.once import read_once
from portal.demo import cases, questions, risks
from portal.demo.boards import ROOM
from portal.demo.cases import CASES, ProjectCase
from portal.demo.company import Company, found
from portal.demo.history import tell_history
from portal.demo.steps import decided, launched, measured, started, submitted, told, worked, written
from portal.demo.turns import take_turns
from portal.demo.words import Say
from portal.notifications.enums import Channel, DeliveryState, WhyNot
from portal.notifications.models import Delivery
from projects.actions import change, deferred, documents, sounding, stage
from projects.enums import DocumentKind, Health, PitchStep, Stage, StepState
from projects.lifecycle import Transition
from projects.models import BenefitLine, Project
from retros.actions.answer import answer
from retros.actions.outcome import add_lesson, promise
from retros.actions.retro import hold
from retros.models import Retro
from risks.actions import occurrence, review
from risks.actions.risk import raise_risk
from risks.enums import PlanVerdict, ReviewKind
from risks.models import Risk

if TYPE_CHECKING:
    from datetime import datetime

    from portal.demo.words import Language


@read_once()
@transaction.atomic
def build(*, language: Language, now: datetime) -> Company:
    """Fill an empty database with the demo company; everything or nothing."""
    company = found(language=language, now=now)
    tell_history(company)
    for case in CASES:
        STORIES[Stage(case.key)](company, case)
    take_turns(company)
    let_history_rest(company, now)
    return company


def let_history_rest(company: Company, now: datetime) -> None:
    """News of the past weeks was read and mailed long ago: without this the first beat would send all of it at once. It
    is numbered as it came; the stories are told one after the other, and an inbox goes by numbers.
    """
    told = Delivery.objects.filter(created_at__lt=company.at(1, 0))
    told.filter(channel=Channel.INBOX).update(read_at=now)
    Delivery.objects.filter(channel=Channel.MAIL, state=DeliveryState.PENDING).update(
        state=DeliveryState.SKIPPED, why=WhyNot.DEMO
    )
    in_order_of_time = list(Delivery.objects.order_by("created_at", "pk"))
    Delivery.objects.all().delete()
    for message in in_order_of_time:
        message.pk = None
    Delivery.objects.bulk_create(in_order_of_time)


def story_draft(company: Company, case: ProjectCase) -> None:
    """Linked to what it rests on, and sounded out: an engineer was asked to read it, and his view waits."""
    project, owner, engineer = written(company, case, 1), company.people[case.owner], company.people["engineer"]
    title, address = company.say(cases.DRAFT_LINK), "https://docs.example.com/vans/loan-desk"
    documents.add_link(project, address, title=title, kind=DocumentKind.DATA, by=owner, now=company.at(1, 11))
    sounding.invite_reader(project, engineer, by=owner, now=company.at(1, 11))
    words = company.say(cases.DRAFT_COMMENT)
    sounding.comment_draft(project, words, step=PitchStep.BENEFITS, by=engineer, now=company.at(1, 15))


def story_submitted(company: Company, case: ProjectCase) -> None:
    submitted(company, case, 1)


def story_approved(company: Company, case: ProjectCase) -> None:
    """Approved; the risks are with the engineer, who has not answered yet."""
    project = decided(company, case, 5)
    for risk in case.risks:
        raise_risk(
            project,
            event=company.say(risk.event),
            cause=company.say(risk.cause),
            effect=company.say(risk.effect),
            by=project.owner,
            now=company.at(1, 10),
        )
    review.call_review(project, [company.people["engineer"]], by=project.owner, now=company.at(1, 11))


def story_in_delivery(company: Company, case: ProjectCase) -> None:
    """A question was settled, a risk happened, plan B is in use, the date has moved, something is left out; the review
    before the launch is called.
    """
    project = started(company, case, 24)
    questions.put(company, project, questions.ASKED["MORE_SCANNERS"])
    told(company, project, 10, Health.ON_TRACK, Say("Four of seven hubs scan", "七个网点里四个已扫码"))
    network = Risk.objects.get(project=project, event=company.say(risks.NIGHT_NETWORK.event))
    occurrence.occur(
        network,
        note=company.say(Say("Three nights without network at hub 7", "7 号网点三晚断网")),
        by=project.owner,
        now=company.at(8, 9),
    )
    occurrence.activate_plan_b(network, by=project.owner, now=company.at(8, 11))
    occurrence.resolve(
        network,
        outcome=company.say(Say("Offline scans arrive every morning", "离线扫码每天早上补齐")),
        actual_amount=Decimal(3200),
        actual_days=Decimal(2),
        verdict=PlanVerdict.GOOD,
        by=project.owner,
        now=company.at(5, 17),
    )
    fresh = Project.objects.get(pk=project.pk)
    change.change_launch_date(
        fresh,
        launch_on=company.day(23),
        reason=company.say(Say("Offline scanning took two days more", "离线扫码多用了两天")),
        version=fresh.version,
        by=fresh.owner,
        now=company.at(5, 18),
    )
    measured(company, project, 4, "610", "9400")
    told(
        company,
        project,
        4,
        Health.WATCH,
        Say("Offline scanning took two days; the launch is five days later", "离线扫码多用两天，上线晚五天"),
    )
    raise_risk(
        project,
        event=company.say(Say("Two hubs rebuild their gate in December", "两个网点 12 月改造大门")),
        by=company.people["engineer"],
        now=company.at(3, 9),
    )
    worked(company, project, 2, "0.6")
    deferred.defer_scope(
        fresh,
        title=company.say(Say("Scanning at the three smallest hubs", "三个最小网点的扫码")),
        owner=fresh.owner,
        due_on=company.day(45),
        benefit_line=BenefitLine.objects.get(project=fresh),
        share=Decimal("0.11"),
        by=fresh.owner,
        now=company.at(2, 15),
    )
    review.call_review(
        project,
        [company.people["engineer"], company.people["engineer3"]],
        kind=ReviewKind.GO_LIVE,
        meeting=review.Meeting(company.at(-3, 14), company.say(ROOM), facilitator=company.people["lead2"]),
        by=project.owner,
        now=company.at(1, 11),
    )


def story_launched(company: Company, case: ProjectCase) -> None:
    """Live for twelve working days: the retro is past its date, so that the first beat reminds of it."""
    project = launched(company, case, 40, 22)
    occurrence.close_risk(
        Risk.objects.get(project=project, event=company.say(risks.GATEWAY.event)),
        outcome=company.say(Say("Messages came in time on the three busiest days", "最忙的三天短信都准时")),
        by=project.owner,
        now=company.at(9, 10),
    )


def story_closed(company: Company, case: ProjectCase) -> None:
    """Through to the end: retro held, number in, closed by itself."""
    project = launched(company, case, 58, 15)
    camera = Risk.objects.filter(project=project).order_by("-exposure_amount").first()
    held = Retro.objects.get(project=project)
    for person, words in ANSWERS.items():
        answer(
            held,
            went_well=company.say(words[0]),
            was_hard=company.say(words[1]),
            do_next=company.say(words[2]),
            by=company.people[person],
            now=company.at(30, 10),
        )
    add_lesson(
        held,
        text=company.say(Say("Try the camera in the darkest store first", "先在光线最暗的门店试相机")),
        applies_when=company.say(Say("pictures are taken by staff", "由店员拍照时")),
        by=project.owner,
        now=company.at(29, 10),
    )
    promise(
        held,
        title=company.say(Say("Put light conditions into the kickoff checklist", "把光线条件写进立项检查表")),
        owner=company.people["engineer"],
        due_on=company.day(5),
        by=project.owner,
        now=company.at(29, 11),
    )
    hold(held, by=project.owner, now=company.at(29, 12))
    if camera is not None and camera.is_open:
        occurrence.close_risk(
            camera,
            outcome=company.say(Say("The frame on the screen was enough", "取景框已够用")),
            by=project.owner,
            now=company.at(28, 10),
        )
    measured(company, project, 12, "953", "1010")


ANSWERS = {
    "pm2": (
        Say("The list of wrong shelves was used from the first day.", "摆错货架的清单第一天就有人用。"),
        Say(
            "The pilot store was the brightest one, so dark shelves came as a surprise.",
            "试点店光线最好，暗处货架出乎意料。",
        ),
        Say("Choose the hardest store for the pilot.", "试点选条件最差的门店。"),
    ),
    "engineer": (
        Say("The frame on the screen settled the angle at once.", "屏幕取景框一下解决了角度问题。"),
        Say("Test pictures arrived after the model was trained.", "模型训练完，测试照片才到。"),
        Say("Collect pictures before estimating.", "先收集照片再估工期。"),
    ),
}


def story_declined(company: Company, case: ProjectCase) -> None:
    why = Say(
        "Judgement alone, and a robot cannot be undone. Measure one night shift first.",
        "只有判断，没有实测；先量一个夜班再说。",
    )
    decided(company, case, 15, StepState.DECLINED, why)


def story_deferred(company: Company, case: ProjectCase) -> None:
    why = Say("Finance closes its year; take it up in January.", "财务正在年结，一月再看。")
    decided(company, case, 12, StepState.DEFERRED, why, company.day(30))


def story_on_hold(company: Company, case: ProjectCase) -> None:
    project = started(company, case, 20)
    why = Say("The tracker's maker changes its interface in December", "定位器厂商 12 月更换接口")
    stage.move(project, Transition.HOLD, by=project.owner, now=company.at(6), note=company.say(why))


def story_cancelled(company: Company, case: ProjectCase) -> None:
    """Approved, and given up two days later: it owes its retro."""
    project = decided(company, case, 9)
    why = Say("The maker withdrew the offer", "厂商撤回了报价")
    stage.move(project, Transition.CANCEL, by=project.owner, now=company.at(5), note=company.say(why))


STORIES = {
    Stage.DRAFT: story_draft,
    Stage.SUBMITTED: story_submitted,
    Stage.APPROVED: story_approved,
    Stage.IN_DELIVERY: story_in_delivery,
    Stage.LAUNCHED: story_launched,
    Stage.CLOSED: story_closed,
    Stage.DECLINED: story_declined,
    Stage.DEFERRED: story_deferred,
    Stage.ON_HOLD: story_on_hold,
    Stage.CANCELLED: story_cancelled,
}
