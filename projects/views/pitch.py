"""The light pitch: written on one page whose number appears as one types; then submitted, and read ever after."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.components import Mark
from portal.common.http import attempt, is_htmx, leave_to
from portal.common.written import date_short
from projects.actions.pitch import content_of, is_simple, save_pitch, tier_for
from projects.actions.stage import move
from projects.actions.submission import approvers_of
from projects.business_inputs import preferred
from projects.case_words import words_of
from projects.enums import PitchStep, Stage, Tier
from projects.forms.pitch import PitchForm
from projects.lifecycle import Transition, missing_for
from projects.models import Project, Submission
from projects.outlook_words import outlook_words
from projects.permissions import can_comment, can_edit_pitch, can_pitch
from projects.return_words import return_words
from projects.steps import url_of
from projects.summaries import documents_of, left_out_of, open_comments
from projects.templates_by_kind import TEMPLATES
from projects.tier_words import tier_reasons
from projects.views.case import case_context, confirmed
from projects.views.change import last_changed_by
from projects.views.frame import find_pitch, find_project, frame
from projects.views.less import offered_last

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms import BoundField
    from django.http import HttpResponse

#: Boxes that may say "not known yet".
MAY_BE_UNKNOWN = frozenset({"unit_benefit_amount", "reach", "probability"})


@dataclass(frozen=True, slots=True)
class Said:
    """What stands beneath a box: its error, else a hint, the basis, and the way to say that it is not known yet."""

    field: BoundField
    hint: str = ""
    basis: str = ""
    offers_unknown: bool = False
    is_optional: bool = False


@require_safe
def pitch(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    if project.stage == Stage.DRAFT and can_edit_pitch(request.user, project):
        project = find_pitch(request, pk)
        if not is_simple(project):
            return leave_to(request, url_of(project, PitchStep.PRODUCT))
        form = PitchForm(project=project, origins=origins(project))
        return render(request, "projects/pitch.html", writing(request, project, form))
    return render(request, "projects/pitch_read.html", reading(request, project))


@require_POST
def pitch_save(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(
        can_edit_pitch(request.user, project), _("Only the owner writes the pitch. The owner is %s.") % project.owner
    )
    form = PitchForm(request.POST, project=project)
    status = save_understood(request, project, form)
    if status is None and not is_htmx(request):
        messages.success(request, _("Saved."))
        return leave_to(request, reverse("projects:pitch", args=[project.pk]))
    return answer(request, find_pitch(request, pk), form, status)


@require_POST
def submit(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(
        can_edit_pitch(request.user, project), _("Only the owner submits the pitch. The owner is %s.") % project.owner
    )
    form = PitchForm(request.POST, project=project)
    form.wants_all = True

    def deed() -> str:
        values, version = form.understood(), form.cleaned_data["version"]
        saved = save_pitch(project, values, version=version, by=request.user, now=timezone.now()) if values else project
        move(
            saved, Transition.SUBMIT, by=request.user, now=timezone.now(), version=saved.version if values else version
        )
        announce_submitted(request, project)
        return project.get_absolute_url()

    done = post_once(request, form, deed)
    if not isinstance(done, HTTPStatus):
        return done
    if not form.conflict:
        save_understood(request, project, form)  # what was typed stays, though the submission was refused
    return answer(request, find_pitch(request, pk), form, done)


def save_understood(request: PortalRequest, project: Project, form: PitchForm) -> HTTPStatus | None:
    """Save what was changed and understood; 422 if something was not, which then stays as it was saved last."""
    form.wants_all = False

    def deed() -> None:
        if values := form.understood():
            save_pitch(project, values, version=form.cleaned_data["version"], by=request.user, now=timezone.now())

    status = attempt(form, deed, saved_by=last_changed_by)
    return status or (HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else None)


def announce_submitted(request: PortalRequest, project: Project) -> None:
    """Done, and how to take it back."""
    names = "".join(str(person) for person in approvers_of(project)[:1])
    back = reverse("projects:move", args=[project.pk, Transition.WITHDRAW])
    words = _("Submitted to %(approver)s.") % {"approver": names}
    messages.success(request, format_html('{} <a href="{}">{}</a>', words, back, _("Take it back")))


def answer(request: PortalRequest, project: Project, form: PitchForm, status: HTTPStatus | None) -> HttpResponse:
    """The parts of the page that follow from what was typed; a conflict takes the place of the form."""
    form.origins = origins(project)
    context = writing(request, project, form)
    if not is_htmx(request):
        return render(request, "projects/pitch.html", context, status=status)
    if form.conflict is None:
        return render(request, "projects/_pitch_live.html", context, status=status)
    response = render(request, "projects/_pitch_form.html", context, status=status)
    response["HX-Retarget"] = "#pitch"
    response["HX-Reswap"] = "outerHTML"
    return response


def writing(request: PortalRequest, project: Project, form: PitchForm) -> dict[str, Any]:
    """The page of a draft: form, live result, tier, and who decides."""
    content = content_of(project)
    words = words_of(content)
    tier = tier_for(content)
    approvers = approvers_of(project)
    asks = "asked" in request.POST or bool(form.reasons)
    seen = PitchForm(project=project)
    follows = "product" in form.changed_data and "goal" not in form.changed_data
    if follows:
        seen.fields["goal"].widget.attrs["hx-swap-oob"] = "true"
    return {
        "place": "projects",
        "project": project,
        "form": form,
        "seen": seen,
        "goal_followed": follows,
        "is_more_open": any(seen.initial[name] or form.errors.get(name) for name in PitchForm.FOLDED),
        "said": {item.field.name: item for item in all_said(project, form, seen.initial, content)},
        "words": words,
        "outlook": outlook_words(words),
        "returns": return_words(words),
        "confirmed": confirmed(words),
        "saved_today": timezone.localdate(project.updated_at) == timezone.localdate(),
        "tier_why": tier_reasons(tier),
        "is_light": project.tier == Tier.LIGHT,
        "approvers": approvers,
        "approver_count": approvers_words(len(approvers)),
        "asked": asks,
        "left_out": left_out_of(project, request.user),
        "offered": offered_last(project),
        "open_comments": open_comments(project),
        "documents": documents_of(project),
        "missing": missing_for(project, Transition.SUBMIT, by=request.user, now=timezone.now()) if asks else [],
    }


def approvers_words(count: int) -> str:
    if not count:
        return _("nobody can decide yet")
    return ngettext("one approver, no meeting", "%(count)s approvers in a row", count) % {"count": count}


def all_said(project: Project, form: PitchForm, saved: Mapping[str, Any], content: Mapping[str, Any]) -> list[Said]:
    """Beneath every box, in the order of the form; `saved` is what each box holds when it is shown anew."""
    hints = hints_of(project, saved)
    return [
        Said(
            form[name],
            hint=hints.get(name, ""),
            basis=preferred(content)["benefits"][0]["basis"] if name == "probability" else "",
            offers_unknown=name in MAY_BE_UNKNOWN and bool(saved[name]),
            is_optional=name not in form.ASKED,
        )
        for name in form.fields
        if name != "version"
    ]


def hints_of(project: Project, saved: Mapping[str, Any]) -> Mapping[str, str]:
    """One line of help where it is needed: an example while the box is empty, what follows once it is filled."""
    examples = {
        "unit_benefit_amount": _("not known yet; such as 46"),
        "reach": _("not known yet; such as 1,200 bags lost"),
        "probability": _("not known yet"),
        "person_days": _("Such as 14 person-days, or 0.7 person-months"),
    }
    if project.template:
        examples |= {name: str(words) for name, words in TEMPLATES[project.template].hints.items()}
    hints = {name: words for name, words in examples.items() if not saved[name]}
    if project.wanted_on is not None:
        left = project.site.calendar().working_days_between(project.local_day(timezone.now()), project.wanted_on)
        ahead = ngettext("%(day)s, %(count)s working day from now", "%(day)s, %(count)s working days from now", left)
        hints["wanted_on"] = (
            ahead % {"day": date_short(project.wanted_on), "count": left} if left >= 0 else _("This day is past.")
        )
    return hints


def origins(project: Project) -> Mapping[str, Mark]:
    """Where a value that nobody typed comes from: the last pitch of the same owner, or the product."""
    last = (
        Project.objects.filter(owner_id=project.owner_id, product__isnull=False)
        .exclude(pk=project.pk)
        .order_by("-pk")
        .first()
    )
    found = {}
    if last is not None and project.product_id == last.product_id:
        found["product"] = Mark(_("as last time"))
    if (
        last is not None
        and project.business_partner_id is not None
        and project.business_partner_id == last.business_partner_id
    ):
        found["business_partner"] = Mark(_("as last time"))
    if project.product is not None and project.goal_id is not None and project.product.goal_id == project.goal_id:
        found["goal"] = Mark(_("from the product"))
    return found


def reading(request: PortalRequest, project: Project) -> dict[str, Any]:
    """The pitch as it was submitted last, or for another's draft as it stands; and every submission of it."""
    submissions = list(
        Submission.objects.filter(project=project).order_by("-number").prefetch_related("steps__approver")
    )
    is_frozen = bool(submissions) and project.stage != Stage.DRAFT
    content = submissions[0].read() if is_frozen else content_of(project)
    return (
        frame(request, project, "pitch", words_of(content).answer)
        | case_context(content)
        | {
            "submissions": submissions,
            "may_copy": can_pitch(request.user),
            "may_comment": project.is_draft and can_comment(request.user, project),
            "documents": documents_of(project),
            "frozen": submissions[0] if is_frozen else None,
            "left_out": left_out_of(project, request.user),
        }
    )
