"""Figures, money, dates and signs as the language of the reader writes them; what is not known is words, never zero."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.common import formats

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from django.utils.safestring import SafeString


def language() -> str:
    """The one that the reader chose."""
    return get_language() or "en"


# ── numbers, money, dates ───────────────────────────────────────────────


def unknown() -> SafeString:
    """What stands where a figure is missing."""
    return format_html('<span class="fs-mute">{}</span>', formats.unknown(language()))


def number(value: Decimal | int | None) -> str:
    """Exact: 1,200.5."""
    return unknown() if value is None else formats.number(value)


def money(value: Decimal | None) -> str:
    """Exact: ¥76,960."""
    return unknown() if value is None else formats.money(value, language(), settings.CURRENCY)


def money_short(value: Decimal | None, digits: int = formats.SHORT_DIGITS) -> str:
    """For the eye: ¥1.28 m; with `:2` as rough as an uncertain figure is."""
    return unknown() if value is None else formats.money_short(value, language(), digits, settings.CURRENCY)


def money_range(low: Decimal | None, high: Decimal | None) -> str:
    """From one to the other: ¥37,000 to ¥120,000."""
    if low is None or high is None:
        return unknown()
    return formats.money_range(low, high, language(), currency=settings.CURRENCY)


def percent(value: Decimal | None) -> str:
    """A share, exact: 0.15 is 15%."""
    return unknown() if value is None else formats.percent(value, language())


def percent_short(value: Decimal | None) -> str:
    """A share for the eye: 344%, 3.4%."""
    return unknown() if value is None else formats.percent_short(value, language())


def days(value: Decimal | int | None) -> str:
    """An effort: 14 person-days."""
    return unknown() if value is None else formats.days(value, language())


def working_days(value: Decimal | int | None) -> str:
    """A span of the calendar: 3 working days."""
    return unknown() if value is None else formats.working_days(value, language())


def date_short(value: date | datetime | None) -> str:
    """A day in a list: Wed 25 Nov, 15 Jan; the year only when it is not this one."""
    return unknown() if value is None else formats.date_short(day_of(value), language(), timezone.localdate())


def date_long(value: date | datetime | None) -> str:
    """A day in a sentence: 25 Nov, 11 月 25 日."""
    return unknown() if value is None else formats.date_long(day_of(value), language(), timezone.localdate())


def clock(value: datetime | None) -> str:
    """The hour and minute for the reader."""
    return unknown() if value is None else time_format(timezone.localtime(value), "H:i")


def moment(value: date | datetime | None) -> str:
    """A point in time in a list of events: today with its hour, else the day."""
    if isinstance(value, datetime) and day_of(value) == timezone.localdate():
        return _("Today %(hour)s") % {"hour": clock(value)}
    return date_short(value)


def day_of(value: date | datetime) -> date:
    """The day it is for the reader."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


# ── signs between words, which Chinese writes otherwise ─────────────────


def listed(items: Iterable[object]) -> str:
    """Names and short things side by side: one, two; 甲、乙."""
    return pgettext("between items of a list", ", ").join(str(item) for item in items)


def comma() -> str:
    """Between two phrases of a line."""
    return pgettext("between phrases", ", ")


def gap() -> str:
    """Between two sentences."""
    return formats.gap(language())


def semicolon() -> str:
    """Between two phrases that hold commas themselves."""
    return pgettext("between phrases", "; ")


def colon() -> str:
    """Between a name and what it is."""
    return pgettext("after a name", ": ")
