"""The risks of a project: what they may cost, which lack an answer, how the foresight was, and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.notifications.models import Obligation
from portal.policy.store import value
from risks import policy
from risks.enums import HAPPENED, OPEN_STATES, InvitationState, PlanVerdict, RiskState
from risks.exposure import Threat, p80_of
from risks.lines import RiskLine
from risks.models import Escalation, Mitigation, ReviewInvitation, Risk
from risks.querysets import GREATEST_FIRST
from risks.summaries.sums import MOST_LISTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from portal.accounts.models import User
    from projects.models import Project
    from risks.querysets import RiskQuerySet


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the open risks of a project may cost. None while nothing is known; unknown risks are counted, not guessed."""

    expected_loss: Decimal | None
    p80: Decimal | None
    mitigation_cost: Decimal
    known: int
    unknown: int


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


def questions_of(risk: Risk, user: User) -> list[Escalation]:
    """What was put to a decider about it, as far as the reader may know, with the changes that came of it."""
    asked = Escalation.objects.visible_to(user).filter(risk=risk)
    return list(asked.select_related("decider", "chosen").prefetch_related("changes__made_by").order_by("-pk"))


def unanswered_before(project: Project, today: date) -> list[Risk]:
    """What stands between the project and its start, the greatest first."""
    return list(unsettled_risks(project, today).order_by(*GREATEST_FIRST))
