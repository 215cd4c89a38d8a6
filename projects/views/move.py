"""Moving a project on: one page for every transition that a person makes by himself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.components import Condition
from portal.common.errors import Reason
from portal.common.http import page
from projects.actions import stage
from projects.enums import Stage, Tier
from projects.forms.decision import MoveForm
from projects.lifecycle import TRANSITIONS, InvalidTransitionError, Transition, can_follow, process
from projects.permissions import can_move
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from projects.lifecycle import Gate
    from projects.models import Project


@dataclass(frozen=True, slots=True)
class Words:
    """How a transition is asked for, done and left alone."""

    question: _StrOrPromise
    button: _StrOrPromise
    keep: _StrOrPromise
    done: _StrOrPromise


T = Transition
WORDS: Mapping[Transition, Words] = {
    T.WITHDRAW: Words(
        gettext_lazy("Take the submission back? Nobody is asked any longer, and the pitch is a draft again."),
        gettext_lazy("Take it back"),
        gettext_lazy("Leave it submitted"),
        gettext_lazy("Taken back: the pitch is a draft again."),
    ),
    T.REVISE: Words(
        gettext_lazy("Take the pitch up again? It becomes a draft, and can be submitted anew."),
        gettext_lazy("Revise the pitch"),
        gettext_lazy("Leave it as it is"),
        gettext_lazy("The pitch is a draft again."),
    ),
    T.START: Words(
        gettext_lazy("Start delivery? Dates, budget and metric are frozen then as what was approved."),
        gettext_lazy("Start delivery"),
        gettext_lazy("Not yet"),
        gettext_lazy("Delivery has started."),
    ),
    T.HOLD: Words(
        gettext_lazy("Put the project on hold? Its stage is kept, and nobody is reminded of the launch meanwhile."),
        gettext_lazy("Put it on hold"),
        gettext_lazy("Go on"),
        gettext_lazy("The project is on hold."),
    ),
    T.RESUME: Words(
        gettext_lazy("Resume the project? It goes back to where it was held."),
        gettext_lazy("Resume"),
        gettext_lazy("Keep it on hold"),
        gettext_lazy("The project goes on."),
    ),
    T.LAUNCH: Words(
        gettext_lazy("Launch? From then on a retro and one number are owed."),
        gettext_lazy("Launch"),
        gettext_lazy("Not yet"),
        gettext_lazy("Launched. A retro is owed now, and one number."),
    ),
    T.ROLL_BACK: Words(
        gettext_lazy("Roll the launch back? The project is in delivery again; the retro stays owed."),
        gettext_lazy("Roll it back"),
        gettext_lazy("Leave it launched"),
        gettext_lazy("Rolled back: the project is in delivery again."),
    ),
    T.CLOSE: Words(
        gettext_lazy("Close the project? What was promised then stands beside what came."),
        gettext_lazy("Close the project"),
        gettext_lazy("Not yet"),
        gettext_lazy("The project is closed."),
    ),
    T.CANCEL: Words(
        gettext_lazy("Cancel the project? Its resources are free again."),
        gettext_lazy("Cancel the project"),
        gettext_lazy("Keep it"),
        gettext_lazy("The project is cancelled."),
    ),
}
#: A condition that is met, by the name of its gate: a gate itself only says what is missing.
MET: Mapping[str, _StrOrPromise] = {
    "approval_stands": gettext_lazy("The approval stands"),
    "review_held": gettext_lazy("A review was held"),
    "review_passed": gettext_lazy("A review was held and passed"),
    "two_reviews_passed": gettext_lazy("Two reviews were held and passed"),
    "go_live_passed": gettext_lazy("No go-live review is open or failed"),
    "risks_answered": gettext_lazy("Every risk above the line has an answer"),
    "metric_pledged": gettext_lazy("The metric has a baseline and a target"),
    "deferred_listed": gettext_lazy("What is left out is listed, or “none” is confirmed"),
    "no_open_escalation": gettext_lazy("No question waits for an answer"),
    "retro_settled": gettext_lazy("The retro is held or waived"),
    "measured_after_launch": gettext_lazy("The number after launch is in"),
    "pitch_complete": gettext_lazy("The pitch is complete"),
    "screened": gettext_lazy("The screening questions are answered"),
    "options_weighed": gettext_lazy("A low-cost option stands beside the full one"),
    "nothing_weighed": gettext_lazy("It is said what happens if nothing is done"),
    "has_approver": gettext_lazy("Somebody above you can decide"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PortalRequest, pk: int, transition: str) -> HttpResponse:
    project = find_project(request, pk)
    wanted = transition_named(transition)
    require(can_move(request.user, project, wanted), who_may(project, wanted))
    asks_reason = wanted in stage.NEEDS_REASON
    form = MoveForm(request.POST or None, initial={"version": project.version}, asks_reason=asks_reason)
    if request.method == "GET" and not can_follow(Stage(project.stage), wanted):
        raise InvalidTransitionError(Stage(project.stage), wanted)

    def deed() -> str:
        stage.move(project, wanted, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, WORDS[wanted].done)
        return project.get_absolute_url()

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    found = conditions(project, wanted, request, timezone.now())
    context = frame(request, project, "overview", question(project, wanted, found)) | {
        "form": form,
        "words": WORDS[wanted],
        "conditions": found,
        "notices": notices(project, wanted, request, timezone.now()),
        "asks_reason": asks_reason,
    }
    return page(request, "projects/project_move.html", context, status=status)


def transition_named(name: str) -> Transition:
    """A transition that has this page; submitting has the pitch, deciding has the decision screen."""
    try:
        found = Transition(name)
    except ValueError:
        raise Http404 from None
    if found not in WORDS:
        raise Http404
    return found


def who_may(project: Project, transition: Transition) -> str:
    if transition == Transition.CANCEL:
        return _("Only the owner or his manager can cancel it. The owner is %s.") % project.owner
    return _("Only the owner can do this. The owner is %s.") % project.owner


def question(project: Project, transition: Transition, found: Sequence[Condition | Reason]) -> _StrOrPromise:
    """The line under the title: what is asked, or how much is still missing."""
    missing = sum(isinstance(condition, Reason) for condition in found)
    if missing:
        return ngettext(
            "%(deed)s: %(count)s condition is still missing.",
            "%(deed)s: %(count)s conditions are still missing.",
            missing,
        ) % {"deed": WORDS[transition].button, "count": missing}
    if transition == Transition.CANCEL and project.stage in {Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD}:
        return _("Cancel the project? A retro will be owed, because it was approved; its resources are free again.")
    return WORDS[transition].question


def conditions(
    project: Project, transition: Transition, request: PortalRequest, now: datetime
) -> list[Condition | Reason]:
    """Each gate of the transition: met, or what is missing with the page that mends it."""
    if project.stage not in TRANSITIONS[transition].sources:
        return []
    gates = process().rules[transition].gates[Tier(project.tier)]
    return [condition for gate in gates for condition in asked_of(gate, project, request, now)]


def notices(project: Project, transition: Transition, request: PortalRequest, now: datetime) -> list[Reason]:
    """What one should know before, and what does not refuse it."""
    if project.stage not in TRANSITIONS[transition].sources:
        return []
    return [words for notice in process().rules[transition].notices for words in notice(project, request.user, now)]


def asked_of(gate: Gate, project: Project, request: PortalRequest, now: datetime) -> Sequence[Condition | Reason]:
    words = MET.get(getattr(gate, "__name__", ""))
    met = [Condition(words, is_met=True)] if words else []
    return list(gate(project, request.user, now)) or met
