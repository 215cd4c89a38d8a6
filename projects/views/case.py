"""What a page shows of a pitch's content, live or frozen: the case, what it rests on, what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common import formats
from portal.common.written import comma, date_short
from projects.business_inputs import BUDGET_LINE, build_days, number
from projects.case_words import words_of
from projects.enums import CostKind, OptionKind
from projects.models import Confirmation
from projects.outlook_words import outlook_words
from projects.reckoning import Figure as Code
from projects.return_words import return_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projects.case_words import CaseWords


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure of the pitch: what it is, its value, and what it rests on."""

    name: str
    value: str
    basis: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whether the business stands by the figures: words beside the number, and how much of it they cover."""

    words: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option beside the others: its number, what it costs, and what one gives up by it."""

    name: str
    summary: str
    net_benefit: str
    cost: str
    effort: str
    payback: str
    gives_up: Sequence[str]
    is_preferred: bool


def case_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """The context of `projects/_case.html`, `projects/_content.html` and `projects/_options.html`."""
    words = words_of(content)
    wanted = content["wanted_on"]
    return {
        "content": content,
        "changed": changed(content),
        "words": words,
        "outlook": outlook_words(words),
        "returns": return_words(words),
        "confirmed": confirmed(words),
        "assumptions": [*assumptions(words), *costs(words)],
        "benefit_assumptions": assumptions(words),
        "costs": costs(words),
        "options": option_rows(content),
        "material": comma().join(line["label"] for line in words.option["costs"] if is_material(line)),
        "wanted_on": None if wanted is None else date.fromisoformat(wanted),
    }


def changed(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a running project changed before it asked for a new approval; None in the pitch of what had not begun."""
    found = content["changed"]
    if found is None:
        return None
    launch_on = found["launch_on"]
    return {
        **found,
        "launch_on": None if launch_on is None else date.fromisoformat(launch_on),
        "budget": number(found["budget"]),
        "left_out": number(found["left_out"]),
    }


def confirmed(words: CaseWords) -> Confirmed:
    """How the last confirmation of each benefit stands to its figures: it holds for those it was given for."""
    lines = words.option["benefits"]
    last: dict[int, Confirmation] = {}
    given = Confirmation.objects.filter(benefit_line__in=[line["line"] for line in lines])
    for row in given.select_related("answer__by").order_by("pk"):
        last[row.benefit_line_id] = row
    holds = [last[line["line"]] for line in lines if line["line"] in last and holds_for(last[line["line"]], line)]
    moved = [row for row in last.values() if row not in holds]
    who = next(iter(moved or holds), None)
    said = {
        "who": "" if who is None else who.answer.by,
        "day": "" if who is None else date_short(who.answer.at),
        "some": len(holds),
        "all": len(lines),
    }
    if moved:
        return Confirmed(
            _("%(who)s confirmed other figures on %(day)s: they changed since, and are not confirmed.") % said
        )
    if not holds:
        return Confirmed(_("The business has not confirmed the figures yet."))
    if len(holds) < len(lines):
        return Confirmed(_("%(who)s confirmed %(some)s of %(all)s benefits; the others are not confirmed.") % said)
    return Confirmed(_("%(who)s confirmed unit benefit and reach on %(day)s.") % said, is_whole=True)


def holds_for(row: Confirmation, line: Mapping[str, Any]) -> bool:
    return (row.unit_benefit_amount, row.reach) == (number(line["unit_benefit"]), number(line["reach"]))


def is_material(line: Mapping[str, Any]) -> bool:
    """Whether its label says what money beside people is for."""
    return line["kind"] != CostKind.PEOPLE and bool(line["label"])


def assumptions(words: CaseWords) -> list[Assumption]:
    """The three factors of each benefit; the basis is that of the probability, which is what must be believed."""
    rows = []
    for line in words.option["benefits"]:
        what = f"{line['label']}: " if words.has_several and line["label"] else ""
        rows += [
            Assumption(
                what + _("Saved each time"),
                words.money(number(line["unit_benefit"])),
                because=words.realistic(line, Code.UNIT_BENEFIT) or _("own figure"),
            ),
            Assumption(
                what + _("Times a month"),
                words.reach(number(line["reach"]), line),
                because=words.realistic(line, Code.REACH) or _("own figure"),
            ),
            Assumption(
                what + _("Probability"),
                words.share(line),
                line["basis"],
                comma().join(filter(None, [line["evidence"], words.realistic(line, Code.PROBABILITY)])),
            ),
        ]
    return rows


def costs(words: CaseWords) -> list[Assumption]:
    """People by their days and rate, money by its amount and what it is for."""
    return [cost(line, words) for line in words.option["costs"]]


def cost(line: Mapping[str, Any], words: CaseWords) -> Assumption:
    if line["kind"] == CostKind.PEOPLE:
        rate = _("%(rate)s a person-day") % {"rate": words.money(number(line["unit_amount"]))}
        because = comma().join(filter(None, [line["label"], line["skill"], rate]))
        return Assumption(_("Effort"), each_month(words.days(number(line["person_days"])), line), because=because)
    name = _("Permit") if line["kind"] == CostKind.PERMIT else _("Money")
    lead = ""
    if line["lead_days"]:
        lead = ngettext("takes %(count)s working day", "takes %(count)s working days", line["lead_days"]) % {
            "count": line["lead_days"]
        }
    added = _("added to the budget since the start") if line["line"] == BUDGET_LINE else ""
    because = comma().join(filter(None, [line["label"], lead, added]))
    return Assumption(name, each_month(words.money(number(line["amount"])), line), because=because)


def each_month(words: str, line: Mapping[str, Any]) -> str:
    return _("%(amount)s a month") % {"amount": words} if line["is_monthly"] else words


def option_rows(content: Mapping[str, Any]) -> list[OptionRow]:
    """The options side by side; none for a pitch that has but one."""
    options = content["options"]
    return [option_row(content, option) for option in options] if len(options) > 1 else []


def option_row(content: Mapping[str, Any], option: Mapping[str, Any]) -> OptionRow:
    kind = OptionKind(option["kind"])
    gives_up = [option["gives_up"]] if option["gives_up"] else []
    if option["stays_switchable"]:
        gives_up.append(_("can still be switched on: %s") % option["stays_switchable"])
    if option["decide_again_on"]:
        gives_up.append(_("decide again %s") % date_short(date.fromisoformat(option["decide_again_on"])))
    if kind == OptionKind.NOTHING:
        return OptionRow(str(kind.label), option["summary"], "", "", "", "", gives_up, is_preferred=False)
    words = words_of(content, option)
    months = words.case.payback_months
    return OptionRow(
        name=str(kind.label),
        summary=option["summary"],
        net_benefit=words.rough(words.case.net_benefit),
        cost=words.rough(words.case.cost),
        effort=words.days(build_days(option)),
        payback=_("never")
        if months is None and words.case.net_benefit is not None
        else formats.months(months, words.language),
        gives_up=gives_up,
        is_preferred=option["is_preferred"],
    )
