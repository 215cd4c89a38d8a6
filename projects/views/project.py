"""The list of projects, and beginning a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.lists import asked_of
from portal.accounts.permissions import require
from portal.common.counting import count_words, counted
from portal.common.exports import Sheet, exported
from portal.common.http import page
from portal.common.lists import Listing
from portal.common.pace import costly
from portal.notifications import registry
from portal.notifications.models import Obligation
from projects import exports
from projects.actions.pitch import start_pitch
from projects.actions.weekly import TOLD
from projects.enums import MAIN_LINE, Stage
from projects.filters import ProjectFilter
from projects.forms.pitch import NewProjectForm
from projects.models import Project
from projects.permissions import can_pitch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http.response import HttpResponseBase
    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """A project in the list: how it stood when its owner last said so, and who owes what next."""

    project: Project
    reached: int
    pauses: int
    health: str
    turn: Obligation | None

    @property
    def deed(self) -> _StrOrPromise:
        """What is owed, by the name of its kind."""
        return registry.obligation_kind(self.turn.kind).label if self.turn else ""


@require_safe
def project_list(request: PortalRequest) -> HttpResponse:
    asked = asked_of(request, ProjectFilter, timezone.now())
    fitting = asked.fits(Project.objects.visible_to(request.user))
    held = {view: fitting.filter(asked.condition(view)) for view in asked.views}
    counts = counted(request.user, held | {"waiting": fitting.filter(asked.waiting_for_reader())})
    found = asked.in_view(fitting).select_related("product", "owner", "site").with_health()
    shown = asked.page_of(found, counts[asked.chosen_view])
    context = {
        "listing": Listing(asked, shown.showing(rows_of(shown.rows, request.user)), counts),
        "heading": heading(asked, counts),
        "may_pitch": can_pitch(request.user),
    }
    return page(request, "projects/project_list.html", context)


@require_safe
@costly
def project_export(request: PortalRequest, form: str) -> HttpResponseBase:
    asked = asked_of(request, ProjectFilter, timezone.now())
    found = asked.in_view(asked.fits(Project.objects.visible_to(request.user)))
    pages = asked.every(found, lambda projects: projects.select_related(*exports.RELATED))
    return exported(request, form, Sheet("projects", exports.COLUMNS, pages))


def rows_of(projects: Sequence[Project], reader: User) -> list[Row]:
    """With the earliest thing that somebody owes about each; one query for all."""
    shown = [project.pk for project in projects]
    owed = Obligation.objects.open().shown_to(reader).filter(kind__in=registry.known_obligations())
    of_project = owed.filter(project_id=OuterRef("project_id")).order_by("due_at", "pk")
    earliest = owed.filter(project_id__in=shown, pk=Subquery(of_project.values("pk")[:1])).select_related("person")
    turns = {obligation.project_id: obligation for obligation in earliest}
    rows = []
    for project in projects:
        reached = MAIN_LINE.index(last_on_line(project)) + 1
        pauses = 0 if project.stage in MAIN_LINE else reached
        rows.append(
            Row(project, reached, pauses, project.last_health if project.stage in TOLD else "", turns.get(project.pk))
        )
    return rows


def last_on_line(project: Project) -> Stage:
    """The stage of the main line it stands at, or left from, as far as the row itself can tell."""
    if project.stage in {Stage.DECLINED, Stage.DEFERRED}:
        return Stage.SUBMITTED
    if project.stage == Stage.CANCELLED:
        return Stage.IN_DELIVERY if project.started_at else Stage.DRAFT
    return Stage(project.held_from or project.stage)


def heading(asked: ProjectFilter, counts: Mapping[str, int]) -> str:
    """The answer: how many there are, and how many of them wait for the reader."""
    if asked.is_narrowed:
        count = counts[asked.chosen_view]
        return ngettext("%(count)s project matches", "%(count)s projects match", count) % {"count": count_words(count)}
    running = counts["running"]
    if not running:
        return _("No project is running")
    words = ngettext("%(count)s project is running", "%(count)s projects are running", running) % {
        "count": count_words(running)
    }
    waiting = counts["waiting"]
    if not waiting:
        return _("%(running)s, none waits for you") % {"running": words}
    return ngettext("%(running)s, %(count)s waits for you", "%(running)s, %(count)s wait for you", waiting) % {
        "running": words,
        "count": count_words(waiting),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: PortalRequest) -> HttpResponse:
    require(can_pitch(request.user), _("Product managers and leads pitch projects."))
    form = NewProjectForm(request.POST or None)

    def begin() -> str:
        title, template = form.cleaned_data["title"], form.cleaned_data["template"]
        project = start_pitch(title, template=template, by=request.user, now=timezone.now())
        return reverse("projects:pitch", args=[project.pk])

    status = post_once(request, form, begin)
    if isinstance(status, HttpResponse):
        return status
    return page(request, "projects/project_new.html", {"form": form}, status=status)
