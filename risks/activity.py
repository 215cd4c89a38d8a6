"""How the deeds of a register read in the activity of a project. Who answered which card is not told here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

SENTENCES: Mapping[str, _StrPromise] = {
    "risk.raised": _("%(actor)s raised a risk"),
    "risk.edited": _("%(actor)s changed a risk"),
    "review.called": _("%(actor)s called a review"),
    "review.answered": _("%(actor)s answered the review"),
    "review.held": _("The review was held"),
    "review.moved": _("%(actor)s moved the review"),
    "review.concluded": _("%(actor)s concluded the review"),
    "risk.estimate_agreed": _("%(actor)s wrote down what the review agreed on for a risk"),
    "risk.mitigation_added": _("%(actor)s promised a mitigation"),
    "risk.mitigation_done": _("%(actor)s finished a mitigation"),
    "risk.plan_b_set": _("%(actor)s wrote a plan B"),
    "risk.accepted": _("%(actor)s signed for a risk"),
    "risk.occurred": _("A risk happened"),
    "risk.plan_b_used": _("%(actor)s put plan B to use"),
    "risk.resolved": _("%(actor)s settled a risk that had happened"),
    "risk.watched": _("%(actor)s only watches a risk from now on"),
    "risk.closed": _("%(actor)s closed a risk that did not happen"),
    # What stands between two people in private (raised, dropped) is told to nobody.
    "escalation.asked": _("A question was put to the decider"),
    "escalation.moved_up": _("A question without an answer moved one level up"),
    "escalation.settled": _("%(actor)s settled a question before it went up"),
    "escalation.decided": _("%(actor)s decided a question"),
    "escalation.countered": _("%(actor)s made a counter-proposal"),
    "escalation.accepted": _("%(actor)s took the counter-proposal"),
    "escalation.replied": _("%(actor)s answered the counter-proposal"),
    "escalation.reported": _("%(actor)s wrote down an agreement"),
    "escalation.ratified": _("%(actor)s confirmed an agreement"),
    "escalation.disputed": _("%(actor)s did not confirm an agreement"),
    "escalation.applied": _("%(actor)s put an agreement into the plan"),
    "escalation.withdrawn": _("%(actor)s took a question back"),
}
KEY = frozenset({"review.held", "review.concluded", "risk.occurred", "escalation.decided"})
