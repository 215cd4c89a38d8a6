"""What a case returns, by every measure, and its money month by month, in the reader's words. One click below the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from portal.common import formats
from portal.common.components import Term
from portal.common.dates import DayOutOfRangeError, add_months
from projects.reckoning import Figure
from projects.returns import months_of, returns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projects.case_words import CaseWords
    from projects.returns import Month, Returns

#: A rate of a year beyond ten times the money says nothing more.
BEYOND: Final = Decimal(10)
WHOLE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month: its number and date, and its money."""

    name: str
    benefit: str
    cost: str
    net: str
    total: str
    present_total: str


@dataclass(frozen=True, slots=True)
class ReturnWords:
    """The returns of one option, in one language."""

    words: CaseWords
    returns: Returns
    months: Sequence[Month]

    @property
    def measures(self) -> list[Term]:
        """The present value first; each with what it is made of."""
        return [self.present_value, *self.ratios, *self.spans, *self.rates, *self.breakevens]

    @property
    def present_value(self) -> Term:
        return Term(
            _("Worth today (NPV)"),
            self.words.money(self.returns.npv),
            _("%(benefit)s of benefit − %(cost)s of cost, both at %(rate)s a year") % self.said,
        )

    @property
    def ratios(self) -> list[Term]:
        case, returns = self.words.case, self.returns
        nothing = _("none: it costs nothing")
        whole = self.divided(self.words.money(case.net_benefit), self.words.money(case.cost))
        today = self.divided(self.words.money(returns.npv), self.said["cost"])
        came = self.divided(self.said["benefit"], self.said["cost"])
        return [
            Term(_("Return: net benefit ÷ cost"), self.share(case.roi, nothing), whole),
            Term(_("Return today: NPV ÷ cost today"), self.share(returns.npv_over_cost, nothing), today),
            Term(_("Benefit today ÷ cost today (BCR)"), self.ratio(returns.benefit_over_cost, nothing), came),
        ]

    @property
    def spans(self) -> list[Term]:
        """Payback as it is, and with what comes later worth less; it says so where the money was back before and went again."""
        case, found = self.words.case, []
        for name, payback in (
            (_("Payback"), case.payback),
            (_("Payback at today's worth"), case.discounted_payback),
        ):
            back = None if payback is None else payback.periods
            never = _("not within %(count)s months") % {"count": case.horizon_months}
            again = payback is not None and payback.relapses and back is not None
            source = _("for good; it had been back before") if again else ""
            found.append(Term(name, never if back is None else formats.months(back, self.words.language), source))
        return found

    @property
    def rates(self) -> list[Term]:
        """The internal rate only where it is an answer; the modified one always is."""
        modified = self.returns.modified
        found = [Term(_("Rate at which it is worth nothing (IRR)"), *self.internal)]
        if modified is not None:
            source = _("a year, if what comes earns %(rate)s until the end") % self.said
            found.append(Term(_("Rate with gains put to work (MIRR)"), self.rate(modified), source))
        return found

    @property
    def internal(self) -> tuple[str, str]:
        """The rate and what to think of it."""
        roots = self.returns.internal
        if self.returns.internal_rate is not None:
            return self.rate(self.returns.internal_rate), _("a year")
        if not roots:
            return _("none"), _("at no rate does gain turn into loss; the worth today decides")
        rates = ", ".join(self.rate(root.rate) for root in roots)
        if len(roots) == 1:
            return _("none"), _("at %(rates)s a year it is just worth nothing, without turning; the worth today decides") % {"rates": rates}  # fmt: skip
        return _("several"), _("%(rates)s a year: none of them is an answer; the worth today decides") % {"rates": rates}  # fmt: skip

    @property
    def breakevens(self) -> list[Term]:
        """From where on it pays, the rest being as it is."""
        case, words = self.words.case, self.words
        if self.words.has_several:
            if case.breakeven_share is None:
                return []
            return [Term(_("Pays if at least"), words.at_least(Figure.BREAKEVEN_SHARE), _("of the benefit"))]
        found = []
        if case.breakeven_probability is not None:
            of_unit = _("of %(unit)s") % {"unit": words.unit}
            source = _("more than always: it can't pay back") if case.cannot_pay_back else of_unit
            found.append(Term(_("Pays if at least"), words.at_least(Figure.BREAKEVEN_PROBABILITY), source))
        if case.breakeven_reach is not None:
            found.append(Term(_("Pays from"), words.at_least(Figure.BREAKEVEN_REACH), _("a month")))
        return found

    @property
    def rows(self) -> list[MonthRow]:
        return [
            MonthRow(
                name=self.name_of(month),
                benefit=self.whole(month.benefit),
                cost=self.whole(month.cost),
                net=self.whole(month.net),
                total=self.whole(month.total),
                present_total=self.whole(month.present_total),
            )
            for month in self.months
        ]

    def name_of(self, month: Month) -> str:
        """Its number, and the calendar's month where it is said until when it is wanted."""
        wanted = self.words.content["wanted_on"]
        if wanted is None:
            return str(month.number)
        try:
            day = add_months(date.fromisoformat(wanted), month.number - self.words.case.parts.case.build_months)
        except DayOutOfRangeError:
            return str(month.number)
        return f"{month.number} · {formats.month_short(day, self.words.language)}"

    @property
    def convention(self) -> str:
        """The small print."""
        return _("Month 0 is when it is wanted: what is spent once counts there, and each month's benefit at its end. Worth today: at %(rate)s a year, as it is for months. Whole %(unit)s.") % self.said  # fmt: skip

    @property
    def said(self) -> dict[str, str]:
        return {
            "benefit": self.words.money(self.returns.present_benefit),
            "cost": self.words.money(self.returns.present_cost),
            "rate": formats.percent(self.words.case.parts.case.annual_rate, self.words.language),
            "unit": formats.currency_word(self.words.language, self.words.content["currency"]),
        }

    @staticmethod
    def divided(above: str, below: str) -> str:
        return f"{above} ÷ {below}"

    def share(self, share: Decimal | None, nothing: str) -> str:
        return nothing if share is None else formats.percent_short(share, self.words.language)

    def ratio(self, ratio: Decimal | None, nothing: str) -> str:
        return nothing if ratio is None else formats.number(ratio.quantize(Decimal("0.01"), ROUND_HALF_UP))

    def rate(self, rate: Decimal) -> str:
        if rate > BEYOND:
            return _("more than %(rate)s") % {"rate": formats.percent(BEYOND, self.words.language)}
        return formats.percent_short(rate, self.words.language)

    def whole(self, amount: Decimal) -> str:
        return formats.number(amount.quantize(WHOLE, ROUND_HALF_UP) + 0)


def return_words(words: CaseWords) -> ReturnWords | None:
    """What the option that these words are of returns; None while a figure is not known."""
    parts = words.case.parts
    returns = returns_of(parts)
    return None if returns is None else ReturnWords(words, returns, months_of(parts))
