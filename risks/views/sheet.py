"""What the page of one risk says: the sentence, the figures that open, the history, and the next step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common import formats
from portal.common.components import Figure, Link, Moment, Term
from portal.common.written import colon, unknown
from risks.enums import RiskState
from risks.lines import language, money
from risks.permissions import can_accept, can_keep_register, can_report, can_use_plan_b

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from portal.accounts.models import User
    from risks.lines import RiskLine
    from risks.models import AgreedEstimate, Risk
    from risks.summaries import EngineersView


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the reader may do now. `first` is the one filled button; the rest are outlined."""

    first: Link | None
    others: Sequence[Link]
    may_keep: bool
    may_accept: bool
    may_use_plan: bool


def address(name: str, risk: Risk) -> str:
    return reverse(f"risks:{name}", args=[risk.project_id, risk.pk])


def answer_line(line: RiskLine) -> str:
    """The one sentence a reader came for."""
    risk = line.risk
    if not risk.is_open:
        return past_line(line)
    if risk.exposure_amount is None:
        return unknown_line(line)
    words = _("%(chance)s × %(money)s = %(loss)s expected") % {
        "chance": formats.percent_short(risk.probability, language()),
        "money": money(risk.impact_amount),
        "loss": money(risk.exposure_amount),
    }
    values = {"words": words, "line": money(line.appetite)}
    if not line.is_above:
        return _("%(words)s, within the line of %(line)s.") % values
    if line.is_answered:
        return _("%(words)s, above the line of %(line)s, and answered.") % values
    return _("%(words)s, above the line of %(line)s: an answer is due.") % values


def past_line(line: RiskLine) -> str:
    """What became of it."""
    risk = line.risk
    if risk.state == RiskState.CLOSED:
        return _("Closed, it did not happen: %(outcome)s") % {"outcome": risk.outcome}
    if risk.state == RiskState.RESOLVED:
        return _("It happened and is settled: %(outcome)s") % {"outcome": risk.outcome}
    if not line.has_plan:
        return _("It happened. There was no plan B.")
    if risk.plan_b.activated_at:
        return _("It happened. Plan B is in use.")
    return _("It happened. Plan B waits for a yes.")


def unknown_line(line: RiskLine) -> str:
    """Which factor is missing, and from whom."""
    risk = line.risk
    if line.waiting_for and risk.state == RiskState.IDENTIFIED:
        return _("Chance and days are being assessed; nobody sees a figure before the review is held.")
    if risk.probability is None and risk.impact_amount is None:
        return _("Neither chance nor money is known yet.")
    if risk.probability is None:
        return _("The chance is not known yet: an engineer gives it.")
    return _("The money is not known yet: %(owner)s gives it.") % {"owner": risk.project.owner}


def figures(risk: Risk, view: EngineersView | None, agreed: AgreedEstimate | None = None) -> list[Figure]:
    """Chance, days, money and their product; each opens, and what is not known yet stays quiet."""
    chance = formats.percent_short(risk.probability, language())
    reckoning = _("%(chance)s × %(money)s") % {"chance": chance, "money": money(risk.impact_amount)}
    product = Term(reckoning, money(risk.exposure_amount), is_sum=True)
    return [
        known_figure(_("Chance"), risk.probability, chance, chance_terms(risk, view, agreed)),
        days_figure(risk, view, agreed),
        known_figure(_("Money if it happens"), risk.impact_amount, money(risk.impact_amount)),
        known_figure(_("Exposure"), risk.exposure_amount, money(risk.exposure_amount), [product]),
    ]


def known_figure(label: str, figure: Decimal | None, words: str, terms: Sequence[Term] = ()) -> Figure:
    """A figure with its formula, or in muted ink that it is not known yet."""
    return Figure(label, unknown()) if figure is None else Figure(label, words, terms=terms)


def days_figure(risk: Risk, view: EngineersView | None, agreed: AgreedEstimate | None) -> Figure:
    if risk.impact_days is None:
        return Figure(_("Delay if it happens"), unknown())
    days = formats.number(risk.impact_days)
    return Figure(_("Delay if it happens"), days, note=_("working days"), terms=days_terms(risk, view, agreed))


