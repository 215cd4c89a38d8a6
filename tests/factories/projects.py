"""Projects. Rows for what history doesn't matter to; where it does, the functions below walk through the real actions.

Each of them takes a project as far as it is and returns it as it is stored then. `NOW` is a Monday, 10:00 in Shanghai.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from metrics.actions.metric import define_metric
from metrics.enums import Direction
from portal.accounts.enums import Role
from portal.accounts.models import Site, User
from portal.accounts.names import folded
from portal.audit.models import AuditEntry
from portal.common.once import read_once
from portal.common.text import normalise
from portal.notifications.models import Delivery, Obligation
from projects.actions.decision import decide
from projects.actions.deferred import confirm_nothing_deferred
from projects.actions.options import add_option, save_option
from projects.actions.pitch import save_pitch, start_pitch
from projects.actions.pledge import measure, pledge_metric
from projects.actions.stage import move
from projects.enums import Basis, CostKind, OptionKind, Stage, StepState, Tier
from projects.lifecycle import Transition
from projects.models import ApprovalStep, BenefitLine, CostLine, Goal, Option, Product, Project, StageChange
from retros.actions.answer import answer
from retros.actions.board import show_notes, show_votes, write_note
from retros.actions.outcome import add_lesson
from retros.actions.retro import hold
from retros.enums import Lane
from retros.models import Retro
from risks.actions.meeting import Outcome, conclude_review
from risks.actions.review import Answer, assess, call_review
from risks.actions.risk import edit_risk, raise_risk
from risks.enums import Conclusion
from risks.models import Risk
from tests.factories.accounts import DepartmentFactory, SiteFactory, UserFactory

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WANTED = date(2027, 1, 29)
DAY = timedelta(days=1)


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    quarter = "2026 Q4"
    objective = factory.Sequence(lambda n: f"Lose fewer bags {n}")
    owner = factory.SubFactory(UserFactory)


class ProductFactory(DjangoModelFactory):
    class Meta:
        model = Product

    name = factory.Sequence(lambda n: f"Bag tracker {n}")
    name_key = factory.LazyAttribute(lambda product: normalise(product.name))
    search_text = factory.LazyAttribute(lambda product: folded(product.name))
    owner = factory.SubFactory(UserFactory)
    goal = factory.SubFactory(GoalFactory)


class ProjectFactory(DjangoModelFactory):
    """A row in any stage, without the history that would have led there."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Bags that come back {n}")
    search_text = factory.LazyAttribute(lambda project: folded(project.title))
    site = factory.SubFactory(SiteFactory)
    owner = factory.SubFactory(UserFactory, site=factory.SelfAttribute("..site"), roles=[Role.PM])
    stage = Stage.DRAFT
    held_from = factory.LazyAttribute(lambda project: Stage.IN_DELIVERY if project.stage == Stage.ON_HOLD else "")
    launched_at = factory.LazyAttribute(
        lambda project: NOW if project.stage in {Stage.LAUNCHED, Stage.CLOSED} else None
    )
    created_at = NOW
    updated_at = NOW

    @factory.post_generation
    def benefit_line(self, _create: bool, _extracted: Any, **kwargs: Any) -> None:
        option = Option.objects.create(project=self, kind=OptionKind.FULL, is_preferred=True)
        BenefitLine.objects.create(project=self, option=option, **kwargs)


class CostLineFactory(DjangoModelFactory):
    class Meta:
        model = CostLine

    project = factory.SubFactory(ProjectFactory)
    option = factory.LazyAttribute(lambda line: line.project.options.get(kind=OptionKind.FULL))
    kind = CostKind.PEOPLE
    person_days = Decimal(10)
    unit_amount = Decimal("1600.00")
    amount = Decimal("16000.00")


@dataclass(frozen=True)
class Cast:
    """The people of one project: PM below lead below boss, in one department that the boss heads."""

    site: Site
    boss: User
    lead: User
    pm: User
    engineer: User
    partner: User


def cast(site: Site | None = None) -> Cast:
    """Everybody that a project needs, at a site without days off."""
    site = site or SiteFactory()
    boss = UserFactory(name="Bo Boss", site=site, roles=[Role.LEAD])
    department = DepartmentFactory(head=boss)
    lead = UserFactory(name="Lea Lead", site=site, roles=[Role.LEAD], manager=boss, department=department)
    pm = UserFactory(name="Pia Manager", site=site, roles=[Role.PM], manager=lead, department=department)
    engineer = UserFactory(name="Eno Engineer", site=site, roles=[Role.ENGINEER], manager=lead, department=department)
    partner = UserFactory(name="Pat Partner", site=site)
    return Cast(site, boss, lead, pm, engineer, partner)


