"""A business case in the reader's words: the sentence, the number, the lines that open it, the tier and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.common import charts, components, formats
from portal.common.amounts import CENT
from portal.common.quantities import Quantity
from projects.assumptions import judged
from projects.business_case import Driver
from projects.business_inputs import case_of, number, preferred
from projects.enums import CostKind
from projects.reckoning import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from projects.assumptions import Judged
    from projects.business_case import BusinessCase
    from projects.reckoning import Factor, Term

#: Figures that are amounts of money.
MONEY = frozenset(
    {
        Figure.UNIT_BENEFIT,
        Figure.BENEFIT_PER_MONTH,
        Figure.BENEFIT,
        Figure.COST,
        Figure.UNIT_COST,
        Figure.AMOUNT,
        Figure.NET_BENEFIT,
        Figure.NET_PER_MONTH,
        Figure.UPFRONT_COST,
        Figure.MONTHLY_COST,
        Figure.BREAKEVEN_UNIT_BENEFIT,
        Figure.UNCOVERED,
        Figure.NPV,
    }
)
MONTHS = frozenset({Figure.MONTHS, Figure.PAYBACK, Figure.BUILD_MONTHS, Figure.PRESENT_MONTHS})
#: What must be reached rounds up, or it would promise too much.
MUST_REACH = frozenset(
    {
        Figure.BREAKEVEN_PROBABILITY,
        Figure.BREAKEVEN_REACH,
        Figure.BREAKEVEN_UNIT_BENEFIT,
        Figure.BREAKEVEN_SHARE,
    }
)
WRITERS: Mapping[Figure, Callable[[Decimal | None, str], str]] = {
    Figure.QUANTITY: formats.days,
    Figure.PROBABILITY: formats.percent,
    Figure.ROI: formats.percent_short,
}


@dataclass(frozen=True, slots=True)
class CaseWords:
    """The case of one option, live or frozen, in one language."""

    content: Mapping[str, Any]
    option: Mapping[str, Any]
    case: BusinessCase
    language: str

    # ── the number ──

    @property
    def title(self) -> str:
        """What the number of the page is."""
        if self.case.net_benefit is None and self.breakeven is not None:
            return _("Pays if at least")
        months = self.case.horizon_months
        return ngettext("Net benefit, first %(count)s month", "Net benefit, first %(count)s months", months) % {
            "count": months
        }

    @property
    def value(self) -> str:
        """The number itself, or the breakeven while a driver is not known; empty while neither can be said."""
        if self.case.net_benefit is not None:
            return self.money(self.case.net_benefit)
        return "" if self.breakeven is None else self.at_least(self.breakeven)

    @property
    def terms(self) -> list[components.Term]:
        """What opens the number."""
        if self.case.net_benefit is not None:
            return self.opened(Figure.NET_BENEFIT)
        return [] if self.breakeven is None else self.opened(self.breakeven)

    @property
    def breakeven(self) -> Figure | None:
        """The breakeven of the one driver that is not known; None if all are known, or more than one is not."""
        unknown = {
            Driver.UNIT_BENEFIT: Figure.BREAKEVEN_UNIT_BENEFIT,
            Driver.REACH: Figure.BREAKEVEN_REACH,
            Driver.PROBABILITY: Figure.BREAKEVEN_PROBABILITY,
        }
        missing = [unknown[driver] for driver in self.case.unknown if driver in unknown]
        if len(missing) != 1 or self.amount_of(missing[0]) is None:
            return None
        return missing[0]

    @property
    def monthly(self) -> str:
        """What a month brings, beside the equation."""
        return self.money(self.case.benefit_per_month)

    @property
    def judged(self) -> Judged | None:
        """What of the benefit has to be accepted in so many words."""
        return judged(self.content, self.option)

    @property
    def by_judgement(self) -> str:
        """How much of the benefit rests on judgement alone, where that is more than half; else empty."""
        found = self.judged
        return "" if found is None else formats.percent_short(found.share, self.language)

    @property
    def figures(self) -> list[components.Figure]:
        """Return, payback, breakeven: each opens."""
        shown = []
        if self.case.roi is not None:
            shown.append(self.figure(_("Return"), formats.percent_short(self.case.roi), Figure.ROI))
        if self.case.net_benefit is not None:
            months = self.case.payback_months
            words = _("not within %(count)s months") % {"count": self.case.horizon_months}
            value = words if months is None else formats.months(months, self.language)
            shown.append(self.figure(_("Payback"), value, Figure.PAYBACK))
            if not self.case.cannot_pay_back and self.case.breakeven_probability is not None:
                value = self.at_least(Figure.BREAKEVEN_PROBABILITY)
                note = _("of %(unit)s") % {"unit": self.unit}
                shown.append(self.figure(_("Pays if at least"), value, Figure.BREAKEVEN_PROBABILITY, note))
            elif self.has_several and self.case.breakeven_share is not None:
                value = self.at_least(Figure.BREAKEVEN_SHARE)
                shown.append(self.figure(_("Pays if at least"), value, Figure.BREAKEVEN_SHARE, _("of the benefit")))
        elif self.breakeven is not None and self.case.cost is not None:
            shown.append(self.figure(_("Cost"), self.money(self.case.cost), Figure.COST))
        return shown

    def figure(self, label: str, value: str, code: Figure, note: str = "") -> components.Figure:
        return components.Figure(label, value, note, self.opened(code))

    @property
    def chart(self) -> charts.Curve | None:
        """The running total of the horizon, for a side column."""
        return self.chart_of(306)

    @property
    def wide_chart(self) -> charts.Curve | None:
        """The same for the main column."""
        return self.chart_of(740)

    def chart_of(self, width: int, band: Sequence[tuple[Decimal, Decimal]] = ()) -> charts.Curve | None:
        """Text does not grow with its picture, so each width is drawn for itself; nothing while it cannot be told."""
        totals = self.case.cumulative
        if len(totals) < 2 or not any(totals):  # noqa: PLR2004 -- a line has two ends
            return None
        end = _("month %(count)s") % {"count": len(totals) - 1}
        words = charts.CumulativeWords(_("spent"), end, _("paid back"))
        return charts.cumulative(
            totals, to_words=self.rough, words=words, payback=self.case.payback_months, band=band, width=width
        )

    @property
    def finding(self) -> str:
        """What the chart says, for who does not see it."""
        if self.case.payback_months is None:
            return _("After %(months)s months the money spent is not back: %(net)s") % self.said
        back = formats.months(self.case.payback_months, self.language)
        return _("The money spent is back after %(back)s; after %(months)s months %(net)s have come") % (self.said | {"back": back})  # fmt: skip

    # ── the sentences ──

    @property
    def answer(self) -> str:
        """The line under the title: what it is worth, and if what."""
        net = self.case.net_benefit
        if net is None:
            return self.answer_while_unknown()
        if self.case.cannot_pay_back:
            return _("Cannot pay back within %(months)s months, even if it always helps.") % self.said
        if net < 0:
            if self.has_several:
                return _("Costs about %(lost)s more than it brings in the first %(months)s months.") % self.said
            return _("Costs about %(lost)s more than it brings in the first %(months)s months, if it helps in %(share)s of %(reach)s a month.") % self.said  # fmt: skip
        if self.has_several:
            return _("Worth about %(net)s in the first %(months)s months, if what is hoped for in %(count)s places comes.") % self.said  # fmt: skip
        return _("Worth about %(net)s in the first %(months)s months, if it helps in %(share)s of %(reach)s a month.") % self.said  # fmt: skip

    def answer_while_unknown(self) -> str:
        if self.breakeven is not None:
            return {
                Figure.BREAKEVEN_PROBABILITY: _("Pays if it helps in at least %(least)s of %(reach)s a month."),
                Figure.BREAKEVEN_REACH: _("Pays from %(least)s a month on."),
                Figure.BREAKEVEN_UNIT_BENEFIT: _("Pays if each time saves at least %(least)s."),
            }[self.breakeven] % self.said
        if self.case.benefit is not None:
            return (
                _("Brings about %(benefit)s in the first %(months)s months; the effort is not written yet.") % self.said
            )
        return _("What is saved each time, how often and how probably, and the effort: then the result appears.")

    @property
    def decision(self) -> str:
        """The sentence an approver decides on."""
        net = self.case.net_benefit
        if net is not None and self.case.cannot_pay_back:
            return (
                _("Spend %(cost)s that cannot come back within %(months)s months, even if it always helps") % self.said
            )
        if net is not None and self.has_several:
            return self.decision_on_several(net)
        if net is not None and net < 0:
            return _("Spend %(cost)s and lose about %(lost)s of it in the first %(months)s months, unless it helps in at least %(least)s of %(unit)s") % self.said  # fmt: skip
        if net is not None:
            return _("Spend %(cost)s to gain about %(net)s in the first %(months)s months; it pays if it helps in at least %(least)s of %(unit)s") % self.said  # fmt: skip
        if self.breakeven is not None:
            return {
                Figure.BREAKEVEN_PROBABILITY: _("Spend %(cost)s: it pays if it helps in at least %(least)s of %(unit)s, and how often it will is not known yet"),
                Figure.BREAKEVEN_REACH: _("Spend %(cost)s: it pays from %(least)s a month on, and how many there are is not known yet"),
                Figure.BREAKEVEN_UNIT_BENEFIT: _("Spend %(cost)s: it pays if each time saves at least %(least)s, and what it saves is not known yet"),
            }[self.breakeven] % self.said  # fmt: skip
        return _("Spend %(cost)s; what it brings is not known yet") % self.said

    def decision_on_several(self, net: Decimal) -> str:
        if net < 0:
            return _("Spend %(cost)s and lose about %(lost)s of it in the first %(months)s months, even if all of the benefit comes") % self.said  # fmt: skip
        return _("Spend %(cost)s to gain about %(net)s in the first %(months)s months; it pays if at least %(least)s of the benefit comes") % self.said  # fmt: skip

    @property
    def has_several(self) -> bool:
        """Whether several lines are added up, so that no single share of one reach says it."""
        return len(self.option["benefits"]) != 1

    @property
    def told(self) -> Mapping[str, Any]:
        """The benefit line that the sentences speak of: the only one, or the one of which something is not known."""
        drivers = ("unit_benefit", "reach", "probability")
        lines: list[Mapping[str, Any]] = self.option["benefits"] or [{**dict.fromkeys(drivers), "reach_unit": ""}]
        return next((line for line in lines if any(line[name] is None for name in drivers)), lines[0])

    @property
    def said(self) -> dict[str, str]:
        """The figures of the sentences, as rough as they are."""
        case, benefit = self.case, self.told
        net = case.net_benefit
        amounts = {
            "net": self.rough(net),
            "lost": self.rough(None if net is None else abs(net)),
            "cost": self.money(case.cost),
            "benefit": self.rough(case.benefit),
        }
        # An amount never parts from its unit at the end of a line.
        return {name: words.replace(" ", "\u00a0") for name, words in amounts.items()} | {
            "months": str(case.horizon_months),
            "count": str(len(self.option["benefits"])),
            "share": self.share(benefit),
            "reach": self.reach(number(benefit["reach"])),
            "unit": self.unit,
            "least": self.at_least(
                self.breakeven or (Figure.BREAKEVEN_SHARE if self.has_several else Figure.BREAKEVEN_PROBABILITY)
            ),
        }

    @property
    def unit(self) -> str:
        return self.told["reach_unit"] or _("cases")

    # ── the lines of a formula ──

    def opened(self, code: Figure) -> list[components.Term]:
        """The lines that open a number; a sum of several ends with itself."""
        lines = [self.line(term, code) for term in self.case.terms[code]]
        if code == Figure.NET_BENEFIT:
            lines.append(components.Term(_("Net benefit"), self.money(self.case.net_benefit), is_sum=True))
        elif len(lines) > 1:
            lines.append(components.Term(_("Together"), self.written(code, self.amount_of(code)), is_sum=True))
        return lines

    def line(self, term: Term, code: Figure) -> components.Term:
        kind = code if code in MUST_REACH or code in {Figure.ROI, Figure.PAYBACK} else Figure.AMOUNT
        return components.Term(
            reckoning=self.joined((factor, self.written(factor.code, factor.value)) for factor in term.factors),
            amount=self.written(kind, term.amount),
            source=self.source(term),
        )

    def source(self, term: Term) -> str:
        """The words beneath a line: what its figures are."""
        if term.code in {Figure.BENEFIT, Figure.BENEFIT_PER_MONTH} and self.has_several:
            return term.label or _("a benefit without a name")
        if term.code == CostKind.PEOPLE:
            return term.label or _("effort × rate of a person-day")
        if term.code in CostKind.values:
            return term.label or str(CostKind(term.code).label)
        named = [(factor, self.name_of(factor.code)) for factor in term.factors]
        return self.joined((factor, name) for factor, name in named if name)

    def joined(self, parts: Iterable[tuple[Factor, str]]) -> str:
        text = ""
        for factor, words in parts:
            text += f" {'÷' if factor.divides else '×'} {words}" if text else words
        return text

    def name_of(self, code: Figure) -> str:
        if code == Figure.REACH:
            return _("%(unit)s a month") % {"unit": self.unit}
        return {
            Figure.UNIT_BENEFIT: _("saved each time"),
            Figure.PROBABILITY: _("probability"),
            Figure.NET_BENEFIT: _("net benefit"),
            Figure.COST: _("cost"),
            Figure.UPFRONT_COST: _("cost"),
            Figure.UNCOVERED: _("cost that the other benefits leave"),
            Figure.BENEFIT: _("benefit"),
            Figure.NET_PER_MONTH: _("benefit of a month"),
        }.get(code, "")

    def amount_of(self, code: Figure) -> Decimal | None:
        found: Decimal | None = getattr(self.case, code.value)
        return found

    def at_least(self, code: Figure) -> str:
        """A breakeven, rounded up."""
        amount = self.amount_of(code)
        if amount is not None and code == Figure.BREAKEVEN_REACH:
            return self.reach(amount.quantize(Decimal(1), ROUND_CEILING))
        if amount is not None and code == Figure.BREAKEVEN_UNIT_BENEFIT:
            return self.money(amount.quantize(CENT, ROUND_CEILING))
        return formats.percent_short(amount, self.language, ROUND_CEILING)

    def written(self, code: Figure, value: Decimal | None) -> str:
        """A figure in its unit."""
        if code in MUST_REACH and value is not None:
            return self.at_least(code)
        if code in MONEY:
            return self.money(value)
        if code in MONTHS:
            return formats.months(value, self.language)
        if code in WRITERS:
            return WRITERS[code](value, self.language)
        return formats.unknown(self.language) if value is None else formats.number(value)

    def money(self, amount: Decimal | None) -> str:
        return formats.money(amount, self.language, self.content["currency"])

    def rough(self, amount: Decimal | None) -> str:
        return formats.money_short(amount, self.language, formats.UNCERTAIN_DIGITS, self.content["currency"])

    def days(self, amount: Decimal | None) -> str:
        return formats.days(amount, self.language)

    def reach(self, amount: Decimal | None, line: Mapping[str, Any] | None = None) -> str:
        """Occurrences of the line that is told of, or of another."""
        unit = self.unit if line is None else line["reach_unit"] or _("cases")
        return formats.quantity(None if amount is None else Quantity(amount, unit), self.language)

    def realistic(self, line: Mapping[str, Any], driver: Figure) -> str:
        """Between which ends a figure of a benefit line lies; empty where nobody said so."""
        low, high = number(line[f"{driver}_low"]), number(line[f"{driver}_high"])
        if low is None or high is None:
            return ""
        ends = [self.written(driver, low), self.written(driver, high)]
        return _("realistic %(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}

    def share(self, line: Mapping[str, Any]) -> str:
        return formats.percent(number(line["probability"]), self.language)


def words_of(content: Mapping[str, Any], option: Mapping[str, Any] | None = None) -> CaseWords:
    """The case of a pitch's content, live or frozen, in the reader's language: of the preferred option, or another."""
    chosen = preferred(content) if option is None else option
    return CaseWords(content, chosen, case_of(content, chosen), get_language() or settings.LANGUAGE_CODE)
