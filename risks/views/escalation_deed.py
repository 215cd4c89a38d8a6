"""Every deed with a question, by one page with one form and one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from portal.accounts.http import post_once
from portal.accounts.permissions import require
from portal.common.http import page
from risks.actions import agreement, escalation
from risks.escalation_forms import ChooseForm, DisputeForm, PlainForm, ReportForm, WayForm, WithdrawForm, WordForm
from risks.permissions import can_answer_escalation, can_escalate, can_settle_low
from risks.views import question
from risks.views.deed import Words, posted
from risks.views.escalation import find_escalation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrOrPromise

    from portal.accounts.http import PortalRequest
    from portal.accounts.models import User
    from portal.common.components import Link
    from portal.common.forms import PortalForm
    from risks.models import Escalation


@dataclass(frozen=True, slots=True)
class Deed:
    """Who may, what is asked, what is done, and how the page says it."""

    may: Callable[[User, Escalation], bool]
    form: Callable[..., PortalForm]
    act: Callable[..., Escalation]
    words: Words


def owns(user: User, found: Escalation) -> bool:
    return can_escalate(user, found.project)


DEEDS: Mapping[str, Deed] = {
    "agree": Deed(
        can_settle_low,
        WordForm,
        agreement.settle_low,
        Words(
            _("You agree to the proposal?"),
            _("Then it is settled between the two of you, and nobody above is asked."),
            _("I agree"),
            _("Settled between the two of you."),
        ),
    ),
    "up": Deed(
        can_settle_low,
        WordForm,
        escalation.let_it_go_up,
        Words(
            _("Ask the decider now?"),
            _("You do not agree, or it is not yours to settle. A word to it helps whoever decides."),
            _("Ask the decider"),
            _("The decider is asked."),
        ),
    ),
    "decide": Deed(
        can_answer_escalation,
        ChooseForm,
        agreement.decide,
        Words(_("Which way?"), _("The owner is told at once and goes on with it."), _("Decide"), _("Decided.")),
    ),
    "counter": Deed(
        can_answer_escalation,
        WayForm,
        agreement.counter,
        Words(
            _("Propose another way"),
            _("The owner accepts it, or answers."),
            _("Propose it"),
            _("Proposed: the owner accepts it or answers."),
        ),
    ),
    "ratify": Deed(
        can_answer_escalation,
        PlainForm,
        agreement.ratify,
        Words(
            _("Was it agreed like that?"),
            _("It was written down in your name, and counts once you confirm it."),
            _("Confirm it"),
            _("Confirmed."),
        ),
    ),
    "dispute": Deed(
        can_answer_escalation,
        DisputeForm,
        agreement.dispute,
        Words(
            _("It was not agreed like that"),
            _("The question then waits for your answer again."),
            _("Say so"),
            _("Noted: the question waits for your answer."),
        ),
    ),
    "report": Deed(
        owns,
        ReportForm,
        agreement.report,
        Words(
            _("What was answered?"),
            _("It counts once the decider has confirmed it."),
            _("Write it down"),
            _("Written down; the decider is asked to confirm it."),
        ),
    ),
    "accept": Deed(
        owns,
        PlainForm,
        agreement.accept_counter,
        Words(
            _("Accept the counter-proposal?"),
            _("It is agreed then, and you put it into the plan."),
            _("Accept it"),
            _("Agreed."),
        ),
    ),
    "reply": Deed(
        owns,
        WayForm,
        agreement.reply,
        Words(
            _("Answer the counter-proposal"),
            _("The decider is asked again, with your new proposal beside his."),
            _("Answer it"),
            _("The decider is asked again."),
        ),
    ),
    "apply": Deed(
        owns,
        PlainForm,
        agreement.apply,
        Words(
            _("Put what was agreed into the plan?"),
            _("Date, budget and scope are changed as agreed, with the agreement as their reason."),
            _("Put it into the plan"),
            _("It is in the plan."),
        ),
    ),
    "withdraw": Deed(
        owns,
        WithdrawForm,
        escalation.withdraw,
        Words(
            _("Withdraw the question?"),
            _("Nobody is asked any more. Close to the launch the reason is asked, and the launch shows it."),
            _("Withdraw it"),
            _("Withdrawn."),
        ),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_deed(request: PortalRequest, pk: int, escalation_pk: int, deed: str) -> HttpResponse:
    found = find_escalation(request, pk, escalation_pk)
    chosen = DEEDS.get(deed)
    if chosen is None:
        raise Http404
    require(chosen.may(request.user, found), who_may(chosen, found))
    return deed_page(request, found, chosen, "risks/escalation_deed.html", done=found.get_absolute_url())


def deed_page(
    request: PortalRequest, found: Escalation, chosen: Deed, template: str, *, done: str, other: Link | None = None
) -> HttpResponse:
    """The form of one deed, which leads on to `done`; `other` is the deed one may rather want."""
    form = chosen.form(posted(request), escalation=found)
    now = timezone.now()

    def once() -> str:
        chosen.act(found, **values_of(form), by=request.user, now=now)
        messages.success(request, chosen.words.done)
        return done

    status = post_once(request, form, once)
    if isinstance(status, HttpResponse):
        return status
    context = {
        "escalation": found,
        "project": found.project,
        "answer": question.answer_line(found, now),
        "form": form,
        "chooses": isinstance(form, ChooseForm),
        "words": chosen.words,
        "options": question.options_of(found),
        "other": other,
        "place": "decisions",
    }
    return page(request, template, context, status=status)


def values_of(form: PortalForm) -> dict[str, object]:
    """As the action takes them."""
    return form.values() if isinstance(form, WayForm) else form.cleaned_data


def who_may(deed: Deed, found: Escalation) -> _StrOrPromise:
    """The words of a refusal: who could."""
    if deed.may is can_settle_low:
        return _("Only %s can say this.") % (found.counterpart or "")
    if deed.may is can_answer_escalation:
        return agreement.decider_answers(found)
    return escalation.owner_asks(found.project)
