"""Builds the demo company by the product's own actions, at the times at which they would have happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction

from metrics.actions.metric import define_metric
from metrics.enums import Direction
from portal.accounts.actions.organisation import change_head, create_department, create_site, set_holiday
from portal.accounts.actions.person import create_person
from portal.accounts.enums import Role
from portal.demo import cases
from portal.demo.cases import (
    CASES,
    DEPARTMENTS,
    GOALS,
    KEY_RESULTS,
    METRICS,
    PEOPLE,
    PRODUCTS,
    ProjectCase,
    RiskCase,
    Say,
)
from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.models import Delivery
from projects.actions import delivery, pitch, stage, submission
from projects.actions.goal import set_goal, set_key_result
from projects.actions.product import add_product
from projects.enums import Basis, Stage, StepState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, BenefitLine, CostLine, Product, Project
from projects.quarters import quarter_of
from retros.actions.answer import answer
from retros.actions.outcome import add_lesson, promise
from retros.actions.retro import hold
from retros.models import Retro
from risks.actions import answer as answers
from risks.actions import occurrence, review
from risks.actions.risk import edit_risk, raise_risk
from risks.enums import PlanVerdict
from risks.models import Risk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from metrics.models import Metric
    from portal.accounts.models import Site, User
    from portal.demo.cases import Language

ZONE = "Asia/Shanghai"
#: Working days from today to the wanted date, where it is not three weeks and more ahead.
WANTED = {Stage.LAUNCHED: -15, Stage.CLOSED: -39}
#: Days off of the country the demo plays in, and the weekends worked for them (2026).
HOLIDAYS = ("2026-09-25", *(f"2026-10-0{day}" for day in range(1, 8)), "2027-01-01")
MAKE_UP_DAYS = ("2026-09-20", "2026-10-10")


@dataclass(slots=True)
class Company:
    """What the builders share: the day it all leads up to, and who and what exists by key."""

    today: date
    language: Language
    people: Mapping[str, User]
    products: Mapping[str, Product]
    metrics: Mapping[str, Metric]
    site: Site

    def say(self, words: Say | None) -> str:
        return "" if words is None else words.in_(self.language)

    def at(self, working_days_ago: int, hour: int = 10) -> datetime:
        """A working day before today at an hour of the site; today itself for 0."""
        day = self.site.calendar().add_working_days(self.today, -working_days_ago) if working_days_ago else self.today
        return datetime.combine(day, time(hour), ZoneInfo(ZONE))

    def day(self, working_days_from_now: int) -> date:
        return self.site.calendar().add_working_days(self.today, working_days_from_now)


@transaction.atomic
def build(*, language: Language, now: datetime) -> Company:
    """Fill an empty database with the demo company; everything or nothing."""
    founded = now - timedelta(days=200)
    site = build_site(language, founded)
    people = build_people(site, language, founded)
    metrics = build_metrics(people, language, founded)
    company = Company(
        today=site.today(now),
        language=language,
        people=people,
        products=build_products(people, metrics, language, site.today(now), founded),
        metrics=metrics,
        site=site,
    )
    for case in CASES:
        STORIES[Stage(case.key)](company, case)
    let_history_rest(company, now)
    return company


def let_history_rest(company: Company, now: datetime) -> None:
    """News of the past weeks was read and mailed long ago: without this the first beat would send all of it at once."""
    told = Delivery.objects.filter(created_at__lt=company.at(1, 0))
    told.filter(channel=Channel.INBOX).update(read_at=now)
    Delivery.objects.filter(channel=Channel.MAIL, state=DeliveryState.PENDING).update(
        state=DeliveryState.SKIPPED, why="demo"
    )


def build_site(language: Language, now: datetime) -> Site:
    name = Say("Hangzhou", "杭州").in_(language)
    site = create_site(name, country="CN", time_zone=ZONE, by=None, now=now)
    for day in HOLIDAYS:
        set_holiday(site, datetime.fromisoformat(day).date(), by=None, now=now)
    for day in MAKE_UP_DAYS:
        set_holiday(site, datetime.fromisoformat(day).date(), is_working=True, by=None, now=now)
    return site


def build_people(site: Site, language: Language, now: datetime) -> dict[str, User]:
    top = create_department(DEPARTMENTS["company"].in_(language), by=None, now=now)
    departments = {
        key: create_department(name.in_(language), parent=top, by=None, now=now)
        for key, name in DEPARTMENTS.items()
        if key != "company"
    }
    people: dict[str, User] = {}
    for person in PEOPLE:
        people[person.key] = create_person(
            person.email,
            person.name.in_(language),
            by=None,
            now=now,
            roles=[Role(role) for role in person.roles],
            is_demo=True,
            staff_number=person.staff_number,
            department=departments[person.department],
            manager=people.get(person.manager) if person.manager else None,
            site=site,
            language="zh-hans" if language == "zh" else "en",
            time_zone=ZONE,
        )
    change_head(top, people["lead"], by=None, now=now)
    return people


def build_products(
    people: Mapping[str, User], metrics: Mapping[str, Metric], language: Language, today: date, now: datetime
) -> dict[str, Product]:
    """The goals of this quarter with a key result each, and the products that serve them."""
    goals = {}
    for key, words in GOALS.items():
        owner = people["lead"]
        goals[key] = set_goal(words.in_(language), quarter=quarter_of(today), owner=owner, by=owner, now=now)
        set_key_result(goals[key], metrics[key], target=Decimal(KEY_RESULTS[key]), by=owner, now=now)
    return {
        key: add_product(
            product.name.in_(language),
            purpose=product.purpose.in_(language),
            users=product.users.in_(language),
            direction=product.direction.in_(language),
            whom_to_ask=product.whom_to_ask.in_(language),
            owner=people["pm"],
            goal=goals[product.goal],
            by=people["pm"],
            now=now,
        )
        for key, product in PRODUCTS.items()
    }


def build_metrics(people: Mapping[str, User], language: Language, now: datetime) -> dict[str, Metric]:
    return {
        key: define_metric(
            name=name.in_(language),
            numerator_label=numerator.in_(language),
            denominator_label=denominator.in_(language),
            scale=scale,
            direction=Direction(direction),
            source=Say("daily export of the warehouse", "数仓每日导出").in_(language),
            by=people["pm"],
            now=now,
        )
        for key, (name, numerator, denominator, scale, direction) in METRICS.items()
    }


# ── steps of a life ─────────────────────────────────────────────────────


def written(company: Company, case: ProjectCase, ago: int) -> Project:
    """The draft with all its values."""
    owner = company.people[case.owner]
    project = pitch.start_pitch(company.say(case.title), by=owner, now=company.at(ago, 9))
    product = company.products[case.product]
    return pitch.save_pitch(
        project,
        {
            "problem": company.say(case.problem),
            "product": product,
            "goal": product.goal,
            "business_partner": company.people[case.partner],
            "wanted_on": company.day(WANTED.get(Stage(case.key), 18)),
            "unit_benefit_amount": None if case.unit_benefit is None else Decimal(case.unit_benefit),
            "reach": None if case.reach is None else Decimal(case.reach),
            "reach_unit": company.say(case.unit),
            "probability": None if case.probability is None else Decimal(case.probability),
            "basis": Basis(case.basis),
            "evidence": company.say(case.evidence),
            "person_days": Decimal(case.days),
            "material_amount": None if case.material is None else Decimal(case.material),
            "material_label": company.say(case.material_label),
        },
        version=project.version,
        by=owner,
        now=company.at(ago, 10),
    )


def submitted(company: Company, case: ProjectCase, ago: int) -> Project:
    project = written(company, case, ago)
    return stage.move(project, Transition.SUBMIT, by=project.owner, now=company.at(ago, 11))


def decided(
    company: Company,
    case: ProjectCase,
    ago: int,
    decision: StepState = StepState.APPROVED,
    reason: Say | None = None,
    return_on: date | None = None,
) -> Project:
    """Submitted, and answered by the lead two working days later."""
    project = submitted(company, case, ago)
    step = ApprovalStep.objects.get(submission__project=project, state=StepState.PENDING)
    submission.decide(
        step, decision, by=step.approver, now=company.at(ago - 2, 15), reason=company.say(reason), return_on=return_on
    )
    return Project.objects.get(pk=project.pk)


def reviewed(company: Company, case: ProjectCase, ago: int) -> Project:
    """Approved, risks listed, assessed by the engineer, valued and answered by the owner."""
    project = decided(company, case, ago)
    for risk in case.risks:
        raise_risk(
            project,
            event=company.say(risk.event),
            cause=company.say(risk.cause),
            effect=company.say(risk.effect),
            by=project.owner,
            now=company.at(ago - 3, 10),
        )
    engineer = company.people["engineer"]
    called = review.call_review(project, [engineer], by=project.owner, now=company.at(ago - 3, 11))
    invitation = called.invitations.get()
    for row, told in listed(project, case):
        review.assess(invitation, row, answer_of(told), by=engineer, now=company.at(ago - 4, 14))
    for row, told in listed(project, case):
        answered(company, row, told, ago - 5)
    return Project.objects.get(pk=project.pk)


def listed(project: Project, case: ProjectCase) -> list[tuple[Risk, RiskCase]]:
    rows = Risk.objects.filter(project=project).order_by("pk")
    return list(zip(rows, case.risks, strict=True))


def answer_of(told: RiskCase) -> review.Answer:
    if told.probability is None or told.days is None:
        return review.Answer(is_not_my_field=True)
    return review.Answer(probability=Decimal(told.probability), impact_days=Decimal(told.days))


def answered(company: Company, risk: Risk, told: RiskCase, ago: int) -> None:
    """Money by the owner, then the answer the case tells of."""
    project, now = risk.project, company.at(ago, 10)
    owner = project.owner
    valued = edit_risk(
        risk, {"impact_amount": Decimal(told.money)}, version=Risk.objects.get(pk=risk.pk).version, by=owner, now=now
    )
    if told.answer == "mitigation":
        answers.mitigate(
            valued,
            deed=company.say(told.deed),
            owner=company.people["engineer"],
            due_on=max(company.day(4), project.local_day(now)),
            cost_amount=Decimal(1600),
            by=owner,
            now=now,
        )
    elif told.answer == "plan_b":
        answers.set_plan_b(
            valued,
            trigger=company.say(told.trigger),
            deed=company.say(told.deed),
            decide_by=max(company.day(6), project.local_day(now)),
            owner=owner,
            cost_amount=Decimal(4800),
            days=Decimal(2),
            by=owner,
            now=now,
        )
    elif told.answer == "acceptance":
        answers.accept(
            valued,
            reason=company.say(told.deed),
            until=company.day(40),
            by=company.people["lead"],
            now=now,
        )


def started(company: Company, case: ProjectCase, ago: int) -> Project:
    """Metric agreed, delivery started."""
    project = reviewed(company, case, ago)
    key = {"vans": "bags", "shelf": "shelves", "care": "late"}[case.product]
    numerator, denominator, target = BASELINES[key]
    delivery.pledge_metric(
        project,
        company.metrics[key],
        baseline_numerator=Decimal(numerator),
        baseline_denominator=Decimal(denominator),
        target=Decimal(target),
        by=project.owner,
        now=company.at(ago - 6, 10),
    )
    return stage.move(project, Transition.START, by=project.owner, now=company.at(ago - 6, 14))


BASELINES = {
    "bags": ("2600", "41000", "0.04"),
    "shelves": ("880", "1020", "0.95"),
    "late": ("410", "48800", "0.005"),
}


def worked(company: Company, project: Project, ago: int, share: str) -> None:
    """What was used so far, on every cost line."""
    for line in CostLine.objects.filter(project=project):
        delivery.record_actual(
            line,
            as_of=company.at(ago).date(),
            person_days=None
            if line.person_days is None
            else (line.person_days * Decimal(share)).quantize(Decimal("0.5")),
            amount=None if line.person_days is not None else (line.amount * Decimal(share)).quantize(Decimal(1)),
            by=project.owner,
            now=company.at(ago, 17),
        )


def measured(company: Company, project: Project, ago: int, numerator: str, denominator: str) -> None:
    delivery.measure(
        project.pledge,
        period_on=company.at(ago).date(),
        numerator=Decimal(numerator),
        denominator=Decimal(denominator),
        by=project.owner,
        now=company.at(ago, 16),
    )


def launched(company: Company, case: ProjectCase, ago: int, days_of_work: int) -> Project:
    """Started, worked on, and live."""
    project = started(company, case, ago)
    worked(company, project, ago - 6 - days_of_work, "1.1")
    delivery.confirm_nothing_deferred(project, by=project.owner, now=company.at(ago - 6 - days_of_work, 11))
    return stage.move(project, Transition.LAUNCH, by=project.owner, now=company.at(ago - 6 - days_of_work, 18))


# ── ten stories ─────────────────────────────────────────────────────────


def story_draft(company: Company, case: ProjectCase) -> None:
    written(company, case, 1)


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
    """A risk happened, plan B is in use, the date has moved, something is left out."""
    project = started(company, case, 24)
    network = Risk.objects.get(project=project, event=company.say(cases.NIGHT_NETWORK.event))
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
    delivery.change_launch_date(
        fresh,
        launch_on=company.day(21),
        reason=company.say(Say("Offline scanning took two days more", "离线扫码多用了两天")),
        version=fresh.version,
        by=fresh.owner,
        now=company.at(5, 18),
    )
    measured(company, project, 4, "610", "9400")
    raise_risk(
        project,
        event=company.say(Say("Two hubs rebuild their gate in December", "两个网点 12 月改造大门")),
        by=company.people["engineer"],
        now=company.at(3, 9),
    )
    worked(company, project, 2, "0.6")
    delivery.defer_scope(
        fresh,
        title=company.say(Say("Scanning at the three smallest hubs", "三个最小网点的扫码")),
        owner=fresh.owner,
        due_on=company.day(45),
        benefit_line=BenefitLine.objects.get(project=fresh),
        share=Decimal("0.11"),
        by=fresh.owner,
        now=company.at(2, 15),
    )


def story_launched(company: Company, case: ProjectCase) -> None:
    """Live for twelve working days: the retro is past its date, so that the first beat reminds of it."""
    project = launched(company, case, 40, 22)
    occurrence.close_risk(
        Risk.objects.get(project=project, event=company.say(cases.GATEWAY.event)),
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
    project = submitted(company, case, 9)
    why = Say("The maker withdrew the offer", "厂商撤回了报价")
    stage.move(project, Transition.CANCEL, by=project.owner, now=company.at(7), note=company.say(why))


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
