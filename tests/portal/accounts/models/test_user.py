from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.common.dates import Calendar
from tests.factories.accounts import AdminFactory, HolidayFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "x" * 255),
        ("name", "x" * 81),
        ("staff_number", "x" * 33),
        ("staff_number", ""),
        ("time_zone", "x" * 65),
        ("language", "tlh"),
        ("theme", "neon"),
    ],
)
def test_the_database_refuses_what_no_form_lets_through(field, value):
    person = UserFactory()
    with pytest.raises(Exception) as refusal, transaction.atomic():  # noqa: PT011 -- PostgreSQL calls a long text a DataError
        User.objects.filter(pk=person.pk).update(**{field: value})
    assert type(refusal.value).__name__ in {"IntegrityError", "DataError"}


@pytest.mark.parametrize("line", ["manager", "dotted_manager"])
def test_nobody_manages_himself(line):
    person = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(**{line: person})


def test_address_and_staff_number_are_of_one_person():
    UserFactory(email="lin@example.com", staff_number="E17")
    for same in ({"email": "LIN@example.com"}, {"staff_number": "e17"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UserFactory(**same)


def test_many_people_have_no_staff_number():
    assert [UserFactory(staff_number="").staff_number for _ in range(2)] == [None, None]


def test_zone_is_the_persons_else_the_sites_else_utc():
    site = SiteFactory(time_zone="Asia/Shanghai")
    assert UserFactory(site=site, time_zone="Europe/Berlin").zone == ZoneInfo("Europe/Berlin")
    assert UserFactory(site=site).zone == ZoneInfo("Asia/Shanghai")
    assert UserFactory().zone is UTC


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "x\x01"])
def test_a_zone_that_is_not_known_counts_as_utc_and_is_warned_of(name, caplog):
    assert UserFactory(time_zone=name).zone is UTC
    assert "unknown time zone" in caplog.text


def test_calendar_is_that_of_the_site():
    site = SiteFactory()
    HolidayFactory(site=site, day=date(2026, 10, 1))
    HolidayFactory(site=site, day=date(2026, 10, 10), is_working=True)

    expected = Calendar(holidays=frozenset({date(2026, 10, 1)}), working=frozenset({date(2026, 10, 10)}))
    assert UserFactory(site=site).calendar() == expected
    assert UserFactory().calendar() == Calendar()


def test_a_deactivated_administrator_is_none():
    assert AdminFactory().is_admin
    assert not AdminFactory(is_active=False).is_admin


def test_initials_and_names():
    person = UserFactory(name="Lin Yue")
    assert (person.initials, str(person), person.get_short_name()) == ("LY", "Lin Yue", "Lin Yue")
