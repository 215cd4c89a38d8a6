"""Steps in the life of a demo project, each by the product's own actions at the time at which it would have happened."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.demo.boards import ROOM
from portal.demo.words import Say
from projects.actions import actuals, deferred, documents, less, options, pitch, pledge, stage
from projects.actions.assumptions import Answer
from projects.actions.decision import decide, is_last
from projects.actions.weekly import confirm_week
from projects.assumptions import assumptions_of, judged
from projects.business_inputs import preferred
from projects.enums import Basis, CostKind, DocumentKind, OptionKind, StepState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, CostLine, Project
from risks.actions import answer as answers
from risks.actions import meeting as meetings
from risks.actions import review
from risks.actions.risk import edit_risk, raise_risk
from risks.enums import Conclusion
from risks.exposure import CHANCES
from risks.models import Risk

if TYPE_CHECKING:
    from datetime import date

    from portal.demo.cases import ProjectCase, Weighed
    from portal.demo.company import Company
    from portal.demo.risks import RiskCase
    from projects.enums import Health


def written(company: Company, case: ProjectCase, ago: int) -> Project:
    """The draft with all its values."""
    owner = company.people[case.owner]
    project = pitch.start_pitch(company.say(case.title), by=owner, now=company.at(ago, 9))
    product = company.products[case.product]
    project = pitch.save_pitch(
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
        }
        | (SCREENING if case.weighed else {}),
        version=project.version,
        by=owner,
        now=company.at(ago, 10),
    )
    for title, place in case.links:
        address = f"https://docs.example.com/{place}"
        common: Any = {"by": owner, "now": company.at(ago, 10)}
        documents.add_link(project, address, title=company.say(title), kind=DocumentKind.DATA, **common)
    return project if case.weighed is None else weighed(company, project, case.weighed, ago)


SCREENING = {"is_in_scope": True, "is_reusable": True, "fits_roadmap": True}


def weighed(company: Company, project: Project, low: Weighed, ago: int) -> Project:
    """A low-cost option stands beside the full one, with less effort."""
    common: Any = {"by": project.owner, "now": company.at(ago, 10)}
    option = options.add_option(project, OptionKind.LOW_COST, version=project.version, **common)
    values = {
        "summary": company.say(low.low_cost),
        "gives_up": company.say(low.gives_up),
        "decide_again_on": company.day(60 - ago),
    }
    options.save_option(option, values, version=project.version + 1, **common)
    effort = CostLine.objects.get(project=project, position=1)
    days = {"person_days": Decimal(low.low_days)}
    options.save_cost_line(option, effort, days, version=project.version + 2, **common)
    return Project.objects.get(pk=project.pk)


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
    """Submitted, and answered by whoever decides two working days later."""
    project = submitted(company, case, ago)
    said: Any = {"reason": company.say(reason), "return_on": return_on, "now": company.at(ago - 2, 15)}
    turn = ApprovalStep.objects.filter(submission__project=project, state=StepState.PENDING)
    while (step := turn.first()) is not None:
        if case.less_days is not None and is_last(step):
            cut(company, project, step, case.less_days, ago - 2)
            break
        decide(step, decision, by=step.approver, answers=thought(step, decision), **said)
    return Project.objects.get(pk=project.pk)


def cut(company: Company, project: Project, step: ApprovalStep, days: str, ago: int) -> None:
    """Approved for less days, which the owner accepts the next morning."""
    people = CostLine.objects.in_force(project).filter(kind=CostKind.PEOPLE).earliest("pk")
    less.approve_for_less(
        step,
        kind=people.option.kind,
        caps={people.pk: Decimal(days)},
        reason=company.say(Say("One hub first; the rest after its number", "先做一个网点，看到数字再做其余")),
        answers=thought(step, StepState.APPROVED),
        by=step.approver,
        now=company.at(ago, 15),
    )
    less.accept_less(step, by=project.owner, now=company.at(ago - 1, 9))


def thought(step: ApprovalStep, decision: StepState) -> list[Answer]:
    """A yes accepts what rests on judgement; where options were weighed, so was every assumption."""
    content = step.read()
    option = preferred(content)
    if decision != StepState.APPROVED:
        return []
    if len(content["options"]) > 1:
        return [Answer(one.key) for one in assumptions_of(option)]
    resting = judged(content, option)
    return [] if resting is None else [Answer(key) for key in resting.keys]


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
    if case.weighed is None:
        asked(company, project, case, ago)
    else:
        met(company, project, case, ago)
    for row, told_of in listed(project, case):
        answered(company, row, told_of, ago - 5)
    return Project.objects.get(pk=project.pk)


def asked(company: Company, project: Project, case: ProjectCase, ago: int) -> None:
    """One engineer answers his cards."""
    engineer = company.people[case.engineer]
    called = review.call_review(project, [engineer], by=project.owner, now=company.at(ago - 3, 11))
    invitation = called.invitations.get()
    for row, told_of in listed(project, case):
        review.assess(invitation, row, answer_of(told_of), by=engineer, now=company.at(ago - 4, 14))


def met(company: Company, project: Project, case: ProjectCase, ago: int) -> None:
    """Several engineers answer blind, then meet, agree on the first risk and let it pass."""
    low, owner, now = case.weighed, project.owner, company.at(ago - 4, 16)
    if low is None:
        return
    engineers = [company.people[key] for key in low.engineers]
    meeting = review.Meeting(at=company.at(ago - 4, 15), place=company.say(ROOM))
    called = review.call_review(project, engineers, meeting=meeting, by=owner, now=company.at(ago - 3, 11))
    for lean, engineer in zip(LEANS, engineers, strict=False):
        invitation = called.invitations.get(person=engineer)
        for row, told_of in listed(project, case):
            review.assess(invitation, row, answer_of(told_of, lean), by=engineer, now=company.at(ago - 3, 14))
    review.close_review(called, by=owner, now=company.at(ago - 4, 15))
    if low.agreed:
        chance, days, why = low.agreed
        figures = {"probability": Decimal(chance), "impact_days": Decimal(days)}
        first = Risk.objects.filter(project=project).earliest("pk")
        meetings.agree_estimate(called, first, **figures, reason=company.say(why), by=owner, now=now)
    outcome = meetings.Outcome(Conclusion.PASSED, attended=[engineer.pk for engineer in engineers])
    if low.condition:
        due_on = company.day(8 - ago)
        condition = meetings.Condition(company.say(low.condition), engineers[0], due_on)
        outcome = replace(outcome, conclusion=Conclusion.WITH_CONDITIONS, conditions=[condition])
    meetings.conclude_review(called, outcome, by=owner, now=now)


#: How far the second and the third engineer stand beside the first: by so many steps of chance, and working days.
LEANS = (0, -1, 1)


def listed(project: Project, case: ProjectCase) -> list[tuple[Risk, RiskCase]]:
    rows = Risk.objects.filter(project=project).order_by("pk")
    return list(zip(rows, case.risks, strict=True))


def answer_of(told: RiskCase, lean: int = 0) -> review.Answer:
    if told.probability is None or told.days is None:
        return review.Answer(is_not_my_field=True)
    step = CHANCES.index(Decimal(told.probability)) + lean
    chance = CHANCES[min(max(step, 0), len(CHANCES) - 1)]
    return review.Answer(probability=chance, impact_days=max(Decimal(told.days) + lean, Decimal(0)))


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
    pledge.pledge_metric(
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
    for line in CostLine.objects.in_force(project):
        actuals.record_actual(
            line,
            as_of=company.at(ago).date(),
            person_days=None
            if line.person_days is None
            else (line.person_days * Decimal(share)).quantize(Decimal("0.5")),
            amount=None if line.person_days is not None else (line.amount * Decimal(share)).quantize(Decimal(1)),
            by=project.owner,
            now=company.at(ago, 17),
        )


def told(company: Company, project: Project, ago: int, health: Health, line: Say) -> None:
    """The owner's line for the week of that day."""
    confirm_week(project, health=health, line=company.say(line), by=project.owner, now=company.at(ago, 16))


def measured(company: Company, project: Project, ago: int, numerator: str, denominator: str) -> None:
    pledge.measure(
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
    deferred.confirm_nothing_deferred(project, by=project.owner, now=company.at(ago, 11))
    return stage.move(project, Transition.LAUNCH, by=project.owner, now=company.at(ago, 18))
