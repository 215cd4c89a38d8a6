"""The assumptions of a pitch as an approver sees them: to accept, to doubt, to replace; and what he thought of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.common import formats
from portal.common.written import listed, semicolon
from projects.actions.assumptions import OWN
from projects.assumptions import Assumed, assumptions_of, with_figures
from projects.case_words import words_of
from projects.enums import YES, AssumptionVerdict
from projects.forms.decision import VERDICT
from projects.views.case import assumptions, cost

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from portal.common.charts import RangeBand
    from portal.common.forms import PortalBoundField
    from projects.assumptions import Assumption as Place
    from projects.case_words import CaseWords
    from projects.forms.decision import DecideForm
    from projects.models import ApprovalStep, AssumptionAnswer
    from projects.outlook_words import OutlookWords
    from projects.views.case import Assumption


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """One assumption: what the pitch says, and the boxes for another view; once decided, the view itself."""

    said: Assumption
    key: str
    verdict: PortalBoundField | None = None
    own: PortalBoundField | None = None
    is_doubted: bool = False
    is_accepted: bool = False
    #: Whether a yes needs this one accepted, or replaced.
    is_wanted: bool = False
    view: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class OwnCase:
    """What comes out by an approver's figures, beside what the pitch says."""

    value: str
    roi: str
    net: Decimal | None = None


def assumption_rows(step: ApprovalStep, words: CaseWords, form: DecideForm | None) -> list[AssumptionRow]:
    """A row for each: with boxes where a form is given, else with what was answered. One query without a form."""
    shown = named(words)
    if form is not None:
        wanted = () if words.judged is None else words.judged.keys
        return [
            AssumptionRow(
                said,
                place.key,
                verdict=form[VERDICT + place.key],
                own=form[OWN + place.key],
                is_doubted=form[VERDICT + place.key].value() == AssumptionVerdict.DOUBTED,
                is_accepted=form[VERDICT + place.key].value() == AssumptionVerdict.ACCEPTED,
                is_wanted=place.key in wanted,
            )
            for place, said in shown
        ]
    answers = {one.key: one for one in step.answers.all()}
    return [answered_row(said, place, answers.get(place.key), words) for place, said in shown]


def answered_row(said: Assumption, place: Place, answer: AssumptionAnswer | None, words: CaseWords) -> AssumptionRow:
    if answer is None:
        return AssumptionRow(said, place.key)
    return AssumptionRow(
        said,
        place.key,
        is_doubted=answer.is_doubted,
        view=answer.get_verdict_display(),
        figure=written(place, answer.own, words),
    )


def named(words: CaseWords) -> list[tuple[Place, Assumption]]:
    """Each assumption with its name, its value and what it rests on, in words."""
    places = assumptions_of(words.option)
    efforts = [cost(place.line, words) for place in places if place.assumed == Assumed.PERSON_DAYS]
    return list(zip(places, [*assumptions(words), *efforts], strict=True))


def written(place: Place, figure: Decimal | None, words: CaseWords) -> str:
    """An approver's figure in its unit; empty where he gave none."""
    if figure is None:
        return ""
    match place.assumed:
        case Assumed.UNIT_BENEFIT:
            return words.money(figure)
        case Assumed.REACH:
            return words.reach(figure, place.line)
        case Assumed.PROBABILITY:
            return formats.percent(figure, words.language)
    return words.days(figure)


def own_case(words: CaseWords, figures: Mapping[str, Decimal]) -> OwnCase | None:
    """The same reckoning by other figures; None where there are none, or where it still cannot be told."""
    if not figures:
        return None
    own = words_of(words.content, with_figures(words.option, figures))
    if not own.value:
        return None
    return OwnCase(own.value, formats.percent_short(own.case.roi, words.language), own.case.net_benefit)


def band_of(outlook: OutlookWords | None, yours: OwnCase | None) -> RangeBand | None:
    """The range with the result by an approver's figures above it; None while it cannot be told."""
    return None if outlook is None else outlook.chart_with(None if yours is None else yours.net)


def figures_of(step: ApprovalStep) -> dict[str, Decimal]:
    """The figures that the approver of a step gave in the place of the pitch's."""
    return {one.key: own for one in step.answers.all() if (own := one.own) is not None}


def thought(step: ApprovalStep) -> str:
    """What an approver thought of the assumptions, in a phrase; what he left open is not taken as accepted."""
    if step.decided_at is None:
        return ""
    words, answers = words_of(step.read()), list(step.answers.all())
    doubted = {one.key: one for one in answers if one.is_doubted}
    shown = named(words)
    open_ones = len(shown) - len(answers)
    if not answers:
        return _("assumptions not judged") if step.state in YES else ""
    if not doubted:
        said = {"some": len(answers), "all": len(shown)}
        return _("accepts %(some)s of %(all)s assumptions") % said if open_ones else _("accepts all assumptions")
    what = listed(
        f"{said.name} {written(place, doubted[place.key].own, words)}".strip()
        for place, said in shown
        if place.key in doubted
    )
    own = own_case(words, figures_of(step))
    left = _("%(count)s not judged") % {"count": open_ones} if open_ones else ""
    said_of = _("doubts: %(what)s") % {"what": what}
    if own is not None:
        said_of = _("doubts: %(what)s; by these figures %(net)s") % {"what": what, "net": own.value}
    return semicolon().join(filter(None, [said_of, left]))
