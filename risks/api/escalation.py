"""Questions put to a decider, and every deed with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.permissions import require
from projects.api.shown import ProjectNamedShown
from projects.views.frame import find_project
from risks.actions.escalation import RELATED, escalate, owner_asks
from risks.api.filters import EscalationFilter
from risks.api.shown import DeedShown, EscalationRow, EscalationShown, WayShown
from risks.escalation_forms import EscalateForm, WayForm, answer_asked, ways_asked
from risks.models import Escalation
from risks.permissions import can_escalate
from risks.views.escalation import find_escalation, suggested
from risks.views.escalation_deed import DEEDS, values_of, who_may
from risks.views.question import waits_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from django.http import HttpResponse
    from django.utils.functional import _StrOrPromise

    from portal.common.forms import PortalForm
    from risks.views.escalation_deed import Deed

router = Router(tags=["escalations"])
QUESTIONS = "/projects/{code:pk}/escalations"
QUESTION = QUESTIONS + "/{int:escalation_pk}"
PLAIN: Final = ("id", "question", "state", "is_reported", "raised_at", "private_until", "asked_at", "answer_by")
MORE: Final = ("background", "level", "agreed_at", "ratified_at", "closed_at", "why_withdrawn")

#: What each deed of the page is called here, and an example of its body.
SUMMARIES: Mapping[str, tuple[_StrOrPromise, dict[str, str | int]]] = {
    "agree": (_("Agree to the proposal, between the two"), {"note": "Until the scanners are here."}),
    "up": (_("Ask the decider now"), {"note": "It is not mine to settle."}),
    "decide": (_("Choose one of the ways"), {"option": 12, "note": "Until Friday."}),
    "counter": (_("Propose another way"), {"way_title": "Bring them in spring", "way_days": "10"}),
    "ratify": (_("Confirm what another wrote down"), {}),
    "dispute": (_("Say that it was not agreed like that"), {"note": "I said next month."}),
    "report": (_("Write down what the decider said"), {"option": 12, "note": "On the phone on Tuesday."}),
    "accept": (_("Accept the counter-proposal"), {}),
    "reply": (_("Answer the counter-proposal with another one"), {"way_title": "Half of them now"}),
    "apply": (_("Put what was agreed into the plan"), {}),
    "withdraw": (_("Withdraw the question"), {"reason": "It has settled itself."}),
}


@router.get("/escalations", **lists(_("List questions"), EscalationFilter, EscalationRow))
def escalations(request: ApiRequest) -> HttpResponse:
    rows = Escalation.objects.visible_to(request.user).select_related(*RELATED, "project__owner")
    return listed(request, EscalationFilter, rows, lambda found: EscalationRow(**_row(found)))


@router.post(
    QUESTIONS,
    **takes(
        _("Put a question, with a proposal"),
        EscalateForm,
        gives=EscalationShown,
        status=201,
        is_partial=True,
        also=ways_asked(),
        example={"question": "May the small hubs wait?", "proposal_title": "Bring them in spring", "decider": 3},
    ),
)
def escalation_new(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_escalate(request.user, project), owner_asks(project))
    form = bind(request, EscalateForm, project=project, initial=suggested(request, project, timezone.now()))
    return act(
        request,
        form,
        lambda: escalate(project, **form.values(), by=request.user, now=timezone.now()),
        lambda made: shown(request, pk, made.pk),
        status=201,
    )


@router.get(QUESTION, **gives(_("One question"), EscalationShown))
def escalation(request: ApiRequest, pk: int, escalation_pk: int) -> HttpResponse:
    return reply(shown(request, pk, escalation_pk))


def asks(deed: Deed) -> bool:
    """Whether it is more than a button."""
    form: Any = deed.form
    return bool(form.base_fields)


def operation(name: str, deed: Deed) -> Callable[..., HttpResponse]:
    """One deed of the page as an operation of the API."""

    def done(request: ApiRequest, pk: int, escalation_pk: int) -> HttpResponse:
        found = find_escalation(request, pk, escalation_pk)
        require(deed.may(request.user, found), who_may(deed, found))
        kind: Any = deed.form
        form: PortalForm | None = bind(request, kind, escalation=found) if asks(deed) else None
        return act(
            request,
            form,
            lambda: deed.act(found, **(values_of(form) if form else {}), by=request.user, now=timezone.now()),
            lambda _done: shown(request, pk, escalation_pk),
        )

    done.__name__ = f"escalation_{name}"
    return done


for _name, _deed in DEEDS.items():
    _summary, _example = SUMMARIES[_name]
    _form: Any = _deed.form if asks(_deed) else None
    _also = answer_asked() if _deed.form is WayForm else None
    _taken = takes(_summary, _form, gives=EscalationShown, also=_also, example=_example)
    router.post(f"{QUESTION}/{_name}", **_taken)(operation(_name, _deed))


def _row(found: Escalation) -> dict[str, Any]:
    waiting = waits_for(found)
    return {name: getattr(found, name) for name in PLAIN} | {
        "project": ProjectNamedShown.of(found.project),
        "asked_by": PersonShown.of(found.asked_by),
        "decider": PersonShown.of(found.decider),
        "counterpart": PersonShown.of(found.counterpart) if found.counterpart else None,
        "waits_for": PersonShown.of(waiting) if waiting else None,
    }


def shown(request: ApiRequest, pk: int, escalation_pk: int) -> EscalationShown:
    """One question as it is now."""
    found = find_escalation(request, pk, escalation_pk)
    history = found.history.select_related("actor")
    return EscalationShown(
        **_row(found),
        **{name: getattr(found, name) for name in MORE},
        risk=found.risk_id,
        chosen=found.chosen_id,
        agreed_with=PersonShown.of(found.agreed_with) if found.agreed_with else None,
        reported_by=PersonShown.of(found.reported_by) if found.reported_by else None,
        ways=[WayShown.of(one) for one in found.options.all()],
        history=[DeedShown.of(one) for one in history],
    )