def chance_terms(risk: Risk, view: EngineersView | None, agreed: AgreedEstimate | None) -> list[Term]:
    words = formats.percent_short(risk.probability, language())
    if view is None:
        return by_hand(words) if agreed is None else with_agreed([], words, agreed)
    spread = view.estimate.chance
    ends = [formats.percent_short(end, language()) for end in (spread.low, spread.high, spread.median)]
    return with_agreed(spread_terms(view, *ends), words, agreed)


def days_terms(risk: Risk, view: EngineersView | None, agreed: AgreedEstimate | None) -> list[Term]:
    words = formats.working_days(risk.impact_days, language())
    if view is None:
        return by_hand(words) if agreed is None else with_agreed([], words, agreed)
    spread = view.estimate.days
    ends = [formats.working_days(end, language()) for end in (spread.low, spread.high, spread.median)]
    return with_agreed(spread_terms(view, *ends), words, agreed)


def with_agreed(terms: Sequence[Term], words: str, agreed: AgreedEstimate | None) -> list[Term]:
    """What the review agreed on counts; what each had said stands above it."""
    if agreed is None:
        return list(terms)
    said = [replace(term, is_sum=False) for term in terms]
    return [*said, Term(_("Agreed in the review"), words, agreed.reason, is_sum=True)]


def spread_terms(view: EngineersView, low: str, high: str, middle: str) -> list[Term]:
    """Lowest, highest, middle and how many; no names."""
    count = view.estimate.n
    said = ngettext("%(count)d engineer, blind", "%(count)d engineers, each blind", count) % {"count": count}
    if low == high:
        return [Term(_("All said the same") if count > 1 else _("What the engineer said"), middle, said, is_sum=True)]
    return [Term(_("Lowest"), low), Term(_("Highest"), high), Term(_("Middle"), middle, said, is_sum=True)]


def by_hand(words: str) -> list[Term]:
    return [Term(_("Given by hand"), words, _("no engineer has assessed it"), is_sum=True)]


def deeds_of(line: RiskLine, user: User) -> Deeds:
    """What the reader may do, the next sensible thing first."""
    risk = line.risk
    may_keep, may_report = can_keep_register(user, risk.project), can_report(user, risk)
    may_use_plan = (
        risk.state == RiskState.OCCURRED
        and line.has_plan
        and risk.plan_b.activated_at is None
        and can_use_plan_b(user, risk.plan_b)
    )
    links: list[Link] = []
    if risk.is_open and may_keep:
        links.append(Link(_("Edit") if risk.impact_amount is not None else _("Give money"), address("edit", risk)))
    if risk.is_open and may_report:
        links.append(Link(_("It happened"), address("occur", risk)))
    if risk.is_open and may_keep:
        links.append(Link(_("Close"), address("close", risk)))
    if risk.state == RiskState.OCCURRED and may_report:
        links.append(Link(_("Settle"), address("resolve", risk)))
    wants_first = (risk.state == RiskState.OCCURRED and not may_use_plan) or (
        risk.is_open and risk.impact_amount is None
    )
    first = links[0] if links and wants_first else None
    return Deeds(
        first=first,
        others=[link for link in links if link is not first],
        may_keep=may_keep and risk.is_open,
        may_accept=risk.is_open and can_accept(user, risk),
        may_use_plan=may_use_plan,
    )


def history(risk: Risk) -> list[Moment]:
    """Latest first: the moves of the risk, and who raised it."""
    moves = risk.history.select_related("actor").order_by("-pk")
    raised = _("%(person)s raised it") % {"person": risk.raised_by}
    return [
        *(
            Moment(move.at, words_of(move.to_state, move.actor, move.note), is_key=move.to_state == RiskState.OCCURRED)
            for move in moves
        ),
        Moment(risk.raised_at, raised),
    ]


def words_of(state: str, actor: User | None, note: str) -> str:
    """One move in a sentence."""
    sentences = {
        RiskState.ASSESSED: _("Engineers assessed it"),
        RiskState.PLANNED: _("%(person)s answered it"),
        RiskState.MONITORING: _("It is watched"),
        RiskState.OCCURRED: _("It happened"),
        RiskState.RESOLVED: _("%(person)s settled it"),
        RiskState.CLOSED: _("%(person)s closed it"),
    }
    sentence = sentences[RiskState(state)] % {"person": actor or _("The portal")}
    return f"{sentence}{colon()}{note}" if note else sentence
