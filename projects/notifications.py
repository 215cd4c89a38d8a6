"""Who hears what about a project, in which words. Neutral news; what is owed speaks through its obligation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.common.written import date_long
from portal.notifications.enums import Pace
from portal.notifications.kinds import EventKind, News, ProjectDirectory
from projects.models import (
    ApprovalStep,
    Change,
    DraftComment,
    DraftReader,
    EarlyStart,
    FiguresAnswer,
    Project,
    StageChange,
    Submission,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from portal.accounts.models import User


def approval_asked(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project__owner").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(owner)s asks for your decision on “%(title)s”")
            % {"owner": step.submission.project.owner, "title": step.submission.project.title},
            url=step.get_absolute_url(),
        )
        for pk, step in steps.items()
    }


def approval_asked_again(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project__owner").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(owner)s kindly asks again for your decision on “%(title)s”")
            % {"owner": step.submission.project.owner, "title": step.submission.project.title},
            url=step.get_absolute_url(),
        )
        for pk, step in steps.items()
    }


def approval_dropped(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project").in_bulk(ids)
    return {
        pk: News(
            sentence=_("“%(title)s” no longer waits for your decision: an earlier approver answers otherwise")
            % {"title": step.submission.project.title},
            url=step.get_absolute_url(),
        )
        for pk, step in steps.items()
    }


def renewal_withdrawn(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project__owner").in_bulk(ids)
    return {
        pk: News(
            sentence=_("“%(title)s” no longer waits for your decision: %(owner)s took it back")
            % {"title": step.submission.project.title, "owner": step.submission.project.owner},
            url=step.get_absolute_url(),
        )
        for pk, step in steps.items()
    }


def approval_taken_over(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project").in_bulk(ids)
    return {
        pk: News(
            sentence=_("Somebody else decides on “%(title)s” now: the time for the answer was over")
            % {"title": step.submission.project.title},
            url=reverse("projects:decisions", args=[step.submission.project_id]),
        )
        for pk, step in steps.items()
    }


def decided(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project", "approver").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(approver)s decided on “%(title)s”: %(decision)s")
            % {
                "approver": step.approver,
                "title": step.submission.project.title,
                "decision": step.get_state_display(),
            },
            url=step.submission.project.get_absolute_url(),
        )
        for pk, step in steps.items()
    }


def early_start_allowed(ids: Sequence[int]) -> Mapping[int, News]:
    found = EarlyStart.objects.select_related("project", "allowed_by").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(lead)s allowed an early start of “%(title)s”, until %(day)s")
            % {"lead": early.allowed_by, "title": early.project.title, "day": date_long(early.until_on)},
            url=early.project.get_absolute_url(),
            detail=_("Up to %(days)s person-days. The pitch is owed by then.") % {"days": f"{early.most_days:g}"},
        )
        for pk, early in found.items()
    }


def approved_for_less(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project", "approver").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(approver)s approves “%(title)s” for less")
            % {"approver": step.approver, "title": step.submission.project.title},
            url=reverse("projects:answer_less", args=[step.submission.project_id, pk]),
            detail=step.reason,
        )
        for pk, step in steps.items()
    }


def less_answered(ids: Sequence[int]) -> Mapping[int, News]:
    steps = ApprovalStep.objects.select_related("submission__project__owner").in_bulk(ids)
    return {
        pk: News(
            sentence=(
                _("%(owner)s goes on with less: “%(title)s”")
                if step.submission.less_accepted_at is not None
                else _("%(owner)s revises the pitch instead of taking less: “%(title)s”")
            )
            % {"owner": step.submission.project.owner, "title": step.submission.project.title},
            url=step.submission.project.get_absolute_url(),
        )
        for pk, step in steps.items()
    }


def approval_void(ids: Sequence[int]) -> Mapping[int, News]:
    found = Submission.objects.select_related("project").in_bulk(ids)
    return {
        pk: News(
            sentence=_("The approval of “%(title)s” is void: the project changed beyond what it bears")
            % {"title": submission.project.title},
            url=reverse("projects:renew", args=[submission.project_id]),
            detail=_("Work goes on. Launch waits until the changed project is approved."),
        )
        for pk, submission in found.items()
    }


def launch_moved(ids: Sequence[int]) -> Mapping[int, News]:
    changes = Change.objects.select_related("project", "made_by").in_bulk(ids)
    return {
        pk: News(
            sentence=_("The launch of “%(title)s” moved to %(day)s")
            % {"title": change.project.title, "day": as_read(change.after)},
            url=change.project.get_absolute_url(),
        )
        for pk, change in changes.items()
    }


def as_read(day: str) -> str:
    """A day of the record, as the reader writes days."""
    return date_long(date.fromisoformat(day))


def project_launched(ids: Sequence[int]) -> Mapping[int, News]:
    return {
        pk: News(sentence=_("“%(title)s” is launched") % {"title": project.title}, url=project.get_absolute_url())
        for pk, project in projects_of_passages(ids).items()
    }


def project_closed(ids: Sequence[int]) -> Mapping[int, News]:
    return {
        pk: News(
            sentence=_("“%(title)s” is closed; promised and came stand side by side") % {"title": project.title},
            url=project.get_absolute_url(),
        )
        for pk, project in projects_of_passages(ids).items()
    }


def projects_of_passages(ids: Sequence[int]) -> Mapping[int, Project]:
    """The project of each passage from stage to stage."""
    changes = StageChange.objects.select_related("project").in_bulk(ids)
    return {pk: change.project for pk, change in changes.items()}


def figures_asked(ids: Sequence[int]) -> Mapping[int, News]:
    projects = Project.objects.select_related("owner").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(owner)s asks you whether the figures of “%(title)s” are right")
            % {"owner": project.owner, "title": project.title},
            url=reverse("projects:confirm", args=[pk]),
        )
        for pk, project in projects.items()
    }


def figures_answered(ids: Sequence[int]) -> Mapping[int, News]:
    answers = FiguresAnswer.objects.select_related("project", "by").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(partner)s answered about the figures of “%(title)s”")
            % {"partner": answer.by, "title": answer.project.title},
            detail=answer.note,
            url=reverse("projects:pitch", args=[answer.project_id]),
        )
        for pk, answer in answers.items()
    }


def project_taken_over(ids: Sequence[int]) -> Mapping[int, News]:
    return {
        pk: News(
            sentence=_("“%(title)s” is in the portal now, and yours") % {"title": project.title},
            url=project.get_absolute_url(),
            detail=_("It was running before: look whether stage and launch are right."),
        )
        for pk, project in Project.objects.in_bulk(ids).items()
    }


def draft_shared(ids: Sequence[int]) -> Mapping[int, News]:
    readers = DraftReader.objects.select_related("project__owner").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(owner)s asks what you think of the draft “%(title)s”")
            % {"owner": reader.project.owner, "title": reader.project.title},
            url=reverse("projects:sounding", args=[reader.project_id]),
            detail=_("Nothing is decided, and no clock runs."),
        )
        for pk, reader in readers.items()
    }


def draft_commented(ids: Sequence[int]) -> Mapping[int, News]:
    comments = DraftComment.objects.select_related("project", "author").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(author)s says something about the draft “%(title)s”")
            % {"author": comment.author, "title": comment.project.title},
            url=f"{reverse('projects:sounding', args=[comment.project_id])}#comment-{pk}",
        )
        for pk, comment in comments.items()
    }


def draft_resolved(ids: Sequence[int]) -> Mapping[int, News]:
    comments = DraftComment.objects.select_related("project__owner").in_bulk(ids)
    return {
        pk: News(
            sentence=_("%(owner)s resolved your comment on “%(title)s”")
            % {"owner": comment.project.owner, "title": comment.project.title},
            url=f"{reverse('projects:sounding', args=[comment.project_id])}#comment-{pk}",
            detail=comment.answer,
        )
        for pk, comment in comments.items()
    }


EVENTS = (
    EventKind(key="draft_shared", describe=draft_shared),
    EventKind(key="draft_commented", describe=draft_commented),
    EventKind(key="draft_resolved", describe=draft_resolved),
    EventKind(
        key="figures_asked",
        describe=figures_asked,
        signed_link=lambda project, _person: ("projects.confirm", project),
    ),
    EventKind(key="figures_answered", describe=figures_answered),
    EventKind(key="project_taken_over", describe=project_taken_over),
    EventKind(key="approval_asked", describe=approval_asked, pace=Pace.SOON),
    EventKind(key="approval_asked_again", describe=approval_asked_again, pace=Pace.SOON),
    EventKind(key="approval_dropped", describe=approval_dropped),
    EventKind(key="renewal_withdrawn", describe=renewal_withdrawn),
    EventKind(key="approval_taken_over", describe=approval_taken_over),
    EventKind(key="decided", describe=decided, pace=Pace.SOON),
    EventKind(key="early_start_allowed", describe=early_start_allowed, pace=Pace.SOON),
    EventKind(key="approved_for_less", describe=approved_for_less, pace=Pace.SOON),
    EventKind(key="less_answered", describe=less_answered),
    EventKind(key="approval_void", describe=approval_void, pace=Pace.SOON),
    EventKind(key="launch_moved", describe=launch_moved),
    EventKind(key="project_launch", describe=project_launched),
    EventKind(key="project_close", describe=project_closed),
)


def seen_by(person: User, ids: Collection[int]) -> Iterable[int]:
    return Project.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True)


def owned_by(person: User) -> Iterable[int]:
    return Project.objects.filter(owner=person).values_list("pk", flat=True)


def titles_of(ids: Collection[int]) -> Mapping[int, str]:
    return dict(Project.objects.filter(pk__in=ids).order_by().values_list("pk", "title"))


DIRECTORY = ProjectDirectory(
    visible_to=seen_by,
    owned_by=owned_by,
    url=lambda pk: Project(pk=pk).get_absolute_url(),
    titles=titles_of,
    hold=Project.objects.touch,
)
