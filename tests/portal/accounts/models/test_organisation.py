from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from tests.factories.accounts import DepartmentFactory, HolidayFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "today", "end"),
    [
        ("Pacific/Kiritimati", date(2026, 11, 24), datetime(2026, 11, 25, 9, 59, 59, 999999, tzinfo=UTC)),
        ("UTC", date(2026, 11, 23), datetime(2026, 11, 25, 23, 59, 59, 999999, tzinfo=UTC)),
        ("Pacific/Pago_Pago", date(2026, 11, 23), datetime(2026, 11, 26, 10, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_a_day_is_the_sites(zone, today, end):
    site = SiteFactory(time_zone=zone)
    assert site.today(datetime(2026, 11, 23, 12, tzinfo=UTC)) == today
    assert site.end_of_day(date(2026, 11, 25)) == end


def test_the_calendar_costs_one_query(django_assert_num_queries):
    site = SiteFactory()
    for day in (1, 2, 3):
        HolidayFactory(site=site, day=date(2026, 10, day))
    with django_assert_num_queries(1):
        assert len(site.calendar().holidays) == 3


def test_a_day_stands_once_in_a_calendar():
    holiday = HolidayFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        HolidayFactory(site=holiday.site, day=holiday.day)


def test_names_are_unique_among_siblings():
    top = DepartmentFactory(name="Logistics")
    DepartmentFactory(name="Logistics", parent=top)
    for parent in (None, top):
        with pytest.raises(IntegrityError), transaction.atomic():
            DepartmentFactory(name="Logistics", parent=parent)
