"""Steps in the life of a demo project, each by the product's own actions at the time at which it would have happened."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from projects.actions import delivery, pitch, stage, submission
from projects.enums import Basis, StepState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, CostLine, Project
from risks.actions import answer as answers
from risks.actions import review
from risks.actions.risk import edit_risk, raise_risk
from risks.models import Risk

if TYPE_CHECKING:
    from datetime import date

    from portal.demo.cases import (
        ProjectCase,
        RiskCase,
        Say,
    )
    from portal.demo.company import Company


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
            "goal": company.goal(product, company.at(ago).date()),
            "business_partner": company.people[case.partner],
            "wanted_on": company.day(case.wanted),
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
    engineer = company.people[case.engineer]
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
    key = {"vans": "bags", "shelf": "shelves", "care": "late", "sort": "late"}[case.product]
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
    return go_live(company, started(company, case, ago), ago - 6 - days_of_work, "1.1")


def go_live(company: Company, project: Project, ago: int, used: str) -> Project:
    """The last figures of effort, nothing left out, launched."""
    worked(company, project, ago, used)
    delivery.confirm_nothing_deferred(project, by=project.owner, now=company.at(ago, 11))
    return stage.move(project, Transition.LAUNCH, by=project.owner, now=company.at(ago, 18))
