"""The lines of a pitch in steps: benefits and costs of one option, each on a page of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.common.components import Link, Tab
from portal.common.http import leave_to, page
from portal.common.written import colon, comma
from projects.actions.options import remove_line, restore_line, save_benefit_line, save_cost_line
from projects.actions.pitch import content_of
from projects.business_inputs import number
from projects.case_words import words_of
from projects.enums import CostKind, OptionKind, PitchStep, Stage
from projects.forms.steps import BenefitLineForm, CostLineForm
from projects.models import BenefitLine, CostLine, Option
from projects.reckoning import cents, product
from projects.steps import url_of
from projects.templates_by_kind import TEMPLATES
from projects.uncertain_inputs import SCALES
from projects.views.case import cost
from projects.views.change import last_changed_by
from projects.views.options import option_named
from projects.views.steps import around, find_draft, press

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise

    from projects.case_words import CaseWords
    from projects.models import Project

MODELS: Mapping[str, type[BenefitLine | CostLine]] = {"benefits": BenefitLine, "costs": CostLine}
HEADINGS: Mapping[str, _StrOrPromise] = {
    "benefits": gettext_lazy("What does it bring?"),
    "costs": gettext_lazy("What does it take?"),
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as its step lists it; `mark` says how it differs from the full option."""

    pk: int
    name: str
    reckoning: str
    amount: str
    basis: str = ""
    because: str = ""
    mark: str = ""
    is_left_out: bool = False


@require_safe
def pitch_lines(request: PortalRequest, pk: int, part: str) -> HttpResponse:
    project = find_draft(request, pk)
    if project.stage != Stage.DRAFT:
        return leave_to(request, project)
    option = option_named(project, request.GET.get("option", OptionKind.FULL))
    step = step_of(part)
    context = around(request, project, step)
    return page(request, "projects/step_lines.html", context | listed(project, option, part, context["content"]))


def step_of(part: str) -> PitchStep:
    if part not in MODELS:
        raise Http404
    return PitchStep(part)


