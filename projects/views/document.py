"""The documents of a project: links, and files as downloads."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import leave_to, page
from projects.actions.documents import add_file, add_link, drop_document
from projects.attachments import TYPES, UNKNOWN, ending_of
from projects.enums import DocumentKind
from projects.forms.document import FileForm, LinkForm
from projects.models import Document
from projects.permissions import OVER, can_add_document, can_drop_document
from projects.summaries import documents_of
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from projects.models import Project

#: A file is a stranger's: whatever it is, it runs nothing here.
BOXED = "sandbox; default-src 'none'"
#: A refused file is told by its status too, to whoever reads no page.
STATUS_OF = {
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "no_room": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "empty": HTTPStatus.BAD_REQUEST,
}


def url_of_documents(project: Project) -> str:
    return reverse("projects:documents", args=[project.pk])


@require_safe
def documents(request: PortalRequest, pk: int) -> HttpResponse:
    return documents_page(request, find_project(request, pk))


@require_POST
def link_add(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_writable(request, pk)
    form = LinkForm(request.POST)

    def deed() -> str:
        given = form.cleaned_data
        kind = DocumentKind(given["kind"])
        add_link(project, given["url"], title=given["title"], kind=kind, by=request.user, now=timezone.now())
        messages.success(request, _("Linked."))
        return url_of_documents(project)

    answer = post_once(request, form, deed)
    return documents_page(request, project, answer, link_form=form) if isinstance(answer, HTTPStatus) else answer


@require_POST
def file_add(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_writable(request, pk)
    form = FileForm(request.POST, request.FILES)

    def deed() -> str:
        given = form.cleaned_data
        kind = DocumentKind(given["kind"])
        add_file(project, given["file"], title=given["title"], kind=kind, by=request.user, now=timezone.now())
        messages.success(request, _("Attached."))
        return url_of_documents(project)

    answer = post_once(request, form, deed)
    if isinstance(answer, HttpResponse):
        return answer
    codes = [error.code for error in form.errors.as_data().get("file", [])]
    status = STATUS_OF.get(next(iter(codes), "") or "", answer)
    return documents_page(request, project, status, file_form=form)


@require_safe
def document(request: PortalRequest, pk: int, document_pk: int) -> HttpResponse:
    files = Document.objects.visible_to(request.user).filter(project=pk).exclude(file="")
    found = get_object_or_404(files, pk=document_pk)
    try:
        with found.file.open() as stored:
            data = stored.read()
    except FileNotFoundError:
        raise Http404 from None
    # A kind that was taken off the list later is still handed out, as bytes alone.
    response = HttpResponse(data, content_type=TYPES.get(ending_of(found.name), UNKNOWN))
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    response["Content-Security-Policy"] = BOXED
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def document_drop(request: PortalRequest, pk: int, document_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    listed = Document.objects.visible_to(request.user).filter(project=project, dropped_at=None)
    found = get_object_or_404(listed, pk=document_pk)
    drop_document(found, by=request.user, now=timezone.now())
    return leave_to(request, url_of_documents(project))


def find_writable(request: PortalRequest, pk: int) -> Project:
    project = find_project(request, pk)
    require(can_add_document(request.user, project), _("The people of the project add documents."))
    return project


def documents_page(
    request: PortalRequest, project: Project, status: HTTPStatus | None = None, **forms: Any
) -> HttpResponse:
    rows = list(documents_of(project))
    words = ngettext("%(count)s document", "%(count)s documents", len(rows)) % {"count": len(rows)}
    may_add = project.stage not in OVER and can_add_document(request.user, project)
    context = frame(request, project, "documents", words if rows else _("No document is linked yet.")) | {
        "rows": [(one, can_drop_document(request.user, one)) for one in rows],
        "may_add": may_add,
        "link_form": forms.get("link_form") or LinkForm(),
        "file_form": forms.get("file_form") or FileForm(),
    }
    return page(request, "projects/document_list.html", context, status=status)
