from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.actions.organisation import change_head, create_department, create_site, set_holiday
from portal.accounts.models import Department, Holiday, Site
from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from portal.common.once import read_once
from tests.factories.accounts import AdminFactory, DepartmentFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def test_departments_and_sites_are_made_by_administrators():
    admin, head = AdminFactory(), UserFactory()

    logistics = create_department("Logistics", by=admin, now=NOW)
    couriers = create_department("Couriers", by=admin, now=NOW, parent=logistics, head=head)
    site = create_site("Hangzhou", country="cn", time_zone="Asia/Shanghai", by=admin, now=NOW)

    assert (couriers.parent, couriers.head, site.country) == (logistics, head, "CN")
    assert [(e.verb, e.after) for e in AuditEntry.objects.all()] == [
        ("department.created", {"parent": None, "head": None}),
        ("department.created", {"parent": logistics.pk, "head": head.pk}),
        ("site.created", {"country": "CN", "time_zone": "Asia/Shanghai"}),
    ]
    for deed in (
        lambda: create_department("X", by=head, now=NOW),
        lambda: create_site("X", country="CN", time_zone="UTC", by=head, now=NOW),
        lambda: change_head(logistics, head, by=head, now=NOW),
        lambda: set_holiday(site, date(2026, 10, 1), by=head, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            deed()


@pytest.mark.parametrize("name", ["LOGISTICS", " logistics", "Ｌogistics", "x" * 81, "", "a\u200bb"])
def test_a_department_is_refused_beside_its_name(name):
    DepartmentFactory(name="Logistics")
    with pytest.raises(InvalidInputError) as refusal:
        create_department(name, by=None, now=NOW)
    assert set(refusal.value.errors) == {"name"}
    assert Department.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": "hangzhou"}, "name"), ({"country": "China"}, "country"), ({"time_zone": "Mars/Olympus"}, "time_zone")],
)
def test_a_site_is_refused_beside_the_field(values, field):
    SiteFactory(name="Hangzhou")
    values = {"name": "Berlin", "country": "DE", "time_zone": "Europe/Berlin"} | values
    with pytest.raises(InvalidInputError) as refusal:
        create_site(**values, by=None, now=NOW)
    assert set(refusal.value.errors) == {field}
    assert Site.objects.count() == 1


def test_a_head_is_named():
    department, head = DepartmentFactory(), UserFactory()
    change_head(department, head, by=None, now=NOW)
    department.refresh_from_db()
    assert department.head == head
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.before, entry.after) == ("department.head_changed", {"head": None}, {"head": head.pk})


def test_the_last_word_about_a_day_counts():
    site = SiteFactory()
    set_holiday(site, date(2026, 10, 10), by=None, now=NOW, name="National Day")
    set_holiday(site, date(2026, 10, 10), by=None, now=NOW, is_working=True)
    assert list(Holiday.objects.values_list("day", "is_working", "name")) == [(date(2026, 10, 10), True, "")]


def test_a_request_that_sets_a_day_sees_it():
    site = SiteFactory()
    with read_once():
        assert site.calendar().is_working(date(2026, 10, 9))
        set_holiday(site, date(2026, 10, 9), by=None, now=NOW)
        assert not site.calendar().is_working(date(2026, 10, 9))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_no_plan_can_mean_is_refused(day):
    with pytest.raises(InvalidInputError):
        set_holiday(SiteFactory(), day, by=None, now=NOW)
