"""A set of risks in figures: totals, sums by what they share, and the cells of the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, Count, DecimalField, ExpressionWrapper, F, IntegerField, Q, Sum, Value, When

from portal.policy.store import value
from risks import policy
from risks.enums import HAPPENED, OPEN_STATES
from risks.matrix import CHANCE_EDGES, IMPACT_EDGES
from risks.models import Risk
from risks.querysets import OVER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import Aggregate

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
