"""The components of a page, as tags and filters. What they look like stands in `static/foresight.css`.

What is written in words and signs is in `written.py`, marks are in `marks.py`: code uses them as templates do.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from portal.common import marks, written
from portal.common.errors import Reason
from portal.common.forms import KEY_FIELD
from portal.common.marks import BASES, icon
from portal.common.written import day_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import _StrOrPromise
    from django.utils.safestring import SafeString

    from portal.common.components import Condition, Difference, Facet, Figure, Moment, Share, StageStep, Tab, Term, Tone
    from portal.common.lists import ListFilter, Listing, ListPage

register = template.Library()

for _filter in (
    written.number,
    written.money,
    written.money_short,
    written.percent,
    written.percent_short,
    written.days,
    written.working_days,
    written.date_short,
    written.date_long,
    written.clock,
    written.moment,
    written.listed,
    marks.chip,
):
    register.filter(_filter)
for _tag in (
    written.unknown,
    written.money_range,
    written.comma,
    written.gap,
    written.semicolon,
    written.colon,
    marks.icon,
    marks.tag,
    marks.due,
    marks.tier,
    marks.basis,
    marks.health,
    marks.person,
    marks.segs,
):
    register.simple_tag(_tag)


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
    return {"conflict": form.conflict, "is_today": at is not None and day_of(at) == timezone.localdate()}


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
