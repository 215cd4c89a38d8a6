"""What differs between two forms of a pitch, field by field. Lines are paired by what they are, not by where they stand.

A line of the low-cost option that replaces one of the full option is the same line, told otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from projects.business_inputs import build_days, case_of, money_beside, preferred
from projects.enums import OptionKind
from projects.materiality import Place, is_material

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projects.business_inputs import Content

#: In the order in which they are read.
PITCH_FIELDS = (
    "title", "problem", "product", "goal", "process", "owner", "business_partner", "sponsor",
    "wanted_on", "needs_permit", "is_reversible", "crosses_departments", "horizon_months", "annual_rate",
    "documents",
)  # fmt: skip
SCREENING_FIELDS = ("is_in_scope", "is_reusable", "fits_roadmap", "note")
CHANGED_FIELDS = ("budget", "scope", "left_out", "reason")
OPTION_FIELDS = ("is_preferred", "summary", "gives_up", "stays_switchable", "decide_again_on")
BENEFIT_FIELDS = (
    "label", "unit_benefit", "unit_benefit_low", "unit_benefit_high", "reach", "reach_low", "reach_high", "reach_unit",
    "probability", "probability_low", "probability_high", "basis", "evidence",
)  # fmt: skip
COST_FIELDS = ("label", "skill", "person_days", "unit_amount", "amount", "is_monthly", "lead_days")
FIGURES = ("net_benefit", "benefit", "cost", "roi", "payback", "effort", "money", "tier")
#: Before the start nothing is left out, and nothing else is said.
UNCHANGED: Mapping[str, Any] = {"left_out": "0"}


@dataclass(frozen=True, slots=True)
class Move:
    """One field that is not what it was, as plain values. A whole option or line that came or went has no field name."""

    place: Place
    field: str
    old: Any
    new: Any
    #: The kind of the option that it belongs to, and the line as it is now, or as it was where it went.
    option: str = ""
    line: Mapping[str, Any] | None = None

    @property
    def is_material(self) -> bool:
        """Whether an approval rests on it."""
        return is_material(self.place, self.field)


def moves_between(before: Content, now: Content) -> list[Move]:
    """Everything that differs, figures that follow from it first."""
    return [
        *fields_of(Place.FIGURE, FIGURES, figures(before), figures(now)),
        *fields_of(Place.PITCH, PITCH_FIELDS, before, now),
        *fields_of(Place.SCREENING, SCREENING_FIELDS, before["screening"], now["screening"]),
        *fields_of(Place.CHANGED, CHANGED_FIELDS, before["changed"] or UNCHANGED, now["changed"] or UNCHANGED),
        *moves_of_options(before, now),
    ]


def figures(content: Content) -> Mapping[str, Any]:
    """What is reckoned from the option that is asked for."""
    option = preferred(content)
    case = case_of(content, option)
    return {
        "net_benefit": case.net_benefit,
        "benefit": case.benefit,
        "cost": case.cost,
        "roi": case.roi,
        "payback": case.payback_months,
        "effort": build_days(option),
        "money": money_beside(content, option),
        "tier": content.get("tier"),
    }


def fields_of(
    place: Place, names: Sequence[str], before: Mapping[str, Any], now: Mapping[str, Any], **where: Any
) -> Iterator[Move]:
    """The named fields that differ; what is empty in both does not."""
    for name in names:
        old, new = before.get(name), now.get(name)
        if old != new and not (is_empty(old) and is_empty(new)):
            yield Move(place, name, old, new, **where)


def is_empty(value: Any) -> bool:
    """Whether nobody wrote anything; zero and no are something."""
    return value is None or value in ("", [])


def moves_of_options(before: Content, now: Content) -> Iterator[Move]:
    """Options by their kind, of which a pitch has one each."""
    old = {option["kind"]: option for option in before["options"]}
    new = {option["kind"]: option for option in now["options"]}
    for kind in (kind.value for kind in reversed(OptionKind)):
        if kind in old and kind in new:
            yield from fields_of(Place.OPTION, OPTION_FIELDS, old[kind], new[kind], option=kind)
            yield from moves_of_lines(Place.BENEFIT, BENEFIT_FIELDS, old[kind]["benefits"], new[kind]["benefits"], kind)
            yield from moves_of_lines(Place.COST, COST_FIELDS, old[kind]["costs"], new[kind]["costs"], kind)
        elif kind in old or kind in new:
            yield Move(Place.OPTION, "", old.get(kind), new.get(kind), option=kind)


def moves_of_lines(
    place: Place, names: Sequence[str], before: Sequence[Content], now: Sequence[Content], kind: str
) -> Iterator[Move]:
    """Lines that are still there field by field, in today's order; then those that came, and those that went."""
    old = {key_of(line): line for line in before}
    new = {key_of(line): line for line in now}
    for key, line in new.items():
        if key in old:
            yield from fields_of(place, names, old[key], line, option=kind, line=line)
        else:
            yield Move(place, "", None, line, option=kind, line=line)
    for key, line in old.items():
        if key not in new:
            yield Move(place, "", line, None, option=kind, line=line)


def key_of(line: Mapping[str, Any]) -> Any:
    """What a line is, wherever it stands: its own id, or that of the line whose place it takes."""
    return line["replaces"] or line["line"]
