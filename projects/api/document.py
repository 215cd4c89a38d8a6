"""The documents of a project. A link is added here; a file is attached on the page, where it is looked at first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, Shown, act, bind, gives, reply, takes
from projects.actions.documents import add_link, drop_document
from projects.enums import DocumentKind
from projects.forms.document import LinkForm
from projects.models import Document
from projects.summaries import documents_of
from projects.views.document import find_writable
from projects.views.frame import find_project

if TYPE_CHECKING:
    from django.http import HttpResponse

    from projects.models import Project

router = Router(tags=["documents"])
DOCUMENTS = "/projects/{code:pk}/documents"


class DocumentShown(Shown):
    """A link, or a file, whose address hands it out."""

    id: int
    kind: str
    title: str
    url: str
    name: str
    size: int | None
    added_by: PersonShown
    added_at: datetime


class DocumentsShown(Shown):
    """All of them, by kind."""

    items: list[DocumentShown]


def shown(project: Project) -> DocumentsShown:
    """Without those that were taken away."""
    rows = documents_of(project)
    own = ("id", "kind", "title", "name", "size", "added_at")
    return DocumentsShown(
        items=[
            DocumentShown(
                **{name: getattr(one, name) for name in own},
                url=one.get_absolute_url(),
                added_by=PersonShown.of(one.added_by),
            )
            for one in rows
        ]
    )


@router.get(DOCUMENTS, **gives(_("The documents of a project"), DocumentsShown))
def documents(request: ApiRequest, pk: int) -> HttpResponse:
    return reply(shown(find_project(request, pk)))


@router.post(
    DOCUMENTS,
    **takes(
        _("Add a link to a document"),
        LinkForm,
        gives=DocumentsShown,
        status=201,
        example={"url": "<address>", "title": "Count of October"},
    ),
)
def link_new(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_writable(request, pk)
    form = bind(request, LinkForm)

    def deed() -> Document:
        given = form.cleaned_data
        kind = DocumentKind(given["kind"])
        return add_link(project, given["url"], title=given["title"], kind=kind, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _added: shown(project), status=201)


@router.delete(DOCUMENTS + "/{int:document_pk}", **takes(_("Take a document away"), None, gives=DocumentsShown))
def document_drop(request: ApiRequest, pk: int, document_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    listed = Document.objects.visible_to(request.user).filter(project=project, dropped_at=None)
    found = get_object_or_404(listed.select_related("project"), pk=document_pk)
    return act(
        request,
        None,
        lambda: drop_document(found, by=request.user, now=timezone.now()),
        lambda _dropped: shown(project),
    )
