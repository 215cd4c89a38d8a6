"""A pitch pasted as text, and lines pasted from a spreadsheet: looked at first, then taken in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.common.errors import InvalidInputError
from portal.common.http import leave_to, page
from projects.actions.options import add_lines
from projects.actions.pitch import save_pitch, use_template
from projects.enums import Stage
from projects.forms.grid import GridForm, head_of
from projects.forms.paste import KindForm, PasteForm
from projects.labelled import LABELS, LIGHT, template
from projects.steps import url_of
from projects.views.frame import find_project
from projects.views.lines import HEADINGS, MODELS, step_of
from projects.views.options import option_named
from projects.views.steps import around, find_draft

if TYPE_CHECKING:
    from projects.models import Option, Project


@require_http_methods(["GET", "HEAD", "POST"])
def pitch_paste(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    if project.stage != Stage.DRAFT:
        return leave_to(request, project)
    if request.POST.get("do") == "kind":
        return kind_taken(request, project)
    form = PasteForm(request.POST if request.method == "POST" else None, project=project)
    status: HTTPStatus | None = None
    if form.is_bound and not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif form.is_bound and "do" in request.POST:
        answer = taken_in(request, project, form)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    if status == HTTPStatus.CONFLICT:
        project = find_project(request, pk)
        form.show_anew(project)
    return page(request, "projects/pitch_paste.html", shown(project, form), status=status)


def kind_taken(request: PortalRequest, project: Project) -> HttpResponse:
    """The draft takes the names and hints of its kind."""
    form = KindForm(request.POST)

    def deed() -> str:
        use_template(project, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Names and hints are there; what you wrote is as it was."))
        return reverse("projects:pitch", args=[project.pk])

    answer = post_once(request, form, deed)
    if isinstance(answer, HttpResponse):
        return answer
    current = find_project(request, project.pk)
    if answer == HTTPStatus.CONFLICT:
        form.show_anew(current)
    context = shown(current, PasteForm(None, project=current)) | {"kind_form": form}
    return page(request, "projects/pitch_paste.html", context, status=answer)


def taken_in(request: PortalRequest, project: Project, form: PasteForm) -> HttpResponse | HTTPStatus:
    def deed() -> str:
        if not form.values:
            raise InvalidInputError({"text": _("This text holds nothing for the pitch.")})
        version = form.cleaned_data["version"]
        save_pitch(project, form.values, version=version, by=request.user, now=timezone.now())
        count = sum(row.is_new for row in form.rows)
        words = ngettext("%(count)s value is taken in.", "%(count)s values are taken in.", count)
        messages.success(request, words % {"count": count})
        return reverse("projects:pitch", args=[project.pk])

    return post_once(request, form, deed)


def shown(project: Project, form: PasteForm) -> dict[str, object]:
    return {
        "place": "projects",
        "project": project,
        "form": form,
        "kind_form": KindForm(initial={"version": project.version, "template": project.template}),
        "new": sum(row.is_new for row in form.rows),
        "unread": sum(bool(row.error) for row in form.rows),
        "light": template(LIGHT),
        "whole": template(LABELS),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def lines_paste(request: PortalRequest, pk: int, kind: str, part: str) -> HttpResponse:
    project = find_draft(request, pk)
    option, step = option_named(project, kind), step_of(part)
    if project.stage != Stage.DRAFT:
        return leave_to(request, project)
    form = GridForm(request.POST if request.method == "POST" else None, version=project.version, part=part)
    status: HTTPStatus | None = None
    if form.is_bound and (not form.is_valid() or form.bad):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif form.is_bound and "do" in request.POST:
        answer = lines_taken_in(request, option, form)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    if status == HTTPStatus.CONFLICT:
        project = find_project(request, pk)
        form.show_anew(project.version)
    context = around(request, project, step) | {
        "form": form,
        "option": option,
        "part": part,
        "heading": HEADINGS[part],
        "head": "\t".join(head_of(part)),
        "back": f"{url_of(project, step)}?option={option.kind}",
        "bad_lines": len({cell.row for cell in form.bad}),
    }
    return page(request, "projects/lines_paste.html", context, status=status)


def lines_taken_in(request: PortalRequest, option: Option, form: GridForm) -> HttpResponse | HTTPStatus:
    def deed() -> str:
        version = form.cleaned_data["version"]
        made = add_lines(option, MODELS[form.part], form.lines, version=version, by=request.user, now=timezone.now())
        words = ngettext("%(count)s line is added.", "%(count)s lines are added.", len(made)) % {"count": len(made)}
        messages.success(request, words)
        return f"{url_of(option.project, step_of(form.part))}?option={option.kind}"

    return post_once(request, form, deed)
