"""One of each component, for the page that shows them all (with DEBUG only)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from portal.common import charts, formats
from portal.common.components import (
    Condition,
    Difference,
    Facet,
    Figure,
    Link,
    Mark,
    Moment,
    Share,
    StageStep,
    Tab,
    Term,
)
from portal.common.errors import Reason
from portal.common.forms import Conflict, Line, PortalForm

if TYPE_CHECKING:
    from datetime import date, datetime

HERE = "/styleguide/"
#: A metric, month by month.
SHARES = [Decimal(share) for share in ("0.092", "0.088", "0.081", "0.072", "0.068", "0.065")]


@dataclass(frozen=True, slots=True)
class SamplePerson:
    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class SampleTask:
    sentence: str
    detail: str
    url: str = HERE
    button: str = "Decide"
    ways_out: tuple[tuple[str, str], ...] = ()


class SampleForm(PortalForm):
    """A field of each kind, one of them in error."""

    origins = {"product": Mark("as last time")}
    units = {"amount": "¥"}
    wide = ("title",)

    title = forms.CharField(max_length=120)
    product = forms.CharField()
    basis = forms.ChoiceField(choices=[("measured", "Measured here"), ("analogous", "An analogous case")])
    problem = forms.CharField(label="Problem and approach", widget=forms.Textarea(attrs={"rows": 3}))
    amount = forms.DecimalField(
        label="Saved each time", help_text="Finance keeps the price of a lost bag in the library."
    )
    effort = forms.CharField(help_text="Half a day is 0.5 person-days.")
    evidence = forms.CharField(required=False)
    way = forms.ChoiceField(
        label="What is it?", choices=[("pilot", "Pilot"), ("full", "Full")], widget=forms.RadioSelect
    )


class EmptyForm(PortalForm):
    """Refused as a whole."""


def samples() -> dict[str, Any]:
    now = timezone.now()
    form = SampleForm(
        QueryDict(
            "title=Show+empty-bag+count&product=Courier+app&amount=46&basis=analogous&problem=Nobody+counts&effort=14+pd+or+so&way=full"
        )
    )
    form.add_error(
        "effort",
        "Write a number and a unit, such as 14 person-days. The result still uses the last value understood: 14 days.",
    )
    conflict = EmptyForm(QueryDict())
    conflict.conflict = Conflict(
        saved_by="Chen Siyuan",
        saved_at=now,
        lines=[
            Line("chance", "Chance", "40%", "0.4", "25%", "0.25", keeps_typed=False),
            Line("plan", "Plan B", "Sample by hand", "a", "Sample by hand, decide by 20 Dec", "b", keeps_typed=True),
        ],
        hidden=[("version", "4")],
    )
    refused = EmptyForm(QueryDict())
    refused.add_error(None, "Something is still missing.")
    refused.reasons = [
        Reason("answers", "Two risks above the line have no answer", HERE),
        Reason("target", "The metric has no target", HERE),
    ]
    return {
        "form": form,
        "conflict_form": conflict,
        "refused_form": refused,
        **_marks(now),
        **_figures(),
        **_charts(timezone.localdate()),
        **_lists(now),
    }


def _marks(now: datetime) -> dict[str, Any]:
    return {
        "late": now - timedelta(days=2),
        "today": now + timedelta(minutes=1),
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "near": timezone.localdate() + timedelta(days=3),
        "far": timezone.localdate() + timedelta(days=53),
        "lin": SamplePerson("Lin Yue", "LY"),
        "yue": SamplePerson("林悦", "悦"),
        "steps": [
            StageStep("Draft", "1 Sep", "done"),
            StageStep("Submitted", "9 Sep", "done"),
            StageStep("Approved", "18 Sep, two conditions", "done"),
            StageStep("In delivery", "since 28 Sep, 40 working days", "current"),
            StageStep("Launch", "16 Dec, was 10 Dec"),
            StageStep("Close", "after retro"),
        ],
    }


def _figures() -> dict[str, Any]:
    terms = [
        Term("¥46 × 1,200 × 15% × 12 months", "¥99,360", "saved each time × bags lost a month × probability"),
        Term("14 person-days × ¥1,600", "− ¥22,400", "rate card, developer, valid to Dec 2026"),
        Term("Net benefit", "¥76,960", is_sum=True),
    ]
    return {
        "amount": Decimal(76960),
        "rough": Decimal(1284000),
        "share": Decimal("0.15"),
        "effort": Decimal(14),
        "nothing": None,
        "terms": terms,
        "figures": [
            Figure("Return", "344%", terms=terms),
            Figure("Payback", "2.7 months", url=HERE),
            Figure("Pays if at least", "3.4%", note="of losses are prevented"),
        ],
        "shares": [Share("measured", 52), Share("analogous", 28), Share("peer", 8), Share("judgement", 12)],
    }


def _charts(today: date) -> dict[str, Any]:
    def short(amount: Decimal) -> str:
        return formats.money_short(amount, "en")

    spent = Decimal(-22400)
    return {
        "range": charts.range_band(
            (Decimal(37000), Decimal(77000), Decimal(120000)),
            to_words=short,
            names=("conservative", "median", "optimistic"),
            own=(Decimal(52000), "by your figures"),
        ),
        "curve": charts.cumulative(
            [spent + 8280 * month for month in range(13)],
            to_words=short,
            words=charts.CumulativeWords("spent", "month 12", "paid back"),
            payback=Decimal("2.7"),
        ),
        "metric": charts.metric_line(
            [(today - timedelta(days=30 * (5 - n)), share) for n, share in enumerate(SHARES)],
            to_words=lambda share: formats.percent(share, "en"),
            to_day=lambda day: formats.date_short(day, "en", today),
            target=(Decimal("0.04"), "target"),
            events=[(today - timedelta(days=60), "pilot")],
        ),
    }


def _lists(now: datetime) -> dict[str, Any]:
    ways = (("ask for more time", HERE), ("already held", HERE))
    return {
        "tabs": [
            Tab("Mine", HERE, count=9),
            Tab("Open", HERE, is_current=True, count=38),
            Tab("Above the line", HERE, count=5),
        ],
        "facets": [
            Facet("Project", choices=[Link("Late-delivery complaints", HERE), Link("Bags and vans", HERE)]),
            Facet("State", "open", HERE),
        ],
        "task": SampleTask("Decide whether plan B starts: scanners are late", "Bags and vans · occurred on Friday"),
        "late_task": SampleTask(
            "Find a time for the retro: Night shift hints",
            "Launched 12 working days ago; only you see this.",
            button="Pick a time",
            ways_out=ways,
        ),
        "conditions": [
            Condition("Technical review held on 19 Nov", is_met=True),
            Condition(
                "Two risks above the line have no answer", links=[Link("hub network", HERE), Link("key cabinet", HERE)]
            ),
            Reason("target", "Metric has no target", HERE),
        ],
        "moments": [
            Moment(now, "Lin Yue asked Zhou Min for a decision"),
            Moment(now - timedelta(days=3), "Launch moved", old="10 Dec", new="16 Dec"),
            Moment(now - timedelta(days=12), "Pilot widened to two hubs", is_key=True),
        ],
        "differences": [
            Difference("Probability", "30%", "22%", "Hangzhou pilot read again"),
            Difference("Net benefit, 24 months", "¥1.9 m", "¥1.28 m", "follows from the one above"),
        ],
    }
