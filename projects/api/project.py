"""Projects: the list, one of them, and beginning a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.permissions import require
from projects.actions.pitch import start_pitch
from projects.api.shown import ProjectRow, ProjectShown
from projects.filters import ProjectFilter
from projects.forms.pitch import NewProjectForm
from projects.models import Project
from projects.permissions import can_pitch
from projects.views.frame import find_project

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["projects"])


@router.get("/projects", **lists(_("List projects"), ProjectFilter, ProjectRow))
def projects(request: ApiRequest) -> HttpResponse:
    rows = Project.objects.visible_to(request.user).select_related("owner", "product")
    return listed(request, ProjectFilter, rows, ProjectRow.of)


@router.post(
    "/projects",
    **takes(
        _("Begin a project"),
        NewProjectForm,
        gives=ProjectShown,
        status=201,
        example={"title": "Show the empty bags at hand-over"},
    ),
)
def project_new(request: ApiRequest) -> HttpResponse:
    require(can_pitch(request.user), _("Product managers and leads pitch projects."))
    form = bind(request, NewProjectForm)
    return act(
        request,
        form,
        lambda: start_pitch(**form.cleaned_data, by=request.user, now=timezone.now()),
        lambda made: ProjectShown.of(find_project(request, made.pk)),
        status=201,
    )


@router.get("/projects/{code:pk}", **gives(_("One project"), ProjectShown))
def project(request: ApiRequest, pk: int) -> HttpResponse:
    return reply(ProjectShown.of(find_project(request, pk)))
