"""What the register demands before delivery starts, and the questions before a launch, in words that say how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.errors import Reason
from portal.common.written import listed
from risks.enums import Conclusion, EscalationState, ReviewKind
from risks.models import Escalation, Review, Risk
from risks.summaries import (
    estimated_reviews,
    held_with_estimate,
    passed_reviews,
    review_standing,
    unanswered_before,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import Project
    from risks.summaries import ReviewStanding

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
        return still_open(standing, register)
    return held_in_vain(standing.review, call)


def still_open(standing: ReviewStanding, register: str) -> Reason:
    """Whom the review waits for: engineers, or the owner who shows their answers."""
    if not standing.waiting_for:
        ready = _("All have answered: hold the review and conclude it")
        return Reason("review_unheld", ready, standing.review.get_absolute_url())
    words = _("The review waits for %(people)s") % {"people": listed(standing.waiting_for)}
    return Reason("review_open", words, register)


def held_in_vain(review: Review, call: str) -> Reason:
    """Why the last review, which was held, does not count."""
    if review.conclusion == Conclusion.NOT_PASSED:
        words = _("The last review was not passed: mend what is missing, then call another")
        return Reason("review_not_passed", words, call)
    if estimated_reviews(review.project).filter(pk=review.pk).exists():
        words = _("The review was held and has no conclusion yet")
        return Reason("review_unconcluded", words, review.get_absolute_url())
    return Reason("review_without_estimate", _("The engineers said it is not their field: ask another one"), call)


def review_passed(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """A review was held and passed, with conditions or without: what a standard project needs."""
    return [] if passed_reviews(project) else [review_missing(project)]


def two_reviews_passed(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """As `review_passed`, twice: what a major project needs."""
    passed = passed_reviews(project)
    if passed > 1:
        return []
    standing = review_standing(project)
    if standing is not None and standing.review.has_passed:
        words = _("One review has passed; a major project needs two")
        return [Reason("one_review", words, reverse("risks:review_call", args=[project.pk]))]
    return [review_missing(project)]


def go_live_passed(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """A go-live review that was called is held and passed before the launch; nobody has to call one."""
    review = Review.objects.filter(project=project, kind=ReviewKind.GO_LIVE).order_by("-pk").first()
    if review is None or review.has_passed:
        return []
    if review.concluded_at is not None:
        words = _("The go-live review was not passed: mend what is missing, then call another")
        return [Reason("go_live_not_passed", words, review.get_absolute_url())]
    if review.is_open or review.wants_conclusion:
        words = _("The go-live review was called and has no conclusion yet")
        return [Reason("go_live_open", words, review.get_absolute_url())]
    return []


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