def light_values(**changes: Any) -> dict[str, Any]:
    """A complete light pitch: 40 × 3,000 × 15 % a month for 12 months, against 10 person-days."""
    return {
        "title": "Bags that come back",
        "problem": "One bag in seven is lost. A code on each, read at every stop.",
        "unit_benefit_amount": Decimal("40.00"),
        "reach": Decimal(3000),
        "reach_unit": "bags",
        "probability": Decimal("0.15"),
        "basis": Basis.MEASURED,
        "evidence": "Count of October",
        "person_days": Decimal(10),
        "wanted_on": WANTED,
    } | changes


@read_once()
def draft(people: Cast, *, now: datetime = NOW, **changes: Any) -> Project:
    """A complete draft of the PM; `changes` are values of its pitch."""
    project = start_pitch("Bags", by=people.pm, now=now)
    values = light_values(business_partner=people.partner, **changes)
    if "product" not in values:
        values["product"] = project.product or ProductFactory()
    if "goal" not in values:
        values["goal"] = values["product"].goal
    return save_pitch(project, values, version=project.version, by=people.pm, now=now)


@read_once()
def weighed(project: Project, *, now: datetime = NOW) -> Project:
    """The draft with what a pitch that is not light is asked for beyond the light one's values."""
    screening = {"is_in_scope": True, "is_reusable": True, "fits_roadmap": True}
    project = save_pitch(project, screening, version=project.version, by=project.owner, now=now)
    for kind, values in (
        (OptionKind.LOW_COST, {"gives_up": "Nights", "decide_again_on": project.local_day(now) + 90 * DAY}),
        (OptionKind.NOTHING, {"summary": "One bag in seven stays lost"}),
    ):
        option = Option.objects.filter(project=project, kind=kind).first()
        if option is None:
            option = add_option(project, kind, version=project.version, by=project.owner, now=now)
            project = Project.objects.get(pk=project.pk)
        save_option(option, values, version=project.version, by=project.owner, now=now)
        project = Project.objects.get(pk=project.pk)
    return project


@read_once()
def submitted(project: Project, *, now: datetime = NOW) -> Project:
    stored = Project.objects.get(pk=project.pk)
    if stored.tier != Tier.LIGHT:
        project = weighed(stored, now=now)
    return move(project, Transition.SUBMIT, by=project.owner, now=now)


def pending_step(project: Project) -> ApprovalStep:
    """The step that waits for its approver."""
    return ApprovalStep.objects.select_related("submission__project", "approver").get(
        submission__project=project, state=StepState.PENDING
    )


@read_once()
def decided(project: Project, decision: StepState, *, now: datetime = NOW, **details: Any) -> Project:
    """The project after the decision of whoever's turn it is."""
    step = pending_step(project)
    decide(step, decision, by=step.approver, now=now, **details)
    return Project.objects.get(pk=project.pk)


@read_once()
def approved(project: Project, *, now: datetime = NOW, **grant: Any) -> Project:
    """Submitted if it is not yet, then agreed to by every approver."""
    if project.stage == Stage.DRAFT:
        project = submitted(project, now=now)
    while project.stage == Stage.SUBMITTED:
        project = decided(project, StepState.APPROVED, now=now, **grant)
    return project


@read_once()
def prepared(project: Project, people: Cast, *, now: datetime = NOW) -> Project:
    """Approved, with everything that the start of delivery asks for: a risk assessed and valued, a metric pledged."""
    if project.stage != Stage.APPROVED:
        project = approved(project, now=now)
    risk = raise_risk(project, event="The codes wear off", by=people.pm, now=now)
    for _review in range(REVIEWS[Tier(project.tier)]):
        reviewed(project, risk, people, now=now)
    risk = Risk.objects.get(pk=risk.pk)
    edit_risk(risk, {"impact_amount": Decimal("5000.00")}, version=risk.version, by=people.pm, now=now)
    pledged(project, now=now)
    return Project.objects.get(pk=project.pk)


#: How many reviews a start of delivery asks for.
REVIEWS = {Tier.LIGHT: 1, Tier.STANDARD: 1, Tier.MAJOR: 2}


