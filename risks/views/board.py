"""What stands beside the register of a project: its figures, and the reader's own part in the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common import formats
from portal.common.components import Figure, Term
from risks.enums import InvitationState
from risks.lines import language, money
from risks.querysets import OVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import User
    from projects.models import Project
    from risks.lines import RiskLine
    from risks.models import ReviewInvitation
    from risks.summaries import Forecast, ReviewStanding


def is_over(project: Project) -> bool:
    """Whether the register is kept as it was."""
    return project.stage in OVER


def figures(forecast: Forecast, lines: Sequence[RiskLine]) -> list[Figure]:
    """What the open risks may cost; each figure opens. Nothing at all while nothing is known."""
    if not forecast.known and not forecast.mitigation_cost:
        return []
    known = [line.risk for line in lines if line.risk.is_open and line.risk.exposure_amount is not None]
    terms = [
        Term(
            _("%(chance)s × %(money)s")
            % {"chance": formats.percent_short(risk.probability, language()), "money": money(risk.impact_amount)},
            money(risk.exposure_amount),
            risk.event,
        )
        for risk in known
    ]
    total = Term(_("Expected loss"), money(forecast.expected_loss), unknown_words(forecast), is_sum=True)
    within = Term(
        _("In 8 of 10 cases the open risks cost no more than this"),
        money(forecast.p80),
        _("if they are independent of each other"),
        is_sum=True,
    )
    found = [
        Figure(
            _("Expected loss"),
            money(forecast.expected_loss),
            note=unknown_words(forecast) if known else "",
            terms=[*terms, total] if known else (),
        ),
        Figure(_("In 8 of 10 cases within"), money(forecast.p80), terms=[within] if known else ()),
    ]
    if forecast.mitigation_cost:
        found.append(Figure(_("Mitigations"), money(forecast.mitigation_cost), note=_("spent or promised")))
    return found


def unknown_words(forecast: Forecast) -> str:
    """What the sum leaves out."""
    if not forecast.unknown:
        return ""
    return ngettext(
        "without %(count)d that is not known yet", "without %(count)d that are not known yet", forecast.unknown
    ) % {"count": forecast.unknown}


def own_invitation(standing: ReviewStanding | None, user: User) -> ReviewInvitation | None:
    """The reader's own cards, while they wait for him."""
    if standing is None or not standing.review.is_open:
        return None
    return next(
        (each for each in standing.invitations if each.person_id == user.pk and each.state == InvitationState.INVITED),
        None,
    )
