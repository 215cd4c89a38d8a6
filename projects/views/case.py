"""What a page shows of a pitch's content, live or frozen: the case, what it rests on, what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from projects.business_inputs import number
from projects.case_words import words_of
from projects.enums import CostKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projects.case_words import CaseWords


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure of the pitch: what it is, its value, and what it rests on."""

    name: str
    value: str
    basis: str = ""
    because: str = ""


def case_context(content: Mapping[str, Any]) -> dict[str, Any]:
    """The context of `projects/_case.html` and `projects/_content.html`."""
    words = words_of(content)
    wanted = content["wanted_on"]
    return {
        "content": content,
        "words": words,
        "assumptions": [*assumptions(content, words), *costs(content, words)],
        "benefit_assumptions": assumptions(content, words),
        "costs": costs(content, words),
        "material": next((line["label"] for line in content["costs"] if line["kind"] != CostKind.PEOPLE), ""),
        "wanted_on": None if wanted is None else date.fromisoformat(wanted),
    }


def assumptions(content: Mapping[str, Any], words: CaseWords) -> list[Assumption]:
    """The three factors; the basis is that of the probability, which is what must be believed."""
    benefit = content["benefit"]
    return [
        Assumption(_("Saved each time"), words.money(number(benefit["unit_benefit"])), because=_("own figure")),
        Assumption(_("Times a month"), words.reach(number(benefit["reach"])), because=_("own figure")),
        Assumption(_("Probability"), words.said["share"], benefit["basis"], benefit["evidence"]),
    ]


def costs(content: Mapping[str, Any], words: CaseWords) -> list[Assumption]:
    """People by their days and rate, money by its amount and what it is for."""
    return [
        Assumption(
            _("Effort"),
            words.days(number(line["person_days"])),
            because=_("%(rate)s a person-day") % {"rate": words.money(number(line["unit_amount"]))},
        )
        if line["kind"] == CostKind.PEOPLE
        else Assumption(_("Money"), words.money(number(line["amount"])), because=line["label"])
        for line in content["costs"]
    ]
