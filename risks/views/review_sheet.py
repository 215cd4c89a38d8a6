"""What the page of a review says: the answer line, the words and dots of a spread, the question that a wide one asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common import formats
from portal.common.written import date_long, listed
from risks.exposure import CHANCES, DAYS
from risks.lines import language
from risks.spread import dots_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from risks.exposure import Spread
    from risks.models import Review
    from risks.reviews import AgendaItem, RiskSpread
    from risks.spread import Dots
    from risks.summaries import ReviewStanding


@dataclass(frozen=True, slots=True)
class SpreadPicture:
    """One row of dots with its finding in words."""

    label: str
    finding: str
    dots: Dots


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """A risk on the agenda as the page shows it."""

    item: AgendaItem
    pictures: Sequence[SpreadPicture]
    count: str
    questions: Sequence[str]


def answer_line(standing: ReviewStanding) -> str:
    """The sentence that a reader of the page came for."""
    review = standing.review
    if review.concluded_at is not None:
        return _("%(conclusion)s, %(day)s.") % {
            "conclusion": review.get_conclusion_display(),
            "day": date_long(review.concluded_at),
        }
    answered = _("%(done)d of %(all)d have answered") % {"done": standing.answered, "all": len(standing.invitations)}
    if review.is_open:
        return _("%(answered)s; nobody sees a figure of another before he has answered himself.") % {
            "answered": answered
        }
    if not review.wants_conclusion:
        return _("%(answered)s and the answers are shown.") % {"answered": answered}
    return _("%(answered)s and the answers are shown; it has no conclusion yet.") % {"answered": answered}


def rows_of(items: Sequence[AgendaItem]) -> list[AgendaRow]:
    return [
        AgendaRow(item, pictures_of(item.spread), count_of(item.spread), questions_of(item.spread)) for item in items
    ]


def pictures_of(spread: RiskSpread | None) -> list[SpreadPicture]:
    """Chance and days as dots."""
    if spread is None:
        return []
    estimate = spread.view.estimate
    chance_labels = [formats.percent_short(step, language()) for step in CHANCES]
    days_labels = [*(str(step) for step in DAYS[:-1]), f"{DAYS[-1]}+"]
    return [
        SpreadPicture(
            _("Chance"),
            finding(estimate.chance, percent),
            dots_of(spread.chances, estimate.chance.median, CHANCES, chance_labels),
        ),
        SpreadPicture(
            _("Working days"),
            finding(estimate.days, number),
            dots_of(spread.days, estimate.days.median, DAYS, days_labels),
        ),
    ]


def finding(spread: Spread, words: Callable[[Decimal], str]) -> str:
    """The middle, and the ends where they differ."""
    if spread.low == spread.high:
        return words(spread.median)
    return _("middle %(middle)s, from %(low)s to %(high)s") % {
        "middle": words(spread.median),
        "low": words(spread.low),
        "high": words(spread.high),
    }


def percent(value: Decimal) -> str:
    return formats.percent_short(value, language())


def number(value: Decimal) -> str:
    return formats.number(value)


def count_of(spread: RiskSpread | None) -> str:
    """How many gave a figure, and how many said that it is not their field."""
    if spread is None:
        return ""
    said = ngettext("%(count)d answer", "%(count)d answers", spread.view.estimate.n) % {"count": spread.view.estimate.n}
    others = spread.view.not_their_field
    if not others:
        return said
    passed = ngettext("%(count)d said it is not the field", "%(count)d said it is not the field", others)
    return listed([said, passed % {"count": others}])


def questions_of(spread: RiskSpread | None) -> list[str]:
    """A wide spread is a question to talk about, not a mistake of somebody."""
    if spread is None:
        return []
    estimate, asked = spread.view.estimate, []
    if spread.is_chance_wide:
        asked.append(
            _("The chance goes from %(low)s to %(high)s: what does one end know that the other does not?")
            % {"low": percent(estimate.chance.low), "high": percent(estimate.chance.high)}
        )
    if spread.are_days_wide:
        asked.append(
            _("The delay goes from %(low)s to %(high)s working days: do all mean the same event?")
            % {"low": number(estimate.days.low), "high": number(estimate.days.high)}
        )
    return asked


def minutes_title(review: Review) -> str:
    return _("%(review)s of %(project)s") % {"review": review, "project": review.project.title}
