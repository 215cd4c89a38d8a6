"""What an approver accepts and doubts of a pitch, kept with his decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from projects.assumptions import assumptions_of
from projects.business_inputs import plain, preferred
from projects.enums import AssumptionVerdict
from projects.models import AssumptionAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from projects.models import ApprovalStep

#: A figure of his own is asked for in a field of this name, followed by the key of the assumption.
OWN = "own-"


@dataclass(frozen=True, slots=True)
class Answer:
    """One assumption accepted, doubted, or replaced by a figure of the approver's own."""

    key: str
    is_doubted: bool = False
    figure: Decimal | None = None


def errors_in_answers(step: ApprovalStep, answers: Sequence[Answer]) -> dict[str, _StrOrPromise]:
    """What cannot be used about them, by field."""
    known = {one.key: one for one in assumptions_of(preferred(step.submission.read()))}
    errors: dict[str, _StrOrPromise] = {}
    for answer in answers:
        if answer.key not in known:
            errors[OWN + answer.key] = _("The pitch has no such assumption.")
        elif answer.figure is not None and not known[answer.key].allows(answer.figure):
            errors[OWN + answer.key] = _("This figure cannot be used here.")
    return errors


def keep_answers(step: ApprovalStep, answers: Sequence[Answer]) -> dict[str, Any]:
    """Keep them with the step in the place of earlier ones, and return what the record says of them.

    A figure of his own doubts the pitch's; the pitch's own figure is none.
    """
    AssumptionAnswer.objects.filter(step=step).delete()
    given = {answer.key: answer for answer in answers}
    rows = []
    for one in assumptions_of(preferred(step.submission.read())):
        if one.key in given:
            own = given[one.key].figure
            figure = "" if own is None or own == one.value else plain(own) or ""
            is_doubted = bool(figure) or given[one.key].is_doubted
            verdict = AssumptionVerdict.DOUBTED if is_doubted else AssumptionVerdict.ACCEPTED
            rows.append(AssumptionAnswer(step=step, key=one.key, verdict=verdict, figure=figure))
    AssumptionAnswer.objects.bulk_create(rows)
    if not rows:
        return {}
    doubted = {row.key: row.figure for row in rows if row.is_doubted}
    return {"assumptions": {"accepted": len(rows) - len(doubted), "doubted": doubted}}
