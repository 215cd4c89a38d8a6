"""What differs between two forms of a pitch, in the reader's words: each field with its name and its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.common import formats
from portal.common.components import Difference
from portal.common.written import colon, date_short, semicolon
from projects.business_inputs import BUDGET_LINE, number
from projects.enums import Basis, CostKind, OptionKind, Tier
from projects.materiality import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import _StrOrPromise

    from projects.case_words import CaseWords
    from projects.content_difference import Move

Writer = Callable[["CaseWords", Any, "Move"], "_StrOrPromise"]


@dataclass(frozen=True, slots=True)
class Group:
    """Differences of one kind, under their heading."""

    heading: _StrOrPromise
    rows: Sequence[Difference]


HEADINGS: Mapping[Place, _StrOrPromise] = {
    Place.FIGURE: gettext_lazy("The figures that follow"),
    Place.PITCH: gettext_lazy("What and why"),
    Place.SCREENING: gettext_lazy("Screening questions"),
    Place.CHANGED: gettext_lazy("Changed since the start"),
}


def groups_of(moves: Iterable[Move], words: CaseWords) -> list[Group]:
    """The differences under their headings, in the order in which they come; each option has its own."""
    found: dict[_StrOrPromise, list[Difference]] = {}
    for move in moves:
        heading = OptionKind(move.option).label if move.option else HEADINGS[move.place]
        row = row_of(move, words)
        if str(row.old) != str(row.new):  # a figure may move by less than it is read with
            found.setdefault(str(heading), []).append(row)
    return [Group(heading, rows) for heading, rows in found.items()]


def row_of(move: Move, words: CaseWords) -> Difference:
    """One field in the reader's words."""
    if not move.field:
        old, new = (whole(move, value, words) for value in (move.old, move.new))
        why = _("new") if move.old is None else _("no longer there")
        return Difference(name_of(move), old, new, why, is_material=move.is_material)
    label, write = FIELDS[move.place, move.field]
    name = f"{name_of(move)}{colon()}{label}" if move.line is not None else capfirst(str(label))
    why = _("follows from the others") if move.place == Place.FIGURE else ""
    old, new = (written(write, words, value, move) for value in (move.old, move.new))
    if move.field == "documents":  # an empty list is known to be empty
        old, new = (text if value else _("none") for value, text in ((move.old, old), (move.new, new)))
    if move.place == Place.CHANGED and not move.old:
        old = ""  # nothing was changed then, which is not the same as not known
    return Difference(name, old, new, why, is_material=move.is_material)


def written(write: Writer, words: CaseWords, value: Any, move: Move) -> _StrOrPromise:
    """A value in its unit; what is not known says so."""
    return formats.unknown(words.language) if value in (None, "", []) else write(words, value, move)


def name_of(move: Move) -> str:
    """What a line or an option is called."""
    line = move.line
    if line is None:
        return str(OptionKind(move.option).label) if move.option else ""
    if move.place == Place.BENEFIT:
        return line["label"] or _("Benefit")
    if line["line"] == BUDGET_LINE:
        return _("Added to the budget since the start")
    return line["label"] or line["skill"] or str(CostKind(line["kind"]).label)


def whole(move: Move, value: Mapping[str, Any] | None, words: CaseWords) -> _StrOrPromise:
    """A line or an option that came or went, in one phrase."""
    if value is None:
        return ""
    if move.place == Place.OPTION:
        return value["summary"] or _("described")
    if move.place == Place.COST:
        return (
            words.days(number(value["person_days"])) if value["person_days"] else words.money(number(value["amount"]))
        )
    figures = (
        words.money(number(value["unit_benefit"])),
        words.reach(number(value["reach"]), value),
        words.share(value),
    )
    return " × ".join(figures)


def as_text(_words: CaseWords, value: Any, _move: Move) -> str:
    return str(value)


def as_name(_words: CaseWords, value: Any, _move: Move) -> str:
    return str(value["name"])


def as_day(_words: CaseWords, value: Any, _move: Move) -> str:
    return date_short(date.fromisoformat(value))


def as_answer(_words: CaseWords, value: Any, _move: Move) -> str:
    return _("yes") if value else _("no")


def as_money(words: CaseWords, value: Any, _move: Move) -> str:
    return words.money(Decimal(value))


def as_days(words: CaseWords, value: Any, _move: Move) -> str:
    return words.days(Decimal(value))


def as_share(words: CaseWords, value: Any, _move: Move) -> str:
    return formats.percent(Decimal(value), words.language)


def as_return(words: CaseWords, value: Any, _move: Move) -> str:
    return formats.percent_short(value, words.language)


def as_months(words: CaseWords, value: Any, _move: Move) -> str:
    return formats.months(Decimal(value), words.language)


def as_reach(words: CaseWords, value: Any, move: Move) -> str:
    return words.reach(Decimal(value), move.line)


def as_list(_words: CaseWords, value: Any, _move: Move) -> str:
    return semicolon().join(value)


def as_documents(_words: CaseWords, value: Any, _move: Move) -> str:
    """Titles; a file that became another keeps its title, so that the beginning of its digest stands beside."""
    return semicolon().join(
        f"{one['title']} ({one['digest'][:6]})" if one["digest"] else f"{one['title']} ({one['url']})" for one in value
    )


