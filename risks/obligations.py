"""What is owed about risks: still owed? visible? in which words?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from portal.common import formats
from portal.notifications.kinds import ObligationKind, Rung, Task
from projects.models import Project
from projects.obligations import sees_project
from risks.actions.escalation import end_private_day, move_up
from risks.enums import OPEN_STATES, EscalationState, InvitationState, RiskState
from risks.models import Acceptance, Assessment, Escalation, Mitigation, PlanB, Review, ReviewInvitation, Risk
from risks.summaries import unsettled_counts, unsettled_risks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from portal.notifications.models import Obligation

#: Private notices only: the person is reminded, nobody else.
LADDER = (Rung(working_days=-1), Rung(working_days=0), Rung(working_days=1), Rung(working_days=3))
#: About a date that lies far off: a week before there is still time to look for another way.
FAR_LADDER = (Rung(working_days=-5), *LADDER)
#: A question that is not answered: two private notices, then it moves up.
ANSWER_LADDER = (Rung(working_days=-1), Rung(working_days=0), Rung(working_days=1, acts=True))


def objects_of(obligations: Sequence[Obligation]) -> set[int]:
    return {owed.object_id for owed in obligations}


def day(value: date) -> str:
    """A day as the reader writes it."""
    return formats.date_short(value, get_language() or "en", timezone.localdate())


def assessment_owed(owed: Obligation) -> bool:
    return ReviewInvitation.objects.filter(
        pk=owed.object_id, state=InvitationState.INVITED, review__held_at__isnull=True
    ).exists()


def describe_assessments(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    """Three queries: the invitations, the cards of their projects, the cards answered."""
    found = ReviewInvitation.objects.select_related("review__project").in_bulk(objects_of(obligations))
    projects = {invitation.review.project_id for invitation in found.values()}
    cards = dict(
        Risk.objects.filter(project__in=projects).open().order_by().values_list("project").annotate(Count("pk"))
    )
    answered = dict(
        Assessment.objects.filter(invitation__in=found, risk__state__in=OPEN_STATES)
        .order_by()
        .values_list("invitation")
        .annotate(Count("pk"))
    )
    return {
        owed.pk: assessment_task(
            invitation, cards.get(invitation.review.project_id, 0) - answered.get(invitation.pk, 0)
        )
        for owed in obligations
        if (invitation := found.get(owed.object_id)) is not None
    }


def assessment_task(invitation: ReviewInvitation, left: int) -> Task:
    project = invitation.review.project
    return Task(
        sentence=ngettext("Assess %(count)d risk of “%(title)s”", "Assess %(count)d risks of “%(title)s”", left)
        % {"count": left, "title": project.title},
        detail=_("%(code)s · %(review)s · three taps a card. Not your field? Say so.")
        % {"code": project.code, "review": invitation.review},
        url=invitation.get_absolute_url(),
        button=_("Assess"),
    )


def conclusion_owed(owed: Obligation) -> bool:
    return Review.objects.filter(pk=owed.object_id, concluded_at__isnull=True).exists()


def describe_conclusions(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    """One query: the reviews, with how many have answered."""
    answered = Count("invitations", filter=Q(invitations__state=InvitationState.ANSWERED))
    reviews = Review.objects.select_related("project").annotate(asked=Count("invitations"), answered=answered)
    found = reviews.in_bulk(objects_of(obligations))
    return {
        owed.pk: conclusion_task(review, review.answered, review.asked)
        for owed in obligations
        if (review := found.get(owed.object_id)) is not None
    }


def conclusion_task(review: Review, answered: int, asked: int) -> Task:
    values = {"review": review, "title": review.project.title}
    sentence = (
        _("Hold the %(review)s of “%(title)s”") if review.is_open else _("Conclude the %(review)s of “%(title)s”")
    )
    return Task(
        sentence=sentence % values,
        detail=_("%(code)s · %(answered)d of %(asked)d have answered")
        % {"code": review.project.code, "answered": answered, "asked": asked},
        url=review.get_absolute_url(),
        button=_("Open the review"),
        ways_out=((_("move it"), reverse("risks:review_move", args=[review.project_id, review.pk])),)
        if review.is_open
        else (),
    )


def values_owed(owed: Obligation) -> bool:
    project = Project.objects.select_related("site").filter(pk=owed.object_id).first()
    return project is not None and unsettled_risks(project, project.local_day(timezone.now())).exists()


def describe_values(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    """Two queries: the projects, and what each of them still lacks."""
    projects = Project.objects.in_bulk(objects_of(obligations))
    counts = unsettled_counts(projects, timezone.localdate())
    return {
        owed.pk: values_task(project, counts.get(project.pk, 0))
        for owed in obligations
        if (project := projects.get(owed.object_id)) is not None
    }


def values_task(project: Project, count: int) -> Task:
    return Task(
        sentence=ngettext(
            "Give money or an answer to %(count)d risk of “%(title)s”",
            "Give money or an answer to %(count)d risks of “%(title)s”",
            count,
        )
        % {"count": count, "title": project.title},
        detail=_("%(code)s · delivery starts when each one above the line is answered") % {"code": project.code},
        url=reverse("risks:project", args=[project.pk]),
        button=_("Open the register"),
    )


def plan_b_owed(owed: Obligation) -> bool:
    return PlanB.objects.filter(
        risk=owed.object_id, activated_at__isnull=True, risk__state__in=[*OPEN_STATES, RiskState.OCCURRED]
    ).exists()


def describe_plans(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    found = plans_by_risk(obligations)
    return {owed.pk: plan_task(plan) for owed in obligations if (plan := found.get(owed.object_id)) is not None}


def plans_by_risk(obligations: Sequence[Obligation]) -> Mapping[int, PlanB]:
    plans = PlanB.objects.select_related("risk__project").filter(risk__in=objects_of(obligations))
    return {plan.risk_id: plan for plan in plans}


def plan_task(plan: PlanB) -> Task:
    if plan.risk.has_happened:
        sentence = _("Decide: use plan B for “%(risk)s”, which has happened?") % {"risk": plan.risk.event}
    else:
        sentence = _("Decide on plan B for “%(risk)s”") % {"risk": plan.risk.event}
    return Task(
        sentence=sentence,
        detail=_("%(project)s · trigger: %(trigger)s") % {"project": plan.risk.project.title, "trigger": plan.trigger},
        url=plan.risk.get_absolute_url(),
        button=pgettext("plan B", "Decide"),
    )


def acceptance_owed(owed: Obligation) -> bool:
    """Until another answer makes the signature superfluous."""
    return Acceptance.objects.filter(
        risk=owed.object_id,
        risk__state__in=OPEN_STATES,
        risk__plan_b__isnull=True,
        risk__mitigations__isnull=True,
    ).exists()


def describe_acceptances(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    rows = Acceptance.objects.select_related("risk__project", "signed_by").filter(risk__in=objects_of(obligations))
    found = {row.risk_id: row for row in rows}
    return {
        owed.pk: Task(
            sentence=_("Look again at “%(risk)s”: its acceptance ends on %(day)s")
            % {"risk": row.risk.event, "day": day(row.until)},
            detail=_("%(project)s · signed by %(person)s")
            % {"project": row.risk.project.title, "person": row.signed_by},
            url=row.risk.get_absolute_url(),
            button=_("Look again"),
        )
        for owed in obligations
        if (row := found.get(owed.object_id)) is not None
    }


def mitigation_owed(owed: Obligation) -> bool:
    return Mitigation.objects.filter(pk=owed.object_id, done_at__isnull=True, risk__state__in=OPEN_STATES).exists()


def describe_mitigations(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    found = Mitigation.objects.select_related("risk__project").in_bulk(objects_of(obligations))
    return {
        owed.pk: Task(
            sentence=_("Make a risk smaller: %(deed)s") % {"deed": row.deed},
            detail=_("%(project)s · against “%(risk)s”") % {"project": row.risk.project.title, "risk": row.risk.event},
            url=row.risk.get_absolute_url(),
            button=_("Open"),
        )
        for owed in obligations
        if (row := found.get(owed.object_id)) is not None
    }


def escalation_in(*states: EscalationState) -> Callable[[Obligation], bool]:
    """Owed as long as the question stands in one of these states."""

    def still_owed(owed: Obligation) -> bool:
        return Escalation.objects.filter(pk=owed.object_id, state__in=states).exists()

    return still_owed


def describe_escalations(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    found = Escalation.objects.select_related("project__owner", "decider", "reported_by").in_bulk(
        objects_of(obligations)
    )
    return {
        owed.pk: Task(
            sentence=wanted_of(row) % {"question": row.question},
            detail=_("%(project)s · asked by %(person)s") % {"project": row.project.title, "person": row.project.owner},
            url=row.get_absolute_url(),
            button=_("Open") if row.state in {EscalationState.AGREED, EscalationState.COUNTERED} else _("Answer"),
        )
        for owed in obligations
        if (row := found.get(owed.object_id)) is not None
    }


def climb(owed: Obligation, now: datetime) -> bool:
    """A missed answer goes one level up."""
    return move_up(Escalation.objects.select_related("project").get(pk=owed.object_id), now=now)


def ask_the_decider(owed: Obligation, now: datetime) -> bool:
    """The private day is over."""
    return end_private_day(Escalation.objects.select_related("project").get(pk=owed.object_id), now=now)


def wanted_of(escalation: Escalation) -> str:
    """What is wanted of whoever owes the next word."""
    if escalation.is_reported:
        return _("Confirm what was agreed: %(question)s")
    wanted = {
        EscalationState.OPEN: _("Settle it between the two of you: %(question)s"),
        EscalationState.COUNTERED: _("Accept or answer the counter-proposal: %(question)s"),
        EscalationState.AGREED: _("Apply what was agreed: %(question)s"),
    }
    return wanted.get(EscalationState(escalation.state), _("Answer a question: %(question)s"))


#: What most kinds have in common.
about_risks = partial(ObligationKind, ladder=LADDER, visible_to=sees_project)
KINDS = (
    about_risks(
        key="escalation_counterpart",
        label=gettext_lazy("A question to the counterpart"),
        icon="chat-square-quote",
        ladder=(Rung(working_days=0), Rung(working_days=1, acts=True)),
        still_owed=escalation_in(EscalationState.OPEN),
        describe=describe_escalations,
        is_private=True,
        climbs=False,
        act=ask_the_decider,
    ),
    about_risks(
        key="escalation_answer",
        label=gettext_lazy("An answer to an escalation"),
        icon="chat-square-quote",
        ladder=ANSWER_LADDER,
        still_owed=escalation_in(EscalationState.WAITING, EscalationState.AGREED),
        describe=describe_escalations,
        climbs=False,
        act=climb,
        is_for_stand_ins=True,
        signed_link=lambda escalation, _person: ("risks.answer", escalation),
    ),
    about_risks(
        key="escalation_next",
        label=gettext_lazy("Applying what was agreed"),
        icon="patch-check",
        still_owed=escalation_in(EscalationState.COUNTERED, EscalationState.AGREED),
        describe=describe_escalations,
    ),
    about_risks(
        key="assessment",
        label=gettext_lazy("An assessment"),
        icon="clipboard-check",
        still_owed=assessment_owed,
        describe=describe_assessments,
        signed_link=lambda invitation, _person: ("risks.assess", invitation),
    ),
    about_risks(
        key="review_conclusion",
        label=gettext_lazy("The conclusion of a review"),
        icon="review",
        still_owed=conclusion_owed,
        describe=describe_conclusions,
    ),
    about_risks(
        key="value_risks",
        label=gettext_lazy("Giving money to risks"),
        icon="shield-exclamation",
        still_owed=values_owed,
        describe=describe_values,
    ),
    about_risks(
        key="plan_b_decision",
        label=gettext_lazy("A decision on plan B"),
        icon="signpost-split",
        ladder=FAR_LADDER,
        still_owed=plan_b_owed,
        describe=describe_plans,
    ),
    about_risks(
        key="acceptance_expiry",
        label=gettext_lazy("An acceptance that ends"),
        icon="pen",
        ladder=FAR_LADDER,
        still_owed=acceptance_owed,
        describe=describe_acceptances,
    ),
    about_risks(
        key="mitigation",
        label=gettext_lazy("A mitigation"),
        icon="shield-check",
        still_owed=mitigation_owed,
        describe=describe_mitigations,
    ),
)
