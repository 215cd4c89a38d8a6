from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from portal.common.dates import Calendar
from projects.materiality import Ground, Terms, Tolerance, moved_beyond

CALENDAR = Calendar(holidays=frozenset({date(2027, 2, 8)}))
TOLERANCE = Tolerance(budget_share=Decimal("0.10"), working_days=10, scope_may_change=False)
APPROVED = Terms(date(2027, 1, 29), Decimal(20_000))


@pytest.mark.parametrize(
    ("today", "moved"),
    [
        (APPROVED, ()),
        # Ten working days later: the holiday is none of them.
        (Terms(date(2027, 2, 15), Decimal(20_000)), ()),
        (Terms(date(2027, 2, 16), Decimal(20_000)), (Ground.DATE,)),
        (Terms(date(2026, 12, 1), Decimal(20_000)), ()),
        (Terms(None, None), ()),
        (Terms(date(2027, 1, 29), Decimal(22_000)), ()),
        (Terms(date(2027, 1, 29), Decimal("22000.01")), (Ground.BUDGET,)),
        (Terms(date(2027, 1, 29), Decimal(0)), ()),
        (Terms(date(2027, 1, 29), Decimal(20_000), ("No nights",)), (Ground.SCOPE,)),
        (Terms(date(2027, 3, 1), Decimal(30_000), ("No nights",)), (Ground.DATE, Ground.BUDGET, Ground.SCOPE)),
    ],
)
def test_later_dearer_and_other_than_approved_counts_beyond_the_tolerance(today, moved):
    assert moved_beyond(APPROVED, today, TOLERANCE, CALENDAR) == moved


def test_a_company_may_let_the_scope_change_and_let_nothing_else_move():
    tolerance = Tolerance(budget_share=Decimal(0), working_days=0, scope_may_change=True)
    today = Terms(date(2027, 2, 1), Decimal("20000.01"), ("No nights",))

    assert moved_beyond(APPROVED, today, tolerance, CALENDAR) == (Ground.DATE, Ground.BUDGET)
    assert moved_beyond(APPROVED, replace(APPROVED, scope=("No nights",)), tolerance, CALENDAR) == ()


def test_what_was_approved_for_nothing_bears_no_cost():
    assert moved_beyond(Terms(None, Decimal(0)), Terms(None, Decimal(1)), TOLERANCE, CALENDAR) == (Ground.BUDGET,)


def test_what_was_never_approved_is_not_left_behind():
    assert moved_beyond(Terms(None, None), Terms(date(2030, 1, 1), Decimal(1)), TOLERANCE, CALENDAR) == ()
