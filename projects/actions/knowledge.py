"""What is known of a product: modules and business processes described and confirmed, feedback written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Required, TypedDict, TypeVar, Unpack

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import normal_name
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import InvalidInputError, StaleObjectError
from projects.actions.product import WHO_MAY
from projects.actions.project import check_fields, only_one
from projects.models import BusinessProcess, Feedback, ProductModule
from projects.permissions import can_drop_feedback, can_give_feedback, can_keep_products

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from portal.accounts.models import User
    from projects.models import Product
    from projects.models.knowledge import ProductPart

Part = TypeVar("Part", bound="ProductPart")
#: What a person writes of each, and the word that stands for it in the record.
WRITTEN: Final[Mapping[type[ProductPart], tuple[str, ...]]] = {
    ProductModule: ("name", "summary", "switches", "document_url"),
    BusinessProcess: ("name", "steps", "roles", "monthly_volume", "exceptions"),
}
VERBS: Final[Mapping[type[ProductPart], str]] = {
    ProductModule: "module",
    BusinessProcess: "process",
}
NAME_TAKEN = _("The product has one of this name already.")


@transaction.atomic
def add_part(kind: type[Part], product: Product, *, by: User, now: datetime, **values: Any) -> Part:
    """Describe a module or a business process of a product. Who describes a module says that it is true today.

    Raises PermissionDenied, InvalidInputError (beside the field, or the name is taken).
    """
    require(can_keep_products(by), WHO_MAY)
    part = kind(product=product, **judged(kind, values), updated_at=now, updated_by=by)
    if isinstance(part, ProductModule):
        part.confirmed_on, part.confirmed_by = now.astimezone(by.zone).date(), by
    with only_one("name", NAME_TAKEN, "name", "once_a_product"):
        part.save()
    record(f"{VERBS[kind]}.added", part, by=by, now=now, after=kept(part))
    return part


@transaction.atomic
def edit_part(part: Part, *, version: int, by: User, now: datetime, **values: Any) -> Part:
    """Write anew what is said of it; the part is as it is stored then.

    Raises PermissionDenied, InvalidInputError, StaleObjectError.
    """
    require(can_keep_products(by), WHO_MAY)
    kind = type(part)
    good = judged(kind, values)
    current = kind.objects.select_for_update().get(pk=part.pk)
    if current.version != version:
        raise StaleObjectError(current)
    before = kept(current)
    if isinstance(current, ProductModule):
        good |= {"confirmed_on": now.astimezone(by.zone).date(), "confirmed_by": by}
    with only_one("name", NAME_TAKEN, "name", "once_a_product"):
        kind.objects.filter(pk=part.pk).update(**good, version=F("version") + 1, updated_at=now, updated_by=by)
    part.refresh_from_db()
    record(f"{VERBS[kind]}.edited", part, by=by, now=now, before=before, after=kept(part))
    return part


@transaction.atomic
def drop_part(part: ProductPart, *, by: User, now: datetime) -> None:
    """Take it off the product's page; again changes nothing. Raises PermissionDenied."""
    require(can_keep_products(by), WHO_MAY)
    kind = type(part)
    current = kind.objects.select_for_update().filter(pk=part.pk).first()
    if current is not None:
        record(f"{VERBS[kind]}.dropped", current, by=by, now=now, before=kept(current))
        current.delete()


@transaction.atomic
def confirm_module(module: ProductModule, *, by: User, now: datetime) -> ProductModule:
    """Say that the description is still true today; again on the same day changes nothing. Raises PermissionDenied."""
    require(can_keep_products(by), WHO_MAY)
    current = ProductModule.objects.select_for_update(of=("self",)).get(pk=module.pk)
    before, today = {"confirmed_on": current.confirmed_on}, now.astimezone(by.zone).date()
    if current.confirmed_on == today:
        return current
    current.confirmed_on, current.confirmed_by = today, by
    current.save(update_fields=["confirmed_on", "confirmed_by"])
    record("module.confirmed", current, by=by, now=now, before=before, after={"confirmed_on": current.confirmed_on})
    return current


class Words(TypedDict, total=False):
    """What was said, where it was heard, at which step of the work (that may be unknown)."""

    text: Required[str]
    source: Required[str]
    step: str


@transaction.atomic
def give_feedback(
    product: Product,
    *,
    heard_on: date,
    process: BusinessProcess | None = None,
    by: User,
    now: datetime,
    **words: Unpack[Words],
) -> Feedback:
    """Write down what a user said. Raises PermissionDenied, InvalidInputError (a day to come, another product's process)."""
    require(can_give_feedback(by), WHO_MAY)
    values: dict[str, Any] = {name: str(text).strip() for name, text in words.items()} | {"heard_on": heard_on}
    check_fields(Feedback(**values), values)
    if heard_on > now.astimezone(by.zone).date():
        raise InvalidInputError({"heard_on": _("This day is still to come.")})
    if process is not None and process.product_id != product.pk:
        raise InvalidInputError({"process": _("This process belongs to another product.")})
    feedback = Feedback.objects.create(**values, product=product, process=process, written_by=by, written_at=now)
    record("feedback.given", feedback, by=by, now=now, after=values | {"product": product.pk})
    return feedback


@transaction.atomic
def drop_feedback(feedback: Feedback, *, by: User, now: datetime) -> None:
    """Take a quotation away; again changes nothing. Raises PermissionDenied."""
    require(can_drop_feedback(by, feedback), _("Only who wrote it down or who keeps the product takes it away."))
    current = Feedback.objects.select_for_update().filter(pk=feedback.pk).first()
    if current is not None:
        record("feedback.dropped", current, by=by, now=now, before={"text": current.text, "source": current.source})
        current.delete()


def judged(kind: type[ProductPart], values: Mapping[str, Any]) -> dict[str, Any]:
    """What was written, as it is kept, by the model's own rules. Raises InvalidInputError."""
    good = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    good["name"] = normal_name(good["name"])
    check_fields(kind(**good), good)
    return good


def kept(part: ProductPart) -> Mapping[str, Any]:
    """For the record."""
    return {"product": part.product_id} | {name: getattr(part, name) for name in WRITTEN[type(part)]}
