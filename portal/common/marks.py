"""The small marks of a page: pictures, chips and discs, each with its word beside it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from portal.common import formats
from portal.common.components import Mark
from portal.common.icons import icon_class
from portal.common.written import language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, tzinfo

    from django.utils.functional import _StrOrPromise

    from portal.common.components import Tone

#: A due hour in the last minute of a day is the day itself: the whole due day counts.
LAST_MINUTE = time(23, 59)


def icon(name: str, classes: str = "") -> SafeString:
    """A decorative picture; a word always stands beside it."""
    return format_html('<i class="bi {}{}" aria-hidden="true"></i>', icon_class(name), f" {classes}" if classes else "")


def tag(words: _StrOrPromise, tone: Tone = "", picture: str = "") -> SafeString:
    """A chip."""
    return format_html(
        '<span class="fs-tag{}">{}{}</span>',
        f" is-{tone}" if tone else "",
        icon(picture) if picture else "",
        words,
    )


def chip(mark: Mark) -> SafeString:
    return tag(mark.words, mark.tone, mark.icon)


def due(value: date | datetime | None, zone: tzinfo | None = None) -> SafeString:
    """When something is wanted: past is red, today amber, this week outlined, later grey."""
    if value is None:
        return SafeString("")
    return chip(due_mark(value, timezone.now(), zone or timezone.get_current_timezone()))


def due_mark(value: date | datetime, now: datetime, zone: tzinfo) -> Mark:
    """The due chip. A date counts whole; an instant is past when it has passed, for every reader alike."""
    today = now.astimezone(zone).date()
    if isinstance(value, datetime):
        moment_there = value.astimezone(zone)
        day, hour = moment_there.date(), _hour(moment_there)
        is_past = value < now
    else:
        day, hour, is_past = value, "", value < today
    late = (today - day).days
    if is_past and late > 0:
        return Mark(
            ngettext("%(count)d day past", "%(count)d days past", late) % {"count": late}, "red", "exclamation-circle"
        )
    if is_past:
        return Mark(_("since %(hour)s") % {"hour": hour} if hour else _("past"), "red", "exclamation-circle")
    if late == 0:
        return Mark(_("today %(hour)s") % {"hour": hour} if hour else _("today"), "amber", "clock")
    if late == -1:
        return Mark(_("tomorrow"), "line")
    words = formats.date_short(day, language(), today)
    return Mark(words, "line" if -late <= formats.DAYS_CALLED_BY_WEEKDAY else "")


def _hour(value: datetime) -> str:
    if value.time() >= LAST_MINUTE:
        return ""
    # The end of a day elsewhere is stored as the last microsecond: shown as the full hour, not as 15:59.
    return time_format(value + timedelta(seconds=1), "H:i")


def tier(value: str) -> SafeString:
    """How much is asked of a project; strategic stands apart from the ranking, in plum."""
    words = {
        "light": pgettext("tier", "Light"),
        "standard": pgettext("tier", "Standard"),
        "major": pgettext("tier", "Major"),
        "strategic": pgettext("tier", "Strategic"),
    }
    return tag(words.get(value, value), "plum" if value == "strategic" else "line")


BASES: Mapping[str, tuple[Any, Tone, str]] = {
    "measured": (pgettext_lazy("basis", "measured"), "green", "rulers"),
    "analogous": (pgettext_lazy("basis", "analogous"), "amber", "intersect"),
    "peer": (pgettext_lazy("basis", "peer"), "", "buildings"),
    "judgement": (pgettext_lazy("basis", "judgement"), "line", "person-raised-hand"),
    "library": (pgettext_lazy("basis", "library"), "blue", "book"),
    "last_time": (pgettext_lazy("basis", "as last time"), "", ""),
}


def basis(value: str) -> SafeString:
    """What a figure rests on."""
    words, tone, picture = BASES[value]
    return tag(words, tone, picture)


def health(value: str) -> SafeString:
    """Octagon, triangle, disc: three silhouettes, so that they read in grey."""
    words, tone, picture = {
        "danger": (pgettext("health", "Danger"), "red", "octagon-fill"),
        "watch": (pgettext("health", "Watch"), "amber", "triangle-fill"),
        "on_track": (pgettext("health", "On track"), "green", "circle-fill"),
    }[value]
    return format_html('<span class="fs-rag fs-{}">{}{}</span>', tone, icon(picture), words)


def person(user: Any, you: Any = None) -> SafeString:
    """A disc with the letters of the name, then always the name; "You" when it is the reader."""
    if user is None:
        return format_html('<span class="fs-mute">{}</span>', _("nobody yet"))
    shown = pgettext("person", "You") if you is not None and user == you else user.name
    return format_html('<span class="fs-who"><span aria-hidden="true">{}</span>{}</span>', user.initials, shown)


def segs(done: int, total: int = 6, off: int = 0) -> SafeString:
    """The stage line as six squares in a row of a list; the word stands beside it. `off` is a square that pauses."""
    squares = (
        '<i class="on"></i>' if n <= done and n != off else '<i class="off"></i>' if n == off else "<i></i>"
        for n in range(1, total + 1)
    )
    return mark_safe('<span class="fs-segs" aria-hidden="true">' + "".join(squares) + "</span>")  # noqa: S308 -- constants only
