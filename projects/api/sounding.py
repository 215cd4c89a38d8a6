"""Sounding out a draft: who reads it, what is said of it, what became of that. Nothing is decided by it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, Shown, act, bind, gives, reply, takes
from portal.accounts.permissions import require
from projects.actions.sounding import comment_draft, invite_reader, resolve_comment, uninvite_reader
from projects.forms.sounding import AnswerForm, CommentForm, ReaderForm
from projects.models import DraftComment, DraftReader
from projects.permissions import can_comment
from projects.views.frame import find_project
from projects.views.steps import find_draft

if TYPE_CHECKING:
    from django.http import HttpResponse

    from projects.models import Project

router = Router(tags=["pitch"])
SOUNDING = "/projects/{code:pk}/sounding"


class ReaderShown(Shown):
    """Who was asked to read the draft."""

    id: int
    person: PersonShown
    invited_at: datetime


class CommentShown(Shown):
    """What was said of it, of which step, and what became of that."""

    id: int
    author: PersonShown
    at: datetime
    step: str
    text: str
    resolved_at: datetime | None
    answer: str


class SoundingShown(Shown):
    """How far the sounding is."""

    readers: list[ReaderShown]
    comments: list[CommentShown]


def shown(project: Project) -> SoundingShown:
    """All of it."""
    readers = DraftReader.objects.filter(project=project).select_related("person")
    comments = DraftComment.objects.filter(project=project).select_related("author")
    return SoundingShown(
        readers=[ReaderShown.of(one) for one in readers], comments=[CommentShown.of(one) for one in comments]
    )


def find_sounded(request: ApiRequest, pk: int) -> Project:
    """A project on whose draft one may comment."""
    project = find_project(request, pk)
    words = _("Those whom %s asked to read the draft comment on it.") % project.owner
    require(can_comment(request.user, project), words)
    return project


@router.get(SOUNDING, **gives(_("What is said of a draft"), SoundingShown))
def sounding(request: ApiRequest, pk: int) -> HttpResponse:
    return reply(shown(find_sounded(request, pk)))


@router.post(
    SOUNDING + "/comments",
    **takes(
        _("Comment on a draft"),
        CommentForm,
        gives=SoundingShown,
        status=201,
        example={"step": "benefits", "text": "Which bags are counted?"},
    ),
)
def comment_new(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_sounded(request, pk)
    form = bind(request, CommentForm)

    def deed() -> DraftComment:
        said = form.cleaned_data
        return comment_draft(project, said["text"], step=said["step"], by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _said: shown(project), status=201)


@router.post(
    SOUNDING + "/comments/{int:comment_pk}/answer",
    **takes(_("Say what became of a comment"), AnswerForm, gives=SoundingShown, example={"answer": "Those of hub 4."}),
)
def comment_answer(request: ApiRequest, pk: int, comment_pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    found = get_object_or_404(DraftComment.objects.visible_to(request.user).filter(project=project), pk=comment_pk)
    form = bind(request, AnswerForm)
    return act(
        request,
        form,
        lambda: resolve_comment(found, form.cleaned_data["answer"], by=request.user, now=timezone.now()),
        lambda _resolved: shown(project),
    )


@router.post(
    SOUNDING + "/readers",
    **takes(_("Ask a colleague to read a draft"), ReaderForm, gives=SoundingShown, status=201, example={"person": 7}),
)
def reader_new(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    form = bind(request, ReaderForm, project=project)
    return act(
        request,
        form,
        lambda: invite_reader(project, form.cleaned_data["person"], by=request.user, now=timezone.now()),
        lambda _invited: shown(project),
        status=201,
    )


@router.delete(SOUNDING + "/readers/{int:reader_pk}", **takes(_("Ask a reader no longer"), None, gives=SoundingShown))
def reader_drop(request: ApiRequest, pk: int, reader_pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    found = get_object_or_404(DraftReader.objects.visible_to(request.user).filter(project=project), pk=reader_pk)
    return act(
        request,
        None,
        lambda: uninvite_reader(found, by=request.user, now=timezone.now()),
        lambda _ended: shown(project),
    )
