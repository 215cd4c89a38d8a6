"""The list of projects, and beginning a new one."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.components import Facet, Link, Tab
from portal.common.http import page
from portal.notifications.models import Obligation
from projects.actions.pitch import start_pitch
from projects.enums import MAIN_LINE, Stage, Tier
from projects.filters import VIEWS, ProjectFilter, in_view
from projects.forms.pitch import NewProjectForm
from projects.models import Product, Project
from projects.permissions import can_pitch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import HttpResponse

    from portal.accounts.models import User

PAGE = 25
#: More choices than this belong into a search field, not into a menu.
MOST_CHOICES = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A project in the list, with whose turn it is."""

    project: Project
    reached: int
    pauses: int
    turn: Obligation | None


@require_safe
def project_list(request: PortalRequest) -> HttpResponse:
    asked = ProjectFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    visible = asked.narrow(Project.objects.visible_to(request.user))
    counts = visible.aggregate(**{view: Count("pk", filter=in_view(view, request.user)) for view in VIEWS})
    before, shown = asked.cleaned_data["before"], asked.cleaned_data["shown"] or 0
    found = visible.filter(in_view(asked.chosen_view, request.user)).select_related("product", "owner", "site")
    if before:
        found = found.filter(pk__lt=before)
    projects = list(found.order_by("-pk")[: PAGE + 1])
    rows = rows_of(projects[:PAGE])
    context = around(asked, counts, request.user) | {
        "rows": rows,
        "shown": shown + len(rows),
        "more_url": more_url(asked, rows, shown) if len(projects) > PAGE else "",
        "is_more": bool(before),
    }
    fragment = "projects/_project_more.html" if before else ""
    return page(request, "projects/project_list.html", context, fragment=fragment)


def around(asked: ProjectFilter, counts: Mapping[str, int], user: User) -> dict[str, Any]:
    """What stands around the rows: the answer, the views with their counts, the filters."""
    return {
        "total": counts[asked.chosen_view],
        "q": asked.cleaned_data["q"],
        "kept": [(name, value) for name in ("view", "stage", "tier", "product") if (value := asked.data.get(name))],
        "is_filtered": any(asked.cleaned_data[name] for name in ("q", "stage", "tier", "product")),
        "heading": heading(asked, counts, user),
        "tabs": tabs(asked, counts),
        "facets": facets(asked),
        "clear_url": address(asked, q="", stage="", tier="", product=""),
        "may_pitch": can_pitch(user),
    }


def rows_of(projects: Sequence[Project]) -> list[Row]:
    """With the earliest thing that somebody owes about each; one query for all."""
    owed = Obligation.objects.open().filter(project_id__in=[project.pk for project in projects])
    turns: dict[int | None, Obligation] = {}
    for obligation in owed.select_related("person").order_by("-due_at", "-pk"):
        turns[obligation.project_id] = obligation
    rows = []
    for project in projects:
        reached = MAIN_LINE.index(last_on_line(project)) + 1
        pauses = 0 if project.stage in MAIN_LINE else reached
        rows.append(Row(project, reached, pauses, turns.get(project.pk)))
    return rows


def last_on_line(project: Project) -> Stage:
    """The stage of the main line it stands at, or left from, as far as the row itself can tell."""
    if project.stage in {Stage.DECLINED, Stage.DEFERRED}:
        return Stage.SUBMITTED
    if project.stage == Stage.CANCELLED:
        return Stage.IN_DELIVERY if project.started_at else Stage.DRAFT
    return Stage(project.held_from or project.stage)


def heading(asked: ProjectFilter, counts: Mapping[str, int], user: User) -> str:
    """The answer: how many there are, and how many of them wait for the reader."""
    if asked.cleaned_data["q"]:
        count = counts[asked.chosen_view]
        return ngettext("%(count)s project matches", "%(count)s projects match", count) % {"count": count}
    running = counts["running"]
    if not running:
        return _("No project is running")
    words = ngettext("%(count)s project is running", "%(count)s projects are running", running) % {"count": running}
    waiting = (
        Obligation.objects.open().owed_by(user).filter(project_id__isnull=False).values("project_id").distinct().count()
    )
    if not waiting:
        return _("%(running)s, none waits for you") % {"running": words}
    return ngettext("%(running)s, %(count)s waits for you", "%(running)s, %(count)s wait for you", waiting) % {
        "running": words,
        "count": waiting,
    }


def address(asked: ProjectFilter, **changed: str) -> str:
    """The address of the list with some of its parameters replaced; empty ones go."""
    kept: dict[str, Any] = {name: asked.data.get(name, "") for name in ("view", "q", "stage", "tier", "product")}
    query = urlencode({name: value for name, value in (kept | changed).items() if value})
    return reverse("projects:list") + (f"?{query}" if query else "")


def more_url(asked: ProjectFilter, rows: Sequence[Row], shown: int) -> str:
    return address(asked, before=str(rows[-1].project.pk), shown=str(shown + len(rows)))


def tabs(asked: ProjectFilter, counts: Mapping[str, int]) -> list[Tab]:
    return [
        Tab(words, address(asked, view=view), is_current=view == asked.chosen_view, count=f"{counts[view]:,}")
        for view, words in VIEWS.items()
    ]


def facets(asked: ProjectFilter) -> list[Facet]:
    products = Product.objects.order_by("name")[:MOST_CHOICES]
    return [
        facet(asked, "stage", _("Stage"), Stage.choices),
        facet(asked, "product", _("Product"), [(str(product.pk), product.name) for product in products]),
        facet(asked, "tier", _("Tier"), Tier.choices),
    ]


def facet(asked: ProjectFilter, name: str, words: str, choices: Iterable[tuple[str, Any]]) -> Facet:
    """One filter: set, it says its value and links to its removal; else it offers its values."""
    labels = {str(value): label for value, label in choices}
    chosen = asked.data.get(name, "")
    if chosen:
        return Facet(words, value=str(labels.get(chosen, asked.cleaned_data[name])), url=address(asked, **{name: ""}))
    return Facet(words, choices=[Link(label, address(asked, **{name: value})) for value, label in labels.items()])


@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request: PortalRequest) -> HttpResponse:
    require(can_pitch(request.user), _("Product managers and leads pitch projects."))
    form = NewProjectForm(request.POST or None)

    def begin() -> str:
        project = start_pitch(form.cleaned_data["title"], by=request.user, now=timezone.now())
        return reverse("projects:pitch", args=[project.pk])

    if request.method == "POST":
        answer = post_once(request, form, begin)
        if not isinstance(answer, HTTPStatus):
            return answer
        return page(request, "projects/project_new.html", {"form": form}, status=answer)
    return page(request, "projects/project_new.html", {"form": form})
