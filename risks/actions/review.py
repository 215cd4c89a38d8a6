"""Reviews: engineers are invited, answer blind, and their estimates are combined once all have answered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.permissions import require
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from portal.policy.store import value
from projects.actions.project import add_person, check_fields, check_person
from projects.enums import Part
from risks import policy
from risks.actions.register import (
    in_working_days,
    lock_register,
    move_risk,
    owe_values,
    record_deed,
    refresh,
    tidy,
    touch,
)
from risks.actions.risk import add_risk, owner_only
from risks.enums import InvitationState, ReviewKind, RiskState
from risks.exposure import combine, expected_loss
from risks.models import Assessment, Review, ReviewInvitation, Risk
from risks.permissions import can_assess, can_keep_register, can_lead_review

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import Project


#: More voices make no better estimate, and a call is a message to each.
MOST_INVITED = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engineer says about a risk: chance and days, or that it is not his field."""

    probability: Decimal | None = None
    impact_days: Decimal | None = None
    is_not_my_field: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where people meet for a review, and who leads it, if not the owner of the project."""

    at: datetime
    place: str = ""
    facilitator: User | None = None


@transaction.atomic
def call_review(
    project: Project,
    persons: Sequence[User],
    *,
    kind: str = ReviewKind.TECHNICAL,
    meeting: Meeting | None = None,
    by: User,
    now: datetime,
) -> Review:
    """Invite engineers to assess every open risk of the project, each blind to the others; perhaps to a meeting.

    Raises PermissionDenied, IllegalStateError (over, a review is not finished, no risk listed), InvalidInputError.
    """
    require(can_keep_register(by, project), owner_only(project))
    current = lock_register(project)
    check_invited(current, persons, kind)
    check_none_unfinished(current)
    if not Risk.objects.filter(project=current).open().exists():
        raise IllegalStateError(_("No open risk is listed yet: list the first one, then ask the engineers."))
    reply_by = in_working_days(current, value(policy.ASSESSMENT_REPLY_DAYS), now=now)
    review = Review(project=current, kind=kind, called_by=by, called_at=now, reply_by=reply_by)
    if meeting is not None:
        set_meeting(review, meeting, now=now)
    review.save()
    for person in persons:
        add_person(current, person, Part.ASSESSOR, by=by, now=now)
        invitation = ReviewInvitation.objects.create(review=review, person=person)
        owe("assessment", invitation.pk, person, due_at=review.reply_by, now=now, project_id=current.pk)
    if review.meets_at is not None:
        owe("review_conclusion", review.pk, review.leader, due_at=review.meets_at, now=now, project_id=current.pk)
    announce("review_called", review.pk, persons, now=now, project_id=current.pk)
    record_deed(
        "review.called",
        review,
        current,
        by=by,
        now=now,
        after={"kind": kind, "persons": [person.pk for person in persons], "reply_by": review.reply_by}
        | (meeting_of(review) if review.is_meeting else {}),
    )
    return review


def meeting_of(review: Review) -> dict[str, Any]:
    """What the record keeps of a meeting."""
    return {"meets_at": review.meets_at, "place": review.place, "facilitator": review.facilitator_id}


def check_none_unfinished(project: Project) -> None:
    """One review after the other. Raises IllegalStateError."""
    reviews = Review.objects.filter(project=project)
    if reviews.filter(held_at__isnull=True).exists():
        raise IllegalStateError(_("A review is open already: wait for its answers, or close it."))
    if reviews.filter(meets_at__isnull=False, concluded_at__isnull=True).exists():
        raise IllegalStateError(_("The last review has no conclusion yet: conclude it first."))


def set_meeting(review: Review, meeting: Meeting, *, now: datetime) -> None:
    """Put time, place and leader into a row; answers are wanted before people meet. Raises InvalidInputError."""
    if meeting.at <= now:
        raise InvalidInputError({"meets_on": _("This time is past. Name one that lies ahead.")})
    if meeting.facilitator is not None:
        check_person(review.project, meeting.facilitator, "facilitator")
    review.meets_at, review.place, review.facilitator = meeting.at, tidy(meeting.place), meeting.facilitator
    review.reply_by = min(review.reply_by, meeting.at)
    check_fields(review, ["place"])


def check_invited(project: Project, persons: Sequence[User], kind: str) -> None:
    """Engineers only, each once, and never the owner on his own project. Raises InvalidInputError."""
    if kind not in ReviewKind.values:
        raise InvalidInputError({"kind": _("Choose one of the reviews.")})
    if not persons:
        raise InvalidInputError({"persons": _("Invite at least one engineer.")})
    if len(persons) > MOST_INVITED:
        raise InvalidInputError(
            {"persons": _("Invite at most %s engineers: each of them gets a message.") % MOST_INVITED}
        )
    if len({person.pk for person in persons}) != len(persons):
        raise InvalidInputError({"persons": _("Invite each person once.")})
    for person in persons:
        if person.pk == project.owner_id:
            raise InvalidInputError({"persons": _("The owner does not assess the risks of his own project.")})
        if not person.is_active or not person.has_role(Role.ENGINEER):
            raise InvalidInputError({"persons": _("%s is not an engineer here.") % person})


@transaction.atomic
def assess(invitation: ReviewInvitation, risk: Risk, answer: Answer, *, by: User, now: datetime) -> Assessment:
    """Answer one card. The last card finishes the invitation, the last invitation the review.

    Raises PermissionDenied, IllegalStateError (review held, finished, answered already), InvalidInputError.
    """
    current = lock_own_invitation(invitation, by=by)
    card = lock_card(current, risk)
    if Assessment.objects.filter(invitation=current, risk=card).exists():
        raise IllegalStateError(_("You have answered this card already. To change it, press “change”."))
    assessment = Assessment(risk=card, invitation=current, made_at=now)
    fill(assessment, answer)
    assessment.save()
    # That he answered, not what: the row is read by admins while the review is blind.
    record_deed("risk.assessed", card, current.review.project, by=by, now=now)
    finish_if_done(current, now=now)
    return assessment


@transaction.atomic
def change_assessment(
    invitation: ReviewInvitation, risk: Risk, answer: Answer, *, by: User, now: datetime
) -> Assessment:
    """Replace one's own answer, as long as cards are left to answer.

    Raises PermissionDenied, IllegalStateError (review held, finished, not answered yet), InvalidInputError.
    """
    current = lock_own_invitation(invitation, by=by)
    card = lock_card(current, risk)
    assessment = Assessment.objects.filter(invitation=current, risk=card).first()
    if assessment is None:
        raise IllegalStateError(_("You have not answered this card yet."))
    assessment.made_at = now
    fill(assessment, answer)
    assessment.save()
    record_deed("risk.assessment_changed", card, current.review.project, by=by, now=now)
    return assessment


@transaction.atomic
def add_risk_while_assessing(
    invitation: ReviewInvitation, *, event: str, cause: str = "", effect: str = "", by: User, now: datetime
) -> Risk:
    """An engineer thinks of another risk: it becomes one more card, for him and whoever still answers.

    Raises PermissionDenied, IllegalStateError, InvalidInputError.
    """
    current = lock_own_invitation(invitation, by=by)
    return add_risk(current.review.project, event=event, cause=cause, effect=effect, by=by, now=now)


@transaction.atomic
def answer_prompts(invitation: ReviewInvitation, *, by: User, now: datetime) -> None:
    """An engineer has read the questions to such projects, and none of them worries him (any more).

    Raises PermissionDenied, IllegalStateError.
    """
    current = lock_own_invitation(invitation, by=by)
    ReviewInvitation.objects.filter(pk=current.pk).update(prompts_answered_at=now)
    record_deed("review.prompts_answered", current.review, current.review.project, by=by, now=now)


def only_the_invited(invitation: ReviewInvitation) -> _StrOrPromise:
    """The words of a refusal: who may."""
    return _("Only %s answers this invitation.") % invitation.person


def lock_own_invitation(invitation: ReviewInvitation, *, by: User) -> ReviewInvitation:
    """The person's own unfinished invitation, with its project under lock."""
    require(can_assess(by, invitation), only_the_invited(invitation))
    project = lock_register(invitation.review.project)
    current = ReviewInvitation.objects.select_related("review", "person").get(pk=invitation.pk)
    current.review.project = project
    if not current.review.is_open:
        raise IllegalStateError(_("This review was held: its answers stand."))
    if current.state != InvitationState.INVITED:
        raise IllegalStateError(_("You have answered every card: your answers stand until the review is held."))
    return current


