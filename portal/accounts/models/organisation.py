"""Departments, sites and their days off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_name
from portal.common.constraints import at_most
from portal.common.dates import Calendar, day_in, end_of_day, zone_named
from portal.common.once import remembered

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

#: Names what `portal.common.once` remembers of a site, with its id.
CALENDAR = "calendar"


class Department(models.Model):
    """A part of the company; who heads it ends the lines of management below."""

    name = models.CharField(_("name"), max_length=80, validators=[check_name])
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    head = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="headed_departments",
        verbose_name=_("head"),
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="department_name_unique_in_parent"),
            models.UniqueConstraint(fields=["name"], condition=Q(parent=None), name="department_name_unique_at_top"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="department_not_its_own_parent"),
            at_most("name", 80, name="department_name_length"),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A place of work: its zone and its days off give plans their working days."""

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[check_name])
    country = models.CharField(
        _("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Write two letters, such as CN."))]
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    class Meta:
        ordering = ["name"]
        constraints = [
            at_most("name", 80, name="site_name_length"),
            at_most("country", 2, name="site_country_length"),
            at_most("time_zone", 64, name="site_time_zone_length"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        """Its time zone; UTC where this machine does not know the name."""
        return zone_named(self.time_zone)

    def calendar(self) -> Calendar:
        """Its working days; one query a request."""
        return remembered((CALENDAR, self.pk), self._read_calendar)

    def _read_calendar(self) -> Calendar:
        days = list(self.holidays.values_list("day", "is_working"))
        return Calendar(
            holidays=frozenset(day for day, is_working in days if not is_working),
            working=frozenset(day for day, is_working in days if is_working),
        )

    def today(self, now: datetime) -> date:
        """Which day it is there."""
        return day_in(self.zone, now)

    def end_of_day(self, day: date) -> datetime:
        """The last instant of the day there, in UTC: what is due on a day is late only after it."""
        return end_of_day(day, self.zone)


class Holiday(models.Model):
    """A day off at a site, or a weekend day worked to make up for one."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="holidays", verbose_name=_("site"))
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("worked, to make up for another day"), default=False)
    name = models.CharField(_("name"), max_length=80, blank=True, validators=[check_name])

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["site", "day"], name="holiday_once_a_day"),
            at_most("name", 80, name="holiday_name_length"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
