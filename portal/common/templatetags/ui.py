"""The components of a page, as tags and filters. What they look like stands in `static/foresight.css`.

Numbers, money and dates are written as the reader's language writes them; what is not known is words, never zero.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from portal.common import formats
from portal.common.components import Condition, Mark
from portal.common.errors import Reason
from portal.common.forms import KEY_FIELD
from portal.common.icons import icon_class

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from portal.common.components import Difference, Facet, Figure, Moment, Share, StageStep, Tab, Term, Tone
    from portal.common.lists import ListFilter, Listing, ListPage

register = template.Library()

#: A due hour in the last minute of a day is the day itself: the whole due day counts.
LAST_MINUTE = time(23, 59)


def _language() -> str:
    return get_language() or "en"


# ── numbers, money, dates ───────────────────────────────────────────────


@register.simple_tag
def unknown() -> SafeString:
    """What stands where a figure is missing."""
    return format_html('<span class="fs-mute">{}</span>', formats.unknown(_language()))


@register.filter
def number(value: Decimal | int | None) -> str:
    """Exact: 1,200.5."""
    return unknown() if value is None else formats.number(value)


@register.filter
def money(value: Decimal | None) -> str:
    """Exact: ¥76,960."""
    return unknown() if value is None else formats.money(value, _language(), settings.CURRENCY)


@register.filter
def money_short(value: Decimal | None, digits: int = formats.SHORT_DIGITS) -> str:
    """For the eye: ¥1.28 m; with `:2` as rough as an uncertain figure is."""
    return unknown() if value is None else formats.money_short(value, _language(), digits, settings.CURRENCY)


@register.simple_tag
def money_range(low: Decimal | None, high: Decimal | None) -> str:
    """From one to the other: ¥37,000 to ¥120,000."""
    if low is None or high is None:
        return unknown()
    return formats.money_range(low, high, _language(), currency=settings.CURRENCY)


@register.filter
def percent(value: Decimal | None) -> str:
    """A share, exact: 0.15 is 15%."""
    return unknown() if value is None else formats.percent(value, _language())


@register.filter
def percent_short(value: Decimal | None) -> str:
    """A share for the eye: 344%, 3.4%."""
    return unknown() if value is None else formats.percent_short(value, _language())


@register.filter
def days(value: Decimal | int | None) -> str:
    """An effort: 14 person-days."""
    return unknown() if value is None else formats.days(value, _language())


@register.filter
def working_days(value: Decimal | int | None) -> str:
    """A span of the calendar: 3 working days."""
    return unknown() if value is None else formats.working_days(value, _language())


@register.filter
def months(value: Decimal | int | None) -> str:
    """A span, to a tenth: 2.7 months."""
    return unknown() if value is None else formats.months(value, _language())


@register.filter
def date_short(value: date | datetime | None) -> str:
    """A day in a list: Wed 25 Nov, 15 Jan; the year only when it is not this one."""
    return unknown() if value is None else formats.date_short(_day(value), _language(), timezone.localdate())


@register.filter
def date_long(value: date | datetime | None) -> str:
    """A day in a sentence: 25 Nov, 11 月 25 日."""
    return unknown() if value is None else formats.date_long(_day(value), _language(), timezone.localdate())


@register.filter
def clock(value: datetime | None) -> str:
    """The hour and minute for the reader."""
    return unknown() if value is None else time_format(timezone.localtime(value), "H:i")


@register.filter
def moment(value: date | datetime | None) -> str:
    """A point in time in a list of events: today with its hour, else the day."""
    if isinstance(value, datetime) and _day(value) == timezone.localdate():
        return _("Today %(hour)s") % {"hour": clock(value)}
    return date_short(value)


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


# ── signs between words, which Chinese writes otherwise ─────────────────


@register.filter
def listed(items: Iterable[object]) -> str:
    """Names and short things side by side: one, two; 甲、乙."""
    return pgettext("between items of a list", ", ").join(str(item) for item in items)


@register.simple_tag
def comma() -> str:
    """Between two phrases of a line."""
    return pgettext("between phrases", ", ")


@register.simple_tag
def gap() -> str:
    """Between two sentences."""
    return formats.gap(_language())


@register.simple_tag
def semicolon() -> str:
    """Between two phrases that hold commas themselves."""
    return pgettext("between phrases", "; ")


@register.simple_tag
def colon() -> str:
    """Between a name and what it is."""
    return pgettext("after a name", ": ")


# ── marks ───────────────────────────────────────────────────────────────


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A decorative picture; a word always stands beside it."""
    return format_html('<i class="bi {}{}" aria-hidden="true"></i>', icon_class(name), f" {classes}" if classes else "")


@register.simple_tag
def tag(words: _StrOrPromise, tone: Tone = "", picture: str = "") -> SafeString:
    """A chip."""
    return format_html(
        '<span class="fs-tag{}">{}{}</span>',
        f" is-{tone}" if tone else "",
        icon(picture) if picture else "",
        words,
    )


