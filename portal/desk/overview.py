"""The first page of a project: where it stands, whose turn it is, what was promised and what is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.common import formats
from portal.common.components import Figure
from portal.common.written import date_short
from portal.desk.comparison import on_day
from projects.actions.pitch import content_of
from projects.business_inputs import case_of
from projects.enums import AGREED, Stage
from projects.lifecycle import TRANSITIONS, Transition, can_follow, missing_for
from projects.models import EarlyStart, Submission
from projects.permissions import BEFORE_APPROVAL, can_allow_early_start, can_move
from projects.views.frame import void_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from portal.common.errors import Reason
    from portal.notifications.summaries import DeskTask
    from projects.models import Project, ProjectMember
    from projects.summaries import PlannedAndActual

#: The step that leads on from a stage, for the one filled button.
ONWARD: Mapping[Stage, Transition] = {
    Stage.APPROVED: Transition.START,
    Stage.IN_DELIVERY: Transition.LAUNCH,
    Stage.LAUNCHED: Transition.CLOSE,
    Stage.ON_HOLD: Transition.RESUME,
    Stage.DECLINED: Transition.REVISE,
    Stage.DEFERRED: Transition.REVISE,
}


#: What the page says of people, and what the project is judged by, read with it.
RELATED = ("owner__department", "business_partner__department", "pledge__metric")


@dataclass(frozen=True, slots=True)
class Onward:
    """The next step of the project, and what is missing for it."""

    words: _StrOrPromise
    url: str
    missing: Sequence[Reason]


def onward(project: Project, user: User, now: datetime) -> Onward | None:
    """What the reader himself can do next; None if it is somebody else's turn."""
    if project.stage == Stage.DRAFT:
        if project.owner_id != user.pk:
            return None
        missing = missing_for(project, Transition.SUBMIT, by=user, now=now)
        return Onward(_("Go on with the pitch"), reverse("projects:pitch", args=[project.pk]), missing)
    transition = ONWARD.get(Stage(project.stage))
    if transition is None or not can_move(user, project, transition):
        return None
    return Onward(
        transition.label,
        reverse("projects:move", args=[project.pk, transition]),
        missing_for(project, transition, by=user, now=now),
    )


def other_moves(project: Project, user: User) -> list[tuple[_StrOrPromise, str]]:
    """Everything else the reader may do with the project now, for the folded list."""
    return [
        (transition.label, reverse("projects:move", args=[project.pk, transition]))
        for transition in TRANSITIONS
        if transition != ONWARD.get(Stage(project.stage))
        and transition != Transition.SUBMIT
        and can_follow(Stage(project.stage), transition)
        and can_move(user, project, transition)
    ]


def early_words(project: Project, user: User) -> tuple[str, str]:
    """What an early start allows, and where the reader may allow one; asked only while nothing is approved."""
    if project.stage not in BEFORE_APPROVAL:
        return "", ""
    early = EarlyStart.objects.filter(project=project).select_related("allowed_by").first()
    if early is None:
        may = can_allow_early_start(user, project)
        return "", reverse("projects:early_start", args=[project.pk]) if may else ""
    words = _("Early start: at most %(days)s until %(day)s, allowed by %(lead)s. The pitch is owed by then.")
    language = get_language() or "en"
    return words % {
        "days": formats.days(early.most_days, language),
        "day": date_short(early.until_on),
        "lead": early.allowed_by,
    }, ""


def approved_submission(project: Project) -> Submission | None:
    """What was agreed to last, though it may be void since."""
    return Submission.objects.filter(project=project, state__in=AGREED).order_by("-number").first()


def answer_line(project: Project, came: PlannedAndActual, owed: Sequence[DeskTask]) -> str:
    """The sentence under the title: what the reader came for. Off the main line it is the reason that was given."""
    match project.stage:
        case Stage.DRAFT:
            answer = _("A draft: nobody decides on it yet.")
        case Stage.SUBMITTED:
            answer = waits_for_decision(owed)
        case Stage.APPROVED | Stage.IN_DELIVERY:
            answer = waits_for_renewal(project, owed) if project.approval_void_at else on_the_way(project)
        case Stage.LAUNCHED:
            answer = launched_with(came)
        case Stage.CLOSED:
            answer = _("Closed: promised and came stand side by side.")
        case _:
            last = project.stage_changes.last()
            answer = last.note if last is not None else ""
    return answer


