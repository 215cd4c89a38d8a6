"""A review as a meeting: moved, its estimates agreed on, and concluded with conditions and who was there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from projects.actions.follow_ups import open_follow_up
from projects.actions.project import check_fields
from risks.actions.register import move_risk, owe_values, record_deed, refresh, tidy, touch
from risks.actions.review import Meeting, lock_review, meeting_of, set_meeting
from risks.enums import Conclusion, InvitationState, RiskState
from risks.exposure import expected_loss
from risks.models import AgreedEstimate, Review, ReviewInvitation, Risk

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from portal.accounts.models import User

AGREED_FIELDS = ("probability", "impact_days", "reason")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a review asks for before it counts as done, by whom and until when."""

    title: str
    owner: User
    due_on: date
    number: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a review came to, in words, under which conditions, and who of the invited was there (ids)."""

    conclusion: Conclusion
    summary: str = ""
    conditions: Sequence[Condition] = ()
    attended: Collection[int] = field(default_factory=frozenset)


@transaction.atomic
def move_review(review: Review, meeting: Meeting, *, by: User, now: datetime) -> Review:
    """Meet at another time or place, or led by another; a review that was a question only becomes a meeting.

    Raises PermissionDenied, IllegalStateError (its answers are shown already), InvalidInputError.
    """
    current = lock_review(review, by=by)
    if not current.is_open:
        raise IllegalStateError(_("This review was held already."))
    before, leader = meeting_of(current), current.leader
    set_meeting(current, meeting, now=now)
    current.save(update_fields=["meets_at", "place", "facilitator", "reply_by"])
    if leader != current.leader:
        settle("review_conclusion", current.pk, now=now, person=leader)
    owe("review_conclusion", current.pk, current.leader, due_at=meeting.at, now=now, project_id=current.project_id)
    persons = {invitation.person for invitation in current.invitations.select_related("person")}
    for invitation in current.invitations.filter(state=InvitationState.INVITED).select_related("person"):
        owe(
            "assessment",
            invitation.pk,
            invitation.person,
            due_at=current.reply_by,
            now=now,
            project_id=current.project_id,
        )
    after = meeting_of(current)
    moved = record_deed("review.moved", current, current.project, by=by, now=now, before=before, after=after)
    if any(after[name] != before[name] for name in ("meets_at", "place")):
        # The news is about this move: the next one is news again.
        hearers = persons | {current.leader} - {by}
        announce("review_moved", moved.pk, hearers, now=now, project_id=current.project_id)
    return current


@transaction.atomic
def agree_estimate(
    review: Review, risk: Risk, *, probability: Decimal, impact_days: Decimal, reason: str, by: User, now: datetime
) -> AgreedEstimate:
    """Write down what the review agreed on for a risk, beside what each had said; it becomes the figure of the risk.

    Raises PermissionDenied, IllegalStateError (still blind, concluded, the risk can no longer happen), InvalidInputError.
    """
    current = lock_review(review, by=by)
    require_shown(current)
    card = Risk.objects.filter(pk=risk.pk, project=current.project).first()
    if card is None or not card.is_open:
        raise IllegalStateError(_("This risk is no longer part of the review."))
    words = tidy(reason)
    if not words:
        raise InvalidInputError({"reason": _("Write why, in one sentence.")})
    agreed = AgreedEstimate.objects.filter(review=current, risk=card).first() or AgreedEstimate(
        review=current, risk=card
    )
    before = {name: getattr(agreed, name) for name in AGREED_FIELDS} if agreed.pk else None
    agreed.probability, agreed.impact_days, agreed.reason = probability, impact_days, words
    agreed.set_by, agreed.set_at = by, now
    check_fields(agreed, AGREED_FIELDS)
    agreed.save()
    take_agreed(card, agreed, by=by, now=now)
    refresh(current.project, now=now)
    owe_values(current.project, now=now)
    after = {name: getattr(agreed, name) for name in AGREED_FIELDS}
    record_deed("risk.estimate_agreed", card, current.project, by=by, now=now, before=before, after=after)
    return agreed


def take_agreed(risk: Risk, agreed: AgreedEstimate, *, by: User, now: datetime) -> None:
    """The agreed figures are those of the risk from now on."""
    fields: dict[str, Any] = {
        "probability": agreed.probability,
        "impact_days": agreed.impact_days,
        "exposure_amount": expected_loss(agreed.probability, risk.impact_amount),
    }
    if risk.state == RiskState.IDENTIFIED:  # all had said that it is not their field
        move_risk(risk, RiskState.ASSESSED, by=by, now=now, **fields)
    else:
        touch(risk, by=by, now=now, **fields)


@transaction.atomic
def conclude_review(review: Review, outcome: Outcome, *, by: User, now: datetime) -> Review:
    """Say what the review came to. Its conditions become follow-ups; the conclusion stands.

    Raises PermissionDenied, IllegalStateError (still blind, concluded already), InvalidInputError.
    """
    current = lock_review(review, by=by)
    require_shown(current)
    check_conditions(outcome)
    current.conclusion = outcome.conclusion
    current.summary = outcome.summary.strip()
    current.concluded_by, current.concluded_at = by, now
    check_fields(current, ["conclusion", "summary"])
    current.save(update_fields=["conclusion", "summary", "concluded_by", "concluded_at"])
    ReviewInvitation.objects.filter(review=current).update(has_attended=False)
    ReviewInvitation.objects.filter(review=current, person__in=outcome.attended).update(has_attended=True)
    for condition in outcome.conditions:
        open_condition(current, condition, by=by, now=now)
    settle("review_conclusion", current.pk, now=now)
    people = {invitation.person for invitation in current.invitations.select_related("person")} | {
        current.project.owner
    }
    announce("review_concluded", current.pk, people - {by}, now=now, project_id=current.project_id)
    after = {"conclusion": outcome.conclusion, "conditions": len(outcome.conditions)}
    record_deed("review.concluded", current, current.project, by=by, now=now, after=after)
    return current


def open_condition(review: Review, condition: Condition, *, by: User, now: datetime) -> None:
    """A condition becomes a follow-up. Raises InvalidInputError, by the names of the n-th condition."""
    try:
        open_follow_up(
            review.project,
            title=tidy(condition.title),
            owner=condition.owner,
            due_on=condition.due_on,
            origin="review",
            by=by,
            now=now,
        )
    except InvalidInputError as error:
        names = {"title": "condition", "owner": "owner", "due_on": "due_on"}
        errors = {f"{names.get(field, field)}_{condition.number}": words for field, words in error.errors.items()}
        raise InvalidInputError(errors) from error


def check_conditions(outcome: Outcome) -> None:
    """Conditions come with the conclusion that has them, and with no other. Raises InvalidInputError."""
    wants_some = outcome.conclusion == Conclusion.WITH_CONDITIONS
    if wants_some and not outcome.conditions:
        raise InvalidInputError({"condition_1": _("Name at least one condition, with an owner and a day.")})
    if outcome.conditions and outcome.conclusion == Conclusion.PASSED:
        raise InvalidInputError({"conclusion": _("Conditions are named: then it has passed with conditions.")})
    if outcome.conclusion == Conclusion.NOT_PASSED and not outcome.summary.strip():
        raise InvalidInputError({"summary": _("Write what is missing before it can pass.")})


def require_shown(review: Review) -> None:
    """Figures are agreed on, and a review concluded, between showing the answers and the conclusion."""
    if review.is_open:
        raise IllegalStateError(_("The answers are not shown yet: nobody sees a figure before."))
    if review.concluded_at is not None:
        raise IllegalStateError(_("This review is concluded: it stands as it is."))
