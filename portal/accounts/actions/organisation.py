"""Making departments and sites, and their days off."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.checks import save_checked
from portal.accounts.models import Department, Holiday, Site
from portal.accounts.models.organisation import CALENDAR
from portal.accounts.names import normal_name
from portal.accounts.permissions import ADMINS_MAY, can_manage_people, require
from portal.audit.actions import record
from portal.common.dates import FIRST_DAY, LAST_DAY
from portal.common.errors import InvalidInputError
from portal.common.once import forget
from portal.common.text import is_same_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from portal.accounts.models import User


@transaction.atomic
def create_department(
    name: str, *, by: User | None, now: datetime, parent: Department | None = None, head: User | None = None
) -> Department:
    """Add a department; its head may be named later."""
    require(can_manage_people(by), ADMINS_MAY)
    siblings = Department.objects.filter(parent=parent).values_list("name", flat=True)
    _refuse_same(name, siblings)
    department = Department(name=normal_name(name), parent=parent, head=head)
    save_checked(department)
    record("department.created", department, by=by, now=now, after={"parent": parent, "head": head})
    return department


@transaction.atomic
def change_head(department: Department, head: User | None, *, by: User | None, now: datetime) -> Department:
    """Name the head, which also moves the end of the lines of management below."""
    require(can_manage_people(by), ADMINS_MAY)
    department = Department.objects.select_for_update().get(pk=department.pk)
    before = department.head_id
    department.head = head
    department.save(update_fields=["head"])
    record("department.head_changed", department, by=by, now=now, before={"head": before}, after={"head": head})
    return department


@transaction.atomic
def create_site(name: str, *, country: str, time_zone: str, by: User | None, now: datetime) -> Site:
    """Add a place of work."""
    require(can_manage_people(by), ADMINS_MAY)
    if time_zone not in available_timezones():
        raise InvalidInputError({"time_zone": [_("Write a zone such as Asia/Shanghai or Europe/Berlin.")]})
    _refuse_same(name, Site.objects.values_list("name", flat=True))
    site = Site(name=normal_name(name), country=country.strip().upper(), time_zone=time_zone)
    save_checked(site)
    record("site.created", site, by=by, now=now, after={"country": site.country, "time_zone": time_zone})
    return site


@transaction.atomic
def set_holiday(
    site: Site, day: date, *, by: User | None, now: datetime, is_working: bool = False, name: str = ""
) -> Holiday:
    """Say that a day is free at a site, or worked to make up for another; said again, the last word counts."""
    require(can_manage_people(by), ADMINS_MAY)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInputError({"day": [_("Write a day between 2000 and 2100.")]})
    holiday = Holiday.objects.filter(site=site, day=day).first() or Holiday(site=site, day=day)
    holiday.is_working = is_working
    holiday.name = normal_name(name)
    save_checked(holiday)
    forget((CALENDAR, site.pk))
    record("site.holiday_set", site, by=by, now=now, after={"day": day, "is_working": is_working})
    return holiday


def _refuse_same(name: str, others: Iterable[str]) -> None:
    """Databases fold case differently, so the comparison is made here; there are few of these rows."""
    if any(is_same_name(name, other) for other in others):
        raise InvalidInputError({"name": [_("There is one of this name already.")]})
