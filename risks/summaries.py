"""What other pages and gates ask of the register: totals, the forecast, top risks, how a review stands. Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.notifications.models import Obligation
from portal.policy.store import value
from risks import policy
from risks.enums import GOOD_CONCLUSIONS, HAPPENED, OPEN_STATES, Conclusion, InvitationState, PlanVerdict, RiskState
from risks.exposure import Estimate, Threat, combine, p80_of
from risks.lines import RiskLine
from risks.matrix import CHANCE_EDGES, IMPACT_EDGES
from risks.models import Assessment, Escalation, Mitigation, Review, ReviewInvitation, Risk
from risks.querysets import GREATEST_FIRST, OVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from portal.accounts.models import User
    from projects.models import Project
    from risks.querysets import RiskQuerySet


_EXPECTED_DAYS = ExpressionWrapper(
    F("probability") * F("impact_days"), output_field=DecimalField(max_digits=20, decimal_places=7)
)
SUMS: Mapping[str, Aggregate] = {
    "count": Count("pk"),
    "amount": Sum("exposure_amount"),
    "known": Count("exposure_amount"),
    "days": Sum(_EXPECTED_DAYS),
    "known_days": Count(_EXPECTED_DAYS),
}
#: A register longer than this is read by its search.
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the open risks of a project may cost. None while nothing is known; unknown risks are counted, not guessed."""

    expected_loss: Decimal | None
    p80: Decimal | None
    mitigation_cost: Decimal
    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A register in figures."""

    open: int
    above: int
    unanswered: int
    unknown: int
    mine: int
    happened: int
    all: int
    expected_loss: Decimal | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a set of risks may cost in money and in days: from so many that are known. None where nothing is."""

    count: int
    amount: Decimal | None
    known: int
    days: Decimal | None
    known_days: int

    @property
    def whole_days(self) -> Decimal | None:
        """The delay as exact as an expected one can be."""
        return None if self.days is None else self.days.quantize(Decimal(1), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """The risks that share a project, a product, an owner, a state or a tag. `key` is None for those without one."""

    key: str | None
    words: str
    above: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class Tally:
    """How good the foresight was: for the closing of a project."""

    foreseen: int
    occurred: int
    occurred_foreseen: int
    unforeseen: int
    plan_b_used: int
    plan_b_good: int
    planned_amount: Decimal
    actual_amount: Decimal
    planned_days: Decimal
    actual_days: Decimal


@dataclass(frozen=True, slots=True)
class EngineersView:
    """What engineers said about a risk, without their names: the middle, the ends, how many, and their notes."""

    estimate: Estimate
    not_their_field: int
    notes: Sequence[str]

    @property
    def is_split(self) -> bool:
        """Whether there is a spread to show."""
        chance, days = self.estimate.chance, self.estimate.days
        return chance.low != chance.high or days.low != days.high


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """A review as everybody may see it: who is asked and who has answered, never a figure while it is open."""

    review: Review
    invitations: Sequence[ReviewInvitation]
    answered: int

    @property
    def waiting_for(self) -> Sequence[User]:
        return [each.person for each in self.invitations if each.state == InvitationState.INVITED]


@dataclass(frozen=True, slots=True)
class Card:
    """One risk in an engineer's hand, with his own answer once he gave it."""

    number: int
    risk: Risk
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Hand:
    """The cards of one invitation. `current` is the one that lies open; none once all are answered."""

    invitation: ReviewInvitation
    cards: Sequence[Card]
    current: Card | None

    @property
    def answered(self) -> Sequence[Card]:
        return [card for card in self.cards if card.assessment is not None]

    @property
    def left(self) -> int:
        return len(self.cards) - len(self.answered)

    @property
    def minutes(self) -> int:
        """About how long the rest takes, at four cards a minute."""
        return -(-self.left // 4)

    @property
    def is_open(self) -> bool:
        """Whether anything can still be answered or changed."""
        return self.invitation.is_open


def unsettled_risks(project: Project, today: date) -> RiskQuerySet:
    """Open risks that lack a figure, or an answer though they are above the line."""
    return Risk.objects.filter(project=project).open().unsettled(value(policy.APPETITE), today)


def unsettled_counts(projects: Iterable[int], today: date) -> Mapping[int, int]:
    """How many risks of each project lack a figure or an answer, in one query."""
    rows = (
        Risk.objects.filter(project__in=projects)
        .open()
        .unsettled(value(policy.APPETITE), today)
        .order_by()
        .values_list("project")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def forecast_of(project: Project) -> Forecast:
    """Expected loss and P80 of the open risks, and the cost of what was done against all of them."""
    told = Risk.objects.filter(project=project).order_by()
    figures = list(told.values_list("state", "probability", "impact_amount", "exposure_amount"))
    still_open = [known for state, *known in figures if state in OPEN_STATES]
    threats = [Threat(chance, amount) for chance, amount, _ in still_open if chance is not None and amount is not None]
    exposure = sum((expected for _, _, expected in still_open if expected is not None), Decimal("0.00"))
    spent = Mitigation.objects.filter(risk__project=project).aggregate(total=Sum("cost_amount"))["total"]
    # A register whose every risk is settled expects no loss; one that was never filled expects nothing known.
    nothing_known = not threats and (bool(still_open) or not figures)
    return Forecast(
        expected_loss=None if nothing_known else exposure,
        p80=None if nothing_known else p80_of(threats),
        mitigation_cost=spent or Decimal("0.00"),
        known=len(threats),
        unknown=len(still_open) - len(threats),
    )


def totals_of(risks: RiskQuerySet, *, user: User, line: Decimal, today: date) -> Totals:
    """The figures of any set of risks, in one query. What a project that is over left open counts no more."""
    still_open = Q(state__in=OPEN_STATES) & ~Q(project__stage__in=OVER)
    above = still_open & Q(exposure_amount__gt=line)
    found = risks.with_answer(today).aggregate(
        open=Count("pk", filter=still_open),
        above=Count("pk", filter=above),
        unanswered=Count("pk", filter=above & Q(is_answered=False)),
        unknown=Count("pk", filter=still_open & Q(exposure_amount=None)),
        mine=Count("pk", filter=still_open & (Q(owner=user) | Q(project__owner=user))),
        happened=Count("pk", filter=Q(state__in=HAPPENED)),
        all=Count("pk"),
        expected_loss=Sum("exposure_amount", filter=still_open),
    )
    return Totals(**found)


def sums_of(risks: RiskQuerySet) -> Sums:
    """What they may cost, in one query."""
    return Sums(**risks.order_by().aggregate(**SUMS))


def group_lines(risks: RiskQuerySet, key: str, words: str, line: Decimal) -> list[GroupLine]:
    """The risks summed by what they share, by name: an order by amounts would rank the owners. One query."""
    above = Count("pk", filter=Q(state__in=OPEN_STATES, exposure_amount__gt=line))
    rows = risks.order_by().values_list(key, words).annotate(above=above, **SUMS).order_by(words, key)
    return [
        GroupLine(None if each is None else str(each), "" if name is None else str(name), over, Sums(*sums))
        for each, name, over, *sums in rows[:MOST_LISTED]
    ]


def risk_totals(project: Project, *, user: User, today: date) -> Totals:
    """The register of one project in figures."""
    return totals_of(Risk.objects.filter(project=project), user=user, line=value(policy.APPETITE), today=today)


def for_lines(risks: RiskQuerySet) -> RiskQuerySet:
    """With all that a line says: answers, until when an owner owes something, how many assessments are waited for.

    One query, and one more for the mitigations.
    """
    owed = Obligation.objects.open().filter(kind="value_risks", object_id=OuterRef("project"))
    asked = ReviewInvitation.objects.filter(
        review__project=OuterRef("project"), review__held_at__isnull=True, state=InvitationState.INVITED
    )
    counted = asked.order_by().values("review__project").annotate(count=Count("pk")).values("count")
    return (
        risks.select_related("project", "owner", "plan_b", "acceptance")
        .prefetch_related("mitigations")
        .annotate(owed_at=Subquery(owed.values("due_at")[:1]), awaited=Coalesce(Subquery(counted), 0))
    )


def lines_of(risks: Iterable[Risk], *, today: date) -> list[RiskLine]:
    """Risks that come from `for_lines`, as lines."""
    appetite = value(policy.APPETITE)
    return [RiskLine(risk, appetite, today, risk.owed_at, risk.awaited) for risk in risks]  # type: ignore[attr-defined] # annotated


def top_risks(project: Project, most: int = 3) -> list[RiskLine]:
    """What happened and is not settled, then the greatest open risks; unknown ones last. Two queries."""
    rows = (
        for_lines(Risk.objects.filter(project=project))
        .filter(state__in=[*OPEN_STATES, RiskState.OCCURRED])
        .order_by(Case(When(state=RiskState.OCCURRED, then=0), default=1), *GREATEST_FIRST)[:most]
    )
    return lines_of(rows, today=project.local_day(timezone.now()))


def register_of(project: Project, *, today: date) -> list[RiskLine]:
    """Every risk of a project: what can still happen by expected loss, then what happened, then what is closed."""
    last = Case(
        When(state__in=OPEN_STATES, then=0), When(state__in=HAPPENED, then=1), default=2, output_field=IntegerField()
    )
    rows = for_lines(Risk.objects.filter(project=project)).order_by(last, *GREATEST_FIRST)
    return lines_of(rows[:MOST_LISTED], today=today)


def hand_of(invitation: ReviewInvitation, *, shown: str = "") -> Hand:
    """The cards of an invitation in the order in which the risks were raised; `shown` asks for one of one's own again.

    Once it is finished or the review is held, only what was answered is left. Two queries.
    """
    own = {each.risk_id: each for each in Assessment.objects.filter(invitation=invitation)}
    hand = Hand(invitation, (), None)
    of_review = Q(state__in=OPEN_STATES) | Q(pk__in=own) if hand.is_open else Q(pk__in=own)
    risks = Risk.objects.filter(of_review, project=invitation.review.project_id).order_by("pk")
    cards = [Card(number, risk, own.get(risk.pk)) for number, risk in enumerate(risks, start=1)]
    if not hand.is_open:
        return Hand(invitation, cards, None)
    again = next((card for card in cards if card.assessment and card.risk.is_open and str(card.risk.pk) == shown), None)
    return Hand(invitation, cards, again or next((card for card in cards if card.assessment is None), None))


#: Sums of a tally, which are nothing where there is none.
AMOUNTS = ("planned_amount", "actual_amount", "planned_days", "actual_days")


def outcome_counts(project: Project) -> Tally:
    """Foreseen, occurred, unforeseen, and whether the plans were good. One query; it counts, it ranks nobody."""
    happened, used = Q(occurred_at__isnull=False), Q(plan_b__activated_at__isnull=False)
    found: dict[str, Any] = Risk.objects.filter(project=project).aggregate(
        foreseen=Count("pk", filter=Q(is_raised_in_flight=False)),
        occurred=Count("pk", filter=happened),
        occurred_foreseen=Count("pk", filter=happened & Q(is_raised_in_flight=False)),
        unforeseen=Count("pk", filter=happened & Q(is_raised_in_flight=True)),
        plan_b_used=Count("pk", filter=used),
        plan_b_good=Count("pk", filter=used & Q(plan_b__verdict=PlanVerdict.GOOD)),
        planned_amount=Sum("plan_b__cost_amount", filter=used),
        actual_amount=Sum("plan_b__actual_amount", filter=used),
        planned_days=Sum("plan_b__days", filter=used),
        actual_days=Sum("plan_b__actual_days", filter=used),
    )
    return Tally(**found | {name: found[name] or Decimal(0) for name in AMOUNTS})


def engineers_view(risk: Risk) -> EngineersView | None:
    """What the latest review says in which somebody gave an estimate; None while there is none that was held."""
    rows = list(
        Assessment.objects.filter(risk=risk, invitation__review__held_at__isnull=False)
        .order_by("-invitation__review")
        .values_list("invitation__review", "probability", "impact_days", "note")
    )
    latest = next((review for review, chance, _days, _note in rows if chance is not None), None)
    said = [(chance, days, note) for review, chance, days, note in rows if review == latest]
    estimate = combine([(chance, days) for chance, days, _note in said if chance is not None and days is not None])
    if estimate is None:
        return None
    # In the order of the alphabet: the order in which they came would tell who wrote them.
    return EngineersView(estimate, len(said) - estimate.n, sorted(note for _chance, _days, note in said if note))


def questions_of(risk: Risk, user: User) -> list[Escalation]:
    """What was put to a decider about it, as far as the reader may know, with the changes that came of it."""
    asked = Escalation.objects.visible_to(user).filter(risk=risk)
    return list(asked.select_related("decider", "chosen").prefetch_related("changes__made_by").order_by("-pk"))


def review_standing(project: Project) -> ReviewStanding | None:
    """The latest review of the project, open or held; None if none was called. Two queries."""
    review = Review.objects.filter(project=project).order_by("-pk").first()
    return None if review is None else standing_of(review)


def standing_of(review: Review) -> ReviewStanding:
    """Who is asked and who has answered, in one query."""
    invitations = list(review.invitations.select_related("person").order_by("pk"))
    answered = sum(each.state == InvitationState.ANSWERED for each in invitations)
    return ReviewStanding(review, invitations, answered)


def matrix_counts(risks: RiskQuerySet, appetite: Decimal) -> Mapping[tuple[int, int], int]:
    """How many risks lie in each cell of the matrix, in one query; those without a figure are not drawn."""
    rows = (
        risks.filter(exposure_amount__isnull=False)
        .annotate(row=row_case(), column=column_case(appetite))
        .order_by()
        .values_list("row", "column")
        .annotate(count=Count("pk"))
    )
    return {(row, column): count for row, column, count in rows}


def in_cell(risks: RiskQuerySet, row: int, column: int, appetite: Decimal) -> RiskQuerySet:
    """The risks of one cell."""
    return (
        risks.filter(exposure_amount__isnull=False)
        .annotate(row=row_case(), column=column_case(appetite))
        .filter(row=row, column=column)
    )


def row_case() -> Case:
    """The row of the matrix, as the database reckons it."""
    steps = [When(probability__lt=edge, then=Value(row)) for row, edge in enumerate(CHANCE_EDGES)]
    return Case(*steps, default=Value(len(CHANCE_EDGES)), output_field=IntegerField())


def column_case(appetite: Decimal) -> Case:
    """The column of the matrix, as the database reckons it."""
    steps = [When(impact_amount__lte=edge * appetite, then=Value(column)) for column, edge in enumerate(IMPACT_EDGES)]
    return Case(*steps, default=Value(len(IMPACT_EDGES)), output_field=IntegerField())


def unanswered_before(project: Project, today: date) -> list[Risk]:
    """What stands between the project and its start, the greatest first."""
    return list(unsettled_risks(project, today).order_by(*GREATEST_FIRST))


def held_with_estimate(project: Project) -> int:
    """How many reviews were held in which at least one engineer gave an estimate; one that was not passed is none."""
    return estimated_reviews(project).exclude(conclusion=Conclusion.NOT_PASSED).count()


def estimated_reviews(project: Project) -> QuerySet[Review]:
    """The reviews that were held and in which at least one engineer gave an estimate."""
    given = Assessment.objects.filter(invitation__review=OuterRef("pk"), probability__isnull=False)
    return Review.objects.filter(Exists(given), project=project, held_at__isnull=False)


def passed_reviews(project: Project) -> int:
    """How many reviews were held and passed, with conditions or without."""
    return estimated_reviews(project).filter(conclusion__in=GOOD_CONCLUSIONS).count()
