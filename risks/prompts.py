"""Questions that a project's traits raise before a review: at most four, the most telling first. Pure; texts are declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from projects.enums import Tier
from risks.enums import ReviewKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.utils.functional import _StrPromise

#: More are read by nobody.
MOST = 4


@dataclass(frozen=True, slots=True)
class Traits:
    """What about a project and its review decides which questions are worth a minute."""

    tier: str
    kind: str
    needs_permit: bool = False
    is_reversible: bool = True
    crosses_departments: bool = False
    has_date: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question, and for which projects it is asked."""

    key: str
    question: _StrPromise
    applies: Callable[[Traits], bool]


PROMPTS: Sequence[Prompt] = (
    Prompt(
        "way_back",
        _("This cannot simply be undone: what happens if it is wrong on the first day?"),
        lambda traits: not traits.is_reversible,
    ),
    Prompt(
        "permit",
        _("It needs a special permit: what if it comes two weeks late, or with a condition?"),
        lambda traits: traits.needs_permit,
    ),
    Prompt(
        "neighbours",
        _("It touches other departments: whose work changes, and who has not been asked yet?"),
        lambda traits: traits.crosses_departments,
    ),
    Prompt(
        "switch_off",
        _("It goes live: how do we notice within the hour that it goes wrong, and who switches it off?"),
        lambda traits: traits.kind == ReviewKind.GO_LIVE,
    ),
    Prompt(
        "meaning",
        _("Which word in the requirements do two people read in two ways?"),
        lambda traits: traits.kind == ReviewKind.REQUIREMENTS,
    ),
    Prompt(
        "interface",
        _("Which system that we do not own must answer for this to work, and what if it is slow or away?"),
        lambda traits: traits.kind == ReviewKind.TECHNICAL,
    ),
    Prompt(
        "assumption",
        _("Which assumption, if it is wrong, makes the whole thing pointless?"),
        lambda traits: traits.kind == ReviewKind.KICKOFF or traits.tier == Tier.MAJOR,
    ),
    Prompt(
        "one_person",
        _("Whose absence for two weeks would stop it?"),
        lambda traits: traits.tier != Tier.LIGHT,
    ),
    Prompt(
        "date",
        _("The date is wished for: what else lies in the weeks before it, such as holidays, freezes or a peak?"),
        lambda traits: traits.has_date,
    ),
    Prompt("data", _("Which data does it rely on that nobody has looked at yet?"), lambda _traits: True),
)


def prompts_for(traits: Traits) -> tuple[Prompt, ...]:
    """The questions for such a project, at most four, in the order of what is told first."""
    return tuple(prompt for prompt in PROMPTS if prompt.applies(traits))[:MOST]
