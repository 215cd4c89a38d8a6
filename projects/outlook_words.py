"""How far a result may lie from its middle, in the reader's words: the sentence, the picture, what to find out first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.common import charts, formats
from portal.common.written import listed
from projects.enums import CostKind
from projects.reckoning import Figure
from projects.simulation import METHOD
from projects.uncertain_inputs import SCALES, band_of, key_of, outlook_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from projects.case_words import CaseWords
    from projects.simulation import Outlook, Worth

#: So many unknowns are named in a table; the rest move the result little.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Unknown:
    """One unknown: its name, the result between its realistic ends, and what it is worth at most to find out first."""

    name: str
    span: str
    worth: str


@dataclass(frozen=True, slots=True)
class OutlookWords:
    """The outlook of one option, in one language."""

    words: CaseWords
    outlook: Outlook

    @property
    def sentence(self) -> str:
        """What comes in eight of ten cases, how often it loses, and what is known least."""
        parts = {"likely": self.likely, "loss": self.loss, "unknown": self.unknown}
        if not self.unknown:
            return _("%(likely)s; %(loss)s.") % parts
        return _("%(likely)s; %(loss)s; %(unknown)s.") % parts

    @property
    def likely(self) -> str:
        return _("8 in 10 that this returns %(range)s in the first %(months)s months") % self.said

    @property
    def loss(self) -> str:
        return _("%(chance)s that it loses money") % self.said

    @property
    def unknown(self) -> str:
        """The input that is worth most to know; where nothing would change the decision, the one that moves most."""
        first = self.greatest
        if first is None:
            return ""
        said = {"name": _small(self.names[first.key]), "worth": self.rough(first.amount)}
        if self.rough(first.amount) == self.rough(first.amount * 0):
            return _("the biggest unknown is %(name)s") % said
        return _("the biggest unknown is %(name)s, worth up to %(worth)s to test first") % said

    @property
    def decision(self) -> str:
        """The sentence an approver decides on."""
        first = self.greatest
        said = self.said | {"name": "" if first is None else _small(self.names[first.key])}
        if first is None:
            return _("Spend %(cost)s: 8 in 10 that it returns %(range)s in the first %(months)s months") % said
        return _("Spend %(cost)s: 8 in 10 that it returns %(range)s in the first %(months)s months; the biggest unknown is %(name)s") % said  # fmt: skip

    @property
    def said(self) -> dict[str, str]:
        case = self.words.case
        amounts = {
            "cost": self.words.money(case.cost),
            "range": self.between(self.outlook.conservative, self.outlook.optimistic),
        }
        # An amount never parts from its unit at the end of a line.
        return {name: words.replace(" ", "\u00a0") for name, words in amounts.items()} | {
            "chance": formats.chance(self.outlook.chance_of_loss, self.words.language),
            "months": str(case.horizon_months),
        }

    @property
    def greatest(self) -> Worth | None:
        return self.outlook.inputs[0] if self.outlook.inputs else None

    @property
    def names(self) -> dict[str, str]:
        """What each input is called, by its key."""
        return dict(self._named())

    def _named(self) -> Iterator[tuple[str, str]]:
        drivers = {
            Figure.UNIT_BENEFIT: _("Unit benefit"),
            Figure.REACH: _("Reach"),
            Figure.PROBABILITY: _("Probability"),
        }
        for line in self.words.option["benefits"]:
            what = line["label"] if self.words.has_several else ""
            for driver in SCALES:
                yield key_of(line, "benefit", driver), _told(drivers[driver], what)
        people = [line for line in self.words.option["costs"] if line["kind"] == CostKind.PEOPLE]
        for line in people:
            what = (line["label"] or line["skill"]) if len(people) > 1 else ""
            yield key_of(line, "cost", Figure.QUANTITY), _told(_("Effort"), what)

    @property
    def unknowns(self) -> list[Unknown]:
        """The inputs that move the result most, the one that is worth most to know first."""
        return [
            Unknown(
                name=self.names[one.key],
                span=self.between(min(one.low, one.high), max(one.low, one.high)),
                worth=self.rough(one.amount),
            )
            for one in self.outlook.inputs[:MOST_NAMED]
        ]

    @property
    def chart(self) -> charts.RangeBand:
        return self.chart_with(None)

    def chart_with(self, own: Decimal | None) -> charts.RangeBand:
        """The range as a picture; `own` is the result by the reader's own figures."""
        outlook = self.outlook
        return charts.range_band(
            (outlook.conservative, outlook.median, outlook.optimistic),
            to_words=self.rough,
            own=None if own is None else (own, _("you %(amount)s") % {"amount": self.rough(own)}),
        )

    @property
    def running(self) -> charts.Curve | None:
        """The running total with the band that holds eight cases in ten, for paper."""
        return self.words.chart_of(330, band_of(self.words.content, self.words.option))

    @property
    def tornado(self) -> charts.Tornado | None:
        """How far the result moves with each input, for paper; nothing where all is known."""
        moving = sorted(self.outlook.inputs, key=lambda one: -abs(one.high - one.low))[:MOST_NAMED]
        if not moving:
            return None
        net = self.words.case.net_benefit or self.outlook.median
        return charts.tornado(
            [(self.names[one.key], one.low, one.high) for one in moving],
            (net, _("all as written: %(amount)s") % {"amount": self.rough(net)}),
            to_words=self.rough,
        )

    @property
    def moves(self) -> str:
        """What the tornado says, for who does not see it."""
        return listed(f"{one.name} {one.span}" for one in self.unknowns)

    @property
    def finding(self) -> str:
        """What the picture says, for who does not see it."""
        return f"{self.likely}; {self.loss}"

    @property
    def method(self) -> str:
        """The small print."""
        said = {
            "draws": formats.number(self.outlook.draws),
            "method": METHOD,
            "error": formats.percent_short(self.outlook.error, self.words.language),
        }
        return _("%(draws)s draws (%(method)s), always the same; a single figure is widened by its basis, effort by what the policy says; chance of loss ± %(error)s.") % said  # fmt: skip

    def between(self, low: Decimal, high: Decimal) -> str:
        return formats.money_range(low, high, self.words.language, currency=self.words.content["currency"])

    def rough(self, amount: Decimal) -> str:
        return self.words.rough(amount)


def outlook_words(words: CaseWords) -> OutlookWords | None:
    """The outlook of the option that these words are of; None while it cannot be told."""
    found = outlook_of(words.content, words.option)
    return None if found is None else OutlookWords(words, found)


def _small(name: str) -> str:
    """In the middle of a sentence."""
    return name[:1].lower() + name[1:]


def _told(driver: str, what: str) -> str:
    return _("%(driver)s (%(what)s)") % {"driver": driver, "what": what} if what else driver
