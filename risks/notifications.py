"""Who hears what about risks, in which words. Neutral news without figures; what is owed speaks by its obligation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.models import AuditEntry
from portal.common.written import date_short, listed
from portal.notifications.enums import Pace
from portal.notifications.kinds import EventKind, News
from risks.enums import EscalationDeed
from risks.models import EscalationEvent, Review, ReviewInvitation, Risk
from risks.reviews import conditions_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from portal.accounts.models import User


def review_called(ids: Sequence[int]) -> Mapping[int, News]:
    reviews = Review.objects.select_related("project", "called_by").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(person)s asks for your view on the risks of “%(title)s”")
            % {"person": review.called_by, "title": review.project.title},
            url=reverse("risks:review_answer", args=[review.project_id, pk]),
            detail=_("A card for each risk, three taps a card; nobody sees your figures before the review is held."),
        )
        for pk, review in reviews.items()
    }


def invitation_link(review: int, person: User) -> tuple[str, int] | None:
    """The cards of whoever is asked."""
    invitation = ReviewInvitation.objects.filter(review=review, person=person).first()
    return None if invitation is None else ("risks.assess", invitation.pk)


def review_held(ids: Sequence[int]) -> Mapping[int, News]:
    reviews = Review.objects.select_related("project").in_bulk(ids)
    return {
        pk: News(
            sentence=_("The engineers have assessed the risks of “%(title)s”") % {"title": review.project.title},
            url=reverse("risks:project", args=[review.project_id]),
            detail=_("Give money, and answers to what is above the line."),
        )
        for pk, review in reviews.items()
    }


def review_moved(ids: Sequence[int]) -> Mapping[int, News]:
    """From when and where to when and where: the audit row of the move knows both."""
    entries = AuditEntry.objects.filter(verb="review.moved").in_bulk(ids)
    reviews = Review.objects.select_related("project").in_bulk({entry.subject_id for entry in entries.values()})
    return {
        pk: News(sentence=moved(review, entry), url=review.get_absolute_url(), detail=review.project.title)
        for pk, entry in entries.items()
        if (review := reviews.get(entry.subject_id)) is not None
    }


def moved(review: Review, entry: AuditEntry) -> str:
    old, new = when(entry.before), when(entry.after)
    if not old:
        return _("The %(review)s meets on %(new)s") % {"review": review, "new": new}
    return _("The %(review)s moved: not %(old)s but %(new)s") % {"review": review, "old": old, "new": new}


def when(meeting: Mapping[str, str] | None) -> str:
    """“Wed 25 Nov, 15:00, room 3”; nothing where no meeting was."""
    known = meeting or {}
    if not known.get("meets_at"):
        return ""
    at = timezone.localtime(datetime.fromisoformat(known["meets_at"]))
    return listed(filter(None, [date_short(at.date()), f"{at:%H:%M}", known.get("place")]))


def about_review(describe: Callable[[Review], tuple[str, str]]) -> Callable[[Sequence[int]], Mapping[int, News]]:
    """A describer of news about one review, which leads to its page."""

    def told(ids: Sequence[int]) -> Mapping[int, News]:
        reviews = Review.objects.select_related("project", "concluded_by").in_bulk(ids)
        return {
            pk: News(sentence=words, url=review.get_absolute_url(), detail=detail)
            for pk, review in reviews.items()
            for words, detail in [describe(review)]
        }

    return told


def concluded(review: Review) -> tuple[str, str]:
    words = _("The %(review)s of “%(title)s” is concluded")
    return words % {"review": review, "title": review.project.title}, review.get_conclusion_display()


def minutes_of(pk: int) -> str:
    """The minutes in a mail: who was there, what was said, conditions, and what was agreed on; no figure has a name."""
    review = Review.objects.select_related("project").get(pk=pk)
    context = {
        "review": review,
        "present": [one.person for one in review.invitations.filter(has_attended=True).select_related("person")],
        "conditions": conditions_of(review),
        "agreed": review.agreed.select_related("risk").order_by("risk"),
    }
    return render_to_string("emails/risks/minutes.txt", context).strip()


def about_risk(describe: Callable[[Risk], str]) -> Callable[[Sequence[int]], Mapping[int, News]]:
    """A describer of news about one risk, which leads to its page."""

    def told(ids: Sequence[int]) -> Mapping[int, News]:
        risks = Risk.objects.select_related("project", "raised_by", "acceptance__signed_by").in_bulk(ids)
        return {
            pk: News(sentence=describe(risk), url=risk.get_absolute_url(), detail=risk.project.title)
            for pk, risk in risks.items()
        }

    return told


def raised(risk: Risk) -> str:
    return _("%(person)s raised a risk: %(risk)s") % {"person": risk.raised_by, "risk": risk.event}


def occurred(risk: Risk) -> str:
    return _("It happened: %(risk)s") % {"risk": risk.event}


def plan_b_used(risk: Risk) -> str:
    return _("Plan B is in use for: %(risk)s") % {"risk": risk.event}


def accepted(risk: Risk) -> str:
    return _("%(person)s signed: we live with “%(risk)s”") % {
        "person": risk.acceptance.signed_by,
        "risk": risk.event,
    }


def escalation_moved(ids: Sequence[int]) -> Mapping[int, News]:
    """What was done with a question; its words are those of the history row."""
    related = ("escalation__project", "escalation__decider", "actor", "person")
    rows = EscalationEvent.objects.select_related(*related).in_bulk(ids)
    return {
        pk: News(
            sentence=said_of(row.deed)
            % {
                "actor": row.actor or _("The portal"),
                "person": row.person or row.escalation.decider,
                "question": row.escalation.question,
            },
            url=row.escalation.get_absolute_url(),
            detail=row.escalation.project.title,
        )
        for pk, row in rows.items()
    }


def answer_link(event: int, person: User) -> tuple[str, int] | None:
    """The answer of whoever decides now."""
    asked = EscalationEvent.objects.filter(pk=event, escalation__decider=person)
    pk = asked.values_list("escalation", flat=True).first()
    return None if pk is None else ("risks.answer", pk)


def said_of(deed: str) -> str:
    """The news of one deed."""
    return {
        EscalationDeed.RAISED: _("%(actor)s wants to settle with you before it goes up: %(question)s"),
        EscalationDeed.ASKED: _("%(person)s is asked: %(question)s"),
        EscalationDeed.MOVED_UP: _("No answer came, so %(person)s is asked now: %(question)s"),
        EscalationDeed.SETTLED: _("%(actor)s agrees, nobody above has to decide: %(question)s"),
        EscalationDeed.DECIDED: _("%(actor)s has decided: %(question)s"),
        EscalationDeed.COUNTERED: _("%(actor)s proposes another way: %(question)s"),
        EscalationDeed.ACCEPTED: _("%(actor)s takes the counter-proposal: %(question)s"),
        EscalationDeed.REPLIED: _("%(actor)s answers with a new proposal: %(question)s"),
        EscalationDeed.REPORTED: _("%(actor)s wrote down what you agreed, please look: %(question)s"),
        EscalationDeed.RATIFIED: _("%(actor)s confirmed the agreement: %(question)s"),
        EscalationDeed.DISPUTED: _("%(actor)s says it was not agreed like that: %(question)s"),
        EscalationDeed.APPLIED: _("What was agreed is in the plan: %(question)s"),
        EscalationDeed.WITHDRAWN: _("%(actor)s took the question back: %(question)s"),
        EscalationDeed.DROPPED: _("%(actor)s took the question back: %(question)s"),
    }[EscalationDeed(deed)]


EVENTS = (
    EventKind(key="escalation", describe=escalation_moved, icon="escalation", signed_link=answer_link, pace=Pace.SOON),
    EventKind(key="review_called", describe=review_called, signed_link=invitation_link),
    EventKind(key="review_held", describe=review_held),
    EventKind(key="review_moved", describe=review_moved, pace=Pace.SOON),
    EventKind(key="review_concluded", describe=about_review(concluded), pace=Pace.SOON, letter=minutes_of),
    EventKind(key="risk_raised", describe=about_risk(raised)),
    EventKind(key="risk_occurred", describe=about_risk(occurred), pace=Pace.AT_ONCE),
    EventKind(key="plan_b_used", describe=about_risk(plan_b_used), pace=Pace.SOON),
    EventKind(key="risk_accepted", describe=about_risk(accepted)),
)
