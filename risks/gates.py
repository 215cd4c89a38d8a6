"""What the register demands before delivery starts, and the questions before a launch, in words that say how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.errors import Reason
from portal.common.templatetags.ui import listed
from risks.enums import EscalationState
from risks.models import Escalation, Risk
from risks.summaries import held_with_estimate, review_standing, unanswered_before

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import Project

#: So many risks are named one by one; the rest are counted.
MOST_NAMED = 10


def review_held(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """At least one engineer gave an estimate in a review that was held."""
    if held_with_estimate(project):
        return []
    return [review_missing(project)]


def review_missing(project: Project) -> Reason:
    """Why no review counts yet: nothing listed, none called, answers missing, or nobody's field."""
    register = reverse("risks:project", args=[project.pk])
    if not Risk.objects.filter(project=project).exists():
        first = reverse("risks:new", args=[project.pk])
        return Reason("no_risks_listed", _("No risk is listed yet: list the first one, then ask an engineer"), first)
    call = reverse("risks:review_call", args=[project.pk])
    standing = review_standing(project)
    if standing is None:
        return Reason("no_review", _("No engineer has assessed the risks yet: call a review"), call)
    if standing.review.is_open:
        people = listed(standing.waiting_for)
        return Reason("review_open", _("The review waits for %(people)s") % {"people": people}, register)
    return Reason("review_without_estimate", _("The engineers said it is not their field: ask another one"), call)


def two_reviews_held(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """As `review_held`, twice: what a major project needs."""
    held = held_with_estimate(project)
    if held > 1:
        return []
    if not held:
        return [review_missing(project)]
    words = _("One review was held; a major project needs two")
    return [Reason("one_review", words, reverse("risks:review_call", args=[project.pk]))]


def risks_answered(project: Project, _by: User | None, now: datetime, /) -> Sequence[Reason]:
    """Every open risk has chance and money, and each above the line an answer that still holds."""
    open_risks = unanswered_before(project, project.local_day(now))
    reasons = [reason_for(risk) for risk in open_risks[:MOST_NAMED]]
    if len(open_risks) > MOST_NAMED:
        rest = len(open_risks) - MOST_NAMED
        words = _("%(count)s more risks lack a figure or an answer") % {"count": rest}
        reasons.append(Reason("risks_more", words, reverse("risks:project", args=[project.pk])))
    return reasons


def reason_for(risk: Risk) -> Reason:
    """What one risk lacks, with the page that mends it."""
    edit = reverse("risks:edit", args=[risk.project_id, risk.pk])
    if risk.exposure_amount is None:
        return Reason("risk_unknown", missing_of(risk) % {"risk": risk.event}, edit)
    words = _("“%(risk)s” is above the line and has no answer") % {"risk": risk.event}
    return Reason("risk_unanswered", words, risk.get_absolute_url())


def missing_of(risk: Risk) -> _StrOrPromise:
    """Which factor is not known yet."""
    if risk.probability is None and risk.impact_amount is None:
        return _("“%(risk)s” has neither chance nor money yet")
    if risk.probability is None:
        return _("“%(risk)s” has no chance yet: an engineer gives it")
    return _("“%(risk)s” has no money yet: the owner gives it")


def no_open_escalation(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """No question about the project waits for an answer, or for being applied."""
    return [
        Reason("escalation_open", waiting_words(row) % {"question": row.question}, row.get_absolute_url())
        for row in Escalation.objects.filter(project=project).unsettled().order_by("pk")[:MOST_NAMED]
    ]


def waiting_words(escalation: Escalation) -> _StrOrPromise:
    """What a question still waits for."""
    if escalation.is_reported:
        return _("“%(question)s” is agreed, but not confirmed yet")
    if escalation.state == EscalationState.AGREED:
        return _("“%(question)s” is agreed, but not in the plan yet")
    return _("“%(question)s” has no answer yet: get one, or withdraw it")


def withdrawn_late(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """Not a refusal: questions withdrawn shortly before, with the reason given."""
    rows = Escalation.objects.filter(project=project, is_withdrawn_late=True).order_by("-closed_at")[:MOST_NAMED]
    words = _("Withdrawn shortly before: “%(question)s”, because: %(why)s")
    return [
        Reason("withdrawn_late", words % {"question": row.question, "why": row.why_withdrawn}, row.get_absolute_url())
        for row in rows
    ]