def lock_card(invitation: ReviewInvitation, risk: Risk) -> Risk:
    """The risk as it is now, if it is a card of this review."""
    card = Risk.objects.filter(pk=risk.pk, project=invitation.review.project).first()
    if card is None or not card.is_open:
        raise IllegalStateError(_("This risk is no longer part of the review."))
    return card


def fill(assessment: Assessment, answer: Answer) -> None:
    """Put an answer into a row, judged by the rules of the row. Raises InvalidInputError."""
    assessment.is_not_my_field = answer.is_not_my_field
    assessment.probability = None if answer.is_not_my_field else answer.probability
    assessment.impact_days = None if answer.is_not_my_field else answer.impact_days
    assessment.note = tidy(answer.note)
    if not answer.is_not_my_field:
        missing = {
            "probability": answer.probability is None and _("Choose how likely it is, or say it is not your field."),
            "impact_days": answer.impact_days is None and _("Choose how many working days it would cost."),
        }
        errors = {field: words for field, words in missing.items() if words}
        if errors:
            raise InvalidInputError(errors)
    check_fields(assessment, ["probability", "impact_days", "note"])


def finish_if_done(invitation: ReviewInvitation, *, now: datetime) -> None:
    """Nothing is left to answer: the invitation is settled, and with the last one the review is held."""
    own = Assessment.objects.filter(invitation=invitation)
    review = invitation.review
    cards = Risk.objects.filter(project=review.project).open().exclude(pk__in=own.values("risk"))
    if cards.exists() or not own.exists():
        return
    ReviewInvitation.objects.filter(pk=invitation.pk).update(state=InvitationState.ANSWERED, answered_at=now)
    settle("assessment", invitation.pk, now=now)
    record_deed("review.answered", review, review.project, by=invitation.person, now=now)
    # People who meet look at the answers together: there the owner shows them.
    if not review.is_meeting and not review.invitations.filter(state=InvitationState.INVITED).exists():
        hold(review, by=None, now=now)