def as_working_days(_words: CaseWords, value: Any, _move: Move) -> str:
    return ngettext("%(count)s working day", "%(count)s working days", value) % {"count": value}


F, P = Place.FIGURE, Place.PITCH
FIELDS: Mapping[tuple[Place, str], tuple[_StrOrPromise, Writer]] = {
    (F, "net_benefit"): (gettext_lazy("Net benefit"), as_money),
    (F, "benefit"): (gettext_lazy("Benefit"), as_money),
    (F, "cost"): (gettext_lazy("Cost"), as_money),
    (F, "roi"): (gettext_lazy("Return"), as_return),
    (F, "payback"): (gettext_lazy("Payback"), as_months),
    (F, "effort"): (gettext_lazy("Effort"), as_days),
    (F, "money"): (gettext_lazy("Money beside people"), as_money),
    (F, "tier"): (gettext_lazy("Tier"), lambda _words, value, _move: Tier(value).label),
    (P, "title"): (gettext_lazy("title"), as_text),
    (P, "problem"): (gettext_lazy("problem and approach"), as_text),
    (P, "product"): (gettext_lazy("product"), as_name),
    (P, "goal"): (gettext_lazy("goal"), as_name),
    (P, "process"): (gettext_lazy("business process"), as_name),
    (P, "owner"): (gettext_lazy("owner"), as_name),
    (P, "business_partner"): (gettext_lazy("business partner"), as_name),
    (P, "sponsor"): (gettext_lazy("sponsor"), as_name),
    (P, "wanted_on"): (gettext_lazy("wanted by"), as_day),
    (P, "needs_permit"): (gettext_lazy("needs a special permit"), as_answer),
    (P, "is_reversible"): (gettext_lazy("can be undone"), as_answer),
    (P, "crosses_departments"): (gettext_lazy("touches other departments"), as_answer),
    (P, "horizon_months"): (gettext_lazy("months it is reckoned over"), as_months),
    (P, "annual_rate"): (gettext_lazy("discount rate a year"), as_share),
    (P, "documents"): (gettext_lazy("documents"), as_documents),
    (Place.SCREENING, "is_in_scope"): (gettext_lazy("in the scope of the product"), as_answer),
    (Place.SCREENING, "is_reusable"): (gettext_lazy("can be used again elsewhere"), as_answer),
    (Place.SCREENING, "fits_roadmap"): (gettext_lazy("lies on the way of the roadmap"), as_answer),
    (Place.SCREENING, "note"): (gettext_lazy("why all the same"), as_text),
    (Place.CHANGED, "budget"): (gettext_lazy("Budget"), as_money),
    (Place.CHANGED, "scope"): (gettext_lazy("Scope"), as_list),
    (Place.CHANGED, "left_out"): (gettext_lazy("benefit left out"), as_share),
    (Place.CHANGED, "reason"): (gettext_lazy("reason"), as_text),
    (Place.OPTION, "is_preferred"): (gettext_lazy("is asked for"), as_answer),
    (Place.OPTION, "summary"): (gettext_lazy("how it is done"), as_text),
    (Place.OPTION, "gives_up"): (gettext_lazy("what it gives up"), as_text),
    (Place.OPTION, "stays_switchable"): (gettext_lazy("what can still be switched on"), as_text),
    (Place.OPTION, "decide_again_on"): (gettext_lazy("decide again on"), as_day),
    (Place.BENEFIT, "label"): (gettext_lazy("what it brings"), as_text),
    (Place.BENEFIT, "unit_benefit"): (gettext_lazy("unit benefit"), as_money),
    (Place.BENEFIT, "reach"): (gettext_lazy("reach a month"), as_reach),
    (Place.BENEFIT, "reach_unit"): (gettext_lazy("unit of reach"), as_text),
    (Place.BENEFIT, "probability"): (gettext_lazy("probability"), as_share),
    (Place.BENEFIT, "unit_benefit_low"): (gettext_lazy("unit benefit, realistic low"), as_money),
    (Place.BENEFIT, "unit_benefit_high"): (gettext_lazy("unit benefit, realistic high"), as_money),
    (Place.BENEFIT, "reach_low"): (gettext_lazy("reach, realistic low"), as_reach),
    (Place.BENEFIT, "reach_high"): (gettext_lazy("reach, realistic high"), as_reach),
    (Place.BENEFIT, "probability_low"): (gettext_lazy("probability, realistic low"), as_share),
    (Place.BENEFIT, "probability_high"): (gettext_lazy("probability, realistic high"), as_share),
    (Place.BENEFIT, "basis"): (gettext_lazy("basis"), lambda _words, value, _move: Basis(value).label),
    (Place.BENEFIT, "evidence"): (gettext_lazy("evidence"), as_text),
    (Place.COST, "label"): (gettext_lazy("what for"), as_text),
    (Place.COST, "skill"): (gettext_lazy("skill"), as_text),
    (Place.COST, "person_days"): (gettext_lazy("person-days"), as_days),
    (Place.COST, "unit_amount"): (gettext_lazy("rate"), as_money),
    (Place.COST, "amount"): (gettext_lazy("amount"), as_money),
    (Place.COST, "is_monthly"): (gettext_lazy("each month"), as_answer),
    (Place.COST, "lead_days"): (gettext_lazy("working days until it is given"), as_working_days),
}
