"""What happened to a project, in sentences. Read from the audit rows: ids there, words and names only here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.audit.models import AuditEntry
from portal.common.components import Moment
from portal.common.written import colon, date_short
from projects.models import Project
from risks import activity as risk_activity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User

#: Verbs that a reader of a project wants to hear of. What is not listed (each autosave, each blind answer's content)
#: stays in the audit.
SENTENCES: Mapping[str, _StrOrPromise] = {
    "project.begun": _("%(actor)s began the draft"),
    "project.taken_over": _("%(actor)s took the project over from an earlier list"),
    "project.submit": _("%(actor)s submitted the pitch"),
    "project.withdraw": _("%(actor)s took the submission back"),
    "project.approve": _("%(actor)s approved the project"),
    "project.ask_back": _("%(actor)s asked for more"),
    "approval.asked_again": _("%(actor)s asked for the decision again"),
    "approval.replaced": _("%(actor)s took an answer to the pitch back for another one"),
    "approval.for_less": _("%(actor)s approved it for less than was asked"),
    "less.accepted": _("%(actor)s goes on with less"),
    "less.revised": _("%(actor)s revises the pitch instead of taking less"),
    "approval.voided": _("%(actor)s changed the project beyond what its approval bears: it is void"),
    "renewal.outdated": _("%(actor)s changed the project again: it has to be submitted anew"),
    "renewal.submitted": _("%(actor)s submitted the changed project anew"),
    "renewal.approved": _("%(actor)s approved the changed project"),
    "renewal.asked_back": _("%(actor)s asked for more before a new approval"),
    "renewal.declined": _("%(actor)s did not approve the changed project"),
    "approval.taken_over": _("%(actor)s took over the decision of somebody who cannot answer"),
    "early_start.allowed": _("%(actor)s allowed an early start, within limits"),
    "project.decline": _("%(actor)s declined the pitch"),
    "project.defer": _("%(actor)s put the pitch off"),
    "project.revise": _("%(actor)s took the pitch up again"),
    "project.start": _("%(actor)s started delivery"),
    "project.hold": _("%(actor)s put the project on hold"),
    "project.resume": _("%(actor)s resumed the project"),
    "project.launch": _("%(actor)s launched the project"),
    "project.roll_back": _("%(actor)s rolled the launch back"),
    "project.close": _("%(actor)s closed the project"),
    "project.cancel": _("%(actor)s cancelled the project"),
    "figures.asked": _("%(actor)s asked the business partner whether the figures are right"),
    "figures.answered": _("%(actor)s answered about the figures"),
    "document.added": _("%(actor)s added a document"),
    "document.dropped": _("%(actor)s removed a document"),
    "draft.shared": _("%(actor)s asked a colleague to read the draft"),
    "draft.commented": _("%(actor)s commented on the draft"),
    "draft.resolved": _("%(actor)s resolved a comment on the draft"),
    "pitch.copied": _("%(actor)s copied it from an earlier pitch"),
    "option.added": _("%(actor)s added an option to the pitch"),
    "option.preferred": _("%(actor)s chose the option that is asked for"),
    "option.dropped": _("%(actor)s took an option out of the pitch"),
    "metric.pledged": _("%(actor)s agreed the metric with baseline and target"),
    "metric.measured": _("%(actor)s wrote a number of the metric"),
    "change.recorded": _("%(actor)s moved the launch"),
    "cost.recorded": _("%(actor)s wrote what was used so far"),
    "scope.deferred": _("%(actor)s listed something as left out"),
    "scope.settled": _("%(actor)s settled what was left out"),
    "scope.kept": _("%(actor)s kept something that was left out for another day"),
    "scope.dropped": _("%(actor)s dropped something that was left out"),
    "scope.nothing_deferred": _("%(actor)s confirmed that nothing was left out"),
    "follow_up.opened": _("%(actor)s opened a follow-up"),
    "follow_up.carried_over": _("%(actor)s carried a follow-up over"),
    "follow_up.done": _("%(actor)s reported a follow-up as done"),
    "follow_up.effective": _("%(actor)s saw a follow-up take effect"),
    "follow_up.not_effective": _("%(actor)s saw no effect of a follow-up"),
    "follow_up.dropped": _("%(actor)s dropped a follow-up"),
    "weekly.confirmed": _("%(actor)s told how the week stands"),
    "retro.owed": _("The retro is owed from now on"),
    "retro.day_picked": _("%(actor)s picked a day for the retro"),
    "retro.notes_shown": _("%(actor)s opened the meeting of the retro and showed the notes"),
    "retro.votes_shown": _("%(actor)s showed the votes of the retro"),
    "lesson.adopted": _("%(actor)s adopted a lesson of another project"),
    "lesson.added": _("%(actor)s wrote down a lesson"),
    "retro.held": _("%(actor)s held the retro"),
    "retro.waived": _("%(actor)s waived the retro"),
    **risk_activity.SENTENCES,
}
#: A recorded change that moves no date says what it moves.
CHANGED: Mapping[str, _StrOrPromise] = {
    "budget": _("%(actor)s changed the budget"),
    "scope": _("%(actor)s changed the scope"),
}
#: The milestones, drawn bold.
KEY = risk_activity.KEY | {
    "project.submit",
    "project.approve",
    "approval.voided",
    "renewal.approved",
    "project.start",
    "project.launch",
    "project.close",
    "project.cancel",
}


def moments_of(project_id: int, *, most: int, before: int | None = None) -> tuple[list[Moment], int | None]:
    """The latest `most` happenings, newest first, and the id to go on from (None at the end)."""
    shown, older = page_of(AuditEntry.objects.filter(project_id=project_id), most, before)
    return [Moment(row.at, sentence(row), row.verb in KEY, **dates_moved(row)) for row in shown], older


def feed_of(user: User, *, most: int, before: int | None = None) -> tuple[list[Moment], int | None]:
    """The same across the projects in which the person has a part, each line with its project."""
    part = Q(owner=user) | Q(business_partner=user) | Q(sponsor=user) | Q(members__person=user)
    mine = Project.objects.visible_to(user).filter(part).order_by().values("pk")
    shown, older = page_of(AuditEntry.objects.filter(project_id__in=mine), most, before)
    projects = Project.objects.in_bulk({row.project_id for row in shown})
    moments = []
    for row in shown:
        project = projects[row.project_id]
        words = f"{project.code} {project.title}{colon()}{sentence(row)}"
        moments.append(Moment(row.at, words, row.verb in KEY, url=project.get_absolute_url(), **dates_moved(row)))
    return moments, older


def page_of(rows: QuerySet[AuditEntry], most: int, before: int | None) -> tuple[list[AuditEntry], int | None]:
    """The latest that a reader wants to hear of, and the id to go on from (None at the end)."""
    rows = rows.filter(verb__in=SENTENCES).select_related("actor", "on_behalf_of").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: most + 1])
    return found[:most], (found[most - 1].pk if len(found) > most else None)


def sentence(row: AuditEntry) -> str:
    """What was done, and by whom."""
    moved = (row.after or {}) if row.verb == "change.recorded" else {}
    words = next((CHANGED[kind] for kind in moved if kind in CHANGED), SENTENCES[row.verb])
    return words % {"actor": actor_of(row)}


def actor_of(row: AuditEntry) -> _StrOrPromise:
    """Who did it: for whom, where he stood in, and whether he came by a link or let a program do it."""
    actor: _StrOrPromise = _("The portal") if row.actor is None else str(row.actor)
    if row.on_behalf_of is not None:
        actor = _("%(person)s for %(other)s") % {"person": actor, "other": row.on_behalf_of}
    if row.token_id is not None:
        return _("%(person)s (by a program)") % {"person": actor}
    return actor if row.link_id is None else _("%(person)s (by link)") % {"person": actor}


def dates_moved(row: AuditEntry) -> dict[str, str]:
    """A moved date says from when to when."""
    if row.verb not in {"change.recorded", "follow_up.carried_over"}:
        return {}
    return {"old": day_of(row.before), "new": day_of(row.after)}


def day_of(values: Mapping[str, str] | None) -> str:
    """The date in an audit row of a moved launch, as the reader writes dates; empty if there was none."""
    text = (values or {}).get("date", "")
    if not text:
        return ""
    return date_short(date.fromisoformat(text))
