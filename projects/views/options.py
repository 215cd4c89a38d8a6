"""The options of a pitch in steps: what each is, which is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.common.http import attempt, leave_to, page
from projects.actions.options import add_option, drop_option, prefer_option, save_option
from projects.enums import OptionKind, PitchStep, Stage
from projects.forms.steps import OptionForm
from projects.models import Option
from projects.steps import url_of
from projects.views.change import last_changed_by
from projects.views.steps import around, find_draft, press

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse
    from django.utils.functional import _StrOrPromise

    from portal.accounts.http import PortalRequest
    from projects.models import Project

#: What a button of an option does.
DEEDS: Mapping[str, Callable[..., object]] = {"prefer": prefer_option, "drop": drop_option}
WHY: Mapping[OptionKind, _StrOrPromise] = {
    OptionKind.FULL: gettext_lazy("All of it. Its benefits and costs are what the low-cost option starts from."),
    OptionKind.LOW_COST: gettext_lazy(
        "What brings most of it with little: by hand, for some, without the rare cases. It has the lines of the full "
        "one, and only what differs is written."
    ),
    OptionKind.NOTHING: gettext_lazy("What happens if it is left as it is: the measure of the other two."),
}


@dataclass(frozen=True, slots=True)
class OptionCard:
    """A kind of option with its form, or with the way to add it."""

    kind: OptionKind
    why: _StrOrPromise
    option: Option | None
    form: OptionForm | None


def option_named(project: Project, kind: str) -> Option:
    option = Option.objects.select_related("project").filter(project=project, kind=kind).first()
    if option is None:
        raise Http404
    return option


def cards(project: Project, form: OptionForm | None = None) -> dict[str, Any]:
    """Every kind of option, in the order in which one thinks of them; `form` is what was typed into one of them."""
    found = {option.kind: option for option in Option.objects.filter(project=project).select_related("project")}
    shown = []
    for kind, why in WHY.items():
        option = found.get(kind)
        typed = form if form is not None and form.option == option else None
        shown.append(OptionCard(kind, why, option, typed or (OptionForm(option=option) if option else None)))
    return {"cards": shown}


@require_safe
def pitch_options(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    if project.stage != Stage.DRAFT:
        return leave_to(request, project)
    return page(request, "projects/step_options.html", around(request, project, PitchStep.OPTIONS) | cards(project))


@require_POST
def option_save(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    project = find_draft(request, pk)
    form = OptionForm(request.POST, option=option_named(project, kind))

    def deed() -> None:
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        version = form.cleaned_data["version"]
        save_option(form.option, values, version=version, by=request.user, now=timezone.now())

    status = attempt(form, deed, saved_by=last_changed_by)
    if status is None:
        messages.success(request, _("Saved."))
        return leave_to(request, url_of(project, PitchStep.OPTIONS))
    context = around(request, project, PitchStep.OPTIONS) | cards(project, form)
    return page(request, "projects/step_options.html", context, status=status)


@require_POST
def option_add(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    project = find_draft(request, pk)
    if kind not in OptionKind.values:
        raise Http404

    def deed() -> None:
        add_option(project, OptionKind(kind), version=project.version, by=request.user, now=timezone.now())

    return press(request, project, PitchStep.OPTIONS, deed, cards(project))


@require_POST
def option_deed(request: PortalRequest, pk: int, kind: str, deed: str) -> HttpResponse:
    project = find_draft(request, pk)
    option, act = option_named(project, kind), DEEDS.get(deed)
    if act is None:
        raise Http404

    def do() -> None:
        act(option, version=project.version, by=request.user, now=timezone.now())

    return press(request, project, PitchStep.OPTIONS, do, cards(project))
