"""Sounding out a draft: colleagues whom the owner asked read it and comment; the owner resolves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import attempt, leave_to, page
from projects.actions.pitch import content_of
from projects.actions.sounding import comment_draft, invite_reader, resolve_comment, uninvite_reader
from projects.forms.sounding import AnswerForm, CommentForm, ReaderForm
from projects.models import DraftComment, DraftReader
from projects.permissions import can_comment, can_edit_pitch
from projects.views.case import case_context
from projects.views.frame import find_project, frame
from projects.views.steps import find_draft

if TYPE_CHECKING:
    from http import HTTPStatus

    from projects.models import Project


def url_of_sounding(project: Project) -> str:
    return reverse("projects:sounding", args=[project.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def sounding(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(
        can_comment(request.user, project), _("Those whom %s asked to read the draft comment on it.") % project.owner
    )
    form = CommentForm(request.POST if request.method == "POST" else None)

    def deed() -> str:
        comment_draft(
            project, form.cleaned_data["text"], step=form.cleaned_data["step"], by=request.user, now=timezone.now()
        )
        messages.success(request, _("Said. Nothing is decided by it."))
        return url_of_sounding(project)

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return sounding_page(request, project, {"form": form}, status)


@require_POST
def sounding_invite(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    form = ReaderForm(request.POST, project=project)

    def deed() -> None:
        person = form.cleaned_data["person"]
        invite_reader(project, person, by=request.user, now=timezone.now())
        messages.success(request, _("%s is asked to read it.") % person)

    status = attempt(form, deed)
    if status is None:
        return leave_to(request, url_of_sounding(project))
    return sounding_page(request, project, {"reader_form": form}, status)


@require_POST
def sounding_end(request: PortalRequest, pk: int, reader_pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    reader = get_object_or_404(DraftReader.objects.visible_to(request.user).filter(project=project), pk=reader_pk)
    uninvite_reader(reader, by=request.user, now=timezone.now())
    return leave_to(request, url_of_sounding(project))


@require_POST
def comment_resolve(request: PortalRequest, pk: int, comment_pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    comment = get_object_or_404(DraftComment.objects.visible_to(request.user).filter(project=project), pk=comment_pk)
    form = AnswerForm(request.POST, prefix=f"comment-{comment.pk}")

    def deed() -> None:
        resolve_comment(comment, form.cleaned_data["answer"], by=request.user, now=timezone.now())

    status = attempt(form, deed)
    if status is None:
        return leave_to(request, url_of_sounding(project))
    return sounding_page(request, project, {"answered": (comment.pk, form)}, status)


def sounding_page(
    request: PortalRequest, project: Project, forms: dict[str, Any], status: HTTPStatus | None
) -> HttpResponse:
    """The draft with what is said of it; the forms of the owner and of the readers."""
    comments = list(DraftComment.objects.filter(project=project).select_related("author"))
    readers = list(DraftReader.objects.filter(project=project).select_related("person"))
    is_writer = can_edit_pitch(request.user, project) and project.is_draft
    bound = dict([forms["answered"]]) if "answered" in forms else {}
    context = frame(request, project, "pitch", said(project, readers, comments)) | {
        "form": forms.get("form") or CommentForm(),
        "reader_form": forms.get("reader_form") or ReaderForm(project=project),
        "rows": [(one, bound.get(one.pk) or AnswerForm(prefix=f"comment-{one.pk}")) for one in comments],
        "readers": readers,
        "is_writer": is_writer,
        **case_context(content_of(project)),
    }
    return page(request, "projects/sounding.html", context, status=status)


def said(project: Project, readers: list[DraftReader], comments: list[DraftComment]) -> str:
    """The answer of the page: how far the sounding is."""
    if not project.is_draft:
        return _("The draft was submitted; what was said of it stays here and goes to no approver.")
    waiting = sum(comment.resolved_at is None for comment in comments)
    if waiting:
        words = ngettext("%(count)s comment is open.", "%(count)s comments are open.", waiting)
        return words % {"count": waiting}
    if not readers:
        return _("Ask a colleague before you ask for a decision: no clock runs, nothing is decided.")
    return _("No comment is open.")
