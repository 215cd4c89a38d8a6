"""Follow-ups: what was promised, and how it went on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count
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
from projects.actions.follow_ups import NEXT, STILL_OWED, carry_over, change_follow_up, require_change
from projects.enums import FollowUpState
from projects.filters import FollowUpFilter
from projects.forms.delivery import CarryOverForm, FollowUpForm
from projects.models import FollowUp
from projects.permissions import can_change_follow_up
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from http import HTTPStatus

    from projects.models import Project


@require_safe
def all_follow_ups(request: PortalRequest) -> HttpResponse:
    asked = asked_of(request, FollowUpFilter, timezone.now())
    fitting = asked.fits(FollowUp.objects.visible_to(request.user))
    counts = fitting.aggregate(**{view: Count("pk", filter=asked.condition(view)) for view in asked.views})
    shown = asked.in_view(fitting).select_related("project__site", "owner")
    context = {
        "listing": Listing(asked, asked.page_of(shown, counts[asked.chosen_view]), counts),
        "heading": heading(counts),
        "still_owed": STILL_OWED,
    }
    return page(request, "projects/all_follow_ups.html", context)


def heading(counts: Mapping[str, int]) -> str:
    """What the reader himself promised."""
    if not counts["mine"]:
        return _("You owe no follow-up")
    return ngettext("You owe %(count)d follow-up", "You owe %(count)d follow-ups", counts["mine"]) % {
        "count": counts["mine"]
    }


@require_safe
def follow_ups(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    found = list(FollowUp.objects.filter(project=project).select_related("owner").order_by("closed_at", "due_on", "pk"))
    context = frame(request, project, "retro", summary(found)) | {"follow_ups": found, "still_owed": STILL_OWED}
    return page(request, "projects/follow_up_list.html", context)


def summary(found: Sequence[FollowUp]) -> str:
    """How many are open."""
    count = sum(item.state in STILL_OWED for item in found)
    if not count:
        return _("No follow-up is open.")
    return ngettext("%(count)s follow-up is open.", "%(count)s follow-ups are open.", count) % {"count": count}


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: PortalRequest, pk: int, follow_up_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    item = find_follow_up(project, follow_up_pk)
    may = can_change_follow_up(request.user, item)
    form = FollowUpForm(request.POST or None, states=next_states(item), initial={"note": item.note})

    def deed() -> str:
        state = FollowUpState(form.cleaned_data["state"])
        change_follow_up(item, state, note=form.cleaned_data["note"], by=request.user, now=timezone.now())
        messages.success(request, _("Follow-up: %(state)s.") % {"state": state.label})
        return reverse("projects:follow_ups", args=[project.pk])

    if request.method == "POST":
        require(may, _("Only %s or the owner of the project moves it.") % item.owner)
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return show(request, item, form, status=status)


@require_POST
def carry(request: PortalRequest, pk: int, follow_up_pk: int) -> HttpResponse:
    """A later day, with the count of how often."""
    item = find_follow_up(find_project(request, pk), follow_up_pk)
    require_change(item, request.user)
    later = CarryOverForm(request.POST, auto_id="later_%s")

    def deed() -> str:
        carry_over(item, later.cleaned_data["due_on"], by=request.user, now=timezone.now())
        messages.success(request, _("Carried over."))
        return reverse("projects:follow_up", args=[item.project_id, item.pk])

    answer = post_once(request, later, deed)
    if isinstance(answer, HttpResponse):
        return answer
    form = FollowUpForm(states=next_states(item), initial={"note": item.note})
    return show(request, item, form, status=answer, later=later)


def show(
    request: PortalRequest,
    item: FollowUp,
    form: FollowUpForm,
    *,
    status: HTTPStatus | None = None,
    later: CarryOverForm | None = None,
) -> HttpResponse:
    """The page of one, whichever of its forms is being answered."""
    context = frame(request, find_project(request, item.project_id), "retro", item.title) | {
        "item": item,
        "form": form,
        "may": can_change_follow_up(request.user, item),
        "later": (later or CarryOverForm(auto_id="later_%s")) if item.state in STILL_OWED else None,
    }
    return page(request, "projects/follow_up_detail.html", context, status=status)


def find_follow_up(project: Project, pk: int) -> FollowUp:
    return get_object_or_404(FollowUp.objects.select_related("owner", "project__owner"), project=project, pk=pk)


def next_states(item: FollowUp) -> list[FollowUpState]:
    """Where it can go from here, in the order of its life."""
    reachable = NEXT[FollowUpState(item.state)]
    return [state for state in FollowUpState if state in reachable]