def listed(project: Project, option: Option, part: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The lines of an option, those left out last."""
    step = step_of(part)
    options = [one for one in Option.objects.filter(project=project) if not one.is_nothing]
    return {
        "part": part,
        "option": option,
        "heading": HEADINGS[part],
        "rows": rows_of(content, option, part),
        "option_tabs": option_tabs(project, options, option, step) if len(options) > 1 else [],
        "ways": ways(project, option, part),
        "offers": offers(project, option, part, content) if option.is_full else [],
    }


def option_tabs(project: Project, options: Sequence[Option], current: Option, step: PitchStep) -> list[Tab]:
    return [
        Tab(str(one), f"{url_of(project, step)}?option={one.kind}", is_current=one.pk == current.pk)
        for one in reversed(options)
    ]


def ways(project: Project, option: Option, part: str) -> list[Link]:
    """How a line is added; a cost says first what it buys."""
    url = reverse("projects:line_new", args=[project.pk, option.kind, part])
    if part == "benefits":
        return [Link(_("Add a benefit"), url)]
    words = {
        CostKind.PEOPLE: _("Add people"),
        CostKind.MATERIAL: _("Add money"),
        CostKind.PERMIT: _("Add a permit"),
    }
    return [Link(text, f"{url}?kind={kind}") for kind, text in words.items()]


def offers(project: Project, option: Option, part: str, content: Mapping[str, Any]) -> list[Link]:
    """What pitches of this kind usually have and this one does not name yet."""
    template = TEMPLATES.get(project.template)
    if template is None:
        return []
    chosen = next(one for one in content["options"] if one["option"] == option.pk)
    named = {line["label"] for line in chosen[part]}
    usual: list[tuple[dict[str, str], str]] = (
        [({}, str(words)) for words in template.benefits]
        if part == "benefits"
        else [({"kind": kind.value}, str(words)) for kind, words in template.costs]
    )
    url = reverse("projects:line_new", args=[project.pk, option.kind, part])
    return [Link(words, f"{url}?{urlencode(extra | {'label': words})}") for extra, words in usual if words not in named]


def rows_of(content: Mapping[str, Any], option: Option, part: str) -> list[LineRow]:
    """What the option is reckoned with, and what of the full one it leaves out."""
    chosen = next(one for one in content["options"] if one["option"] == option.pk)
    words = words_of(content, chosen)
    model = MODELS[part]
    own = {line.pk: line for line in model._default_manager.filter(option=option)}
    kept = [
        benefit_row(line, words, mark(own, line["line"], option))
        if part == "benefits"
        else cost_row(line, words, mark(own, line["line"], option))
        for line in chosen[part]
    ]
    left = [
        LineRow(line.replaces_id or line.pk, str(line), "", "", mark=_("left out"), is_left_out=True)
        for line in own.values()
        if line.is_left_out
    ]
    return kept + left


def mark(own: Mapping[int, BenefitLine | CostLine], pk: int, option: Option) -> str:
    """How a line of the low-cost option came there."""
    if not option.is_compromise:
        return ""
    line = own.get(pk)
    if line is None:
        return _("as in the full one")
    return _("changed") if line.replaces_id else _("only here")


def benefit_row(line: Mapping[str, Any], words: CaseWords, said: str) -> LineRow:
    factors = [number(line[name]) for name in ("unit_benefit", "reach", "probability")]
    ends = [f"{words.name_of(driver)}{colon()}{found}" for driver in SCALES if (found := words.realistic(line, driver))]
    return LineRow(
        pk=line["line"],
        name=line["label"] or _("a benefit without a name"),
        reckoning=" × ".join([words.money(factors[0]), words.reach(factors[1], line), words.share(line)]),
        amount=words.money(cents(product(*factors))),
        basis=line["basis"],
        because=comma().join(filter(None, [line["evidence"], *ends])),
        mark=said,
    )


def cost_row(line: Mapping[str, Any], words: CaseWords, said: str) -> LineRow:
    told = cost(line, words)
    amount = words.money(number(line["amount"]))
    return LineRow(line["line"], told.name, told.value, amount, because=told.because, mark=said)


@require_http_methods(["GET", "HEAD", "POST"])
def line_new(request: PortalRequest, pk: int, kind: str, part: str) -> HttpResponse:
    project = find_draft(request, pk)
    return edit(request, project, option_named(project, kind), part, None)


@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request: PortalRequest, pk: int, kind: str, part: str, line_pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    option = option_named(project, kind)
    return edit(request, project, option, part, find_line(option, part, line_pk))


def find_line(option: Option, part: str, pk: int) -> Any:
    """A benefit or a cost that the option has; the one that stands in for it where it was changed here."""
    step_of(part)
    if part == "benefits":
        return get_object_or_404(BenefitLine.objects.of_option(option), pk=pk)
    return get_object_or_404(CostLine.objects.of_option(option), pk=pk)


def edit(
    request: PortalRequest, project: Project, option: Option, part: str, line: BenefitLine | CostLine | None
) -> HttpResponse:
    """A line on its page: what was typed is kept whatever stands in its way."""
    step = step_of(part)
    back = f"{url_of(project, step)}?option={option.kind}"
    form = form_of(request, option, part, line)

    def deed() -> Model | str:
        save = save_benefit_line if part == "benefits" else save_cost_line
        version = form.cleaned_data["version"]
        save(option, line, form.values(), version=version, by=request.user, now=timezone.now())  # type: ignore[arg-type] # of one part
        return back

    status = post_once(request, form, deed, saved_by=last_changed_by)
    if isinstance(status, HttpResponse):
        return status
    context = around(request, project, step) | {
        "form": form,
        "option": option,
        "line": line,
        "part": part,
        "back": back,
    }
    return page(request, "projects/line_edit.html", context | {"heading": HEADINGS[part]}, status=status)


def form_of(
    request: PortalRequest, option: Option, part: str, line: BenefitLine | CostLine | None
) -> BenefitLineForm | CostLineForm:
    data = request.POST if request.method == "POST" else None
    label = request.GET.get("label", "")[:120]
    if part == "benefits":
        return BenefitLineForm(data, option=option, line=line if isinstance(line, BenefitLine) else None, label=label)
    kind = line.kind if isinstance(line, CostLine) else request.GET.get("kind", CostKind.PEOPLE)
    if kind not in CostKind.values:
        raise Http404
    known = line if isinstance(line, CostLine) else None
    return CostLineForm(data, option=option, line=known, kind=CostKind(kind), label=label)


@require_POST
def line_remove(request: PortalRequest, pk: int, kind: str, part: str, line_pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    option = option_named(project, kind)
    line = find_line(option, part, line_pk)

    def deed() -> None:
        remove_line(option, line, version=project.version, by=request.user, now=timezone.now())

    return press(request, project, step_of(part), deed, listed(project, option, part, content_of(project)))


@require_POST
def line_restore(request: PortalRequest, pk: int, kind: str, part: str, line_pk: int) -> HttpResponse:
    project = find_draft(request, pk)
    option = option_named(project, kind)
    step_of(part)
    line: Any = get_object_or_404(MODELS[part]._default_manager.filter(project=project), pk=line_pk)

    def deed() -> None:
        restore_line(option, line, version=project.version, by=request.user, now=timezone.now())

    return press(request, project, step_of(part), deed, listed(project, option, part, content_of(project)))
