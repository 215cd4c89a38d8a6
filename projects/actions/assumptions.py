"""What an approver accepts and doubts of a pitch, kept with his decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from projects.assumptions import assumptions_of, judged
from projects.business_inputs import plain, preferred
from projects.enums import AssumptionVerdict
from projects.models import AssumptionAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from projects.business_inputs import Content
    from projects.models import ApprovalStep

NOT_ACCEPTED = _("More than half of the benefit rests on judgement: accept this, or write your own figure.")
#: A figure of his own is asked for in a field of this name, followed by the key of the assumption.
OWN = "own-"


@dataclass(frozen=True, slots=True)
class Answer:
    """One assumption accepted, doubted, or replaced by a figure of the approver's own."""

    key: str
    is_doubted: bool = False
    figure: Decimal | None = None


def errors_in_answers(content: Content, answers: Sequence[Answer], *, is_yes: bool) -> dict[str, _StrOrPromise]:
    """What cannot be used about them, by field; for a yes also what is missing: what rests on judgement alone, where
    that is more than half, is accepted in so many words, or replaced.
    """
    known = {one.key: one for one in assumptions_of(preferred(content))}
    errors: dict[str, _StrOrPromise] = {}
    for answer in answers:
        if answer.key not in known:
            errors[OWN + answer.key] = _("The pitch has no such assumption.")
        elif answer.figure is not None and not known[answer.key].allows(answer.figure):
            errors[OWN + answer.key] = _("This figure cannot be used here.")
    resting = judged(content, preferred(content)) if is_yes else None
    if resting is not None:
        taken = {answer.key for answer in answers if answer.figure is not None or not answer.is_doubted}
        for key in resting.keys:
            if key not in taken:
                errors.setdefault(OWN + key, NOT_ACCEPTED)
    return errors


def keep_answers(step: ApprovalStep, content: Content, answers: Sequence[Answer]) -> dict[str, Any]:
    """Keep them with the step in the place of earlier ones, and return what the record says of them. What he said
    nothing of is not kept: it is neither accepted nor doubted.

    A figure of his own doubts the pitch's; the pitch's own figure is none.
    """
    AssumptionAnswer.objects.filter(step=step).delete()
    given = {answer.key: answer for answer in answers}
    rows = []
    for one in assumptions_of(preferred(content)):
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
