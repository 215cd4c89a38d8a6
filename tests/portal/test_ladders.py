"""The ladders of every kind that is declared, whatever the policy, the days off and the pauses of the worker are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import Holiday
from portal.notifications.actions import owe, sweep
from portal.notifications.enums import Channel, DeliveryState, Reach
from portal.notifications.ladder import after_a_working_day
from portal.notifications.models import Delivery, Obligation
from portal.notifications.policy import MANAGER_AFTER, NOTICE_AFTER, ladder_of, reminder_days
from portal.policy.models import PolicyValue
from portal.policy.store import change
from portal.process import OBLIGATIONS
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 11)
NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)


def is_so(*_asked):
    return True


#: The kinds as they are declared; but all is owed, everybody sees it, and the portal finds nothing to do by itself.
PROCESS = SimpleNamespace(
    obligation_kinds={kind.key: replace(kind, still_owed=is_so, visible_to=is_so, act=None) for kind in OBLIGATIONS}
)
DAYS = st.integers(min_value=-3, max_value=9)
CASES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(PROCESS.obligation_kinds)),
        "reminders": st.one_of(st.none(), st.lists(DAYS, min_size=1, max_size=4)),
        "notice": st.integers(min_value=1, max_value=6),
        "gap": st.integers(min_value=1, max_value=4),
        "off": st.sets(st.integers(min_value=1, max_value=30), max_size=8),
        "opened": st.integers(min_value=1, max_value=25),
        "runs": st.lists(st.integers(min_value=24, max_value=24 * 50), min_size=1, max_size=8),
    }
)


@pytest.fixture
def person():
    """Below a manager, who has one himself, and a second one by a dotted line."""
    site = SiteFactory(time_zone="Asia/Shanghai")
    manager = UserFactory(site=site, manager=UserFactory(site=site))
    return UserFactory(site=site, manager=manager, dotted_manager=UserFactory(site=site))


def every_kind_by_name(kind):
    return kind.key


@pytest.mark.parametrize("kind", OBLIGATIONS, ids=every_kind_by_name)
def test_what_climbs_has_a_private_notice_a_working_day_before_the_manager(kind):
    ladder = ladder_of(kind)
    notices = [rung.working_days for rung in ladder if rung.reach == Reach.NOTICE]
    managers = [rung.working_days for rung in ladder if rung.reach == Reach.MANAGER]
    assert (len(notices), len(managers)) == ((1, 1) if kind.climbs else (0, 0))
    assert all(notice < manager for notice, manager in zip(notices, managers, strict=True))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=CASES)
def test_nothing_overdue_reaches_a_manager_without_the_private_notice(person, case, settings):
    settings.PROCESS = f"{__name__}.PROCESS"
    kind = PROCESS.obligation_kinds[case["kind"]]
    Holiday.objects.bulk_create(Holiday(site=person.site, day=date(2026, 11, day)) for day in case["off"])
    change(NOTICE_AFTER, case["notice"], by=None, now=NOW)
    change(MANAGER_AFTER, case["gap"], by=None, now=NOW)
    if case["reminders"] is not None:
        change(reminder_days(kind), tuple(case["reminders"]), by=None, now=NOW)
    begin = NOW + timedelta(days=case["opened"])
    owed = owe(kind.key, 1000, person, due_at=person.site.end_of_day(DUE), now=begin)
    for hours in sorted(case["runs"]):
        sweep(now=begin + timedelta(hours=hours))
    check_told(Obligation.objects.get(pk=owed.pk), is_climbing=kind.climbs)
    Delivery.objects.all().delete()
    Obligation.objects.all().delete()
    Holiday.objects.all().delete()
    PolicyValue.objects.all().delete()


def check_told(owed, *, is_climbing):
    """The direct manager, after the person had his notice and a working day; nobody above, beside or instead of him."""
    person, told = owed.person, Delivery.objects.filter(obligation=owed)
    others = told.exclude(person=person)
    assert set(others.values_list("person", flat=True)) <= ({person.manager_id} if is_climbing else set())
    notices = [n for n, rung in enumerate(owed.ladder) if rung["reach"] == Reach.NOTICE]
    for word in others:
        noticed = told.get(person=person, rung__in=notices, channel=Channel.INBOX)
        assert noticed.state == DeliveryState.SENT
        assert noticed.sent_at is not None
        assert after_a_working_day(noticed.sent_at, person.zone, person.calendar()) <= word.created_at