def waits_for_decision(owed: Sequence[DeskTask]) -> str:
    """Whose decision the submission waits for."""
    if any(row.obligation.kind == "less_answer" for row in owed):
        return _("Approved for less: its owner accepts, or revises the pitch.")
    asked = [str(row.obligation.person) for row in owed if row.obligation.kind == "approval"]
    return _("Waits for a decision by %(person)s.") % {"person": asked[0]} if asked else ""


def waits_for_renewal(project: Project, owed: Sequence[DeskTask]) -> str:
    """Whose turn it is while the approval is void."""
    return void_words(project, next((row.obligation.person for row in owed if row.obligation.kind == "approval"), None))


def launched_with(came: PlannedAndActual) -> str:
    """How much of the approved benefit was launched."""
    if came.benefit_kept < 1:
        return _("Launched with %(share)s of the approved benefit.") % {"share": formats.percent(came.benefit_kept)}
    return _("Launched with all of the approved benefit; now the retro and the number are owed.")


def on_the_way(project: Project) -> str:
    """Between approval and launch: how the launch lies to what was approved."""
    language = get_language() or "en"
    day = project.planned_launch_on or project.wanted_on
    if day is None:
        return ""
    base = project.baseline_launch_on or day
    late = project.site.calendar().working_days_between(base, day)
    if late > 0:
        return ngettext(
            "%(count)s working day later than approved; launch planned for %(day)s.",
            "%(count)s working days later than approved; launch planned for %(day)s.",
            late,
        ) % {"count": late, "day": on_day(day, language)}
    return _("On the date that was approved: launch on %(day)s.") % {"day": on_day(day, language)}


def case_figures(project: Project) -> list[Figure]:
    """The business case as the pitch stands now; each figure leads to the pitch, where it opens."""
    case = case_of(content_of(project))
    language = get_language() or "en"
    url = reverse("projects:pitch", args=[project.pk])
    return [
        Figure(
            _("Net benefit, %(count)s months") % {"count": case.horizon_months},
            formats.money(case.net_benefit, language, settings.CURRENCY),
            url=url,
        ),
        Figure(_("Return"), formats.percent_short(case.roi, language), url=url),
        Figure(_("Payback"), formats.months(case.payback_months, language), url=url),
        Figure(
            _("Pays if at least"), formats.percent_short(case.breakeven_probability, language, ROUND_CEILING), url=url
        ),
    ]


@dataclass(frozen=True, slots=True)
class MetricCard:
    """The pledged metric: its formula, and where it stands between baseline and target."""

    name: str
    numerator: str
    denominator: str
    figures: Sequence[Figure]


def metric_card(project: Project, came: PlannedAndActual) -> MetricCard | None:
    """The metric the project is judged by; None while none is agreed."""
    pledge, last = came.pledge, came.latest
    if pledge is None:
        return None
    metric = pledge.metric
    url = reverse("projects:metric", args=[project.pk])
    return MetricCard(
        name=metric.name,
        numerator=metric.numerator_label,
        denominator=metric.denominator_label,
        figures=[
            Figure(_("Baseline"), metric.shown(pledge.baseline), url=url),
            Figure(_("Target"), metric.shown(pledge.target), url=url),
            Figure(
                _("Latest"),
                metric.shown(last.value if last else None),
                note=on_day(last.period_on, get_language() or "en") if last else "",
                url=url,
            ),
        ],
    )


@dataclass(frozen=True, slots=True)
class People:
    """Who has which part."""

    owner: User
    business_partner: User | None
    sponsor: User | None
    members: Sequence[ProjectMember]


def people(project: Project) -> People:
    return People(
        owner=project.owner,
        business_partner=project.business_partner,
        sponsor=project.sponsor,
        members=list(project.members.select_related("person").order_by("person__name")),
    )
