"""The library of lessons, one lesson, and the lessons that a pitch meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.lists import asked_of
from portal.accounts.permissions import require
from portal.common.http import page
from portal.common.lists import Listing
from projects.models import Project
from projects.views.frame import find_project, frame
from retros import headings
from retros.actions.adoption import Promise, answer_lesson
from retros.actions.retro import only_owner
from retros.enums import LessonAnswer
from retros.filters import LessonFilter
from retros.forms import AdoptForm, LessonAnswerForm
from retros.lessons import met_by
from retros.models import Lesson, LessonUse
from retros.permissions import can_answer_lesson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retros.lessons import Met


@require_safe
def lessons(request: PortalRequest) -> HttpResponse:
    asked = asked_of(request, LessonFilter, timezone.now())
    fitting = asked.fits(Lesson.objects.visible_to(request.user))
    counts = {"all": fitting.count(), "adopted": fitting.adopted(request.user).count()}
    shown = asked.in_view(fitting).select_related("project").prefetch_related("tags")
    projects = fitting.order_by().values("project").distinct().count()
    context = {
        "listing": Listing(asked, asked.page_of(shown, counts[asked.chosen_view]), counts),
        "heading": headings.of_lessons(counts["all"], projects, asked.cleaned_data["q"]),
    }
    return page(request, "retros/lesson_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lesson_page(request: PortalRequest, lesson_pk: int) -> HttpResponse:
    """One lesson: where it comes from, where it was adopted; posting adopts it for a project of one's own."""
    found = Lesson.objects.visible_to(request.user).select_related("project__product", "retro")
    lesson = get_object_or_404(found, pk=lesson_pk)
    form = AdoptForm(request.POST or None, reader=request.user, lesson=lesson, auto_id="adopt_%s")
    status = post_once(request, form, lambda: adopt(request, lesson, form))
    if isinstance(status, HttpResponse):
        return status
    uses = LessonUse.objects.visible_to(request.user).filter(lesson=lesson, answer=LessonAnswer.ADOPTED)
    context = {
        "lesson": lesson,
        "tags": list(lesson.tags.all()),
        "uses": list(uses.select_related("project", "follow_up")),
        "form": form,
        "may_adopt": form.fields["project"].queryset.exists(),
        "place": "lessons",
    }
    return page(request, "retros/lesson_detail.html", context, status=status)


def adopt(request: PortalRequest, lesson: Lesson, form: AdoptForm) -> str:
    given = form.cleaned_data
    answer_lesson(
        lesson,
        given["project"],
        LessonAnswer.ADOPTED,
        note=given["note"],
        promise=Promise(given["owner"], given["due_on"]) if given["owner"] else None,
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Adopted for “%s”.") % given["project"])
    return f"{lesson.get_absolute_url()}#adopted"


@require_safe
def pitch_lessons(request: PortalRequest, pk: int) -> HttpResponse:
    """What earlier projects of the product learnt: a page, or the few most relevant ones as a part of the pitch."""
    return show_met(request, find_project(request, pk))


@require_POST
def lesson_answer(request: PortalRequest, pk: int, lesson_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user), pk=lesson_pk)
    require(can_answer_lesson(request.user, project), only_owner(project))
    form = LessonAnswerForm(request.POST, auto_id=f"lesson_{lesson.pk}_%s")

    def deed() -> str:
        answer = LessonAnswer(form.cleaned_data["answer"])
        note = form.cleaned_data["note"]
        answer_lesson(lesson, project, answer, note=note, by=request.user, now=timezone.now())
        return f"{reverse('retros:pitch_lessons', args=[project.pk])}#lesson-{lesson.pk}"

    answer = post_once(request, form, deed)
    if isinstance(answer, HttpResponse):
        return answer
    return show_met(request, project, status=answer, refused=(lesson.pk, form))


def show_met(
    request: PortalRequest,
    project: Project,
    *,
    status: int | None = None,
    refused: tuple[int, LessonAnswerForm] | None = None,
) -> HttpResponse:
    """The lessons with their forms; the refused one keeps what was typed."""
    found = met_by(project, request.user)
    may = can_answer_lesson(request.user, project) and Project.objects.running().filter(pk=project.pk).exists()
    rows = [(met, form_for(met, refused) if may else None) for met in found]
    context = frame(request, project, "pitch", answer_of(found)) | {"rows": rows, "total": len(found), "may": may}
    return page(request, "retros/pitch_lessons.html", context, status=status, fragment="retros/_pitch_lessons.html")


def form_for(met: Met, refused: tuple[int, LessonAnswerForm] | None) -> LessonAnswerForm:
    if refused is not None and refused[0] == met.lesson.pk:
        return refused[1]
    initial = {"answer": met.use.answer, "note": met.use.note} if met.use else {}
    return LessonAnswerForm(initial=initial, auto_id=f"lesson_{met.lesson.pk}_%s")


def answer_of(found: Sequence[Met]) -> str:
    """How many there are, and how many of them wait for an answer."""
    waiting = sum(met.is_asked and met.use is None for met in found)
    if waiting:
        words = ngettext(
            "%(count)d lesson of this product waits for your answer.",
            "%(count)d lessons of this product wait for your answer.",
            waiting,
        )
        return words % {"count": waiting}
    if not found:
        return _("No other project of this product has left a lesson yet.")
    words = ngettext("%(count)d lesson of this product.", "%(count)d lessons of this product.", len(found))
    return words % {"count": len(found)}
