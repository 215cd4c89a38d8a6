"""What is owed about a project: still owed? visible? in which words?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from portal.notifications.kinds import ObligationKind, Rung, Task
from projects.enums import IN_MOTION, FollowUpState, Stage, StepState, SubmissionState
from projects.models import ApprovalStep, DeferredItem, FollowUp, MetricPledge, Project
from projects.permissions import OVER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from portal.notifications.models import Obligation

#: Private notices only: the person is reminded, nobody else.
LADDER = (Rung(working_days=-2), Rung(working_days=0), Rung(working_days=1), Rung(working_days=3))


def sees_project(obligation: Obligation, person: User) -> bool:
    """Whether the person may (still) see the project it is about."""
    pk = obligation.project_id
    return pk is not None and Project.objects.visible_to(person).filter(pk=pk).exists()


def in_stage(*stages: Stage) -> Callable[[Obligation], bool]:
    """Owed as long as the project stands in one of these stages."""

    def still_owed(obligation: Obligation) -> bool:
        return Project.objects.filter(pk=obligation.object_id, stage__in=stages).exists()

    return still_owed


def projects_by_id(obligations: Sequence[Obligation]) -> Mapping[int, Project]:
    return Project.objects.select_related("owner").in_bulk({owed.object_id for owed in obligations})


def about_project(sentence: str, detail: str, button: str, url_name: str = "") -> Callable[..., Mapping[int, Task]]:
    """A describer for obligations whose object is the project itself. The texts are marked for translation where given."""

    def describe(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
        found = projects_by_id(obligations)
        return {
            owed.pk: Task(
                sentence=_(sentence) % {"title": found[owed.object_id].title},
                detail=_(detail) % {"code": found[owed.object_id].code},
                url=reverse(url_name, args=[owed.object_id]) if url_name else found[owed.object_id].get_absolute_url(),
                button=_(button),
            )
            for owed in obligations
            if owed.object_id in found
        }

    return describe


def describe_approvals(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    steps = ApprovalStep.objects.select_related("submission__project__owner").in_bulk(
        {owed.object_id for owed in obligations}
    )
    return {
        owed.pk: Task(
            sentence=_("Decide on “%(title)s”") % {"title": step.submission.project.title},
            detail=_("%(owner)s submitted version %(number)s")
            % {"owner": step.submission.project.owner, "number": step.submission.number},
            url=step.get_absolute_url(),
            button=_("Decide"),
        )
        for owed in obligations
        if (step := steps.get(owed.object_id)) is not None
    }


def describe_offers(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    steps = ApprovalStep.objects.select_related("submission__project", "approver").in_bulk(
        {owed.object_id for owed in obligations}
    )
    return {
        owed.pk: Task(
            sentence=_("Accept less, or revise: %(title)s") % {"title": step.submission.project.title},
            detail=_("%(approver)s approves it for less than you asked") % {"approver": step.approver},
            url=reverse("projects:answer_less", args=[step.submission.project_id, step.pk]),
            button=_("Look"),
        )
        for owed in obligations
        if (step := steps.get(owed.object_id)) is not None
    }


FOLLOW_UP_FROM: Mapping[str, _StrOrPromise] = {
    "retro": gettext_lazy("%(project)s · follow-up of its retro"),
    "condition": gettext_lazy("%(project)s · condition of its approval"),
    "review": gettext_lazy("%(project)s · condition of a review"),
    "lesson": gettext_lazy("%(project)s · a lesson it adopted"),
}


def describe_follow_ups(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    items = FollowUp.objects.select_related("project").in_bulk({owed.object_id for owed in obligations})
    return {
        owed.pk: Task(
            sentence=_("Do what was promised: %(title)s") % {"title": item.title},
            detail=FOLLOW_UP_FROM[item.origin] % {"project": item.project.title},
            url=reverse("projects:follow_up", args=[item.project_id, item.pk]),
            button=_("Report"),
        )
        for owed in obligations
        if (item := items.get(owed.object_id)) is not None
    }


def describe_deferred(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    items = DeferredItem.objects.select_related("project").in_bulk({owed.object_id for owed in obligations})
    return {
        owed.pk: Task(
            sentence=_("Bring what was left out: %(title)s") % {"title": item.title},
            detail=_("%(project)s · until then part of its benefit is missing") % {"project": item.project.title},
            url=reverse("projects:defer", args=[item.project_id]),
            button=_("Settle"),
        )
        for owed in obligations
        if (item := items.get(owed.object_id)) is not None
    }


def describe_measurements(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    pledges = MetricPledge.objects.select_related("project", "metric").in_bulk({owed.object_id for owed in obligations})
    return {
        owed.pk: Task(
            sentence=_("Write one number: %(metric)s") % {"metric": pledge.metric.name},
            detail=_("%(project)s · numerator “%(numerator)s”, denominator “%(denominator)s”")
            % {
                "project": pledge.project.title,
                "numerator": pledge.metric.numerator_label,
                "denominator": pledge.metric.denominator_label,
            },
            url=reverse("projects:metric", args=[pledge.project_id]),
            button=_("Write it"),
        )
        for owed in obligations
        if (pledge := pledges.get(owed.object_id)) is not None
    }


KINDS = (
    ObligationKind(
        key="approval",
        label=gettext_lazy("An approval"),
        icon="check2-square",
        ladder=LADDER,
        still_owed=lambda owed: ApprovalStep.objects.filter(pk=owed.object_id, state=StepState.PENDING).exists(),
        visible_to=sees_project,
        describe=describe_approvals,
        is_for_stand_ins=True,
    ),
    ObligationKind(
        key="rework",
        label=gettext_lazy("A pitch asked back"),
        icon="reply",
        ladder=LADDER,
        still_owed=in_stage(Stage.DRAFT),
        visible_to=sees_project,
        describe=about_project(
            gettext_noop("Add what was asked for: %(title)s"),
            gettext_noop("%(code)s · asked back; then submit again"),
            gettext_noop("Complete"),
            "projects:pitch",
        ),
    ),
    ObligationKind(
        key="reconsider",
        label=gettext_lazy("A deferred pitch"),
        icon="file-earmark-text",
        ladder=LADDER,
        still_owed=in_stage(Stage.DEFERRED),
        visible_to=sees_project,
        describe=about_project(
            gettext_noop("Look at it again: %(title)s"),
            gettext_noop("%(code)s · it was put off until now"),
            gettext_noop("Open"),
        ),
    ),
    ObligationKind(
        key="early_start",
        label=gettext_lazy("The pitch of an early start"),
        icon="fast-forward",
        ladder=LADDER,
        still_owed=lambda owed: Project.objects.filter(
            pk=owed.object_id, stage=Stage.DRAFT, early_start__isnull=False
        ).exists(),
        visible_to=sees_project,
        describe=about_project(
            gettext_noop("Submit the pitch of what has begun: %(title)s"),
            gettext_noop("%(code)s · work may go on until then, within the limit"),
            gettext_noop("Go on"),
            "projects:pitch",
        ),
    ),
    ObligationKind(
        key="confirm_figures",
        label=gettext_lazy("Confirming the figures"),
        icon="patch-check",
        ladder=LADDER,
        still_owed=lambda owed: (
            Project.objects.filter(pk=owed.object_id, business_partner=owed.person_id).exclude(stage__in=OVER).exists()
        ),
        visible_to=sees_project,
        describe=about_project(
            gettext_noop("Are the figures right? %(title)s"),
            gettext_noop("%(code)s · you know how often it happens and what it costs"),
            gettext_noop("Look"),
            "projects:confirm",
        ),
        signed_link=lambda project, _person: ("projects.confirm", project),
        climbs=False,
    ),
    ObligationKind(
        key="prepare",
        label=gettext_lazy("Preparing the start"),
        icon="kanban",
        ladder=LADDER,
        still_owed=in_stage(Stage.APPROVED),
        visible_to=sees_project,
        describe=about_project(
            gettext_noop("Prepare the start: %(title)s"),
            gettext_noop("%(code)s · risks, one review, the metric, then delivery"),
            gettext_noop("Prepare"),
        ),
    ),
    ObligationKind(
        key="launch",
        label=gettext_lazy("A launch"),
        icon="kanban",
        ladder=LADDER,
        still_owed=in_stage(Stage.IN_DELIVERY),
        visible_to=sees_project,
        describe=about_project(
            gettext_noop("Launch, or move the date: %(title)s"),
            gettext_noop("%(code)s · in delivery"),
            gettext_noop("Open"),
        ),
    ),
    ObligationKind(
        key="less_answer",
        label=gettext_lazy("An answer to less"),
        icon="approval",
        ladder=LADDER,
        still_owed=lambda owed: ApprovalStep.objects.filter(
            pk=owed.object_id, state=StepState.FOR_LESS, submission__state=SubmissionState.PENDING
        ).exists(),
        visible_to=sees_project,
        describe=describe_offers,
    ),
    ObligationKind(
        key="renewal",
        label=gettext_lazy("A new approval"),
        icon="arrow-repeat",
        ladder=LADDER,
        still_owed=lambda owed: (
            Project.objects.filter(pk=owed.object_id, approval_void_at__isnull=False, stage__in=IN_MOTION)
            .exclude(submissions__state=SubmissionState.PENDING)
            .exists()
        ),
        visible_to=sees_project,
        describe=about_project(
            gettext_noop("Submit the changed project anew: %(title)s"),
            gettext_noop("%(code)s · its approval is void; work goes on, launch waits"),
            gettext_noop("Look"),
            "projects:renew",
        ),
    ),
    ObligationKind(
        key="measurement",
        label=gettext_lazy("A number of the metric"),
        icon="123",
        ladder=LADDER,
        still_owed=lambda owed: MetricPledge.objects.filter(pk=owed.object_id, project__stage=Stage.LAUNCHED).exists(),
        visible_to=sees_project,
        describe=describe_measurements,
    ),
    ObligationKind(
        key="deferred_scope",
        label=gettext_lazy("Deferred scope"),
        icon="box-seam",
        ladder=LADDER,
        still_owed=lambda owed: (
            DeferredItem.objects.filter(pk=owed.object_id, settled_at__isnull=True)
            .exclude(project__stage=Stage.CANCELLED)
            .exists()
        ),
        visible_to=sees_project,
        describe=describe_deferred,
    ),
    ObligationKind(
        key="follow_up",
        label=gettext_lazy("A follow-up"),
        icon="check2-circle",
        ladder=LADDER,
        still_owed=lambda owed: FollowUp.objects.filter(
            pk=owed.object_id, state__in=[FollowUpState.OPEN, FollowUpState.DOING]
        ).exists(),
        visible_to=sees_project,
        describe=describe_follow_ups,
    ),
)