def _chip(mark: Mark) -> SafeString:
    return tag(mark.words, mark.tone, mark.icon)


register.filter("chip", _chip)


@register.simple_tag
def due(value: date | datetime | None, zone: tzinfo | None = None) -> SafeString:
    """When something is wanted: past is red, today amber, this week outlined, later grey."""
    if value is None:
        return SafeString("")
    return _chip(due_mark(value, timezone.now(), zone or timezone.get_current_timezone()))


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
    words = formats.date_short(day, _language(), today)
    return Mark(words, "line" if -late <= formats.DAYS_CALLED_BY_WEEKDAY else "")


def _hour(value: datetime) -> str:
    if value.time() >= LAST_MINUTE:
        return ""
    # The end of a day elsewhere is stored as the last microsecond: shown as the full hour, not as 15:59.
    return time_format(value + timedelta(seconds=1), "H:i")


@register.simple_tag
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


@register.simple_tag
def basis(value: str) -> SafeString:
    """What a figure rests on."""
    words, tone, picture = BASES[value]
    return tag(words, tone, picture)


@register.simple_tag
def health(value: str) -> SafeString:
    """Octagon, triangle, disc: three silhouettes, so that they read in grey."""
    words, tone, picture = {
        "danger": (pgettext("health", "Danger"), "red", "octagon-fill"),
        "watch": (pgettext("health", "Watch"), "amber", "triangle-fill"),
        "on_track": (pgettext("health", "On track"), "green", "circle-fill"),
    }[value]
    return format_html('<span class="fs-rag fs-{}">{}{}</span>', tone, icon(picture), words)


@register.simple_tag
def person(user: Any, you: Any = None) -> SafeString:
    """A disc with the letters of the name, then always the name; "You" when it is the reader."""
    if user is None:
        return format_html('<span class="fs-mute">{}</span>', _("nobody yet"))
    shown = pgettext("person", "You") if you is not None and user == you else user.name
    return format_html('<span class="fs-who"><span aria-hidden="true">{}</span>{}</span>', user.initials, shown)


@register.simple_tag
def segs(done: int, total: int = 6, off: int = 0) -> SafeString:
    """The stage line as six squares in a row of a list; the word stands beside it. `off` is a square that pauses."""
    squares = (
        '<i class="on"></i>' if n <= done and n != off else '<i class="off"></i>' if n == off else "<i></i>"
        for n in range(1, total + 1)
    )
    return mark_safe('<span class="fs-segs" aria-hidden="true">' + "".join(squares) + "</span>")  # noqa: S308 -- constants only


# ── blocks ──────────────────────────────────────────────────────────────


