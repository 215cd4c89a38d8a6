"""What the company works for: products, and goals with their key results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.permissions import require
from projects.actions.goal import WHO_MAY as WHO_KEEPS_GOALS
from projects.actions.goal import drop_key_result, edit_goal, set_goal, set_key_result
from projects.actions.product import WHO_MAY, add_product, edit_product
from projects.api.filters import GoalFilter, ProductFilter
from projects.api.shown import GoalRow, GoalShown, KeyResultShown, ProductShown
from projects.forms.product import GoalEditForm, GoalForm, KeyResultForm, ProductEditForm, ProductForm
from projects.models import Goal, KeyResult, Product
from projects.permissions import can_keep_goals, can_keep_products
from projects.quarters import quarter_of
from projects.views import goal as goal_pages
from projects.views import product as product_pages

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["products and goals"])


@router.get("/products", **lists(_("List products"), ProductFilter, ProductShown))
def products(request: ApiRequest) -> HttpResponse:
    rows = Product.objects.visible_to(request.user).select_related("owner", "goal")
    return listed(request, ProductFilter, rows, ProductShown.of)


@router.post(
    "/products",
    **takes(
        _("Add a product"),
        ProductForm,
        gives=ProductShown,
        status=201,
        is_partial=True,
        example={"name": "Bag tracker", "purpose": "Knows where every bag is."},
    ),
)
def product_new(request: ApiRequest) -> HttpResponse:
    require(can_keep_products(request.user), WHO_MAY)
    form = bind(request, ProductForm, initial={"owner": request.user.pk})
    return act(
        request,
        form,
        lambda: add_product(**form.cleaned_data, by=request.user, now=timezone.now()),
        lambda made: ProductShown.of(product_pages.find_product(request, made.pk)),
        status=201,
    )


@router.get("/products/{int:pk}", **gives(_("One product"), ProductShown))
def product(request: ApiRequest, pk: int) -> HttpResponse:
    return reply(ProductShown.of(product_pages.find_product(request, pk)))


@router.patch(
    "/products/{int:pk}",
    **takes(
        _("Change a product"),
        ProductEditForm,
        gives=ProductShown,
        is_partial=True,
        example={"whom_to_ask": "The hub desk"},
    ),
)
def product_edit(request: ApiRequest, pk: int) -> HttpResponse:
    found = product_pages.find_product(request, pk)
    require(can_keep_products(request.user), WHO_MAY)
    values = {name: getattr(found, name) for name in product_pages.FIELDS}
    form = bind(request, ProductEditForm, initial=values, owner=found.owner_id)
    return act(
        request,
        form,
        lambda: edit_product(found, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda _saved: ProductShown.of(product_pages.find_product(request, pk)),
    )


@router.get("/goals", **lists(_("List goals"), GoalFilter, GoalRow))
def goals(request: ApiRequest) -> HttpResponse:
    return listed(request, GoalFilter, Goal.objects.visible_to(request.user).select_related("owner"), GoalRow.of)


@router.post(
    "/goals",
    **takes(
        _("Set a goal"),
        GoalForm,
        gives=GoalShown,
        status=201,
        is_partial=True,
        example={"objective": "Halve the cost of lost bags"},
    ),
)
def goal_new(request: ApiRequest) -> HttpResponse:
    require(can_keep_goals(request.user), WHO_KEEPS_GOALS)
    today = timezone.localdate()
    form = bind(request, GoalForm, initial={"owner": request.user.pk, "quarter": quarter_of(today)}, today=today)
    return act(
        request,
        form,
        lambda: set_goal(**form.cleaned_data, by=request.user, now=timezone.now()),
        lambda made: _goal(request, made.pk),
        status=201,
    )


def _goal(request: ApiRequest, pk: int) -> GoalShown:
    """Only the key results of metrics that the reader may see: those of a goal are open ones."""
    found = goal_pages.find_goal(request, pk)
    results = KeyResult.objects.filter(goal=found).select_related("metric")
    return GoalShown(**dict(GoalRow.of(found)), key_results=[KeyResultShown.of(one) for one in results])


@router.get("/goals/{int:pk}", **gives(_("One goal"), GoalShown))
def goal(request: ApiRequest, pk: int) -> HttpResponse:
    return reply(_goal(request, pk))


@router.patch(
    "/goals/{int:pk}",
    **takes(_("Change a goal"), GoalEditForm, gives=GoalShown, is_partial=True, example={"quarter": "2027 Q1"}),
)
def goal_edit(request: ApiRequest, pk: int) -> HttpResponse:
    found = goal_pages.find_goal(request, pk)
    require(can_keep_goals(request.user), WHO_KEEPS_GOALS)
    values = {name: getattr(found, name) for name in goal_pages.FIELDS}
    also = {"today": timezone.localdate(), "also": found.quarter, "owner": found.owner_id}
    form = bind(request, GoalEditForm, initial=values, **also)
    return act(
        request,
        form,
        lambda: edit_goal(found, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda _saved: _goal(request, pk),
    )


@router.post(
    "/goals/{int:pk}/key-results",
    **takes(_("Say how a goal is measured"), KeyResultForm, gives=GoalShown, example={"metric": 3, "target": "5"}),
)
def key_result_set(request: ApiRequest, pk: int) -> HttpResponse:
    found = goal_pages.find_goal(request, pk)
    require(can_keep_goals(request.user), WHO_KEEPS_GOALS)
    form = bind(request, KeyResultForm)

    def deed() -> KeyResult:
        metric, target = form.cleaned_data["metric"], form.cleaned_data["target"]
        return set_key_result(found, metric, target=target / metric.scale, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _set: _goal(request, pk))


@router.delete(
    "/goals/{int:pk}/key-results/{int:key_result_pk}", **takes(_("Drop a key result"), None, gives=GoalShown)
)
def key_result_drop(request: ApiRequest, pk: int, key_result_pk: int) -> HttpResponse:
    found = goal_pages.find_goal(request, pk)
    require(can_keep_goals(request.user), WHO_KEEPS_GOALS)
    # Dropped a moment ago, by the same program or by somebody else: what was wanted is so.
    key_result = KeyResult.objects.filter(goal=found, pk=key_result_pk).first()

    def deed() -> None:
        if key_result is not None:
            drop_key_result(key_result, by=request.user, now=timezone.now())

    return act(request, None, deed, lambda _dropped: _goal(request, pk))
