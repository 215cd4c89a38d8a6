"""Products: what each internal system is for, and which goal it serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import normal_name
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import InvalidInputError, StaleObjectError
from portal.common.text import normalise
from projects.actions.project import check_fields, only_one
from projects.models import Product
from projects.permissions import can_keep_products

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from portal.accounts.models import User
    from projects.models import Goal

WHO_MAY = _("Product managers and leads keep the products.")
NAME_TAKEN = _("A product of this name exists already. Use it, or name what differs.")
TEXTS = ("purpose", "users", "direction", "whom_to_ask")


class ProductTexts(TypedDict, total=False):
    """What a product page says beside its name; all of it may come later."""

    purpose: str
    users: str
    direction: str
    whom_to_ask: str


@transaction.atomic
def add_product(
    name: str, *, owner: User, goal: Goal | None = None, by: User, now: datetime, **texts: Unpack[ProductTexts]
) -> Product:
    """Write down a product. Raises PermissionDenied, InvalidInputError (name taken, owner left)."""
    require(can_keep_products(by), WHO_MAY)
    product = Product(**judged(name, owner, texts), owner=owner, goal=goal, updated_at=now, updated_by=by)
    check_owner(owner)
    product.search_text = product.searched()
    with only_one("name", NAME_TAKEN, "name_key"):
        product.save()
    record("product.added", product, by=by, now=now, after=kept(product))
    return product


@transaction.atomic
def edit_product(
    product: Product,
    *,
    name: str,
    owner: User,
    goal: Goal | None,
    version: int,
    by: User,
    now: datetime,
    **texts: Unpack[ProductTexts],
) -> Product:
    """Change what is said of a product; a text that is not given stays.

    Raises PermissionDenied, InvalidInputError, StaleObjectError.
    """
    require(can_keep_products(by), WHO_MAY)
    values = judged(name, owner, texts) | {"owner": owner, "goal": goal}
    current = Product.objects.select_for_update().get(pk=product.pk)
    if owner.pk != current.owner_id:
        check_owner(owner)
    if current.version != version:
        raise StaleObjectError(current)
    before = kept(current)
    with only_one("name", NAME_TAKEN, "name_key"):
        Product.objects.filter(pk=product.pk).update(**values, version=F("version") + 1, updated_at=now, updated_by=by)
    saved = Product.objects.get(pk=product.pk)
    saved.search_text = saved.searched()
    saved.save(update_fields=["search_text"])
    record("product.edited", saved, by=by, now=now, before=before, after=kept(saved))
    return saved


def judged(name: str, owner: User, texts: ProductTexts) -> dict[str, Any]:
    """Name and texts as they are kept, by the model's own rules. Raises InvalidInputError."""
    values: dict[str, Any] = {"name": normal_name(name)} | {field: str(text).strip() for field, text in texts.items()}
    check_fields(Product(**values, owner=owner), values)
    return values | {"name_key": normalise(values["name"])}


def check_owner(owner: User) -> None:
    """Nothing is handed to somebody who left. Raises InvalidInputError."""
    if not owner.is_active:
        raise InvalidInputError({"owner": _("%s no longer works here.") % owner})


def kept(product: Product) -> Mapping[str, Any]:
    """For the record: ids, not names of people."""
    texts = {name: getattr(product, name) for name in TEXTS}
    return {"name": product.name} | texts | {"owner": product.owner_id, "goal": product.goal_id}