def cards_fewer(project: Project, *, now: datetime) -> None:
    """An open risk went away: whoever answered all that is left has finished."""
    waiting = ReviewInvitation.objects.filter(
        review__project=project, review__held_at__isnull=True, state=InvitationState.INVITED
    ).select_related("review", "person")
    for invitation in waiting:
        invitation.review.project = project
        finish_if_done(invitation, now=now)


def leader_only(review: Review) -> _StrOrPromise:
    """The words of a refusal: who may."""
    if review.facilitator is None:
        return owner_only(review.project)
    return _("Only the facilitator and the owner can do this: %(facilitator)s, %(owner)s.") % {
        "facilitator": review.facilitator,
        "owner": review.project.owner,
    }


def lock_review(review: Review, *, by: User) -> Review:
    """The review as it is now, with its project under lock, for whoever leads it. Raises PermissionDenied."""
    require(can_lead_review(by, review), leader_only(review))
    project = lock_register(review.project)
    current = Review.objects.select_related("facilitator").get(pk=review.pk)
    current.project = project
    require(can_lead_review(by, current), leader_only(current))
    return current


@transaction.atomic
def close_review(review: Review, *, by: User, now: datetime) -> Review:
    """Hold the review with the cards that are answered. Who has not finished is asked no longer.

    Raises PermissionDenied, IllegalStateError (held already, or nobody has answered).
    """
    current = lock_review(review, by=by)
    if not current.is_open:
        raise IllegalStateError(_("This review was held already."))
    if not Assessment.objects.filter(invitation__review=current).exists():
        raise IllegalStateError(_("Nobody has answered yet: a review needs at least one engineer's answer."))
    hold(current, by=by, now=now)
    return Review.objects.get(pk=review.pk)


def hold(review: Review, *, by: User | None, now: datetime) -> None:
    """End the blindness: combine what was answered, and ask the owner for money and answers."""
    project = review.project
    Review.objects.filter(pk=review.pk, held_at__isnull=True).update(held_at=now)
    review.held_at = now
    for invitation in review.invitations.filter(state=InvitationState.INVITED):
        settle("assessment", invitation.pk, now=now)
    for risk in Risk.objects.filter(project=project).open():
        take_estimate(risk, review, by=by, now=now)
    refresh(project, now=now)
    owe_values(project, now=now)
    if review.wants_conclusion and not review.is_meeting:
        due_at = in_working_days(project, value(policy.VALUING_DAYS), now=now)
        owe("review_conclusion", review.pk, review.leader, due_at=due_at, now=now, project_id=project.pk)
    announce("review_held", review.pk, [project.owner], now=now, project_id=project.pk)
    record_deed("review.held", review, project, by=by, now=now)


def take_estimate(risk: Risk, review: Review, *, by: User | None, now: datetime) -> None:
    """The median of the engineers' figures becomes the estimate of the risk; unasked or “not my field” leaves it."""
    given = Assessment.objects.filter(risk=risk, invitation__review=review, probability__isnull=False).values_list(
        "probability", "impact_days"
    )
    estimate = combine([(chance, days) for chance, days in given if chance is not None and days is not None])
    if estimate is None:
        return
    # A middle between two figures may be finer than either.
    chance = estimate.probability.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    fields: dict[str, Any] = {
        "probability": chance,
        "impact_days": estimate.impact_days.quantize(Decimal("0.1"), ROUND_HALF_UP),
        "exposure_amount": expected_loss(chance, risk.impact_amount),
    }
    before = {name: getattr(risk, name) for name in fields}
    if risk.state == RiskState.IDENTIFIED:
        move_risk(risk, RiskState.ASSESSED, by=by, now=now, **fields)
    else:
        touch(risk, by=by, now=now, **fields)
    record_deed("risk.estimated", risk, review.project, by=by, now=now, before=before, after=fields)
