"""Products: what each is for, whom to ask, which work concerns it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import attempt, leave_to, page
from projects.actions.product import WHO_MAY, add_product, edit_product
from projects.filters import StepFilter
from projects.forms.product import ProductEditForm, ProductForm
from projects.models import BusinessProcess, DeferredItem, Feedback, Product, ProductModule, Project
from projects.permissions import can_drop_feedback, can_keep_products
from projects.summaries import Work, product_list, work_by
from projects.views.change import last_changed_by

#: Enough to read a company's products on one page; the rest is one click further.
STEP = 50
#: So many projects and left-out things a page of a product or goal shows; the list of projects has them all.
LATEST = 20
FIELDS = ("name", "purpose", "users", "direction", "whom_to_ask", "owner", "goal", "version")


@require_safe
def products(request: PortalRequest) -> HttpResponse:
    asked = StepFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    found = product_list(request.user, start=asked.start, size=STEP)
    context = {"found": found, "step": STEP, "may": can_keep_products(request.user)}
    return page(request, "projects/product_list.html", context)


@require_safe
def product(request: PortalRequest, pk: int) -> HttpResponse:
    found = find_product(request, pk)
    work = work_by("product", request.user, [found.pk]).get(found.pk, Work(0, 0))
    deferred = DeferredItem.objects.visible_to(request.user).filter(project__product=found, settled_at=None)
    left_out = deferred.count()
    context = {
        "product": found,
        "work": work,
        "answer": answer(work, left_out),
        "projects": Project.objects.visible_to(request.user).filter(product=found).select_related("owner")[:LATEST],
        "deferred": deferred.select_related("project", "owner")[:LATEST],
        "left_out": left_out,
        "may": can_keep_products(request.user),
    } | known(request, found)
    return page(request, "projects/product_detail.html", context)


def known(request: PortalRequest, product: Product) -> dict[str, Any]:
    """What is described of the product, and the latest that its users said."""
    today, feedback = timezone.localdate(), Feedback.objects.filter(product=product)
    latest = feedback.select_related("process")[:LATEST]
    return {
        "processes": BusinessProcess.objects.filter(product=product),
        "modules": [
            (module, module.is_old(today))
            for module in ProductModule.objects.filter(product=product).select_related("confirmed_by")
        ],
        "feedback": [(one, can_drop_feedback(request.user, one)) for one in latest],
        "heard": feedback.count(),
    }


def find_product(request: PortalRequest, pk: int) -> Product:
    products = Product.objects.visible_to(request.user).select_related("owner__department", "goal")
    return get_object_or_404(products, pk=pk)


def answer(work: Work, left_out: int) -> str:
    """How much is under way, and what was left for later."""
    running = (
        ngettext("%(count)s project is running", "%(count)s projects are running", work.running)
        % {"count": work.running}
        if work.running
        else _("No project is running")
    )
    if not left_out:
        return _("%(running)s; nothing is left out.") % {"running": running}
    return ngettext(
        "%(running)s; %(count)s thing is left out.", "%(running)s; %(count)s things are left out.", left_out
    ) % {"running": running, "count": left_out}


@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: PortalRequest) -> HttpResponse:
    require(can_keep_products(request.user), WHO_MAY)
    is_sent = request.method == "POST"
    form = ProductForm(request.POST if is_sent else None, initial={"owner": request.user.pk})

    def deed() -> Product:
        added = add_product(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Added: pitches can name it now."))
        return added

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    context = {"form": form, "here": reverse("projects:product_new"), "back": reverse("projects:products")}
    return page(request, "projects/product_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def product_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = find_product(request, pk)
    require(can_keep_products(request.user), WHO_MAY)
    is_sent = request.method == "POST"
    values = {name: getattr(found, name) for name in FIELDS}
    form = ProductEditForm(request.POST if is_sent else None, initial=values, owner=found.owner_id)
    status: HTTPStatus | None = HTTPStatus.OK
    if is_sent:
        status = attempt(
            form,
            lambda: edit_product(found, **form.cleaned_data, by=request.user, now=timezone.now()),
            saved_by=last_changed_by,
        )
        if status is None:
            messages.success(request, _("Saved."))
            return leave_to(request, found)
    here = reverse("projects:product_edit", args=[found.pk])
    context = {"form": form, "product": found, "here": here, "back": found.get_absolute_url()}
    return page(request, "projects/product_edit.html", context, status=status)