@register.inclusion_tag("components/stages.html")
def stages(steps: Sequence[StageStep]) -> dict[str, Any]:
    """The stage line of a project."""
    return {"steps": steps}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[Tab], label: str) -> dict[str, Any]:
    """Saved views of a list, or the parts of a project: real links, one page each."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/figures.html")
def figures(items: Sequence[Figure], group: str = "figures") -> dict[str, Any]:
    """A row of numbers; those of one `group` close each other when they open."""
    return {"items": items, "group": group}


@register.inclusion_tag("components/number.html", name="number")
def big_number(
    value: _StrOrPromise, terms: Sequence[Term], *, unit: _StrOrPromise = "", is_open: bool = False, group: str = ""
) -> dict[str, Any]:
    """The number of a page, 36 px, with its formula underneath."""
    return {"value": value, "terms": terms, "unit": unit, "is_open": is_open, "group": group}


@register.inclusion_tag("components/formula.html")
def formula(terms: Sequence[Term]) -> dict[str, Any]:
    """How an amount is reckoned, line by line."""
    return {"terms": terms}


@register.inclusion_tag("components/evidence.html")
def evidence(shares: Sequence[Share]) -> dict[str, Any]:
    """What a benefit rests on, from solid to an empty outline: judgement is a hole."""
    fills = {"measured": ("f1", "k1"), "analogous": ("f3", "k3"), "peer": ("f5", "k5"), "judgement": ("hole", "k0")}
    bars, start = [], 0
    for share in shares:
        if share.percent:
            fill, swatch = fills[share.key]
            bars.append(
                {"fill": fill, "swatch": swatch, "words": BASES[share.key][0], "percent": share.percent, "start": start}
            )
        start += share.percent
    finding = listed(f"{bar['words']} {bar['percent']}%" for bar in bars)
    return {"bars": bars, "finding": finding}


@register.inclusion_tag("components/gate.html")
def gate(conditions: Iterable[Condition | Reason]) -> dict[str, Any]:
    """What a transition demands: what is met, and what is missing with the link that mends it."""
    return {
        "conditions": [
            {"words": item.words, "url": item.url, "is_met": False, "links": ()}
            if isinstance(item, Reason)
            else {"words": item.words, "url": "", "is_met": item.is_met, "links": item.links}
            for item in conditions
        ]
    }


@register.inclusion_tag("components/conflict.html")
def conflict(form: Any) -> dict[str, Any]:
    """Both versions of a stale edit side by side, to choose line by line. Stands inside the `<form>`."""
    at = form.conflict.saved_at
    return {"conflict": form.conflict, "is_today": at is not None and _day(at) == timezone.localdate()}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """What is wrong with a form as a whole: a refusal in words, or the list of missing conditions."""
    return {"form": form}


@register.inclusion_tag("components/timeline.html")
def timeline(moments: Sequence[Moment]) -> dict[str, Any]:
    """What happened, latest first."""
    return {"moments": moments}


@register.inclusion_tag("components/differences.html")
def differences(rows: Sequence[Difference]) -> dict[str, Any]:
    """What differs between two versions, and why."""
    return {"rows": rows}


@register.inclusion_tag("components/task.html")
def task_row(
    task: Any, due_at: Any = None, icon: str = "reminder", *, is_first: bool = False, why_url: str = ""
) -> dict[str, Any]:
    """One thing that waits: a sentence that starts with a verb, why now, when, one button, and ways out."""
    return {"task": task, "due_at": due_at, "icon": icon, "is_first": is_first, "why_url": why_url}


@register.inclusion_tag("components/owed.html")
def owed_row(task: Any, due_at: Any = None, icon: str = "reminder") -> dict[str, Any]:
    """The same thing in a card at the side: what, because of what, when."""
    return {"task": task, "due_at": due_at, "icon": icon}


@register.inclusion_tag("components/facets.html")
def facets(items: Sequence[Facet], clear_url: str = "") -> dict[str, Any]:
    """The chips of a filter bar."""
    return {"items": items, "clear_url": clear_url, "is_set": any(item.is_set for item in items)}


@register.inclusion_tag("components/more.html")
def more(shown: int, total: int | str, url: str = "", *, target: str = "", step: int = 25) -> dict[str, Any]:
    """The foot of a list that goes on; with `target` the rows come by htmx, else the link leads to the next page."""
    return {"shown": shown, "total": total, "url": url, "target": target, "step": step}


@register.inclusion_tag("components/list_bar.html")
def list_bar(listing: Listing[Any], note: _StrOrPromise = "") -> dict[str, Any]:
    """What stands above a list: its views, the search box, the filters, and at the right what is to say of all rows."""
    return {"listing": listing, "asked": listing.asked, "note": note}


@register.inclusion_tag("components/list_foot.html")
def list_foot(page: ListPage[Any]) -> dict[str, Any]:
    """How far a list is shown, and the next rows; htmx appends them to `#rows`. Without it they are pages."""
    return {"page": page, "step": page.step}


@register.inclusion_tag("components/list_export.html")
def list_export(asked: ListFilter) -> dict[str, Any]:
    """The button that makes a file of the list as it is narrowed and sorted."""
    return {"csv_url": asked.export_url("csv"), "xlsx_url": asked.export_url("xlsx")}


@register.inclusion_tag("components/list_head.html")
def list_head(asked: ListFilter, name: str, classes: str = "") -> dict[str, Any]:
    """The head of a column that sorts."""
    return {"head": asked.head(name), "classes": classes}


@register.simple_tag
def form_key() -> SafeString:
    """The key of one showing of a form: pressed twice, it still does its deed once. Stands inside the `<form>`."""
    return format_html('<input type="hidden" name="{}" value="{}">', KEY_FIELD, uuid.uuid4())


# ── blocks with something inside ────────────────────────────────────────


@register.simple_block_tag
def say(content: str, tone: Tone = "", picture: str = "", role: str = "") -> SafeString:
    """A message in the flow, above what it is about: grey news, amber conflict, red failure."""
    pictures = {"": "news", "amber": "somebody_faster", "red": "failure"}
    return format_html(
        '<div class="fs-say{}"{}>{}<div>{}</div></div>',
        f" is-{tone}" if tone else "",
        format_html(' role="{}"', role) if role else "",
        icon(picture or pictures.get(tone, "news")),
        content,
    )


@register.simple_block_tag
def card(content: str, title: _StrOrPromise = "", small: _StrOrPromise = "", classes: str = "") -> SafeString:
    """A white card; `small` is the second voice at the right of its title."""
    head = (
        format_html("<h2>{}{}</h2>", title, format_html(" <small>{}</small>", small) if small else "") if title else ""
    )
    return format_html('<section class="fs-card{}">{}{}</section>', f" {classes}" if classes else "", head, content)


@register.simple_block_tag
def empty(content: str, first: _StrOrPromise = "") -> SafeString:
    """An empty place: what it is for in one sentence, and inside the one next step."""
    return format_html(
        '<div class="fs-empty">{}{}</div>', format_html("<p><b>{}</b></p>", first) if first else "", content
    )