def reviewed(project: Project, risk: Risk, people: Cast, *, now: datetime = NOW) -> None:
    """The engineer answers; where the tier asks for a conclusion, the review has passed."""
    review = call_review(project, [people.engineer], by=people.pm, now=now)
    figures = Answer(probability=Decimal("0.1"), impact_days=Decimal(3))
    assess(review.invitations.get(), risk, figures, by=people.engineer, now=now)
    if project.tier != Tier.LIGHT:
        for other in Risk.objects.filter(project=project).open().exclude(pk=risk.pk):
            assess(review.invitations.get(), other, figures, by=people.engineer, now=now)
        conclude_review(review, Outcome(Conclusion.PASSED), by=people.pm, now=now)


def pledged(project: Project, *, now: datetime = NOW) -> None:
    """One bag in seven is lost; one in twenty is the target."""
    metric = define_metric(
        name=f"Bags lost {project.code}",
        numerator_label="bags not seen for 30 days",
        denominator_label="bags in use",
        scale=100,
        direction=Direction.DOWN,
        is_restricted=project.is_restricted,
        by=project.owner,
        now=now,
    )
    pledge_metric(
        project,
        metric,
        baseline_numerator=Decimal(430),
        baseline_denominator=Decimal(3010),
        target=Decimal("0.05"),
        by=project.owner,
        now=now,
    )


@read_once()
def in_delivery(project: Project, people: Cast, *, now: datetime = NOW) -> Project:
    return move(prepared(project, people, now=now), Transition.START, by=project.owner, now=now)


@read_once()
def launched(project: Project, people: Cast, *, now: datetime = NOW) -> Project:
    """Launched in full, with nothing left out."""
    if project.stage != Stage.IN_DELIVERY:
        project = in_delivery(project, people, now=now)
    confirm_nothing_deferred(project, by=project.owner, now=now)
    return move(project, Transition.LAUNCH, by=project.owner, now=now)


@read_once()
def measured(project: Project, *, now: datetime = NOW) -> Project:
    """One number on the day, at the target."""
    measure(
        project.pledge,
        period_on=project.local_day(now),
        numerator=Decimal(150),
        denominator=Decimal(3000),
        by=project.owner,
        now=now,
    )
    return Project.objects.get(pk=project.pk)


@read_once()
def looked_back(project: Project, people: Cast, *, now: datetime = NOW) -> Project:
    """Its retro held, with answers and a lesson, and nothing to do."""
    retro = Retro.objects.get(project=project)
    if retro.is_board:
        write_note(retro, lane=Lane.HELPED, text="The codes", browser_key="0" * 64, by=people.engineer, now=now)
        show_votes(show_notes(retro, by=people.pm, now=now), by=people.pm, now=now)
        add_lesson(retro, text="Count before you buy", cause="No count", by=people.pm, now=now)
        hold(Retro.objects.get(pk=retro.pk), nothing_to_do=True, by=people.pm, now=now)
        return Project.objects.get(pk=project.pk)
    words: dict[str, Any] = {"went_well": "The codes", "was_hard": "The old bags", "do_next": "Count first"}
    for person in (people.pm, people.engineer):
        answer(retro, **words, by=person, now=now)
    add_lesson(retro, text="Count before you buy", by=people.pm, now=now)
    hold(Retro.objects.get(pk=retro.pk), nothing_to_do=True, by=people.pm, now=now)
    return Project.objects.get(pk=project.pk)


@read_once()
def closed(project: Project, people: Cast, *, now: datetime = NOW) -> Project:
    """Launched if it is not yet, measured and looked back on: a light project is closed by that."""
    if project.stage != Stage.LAUNCHED:
        project = launched(project, people, now=now)
    measured(project, now=now)
    return looked_back(project, people, now=now)


def verbs(project: Project) -> list[str]:
    """What the audit record says was done, in order."""
    return list(AuditEntry.objects.for_project(project.pk).values_list("verb", flat=True))


def owed(project: Project) -> set[tuple[str, str]]:
    """Who owes what about the project now."""
    return {(row.kind, row.person.name) for row in Obligation.objects.open().filter(project_id=project.pk)}


def told(project: Project) -> list[tuple[str, str]]:
    """Which news went to whom, in order; each by two channels, counted once."""
    rows = Delivery.objects.filter(project_id=project.pk, obligation=None, channel="inbox").select_related("person")
    return [(row.event, row.person.name) for row in rows]


def due(kind: str) -> datetime:
    """Until when the only one who owes a thing of this kind has time."""
    return Obligation.objects.open().get(kind=kind).due_at


def end_of(day: date) -> datetime:
    """The last instant of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 15, 59, 59, 999999, tzinfo=UTC)


def history(project: Project) -> list[tuple[str, str, str]]:
    rows = StageChange.objects.filter(project=project)
    return [(row.transition, row.from_stage, row.to_stage) for row in rows]
