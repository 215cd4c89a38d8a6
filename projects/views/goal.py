"""Goals by quarter: their key results, the projects that serve them, and carrying them over."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.components import Tab
from portal.common.forms import PortalForm
from portal.common.http import attempt, leave_to, page
from projects.actions.goal import WHO_MAY, carry_over, drop_key_result, edit_goal, set_goal, set_key_result
from projects.filters import QuarterFilter
from projects.forms.product import GoalEditForm, GoalForm, KeyResultForm
from projects.models import Goal, KeyResult, Product, Project
from projects.permissions import can_keep_goals
from projects.quarters import later, quarter_of
from projects.summaries import goal_rows
from projects.views.change import last_changed_by
from projects.views.product import LATEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projects.summaries import GoalRow

#: So many of the latest quarters stand above the list; an older one is reached by its address.
QUARTERS = 6
FIELDS = ("objective", "quarter", "owner", "version")


@require_safe
def goals(request: PortalRequest) -> HttpResponse:
    asked = QuarterFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    now = quarter_of(timezone.localdate())
    every = Goal.objects.visible_to(request.user)
    quarters = sorted({now, *every.order_by("-quarter").values_list("quarter", flat=True).distinct()[:QUARTERS]})
    chosen = asked.cleaned_data["quarter"] or now
    rows = goal_rows(request.user, list(every.filter(quarter=chosen).select_related("owner")))
    context = {
        "rows": rows,
        "quarter": chosen,
        "heading": heading(rows, chosen),
        "tabs": [Tab(one, address(one), is_current=one == chosen) for one in reversed(quarters)],
        "may": can_keep_goals(request.user),
    }
    return page(request, "projects/goal_list.html", context)


def address(quarter: str) -> str:
    return f"{reverse('projects:goals')}?{urlencode({'quarter': quarter})}"


def heading(rows: Sequence[GoalRow], quarter: str) -> str:
    """The answer: how many goals the quarter has, and how many key results of them are reached."""
    if not rows:
        return _("No goal is set for %(quarter)s") % {"quarter": quarter}
    words = ngettext("%(count)s goal in %(quarter)s", "%(count)s goals in %(quarter)s", len(rows))
    words %= {"count": len(rows), "quarter": quarter}
    key_results = [one for row in rows for one in row.key_results]
    if not key_results:
        return _("%(goals)s, none with a key result yet") % {"goals": words}
    return _("%(goals)s, %(reached)s of %(total)s key results reached") % {
        "goals": words,
        "reached": sum(one.is_reached for one in key_results),
        "total": len(key_results),
    }


@require_safe
def goal(request: PortalRequest, pk: int) -> HttpResponse:
    return show(request, find_goal(request, pk))


def find_goal(request: PortalRequest, pk: int) -> Goal:
    found = Goal.objects.visible_to(request.user).select_related("owner__department", "carried_from", "carried_to")
    return get_object_or_404(found, pk=pk)


def show(
    request: PortalRequest,
    found: Goal,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    form: KeyResultForm | None = None,
    refused: PortalForm | None = None,
) -> HttpResponse:
    """The page; a form that was refused stands as it was typed."""
    row = goal_rows(request.user, [found])[0]
    context = {
        "goal": found,
        "row": row,
        "answer": answer(row),
        "projects": Project.objects.visible_to(request.user)
        .filter(goal=found)
        .select_related("owner", "product")[:LATEST],
        "products": Product.objects.visible_to(request.user).filter(goal=found)[:LATEST],
        "carried_to": getattr(found, "carried_to", None),
        "next_quarter": later(found.quarter),
        "list_url": address(found.quarter),
        "form": form or KeyResultForm(),
        "refused": refused,
        "may": can_keep_goals(request.user),
    }
    return page(request, "projects/goal_detail.html", context, status=status)


def answer(row: GoalRow) -> str:
    """How far it is, and who works for it."""
    count = row.work.total
    serve = (
        ngettext("%(count)s project serves it", "%(count)s projects serve it", count) % {"count": count}
        if count
        else _("No project serves it yet")
    )
    if not row.key_results:
        return _("%(quarter)s. %(serve)s; how it is measured is not said yet.") % {
            "quarter": row.goal.quarter,
            "serve": serve,
        }
    return _("%(quarter)s. %(serve)s; %(reached)s of %(total)s key results reached.") % {
        "quarter": row.goal.quarter,
        "serve": serve,
        "reached": sum(one.is_reached for one in row.key_results),
        "total": len(row.key_results),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: PortalRequest) -> HttpResponse:
    require(can_keep_goals(request.user), WHO_MAY)
    today, is_sent = timezone.localdate(), request.method == "POST"
    initial = {"owner": request.user.pk, "quarter": quarter_of(today)}
    form = GoalForm(request.POST if is_sent else None, initial=initial, today=today)

    def deed() -> Goal:
        added = set_goal(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("The goal is set. Say now how it is measured."))
        return added

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    context = {"form": form, "here": reverse("projects:goal_new"), "back": reverse("projects:goals")}
    return page(request, "projects/goal_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def goal_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    require(can_keep_goals(request.user), WHO_MAY)
    form = edit_form(request, found)
    status: HTTPStatus | None = HTTPStatus.OK
    if form.is_bound:
        status = attempt(
            form,
            lambda: edit_goal(found, **form.cleaned_data, by=request.user, now=timezone.now()),
            saved_by=last_changed_by,
        )
        if status is None:
            messages.success(request, _("Saved."))
            return leave_to(request, found)
    here = reverse("projects:goal_edit", args=[found.pk])
    context = {"form": form, "goal": found, "here": here, "back": found.get_absolute_url()}
    return page(request, "projects/goal_edit.html", context, status=status)


def edit_form(request: PortalRequest, found: Goal) -> GoalEditForm:
    return GoalEditForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(found, name) for name in FIELDS},
        today=timezone.localdate(),
        also=found.quarter,
        owner=found.owner_id,
    )


@require_POST
def key_result_set(request: PortalRequest, pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    require(can_keep_goals(request.user), WHO_MAY)
    form = KeyResultForm(request.POST)

    def deed() -> Goal:
        metric, target = form.cleaned_data["metric"], form.cleaned_data["target"]
        set_key_result(found, metric, target=target / metric.scale, by=request.user, now=timezone.now())
        messages.success(request, _("The goal is measured by it."))
        return found

    answered = post_once(request, form, deed)
    return show(request, found, answered, form=form) if isinstance(answered, HTTPStatus) else answered


@require_POST
def key_result_drop(request: PortalRequest, pk: int, key_result_pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    require(can_keep_goals(request.user), WHO_MAY)
    # Dropped a moment ago, by the same button or by somebody else: what was wanted is so.
    key_result = KeyResult.objects.filter(goal=found, pk=key_result_pk).first()
    if key_result is not None:
        drop_key_result(key_result, by=request.user, now=timezone.now())
        messages.success(request, _("The goal is measured by it no longer."))
    return leave_to(request, found)


@require_POST
def goal_carry_over(request: PortalRequest, pk: int) -> HttpResponse:
    found = find_goal(request, pk)
    require(can_keep_goals(request.user), WHO_MAY)
    form = PortalForm(request.POST)

    def deed() -> Goal:
        carried = carry_over(found, by=request.user, now=timezone.now())
        messages.success(request, _("Carried over into %(quarter)s.") % {"quarter": carried.quarter})
        return carried

    answered = post_once(request, form, deed)
    return show(request, found, answered, refused=form) if isinstance(answered, HTTPStatus) else answered
