"""Questions put to a decider: the list, the page of one, and putting one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import post_once
from portal.accounts.permissions import require
from portal.common.components import Tab
from portal.common.http import page
from portal.policy.store import value
from projects.models import Project
from projects.views.frame import find_project, frame
from risks import policy
from risks.actions.escalation import RELATED, escalate, owner_asks
from risks.escalation_forms import ChooseForm, EscalateForm
from risks.models import Escalation
from risks.permissions import can_escalate
from risks.views import question
from risks.views.deed import posted

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.http import PortalRequest
    from portal.accounts.models import User
    from risks.querysets import EscalationQuerySet

#: Nobody reads further down; what is due first comes first.
MOST_ROWS = 100
#: The tabs that say how many: what waits, and what the reader waits for.
COUNTED = ("waiting", "mine")


@require_safe
def escalation_list(request: PortalRequest) -> HttpResponse:
    chosen = request.GET.get("view", "")
    views = views_of(request.user)
    chosen = chosen if chosen in views else "waiting"
    found = views[chosen][1].select_related(*RELATED, "project")
    counts = {key: views[key][1].count() for key in COUNTED}
    rows = [question.line_of(row, request.user) for row in found[:MOST_ROWS]]
    context = {
        "rows": rows,
        "heading": heading(counts["waiting"]),
        "tabs": [
            Tab(words, f"?view={key}", is_current=key == chosen, count=counts.get(key))
            for key, (words, _query) in views.items()
        ],
        "place": "decisions",
    }
    return page(request, "risks/escalation_list.html", context)


def views_of(user: User) -> dict[str, tuple[str, EscalationQuerySet]]:
    """Waiting for me; put by me; of my projects, settled ones too; all that are open."""
    seen = Escalation.objects.visible_to(user)
    return {
        "waiting": (_("Waiting for me"), seen.waiting_for(user)),
        "mine": (_("Put by me"), seen.unsettled().filter(asked_by=user)),
        "projects": (
            _("Of my projects"),
            seen.filter(project__in=Project.objects.with_part(user)).order_by("-raised_at", "-pk"),
        ),
        "open": (_("All open ones"), seen.unsettled()),
    }


def heading(waiting: int) -> str:
    """The answer: how many wait for the reader."""
    if not waiting:
        return _("No question waits for you")
    return ngettext("%(count)s question waits for you", "%(count)s questions wait for you", waiting) % {
        "count": waiting
    }


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_new(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_escalate(request.user, project), owner_asks(project))
    now = timezone.now()
    form = EscalateForm(posted(request), project=project, initial=suggested(request, project, now))

    def deed() -> Escalation:
        escalation = escalate(project, **form.values(), by=request.user, now=now)
        messages.success(request, put_words(escalation))
        return escalation

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    context = frame(request, project, "decisions") | {"form": form}
    return page(request, "risks/escalation_new.html", context, status=status)


def put_words(escalation: Escalation) -> str:
    """What is said when it is put: who hears of it first."""
    if escalation.counterpart is not None:
        return _("%(person)s has a working day to settle it with you; then %(decider)s is asked.") % {
            "person": escalation.counterpart,
            "decider": escalation.decider,
        }
    return _("%s is asked.") % escalation.decider


def suggested(request: PortalRequest, project: Project, now: datetime) -> dict[str, Any]:
    """The line it began with, the direct manager, and the working days that an answer is given."""
    day = project.site.calendar().add_working_days(project.local_day(now), value(policy.ESCALATION_REPLY_DAYS))
    return {
        "question": request.GET.get("line", "")[:200],
        "decider": project.owner.manager_id,
        "answer_on": day,
        "risk": request.GET.get("risk", ""),
    }


def find_escalation(request: PortalRequest, pk: int, escalation_pk: int) -> Escalation:
    """A question of exactly this project; what the reader may not know of does not exist."""
    visible = Escalation.objects.visible_to(request.user).filter(project_id=pk)
    return get_object_or_404(visible.select_related(*RELATED, "risk", "agreed_with"), pk=escalation_pk)


@require_safe
def escalation_detail(request: PortalRequest, pk: int, escalation_pk: int) -> HttpResponse:
    escalation = find_escalation(request, pk, escalation_pk)
    now = timezone.now()
    deeds = question.deeds_of(escalation, request.user)
    context = {
        "escalation": escalation,
        "project": escalation.project,
        "answer": question.answer_line(escalation, now),
        "options": question.options_of(escalation),
        "deeds": deeds,
        "form": ChooseForm(escalation=escalation) if deeds.may_decide else None,
        "history": question.history(escalation),
        "changes": list(escalation.changes.all()),
        "place": "decisions",
    }
    return page(request, "risks/escalation_detail.html", context)
