"""Writing a pitch: its values, its options, and what each option brings and takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, reply, takes, version_in
from portal.accounts.permissions import require
from portal.common.forms import VersionedForm
from projects.actions.options import (
    add_option,
    drop_option,
    prefer_option,
    remove_line,
    save_benefit_line,
    save_cost_line,
    save_option,
)
from projects.actions.pitch import save_pitch
from projects.api.shown import BenefitShown, CostShown, OptionShown, PitchShown, ProjectShown
from projects.enums import CostKind, OptionKind
from projects.forms.pitch import PitchForm
from projects.forms.steps import BenefitLineForm, CostLineForm, OptionForm
from projects.models import BenefitLine, CostLine, Option
from projects.permissions import can_edit_pitch
from projects.views.frame import find_pitch, find_project
from projects.views.lines import find_line
from projects.views.options import option_named
from projects.views.steps import find_draft

if TYPE_CHECKING:
    from django.http import HttpResponse

    from projects.models import Project

router = Router(tags=["pitch"])
PITCH = "/projects/{code:pk}/pitch"
OPTION = PITCH + "/options/{str:kind}"


class PressedForm(VersionedForm):
    """A button of the pitch: nothing but the version that was seen."""


def shown(request: ApiRequest, pk: int) -> PitchShown:
    """The whole pitch, as it stands now."""
    project = find_project(request, pk)
    options = [_option(option) for option in Option.objects.filter(project=project)]
    own = {name: getattr(project, name) for name in ("needs_permit", "is_reversible", "crosses_departments")}
    return PitchShown(**dict(ProjectShown.of(project)), **own, options=options)


def _option(option: Option) -> OptionShown:
    words = {name: getattr(option, name) for name in OptionShown.model_fields.keys() - {"benefits", "costs"}}
    return OptionShown(
        **words,
        benefits=[BenefitShown.of(line) for line in BenefitLine.objects.of_option(option)],
        costs=[CostShown.of(line) for line in CostLine.objects.of_option(option)],
    )


@router.get(PITCH, **gives(_("The pitch of a project"), PitchShown))
def pitch(request: ApiRequest, pk: int) -> HttpResponse:
    return reply(shown(request, pk))


@router.patch(
    PITCH,
    **takes(
        _("Write the pitch"),
        PitchForm,
        gives=PitchShown,
        is_partial=True,
        example={"problem": "Nobody counts the bags.", "unit_benefit_amount": "46.00", "reach": "1200 bags lost"},
    ),
)
def pitch_save(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_pitch(request, pk)
    require(can_edit_pitch(request.user, project), _("Only the owner writes the pitch."))
    form = bind(request, PitchForm, project=project)
    form.wants_all = True

    def deed() -> Project:
        version = form.cleaned_data["version"]
        return save_pitch(project, form.understood(), version=version, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _saved: shown(request, pk))


@router.post(OPTION, **takes(_("Add an option"), PressedForm, gives=PitchShown, status=201, has_body=False))
def option_add(request: ApiRequest, pk: int, kind: str) -> HttpResponse:
    project = find_draft(request, pk)
    if kind not in OptionKind.values:
        raise Http404
    version = version_in(request)
    return act(
        request,
        None,
        lambda: add_option(project, OptionKind(kind), version=version, by=request.user, now=timezone.now()),
        lambda _made: shown(request, pk),
        status=201,
    )


@router.patch(
    OPTION,
    **takes(
        _("Say how an option is done"),
        OptionForm,
        gives=PitchShown,
        is_partial=True,
        example={"summary": "Count them by hand."},
    ),
)
def option_save(request: ApiRequest, pk: int, kind: str) -> HttpResponse:
    option = option_named(find_draft(request, pk), kind)
    form = bind(request, OptionForm, option=option)

    def deed() -> Option:
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        version = form.cleaned_data["version"]
        return save_option(option, values, version=version, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _saved: shown(request, pk))


@router.delete(OPTION, **takes(_("Drop an option"), PressedForm, gives=PitchShown, has_body=False))
def option_drop(request: ApiRequest, pk: int, kind: str) -> HttpResponse:
    option, version = option_named(find_draft(request, pk), kind), version_in(request)
    return act(
        request,
        None,
        lambda: drop_option(option, version=version, by=request.user, now=timezone.now()),
        lambda _dropped: shown(request, pk),
    )


@router.post(OPTION + "/prefer", **takes(_("Ask for this option"), PressedForm, gives=PitchShown, has_body=False))
def option_prefer(request: ApiRequest, pk: int, kind: str) -> HttpResponse:
    option, version = option_named(find_draft(request, pk), kind), version_in(request)
    return act(
        request,
        None,
        lambda: prefer_option(option, version=version, by=request.user, now=timezone.now()),
        lambda _preferred: shown(request, pk),
    )


# ── lines ───────────────────────────────────────────────────────────────

_BAGS = {"label": "Fewer bags bought", "unit_benefit_amount": "46.00", "reach": "1200 bags lost", "probability": "0.15"}


@router.post(
    OPTION + "/benefits",
    **takes(_("Add a benefit"), BenefitLineForm, gives=PitchShown, status=201, is_partial=True, example=_BAGS),
)
def benefit_new(request: ApiRequest, pk: int, kind: str) -> HttpResponse:
    return _benefit(request, pk, option_named(find_draft(request, pk), kind), None, status=201)


@router.patch(
    OPTION + "/benefits/{int:line_pk}",
    **takes(_("Change a benefit"), BenefitLineForm, gives=PitchShown, is_partial=True, example={"reach": "900 bags"}),
)
def benefit_save(request: ApiRequest, pk: int, kind: str, line_pk: int) -> HttpResponse:
    option = option_named(find_draft(request, pk), kind)
    return _benefit(request, pk, option, find_line(option, "benefits", line_pk), status=200)


def _benefit(request: ApiRequest, pk: int, option: Option, line: BenefitLine | None, *, status: int) -> HttpResponse:
    form = bind(request, BenefitLineForm, option=option, line=line)

    def deed() -> BenefitLine:
        version = form.cleaned_data["version"]
        return save_benefit_line(option, line, form.values(), version=version, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _saved: shown(request, pk), status=status)


@router.patch(
    OPTION + "/costs/{int:line_pk}",
    **takes(_("Change a cost"), CostLineForm, gives=PitchShown, is_partial=True, example={"person_days": "12"}),
)
def cost_save(request: ApiRequest, pk: int, kind: str, line_pk: int) -> HttpResponse:
    option = option_named(find_draft(request, pk), kind)
    line: CostLine = find_line(option, "costs", line_pk)
    return _cost(request, pk, option, line, CostKind(line.kind), status=200)


@router.post(
    OPTION + "/costs/{str:cost_kind}",
    **takes(
        _("Add a cost"), CostLineForm, gives=PitchShown, status=201, is_partial=True, example={"person_days": "14"}
    ),
)
def cost_new(request: ApiRequest, pk: int, kind: str, cost_kind: str) -> HttpResponse:
    option = option_named(find_draft(request, pk), kind)
    if cost_kind not in CostKind.values:
        raise Http404
    return _cost(request, pk, option, None, CostKind(cost_kind), status=201)


def _cost(
    request: ApiRequest, pk: int, option: Option, line: CostLine | None, kind: CostKind, *, status: int
) -> HttpResponse:
    form = bind(request, CostLineForm, option=option, line=line, kind=kind)

    def deed() -> CostLine:
        version = form.cleaned_data["version"]
        return save_cost_line(option, line, form.values(), version=version, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _saved: shown(request, pk), status=status)


@router.delete(
    OPTION + "/benefits/{int:line_pk}", **takes(_("Remove a benefit"), PressedForm, gives=PitchShown, has_body=False)
)
def benefit_remove(request: ApiRequest, pk: int, kind: str, line_pk: int) -> HttpResponse:
    return _remove(request, pk, kind, "benefits", line_pk)


@router.delete(
    OPTION + "/costs/{int:line_pk}", **takes(_("Remove a cost"), PressedForm, gives=PitchShown, has_body=False)
)
def cost_remove(request: ApiRequest, pk: int, kind: str, line_pk: int) -> HttpResponse:
    return _remove(request, pk, kind, "costs", line_pk)


def _remove(request: ApiRequest, pk: int, kind: str, part: str, line_pk: int) -> HttpResponse:
    option = option_named(find_draft(request, pk), kind)
    line, version = find_line(option, part, line_pk), version_in(request)
    return act(
        request,
        None,
        lambda: remove_line(option, line, version=version, by=request.user, now=timezone.now()),
        lambda _removed: shown(request, pk),
    )
