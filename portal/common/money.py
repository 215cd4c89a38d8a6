"""Money in a model: a Decimal with two places in Python, an integer number of minor units in the database.

Sums, comparisons and `F()` between money fields are exact on every database. Three rules:

- a bare figure beside `F()` needs `money_value()`: `F("amount") + money_value(Decimal("1.50"))`;
- the product of money and an integer field is money; other products say their `output_field`;
- `Avg` is cut to the minor unit: divide a `Sum` where it matters.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.expressions import Combinable, Value, register_combinable_fields
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.common.amounts import MAX_AMOUNT, ZERO, InexactAmountError, exact, from_minor_units, to_minor_units
from portal.common.fields import MoneyFormField

_SetType = TypeVar("_SetType")
_GetType = TypeVar("_GetType")

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.utils.functional import _StrOrPromise

    _Field = models.Field
else:

    class _Field(models.Field):
        """Django's own field takes no type arguments when it runs."""

        def __class_getitem__(cls, types: object) -> type[models.Field]:
            return cls


class MoneyField(_Field[_SetType, _GetType]):
    """An amount in the currency of the installation; never negative unless `allow_negative`.

    The limits are a CHECK of the column as well, so that raw SQL meets them too.
    """

    description = _("Amount of money")
    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, _StrOrPromise]] = {
        "invalid": _("Write an amount with at most two decimals, such as 1,200.50."),
    }

    _pyi_private_set_type: Decimal | int | Combinable
    _pyi_private_get_type: Decimal
    _pyi_lookup_exact_type: Decimal | int

    def __init__(
        self, verbose_name: Any = None, name: str | None = None, *, allow_negative: bool = False, **kwargs: Any
    ) -> None:
        self.allow_negative = allow_negative
        super().__init__(verbose_name, name, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.allow_negative:
            kwargs["allow_negative"] = True
        return str(name), path, list(args), dict(kwargs)

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    @property
    def smallest(self) -> Decimal:
        return -MAX_AMOUNT if self.allow_negative else ZERO

    @cached_property
    def validators(self) -> list[Callable[[Any], None]]:
        return [*super().validators, MinValueValidator(self.smallest), MaxValueValidator(MAX_AMOUNT)]

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = connection.ops.quote_name(str(self.column))
        limits = f"{column} BETWEEN {to_minor_units(self.smallest)} AND {to_minor_units(MAX_AMOUNT)}"
        # SQLite would keep a fraction in an integer column.
        return f"{limits} AND {column} = CAST({column} AS bigint)"

    def to_python(self, value: object) -> Decimal | None:
        if value is None:
            return None
        try:
            if isinstance(value, str):
                value = Decimal(value)
            if isinstance(value, Decimal | int) and not isinstance(value, bool):
                return exact(value)
        except (InexactAmountError, InvalidOperation):
            pass
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def from_db_value(self, value: int | None, *_: object) -> Decimal | None:
        return None if value is None else from_minor_units(value)

    def get_prep_value(self, value: Any) -> int | None:
        amount = super().get_prep_value(value)
        if amount is None:
            return None
        if not isinstance(amount, Decimal | int):
            raise TypeError(f"{self.name}: money is a Decimal, not {type(amount).__name__}")
        return to_minor_units(amount)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return connection.ops.adapt_integerfield_value(value, self.get_internal_type())

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        options: dict[str, Any] = {"form_class": MoneyFormField, "may_be_negative": self.allow_negative}
        return super().formfield(**options | kwargs)


def money_value(amount: Decimal | int) -> Value:
    """A figure to reckon with in a query: `F("amount") + money_value(Decimal("1.50"))`."""
    return Value(amount, output_field=MoneyField())


register_combinable_fields(MoneyField, Combinable.ADD, MoneyField, MoneyField)
register_combinable_fields(MoneyField, Combinable.SUB, MoneyField, MoneyField)
register_combinable_fields(MoneyField, Combinable.MUL, models.IntegerField, MoneyField)
register_combinable_fields(models.IntegerField, Combinable.MUL, MoneyField, MoneyField)
