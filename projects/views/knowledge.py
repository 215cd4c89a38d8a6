"""What is known of a product: its modules, its business processes, what its users say."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import attempt, leave_to, page
from projects.actions.knowledge import (
    WRITTEN,
    add_part,
    confirm_module,
    drop_feedback,
    drop_part,
    edit_part,
    give_feedback,
)
from projects.actions.product import WHO_MAY
from projects.forms.knowledge import FeedbackForm, ModuleEditForm, ModuleForm, ProcessEditForm, ProcessForm
from projects.models import BusinessProcess, Feedback, ProductModule
from projects.permissions import can_keep_products
from projects.views.change import last_changed_by
from projects.views.product import find_product

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise

    from projects.models import Product
    from projects.models.knowledge import ProductPart


class Kind(NamedTuple):
    """How one kind of part is asked for: its form when it is new and when it is there, and the words around it."""

    model: type[ProductPart]
    new: type[ModuleForm | ProcessForm]
    edit: type[ModuleEditForm | ProcessEditForm]
    heading: _StrOrPromise
    question: _StrOrPromise
    button: _StrOrPromise
    drop_url: str


KINDS: Final[Mapping[str, Kind]] = {
    "module": Kind(
        ProductModule,
        ModuleForm,
        ModuleEditForm,
        gettext_lazy("Which module?"),
        gettext_lazy("What it does, and where that is written; whoever saves it says that it is true today."),
        gettext_lazy("Add the module"),
        "projects:module_drop",
    ),
    "process": Kind(
        BusinessProcess,
        ProcessForm,
        ProcessEditForm,
        gettext_lazy("What does the business do?"),
        gettext_lazy("Written once, it is there for every pitch: the steps, who does them, how often."),
        gettext_lazy("Add the process"),
        "projects:process_drop",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def part_new(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    product, asked = find_product(request, pk), KINDS[kind]
    require(can_keep_products(request.user), WHO_MAY)
    form = asked.new(request.POST if request.method == "POST" else None)

    def deed() -> ProductPart:
        added = add_part(asked.model, product, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Added."))
        return added

    return answer(request, product, form, deed, asked)


def answer(request: PortalRequest, product: Product, form: Any, deed: Any, asked: Kind) -> HttpResponse:
    """The form of a new part, or where its sending leads."""
    answered = post_once(request, form, deed)
    if isinstance(answered, HttpResponse):
        return answered
    return page(request, "projects/knowledge_edit.html", context_of(product, form, asked), status=answered)


def context_of(product: Product, form: Any, asked: Kind, part: ProductPart | None = None) -> dict[str, Any]:
    return {"product": product, "form": form, "asked": asked, "part": part, "back": product.get_absolute_url()}


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: PortalRequest, pk: int, part_pk: int, kind: str) -> HttpResponse:
    product, asked = find_product(request, pk), KINDS[kind]
    found = get_object_or_404(asked.model.objects.select_related("updated_by"), product=product, pk=part_pk)
    require(can_keep_products(request.user), WHO_MAY)
    values = {name: getattr(found, name) for name in (*WRITTEN[asked.model], "version")}
    form = asked.edit(request.POST if request.method == "POST" else None, initial=values)
    status: HTTPStatus | None = HTTPStatus.OK
    if form.is_bound:
        status = attempt(
            form,
            lambda: edit_part(found, **form.cleaned_data, by=request.user, now=timezone.now()),
            saved_by=last_changed_by,
        )
        if status is None:
            messages.success(request, _("Saved."))
            return leave_to(request, found)
    return page(request, "projects/knowledge_edit.html", context_of(product, form, asked, found), status=status)


@require_POST
def part_drop(request: PortalRequest, pk: int, part_pk: int, kind: str) -> HttpResponse:
    product = find_product(request, pk)
    require(can_keep_products(request.user), WHO_MAY)
    # Dropped a moment ago, by the same button or by somebody else: what was wanted is so.
    found = KINDS[kind].model.objects.filter(product=product, pk=part_pk).first()
    if found is not None:
        drop_part(found, by=request.user, now=timezone.now())
        messages.success(request, _("“%s” is taken off the page.") % found)
    return leave_to(request, product)


@require_POST
def module_confirm(request: PortalRequest, pk: int, part_pk: int) -> HttpResponse:
    product = find_product(request, pk)
    module = get_object_or_404(ProductModule, product=product, pk=part_pk)
    confirm_module(module, by=request.user, now=timezone.now())
    messages.success(request, _("Confirmed as of today."))
    return leave_to(request, module)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_new(request: PortalRequest, pk: int) -> HttpResponse:
    product = find_product(request, pk)
    is_sent = request.method == "POST"
    form = FeedbackForm(request.POST if is_sent else None, product=product, initial={"heard_on": timezone.localdate()})

    def deed() -> Feedback:
        given = give_feedback(product, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Written down: pitches of this product can name it."))
        return given

    answered = post_once(request, form, deed)
    if isinstance(answered, HttpResponse):
        return answered
    context = {"product": product, "form": form, "back": product.get_absolute_url()}
    return page(request, "projects/feedback_new.html", context, status=answered)


@require_POST
def feedback_drop(request: PortalRequest, pk: int, feedback_pk: int) -> HttpResponse:
    product = find_product(request, pk)
    found = Feedback.objects.filter(product=product, pk=feedback_pk).first()
    if found is not None:
        drop_feedback(found, by=request.user, now=timezone.now())
        messages.success(request, _("Taken away."))
    return leave_to(request, f"{product.get_absolute_url()}#feedback")
