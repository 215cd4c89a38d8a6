from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.actions.delegation import delegate, end_delegation
from portal.accounts.actions.person import deactivate
from portal.accounts.models import Delegation
from portal.accounts.permissions import acts_for
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from tests.factories.accounts import AdminFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 25), date(2026, 11, 27)


@pytest.fixture
def boss():
    return UserFactory(name="Bo Boss", site=SiteFactory(time_zone="Asia/Shanghai"))


@pytest.fixture
def mate():
    return UserFactory(name="May Mate")


def name(boss, mate, *, starts_on=FIRST, ends_on=LAST, by=None, reason="Leave"):
    return delegate(boss, mate, starts_on=starts_on, ends_on=ends_on, reason=reason, by=by or boss, now=NOW)


def test_it_runs_from_the_first_day_to_the_end_of_the_last_in_the_persons_zone(boss, mate):
    row = name(boss, mate)

    assert (row.starts_on, row.ends_on) == (FIRST, LAST)
    moments = {
        datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC): False,
        datetime(2026, 11, 24, 16, tzinfo=UTC): True,
        datetime(2026, 11, 27, 15, 59, 59, 999999, tzinfo=UTC): True,
        datetime(2026, 11, 27, 16, tzinfo=UTC): False,
    }
    assert {moment: acts_for(mate, boss, moment) for moment in moments} == moments
    assert acts_for(boss, mate, datetime(2026, 11, 26, tzinfo=UTC)) is False
    assert AuditEntry.objects.latest("pk").after == {
        "person": boss.pk,
        "delegate": mate.pk,
        "starts_on": "2026-11-25",
        "ends_on": "2026-11-27",
    }


def test_taking_over_again_ends_it_at_once(boss, mate):
    row = name(boss, mate, starts_on=date(2026, 11, 23))
    assert acts_for(mate, boss, NOW)

    end_delegation(row, by=boss, now=NOW)

    assert not acts_for(mate, boss, NOW)
    with pytest.raises(IllegalStateError):
        end_delegation(row, by=boss, now=NOW)


@pytest.mark.parametrize("leaver", ["person", "delegate"])
def test_it_ends_with_the_account_of_either(boss, mate, leaver):
    row = name(boss, mate, starts_on=date(2026, 11, 23))

    deactivate(getattr(row, leaver), by=AdminFactory(), now=NOW)

    assert not acts_for(mate, boss, NOW)
    assert list(Delegation.objects.of(boss, NOW)) == []


def test_an_administrator_names_one_for_whoever_is_ill_and_nobody_else_does(boss, mate):
    admin = AdminFactory()
    assert name(boss, mate, by=admin).made_by == admin

    with pytest.raises(PermissionDenied):
        name(boss, UserFactory(), by=mate)


def test_a_stand_in_has_no_stand_in(boss, mate):
    third = UserFactory()
    name(boss, mate)

    with pytest.raises(InvalidInputError) as refused:
        name(mate, third)
    assert str(refused.value.errors["starts_on"]).startswith("May Mate stands in for Bo Boss on some of these days")
    with pytest.raises(InvalidInputError) as refused:
        name(third, boss)
    assert refused.value.errors == {"delegate": "Bo Boss is away too on some of these days."}
    # On other days it is no chain.
    name(mate, third, starts_on=LAST + timedelta(days=1), ends_on=LAST + timedelta(days=2))


def test_one_stand_in_a_day(boss, mate):
    name(boss, mate)

    with pytest.raises(InvalidInputError) as refused:
        name(boss, UserFactory(), starts_on=LAST, ends_on=LAST)
    assert refused.value.errors == {"starts_on": "May Mate stands in already on some of these days."}


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": date(2026, 11, 22)}, "starts_on"),
        ({"ends_on": date(2026, 11, 24)}, "ends_on"),
        ({"ends_on": date(2027, 11, 24)}, "ends_on"),
    ],
)
def test_days_that_cannot_be_are_refused(boss, mate, days, field):
    with pytest.raises(InvalidInputError) as refused:
        name(boss, mate, **days)
    assert set(refused.value.errors) == {field}


def test_nobody_stands_in_for_himself_or_after_he_left(boss, mate):
    with pytest.raises(InvalidInputError) as refused:
        name(boss, boss)
    assert set(refused.value.errors) == {"delegate"}
    deactivate(mate, by=AdminFactory(), now=NOW)
    with pytest.raises(InvalidInputError) as refused:
        name(boss, mate)
    assert refused.value.errors == {"delegate": "May Mate no longer works here."}
    assert Delegation.objects.count() == 0
