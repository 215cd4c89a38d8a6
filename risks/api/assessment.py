"""One's own cards in a review. Nothing here reads what another has said, and no key is kept of a figure or of an answer
that shows one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.common.forms import PortalForm
from projects.api.shown import ProjectNamedShown
from risks.actions import review as actions
from risks.actions.review import Answer
from risks.api.filters import InvitationFilter
from risks.api.shown import AssessmentRow, CardShown, HandShown, OwnAnswerShown, RiskNamedShown
from risks.forms import AssessmentForm, RaiseForm, given
from risks.models import ReviewInvitation
from risks.reviews import prompts_of
from risks.summaries import hand_of
from risks.views.assess import find_invitation

if TYPE_CHECKING:
    from django.http import HttpResponse

    from risks.summaries import Card

router = Router(tags=["assessments"])
HAND = "/projects/{code:pk}/assessments/{int:invitation_pk}"
_CHIPS = AssessmentForm.base_fields


class CardForm(PortalForm):
    """What the card of the page asks; “not my field” is a full answer."""

    probability = _CHIPS["probability"]
    impact_days = _CHIPS["impact_days"]
    note = _CHIPS["note"]
    is_not_my_field = forms.BooleanField(label=_("Not my field"), required=False)

    def __init__(self, data: Any = None, *, card: Card) -> None:
        super().__init__(data, initial=given(card))

    def answer(self) -> Answer:
        """As the action takes it."""
        said = self.cleaned_data
        if said["is_not_my_field"]:
            return Answer(is_not_my_field=True, note=said["note"])
        return Answer(said["probability"], said["impact_days"], note=said["note"])


@router.get("/assessments", **lists(_("Reviews that I am asked in"), InvitationFilter, AssessmentRow))
def assessments(request: ApiRequest) -> HttpResponse:
    rows = ReviewInvitation.objects.visible_to(request.user).filter(person=request.user)
    return listed(request, InvitationFilter, rows.select_related("review__project"), _row)


@router.get(HAND, **gives(_("My cards in a review"), HandShown))
def assessment(request: ApiRequest, pk: int, invitation_pk: int) -> HttpResponse:
    return reply(shown(request, pk, invitation_pk))


@router.put(
    HAND + "/cards/{int:risk_pk}",
    **takes(
        _("Answer a card, or answer it otherwise while cards are left; nobody sees it before he has finished his own"),
        CardForm,
        gives=HandShown,
        is_partial=True,
        is_keyed=False,
        example={"probability": "0.30", "impact_days": "5"},
    ),
)
def assess(request: ApiRequest, pk: int, invitation_pk: int, risk_pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk, invitation_pk)
    card = next((one for one in hand_of(invitation).cards if one.risk.pk == risk_pk), None)
    if card is None:
        raise Http404
    form = bind(request, CardForm, card=card)
    write = actions.assess if card.assessment is None else actions.change_assessment
    return act(
        request,
        form,
        lambda: write(invitation, card.risk, form.answer(), by=request.user, now=timezone.now()),
        lambda _said: shown(request, pk, invitation_pk),
        is_keyed=False,
    )


@router.post(
    HAND + "/risks",
    **takes(
        _("Think of another risk: one more card for whoever still answers"),
        RaiseForm,
        gives=AssessmentRow,
        status=201,
        example={"event": "The scanners freeze below zero"},
    ),
)
def assess_add(request: ApiRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk, invitation_pk)
    form = bind(request, RaiseForm)
    add = actions.add_risk_while_assessing
    return act(
        request,
        form,
        lambda: add(invitation, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda _added: _row(find_invitation(request, pk, invitation_pk)),
        status=201,
    )


@router.post(
    HAND + "/questions-answered",
    **takes(_("Say that none of the questions to such projects worries me"), None, gives=AssessmentRow),
)
def prompts_answer(request: ApiRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk, invitation_pk)
    return act(
        request,
        None,
        lambda: actions.answer_prompts(invitation, by=request.user, now=timezone.now()),
        lambda _answered: _row(find_invitation(request, pk, invitation_pk)),
    )


def _row(invitation: ReviewInvitation) -> AssessmentRow:
    review = invitation.review
    return AssessmentRow(
        id=invitation.pk,
        project=ProjectNamedShown.of(review.project),
        review=review.pk,
        kind=review.kind,
        reply_by=review.reply_by,
        state=invitation.state,
        is_open=invitation.is_open,
    )


def shown(request: ApiRequest, pk: int, invitation_pk: int) -> HandShown:
    """One's own cards as they are now."""
    invitation = find_invitation(request, pk, invitation_pk)
    return HandShown(
        **dict(_row(invitation)),
        cards=[_card(one) for one in hand_of(invitation).cards],
        questions=[str(one.question) for one in prompts_of(invitation.review)],
        prompts_answered_at=invitation.prompts_answered_at,
    )


def _card(card: Card) -> CardShown:
    answer = None if card.assessment is None else OwnAnswerShown.of(card.assessment)
    return CardShown(risk=RiskNamedShown.of(card.risk), answer=answer)
