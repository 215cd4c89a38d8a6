"""Form fields for figures as people write them. Each understands, echoes what it understood, and refuses with an example.

What stands in the box when the form comes back is what was typed; `echo` says how it was read. A driver of a business
case may be unknown: with `may_be_unknown` an empty box and words such as "not known yet" or 未知 are None, never zero.
"""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.common import formats
from portal.common.amounts import MAX_AMOUNT, PLACES
from portal.common.dates import FIRST_DAY, LAST_DAY, DayOutOfRangeError, in_range
from portal.common.quantities import (
    DAYS_PER_MONTH,
    MAX_LENGTH,
    MAX_PERSON_DAYS,
    MAX_REACH,
    Problem,
    Quantity,
    UnreadableQuantityError,
    is_unknown,
    parse_money,
    parse_number,
    parse_person_days,
    parse_quantity,
    parse_share,
)

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrOrPromise

T = TypeVar("T")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


class FigureFormField(forms.Field, Generic[T]):
    """A figure in one box of text. Subclasses say how to read and how to write it."""

    maximum: Decimal

    def __init__(self, *, maximum: Decimal, may_be_unknown: bool = False, **kwargs: Any) -> None:
        self.maximum = maximum
        self.may_be_unknown = may_be_unknown
        if may_be_unknown:
            kwargs["required"] = False
        super().__init__(**kwargs)

    @abstractmethod
    def read(self, text: str) -> T:
        """Understand it, or raise UnreadableQuantityError."""

    @abstractmethod
    def echo(self, value: T | None) -> str:
        """Say how it was understood, in the reader's language."""

    def limit(self) -> str:
        """The largest figure, as words for the error."""
        return formats.number(self.maximum)

    def to_python(self, value: object) -> T | None:
        if value in self.empty_values:
            return None
        text = str(value)
        try:
            if not text.strip() or (self.may_be_unknown and is_unknown(text)):
                return None
            return self.read(text)
        except UnreadableQuantityError as error:
            words = self.error_messages.get(error.code, self.error_messages[Problem.UNREADABLE])
            # Only where it is named: a sign of per cent in other words is none of a format.
            params = {"limit": self.limit()} if "%(limit)s" in str(words) else None
            raise ValidationError(words, code=error.code, params=params) from error

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else self.echo(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:  # noqa: ARG002 -- as Django calls it
        return {"maxlength": str(MAX_LENGTH), "autocomplete": "off"}


class MoneyFormField(FigureFormField[Decimal]):
    """`46`, `1,200.50`, `120万`, `1.28亿元`, `1.5m`, in the currency of the installation."""

    default_error_messages: ClassVar[dict[str, _StrOrPromise]] = {
        Problem.UNREADABLE: _("Write an amount, such as 46, 1,200.50 or 1.5m."),
        Problem.NEGATIVE: _("Write an amount of 0 or more."),
        Problem.TOO_LARGE: _("Write at most %(limit)s."),
        Problem.TOO_PRECISE: _("Write at most two decimals, such as 1,200.50."),
        Problem.FOREIGN_CURRENCY: _("Write the amount in the currency used here, such as %(limit)s."),
    }

    def __init__(
        self,
        *,
        maximum: Decimal = MAX_AMOUNT,
        may_be_negative: bool = False,
        may_be_unknown: bool = False,
        **kwargs: Any,
    ) -> None:
        self.may_be_negative = may_be_negative
        super().__init__(maximum=maximum, may_be_unknown=may_be_unknown, **kwargs)

    def read(self, text: str) -> Decimal:
        return parse_money(text, currency=settings.CURRENCY, maximum=self.maximum, may_be_negative=self.may_be_negative)

    def echo(self, value: Decimal | None) -> str:
        return formats.money(value, _language(), settings.CURRENCY)

    def limit(self) -> str:
        return self.echo(self.maximum)


class PercentFormField(FigureFormField[Decimal]):
    """A share of 1: `15%`, `15`, `0.15`, `1 in 7`. A bare number below 1 is a share, from 1 up it is per cent."""

    default_error_messages: ClassVar[dict[str, _StrOrPromise]] = {
        Problem.UNREADABLE: _("Write a percentage, such as 15%, or 1 in 7."),
        Problem.NEGATIVE: _("Write a percentage from 0 to 100, such as 15%."),
        Problem.TOO_LARGE: _("Write a percentage from 0 to 100, such as 15%."),
        Problem.TOO_PRECISE: _("Write at most four decimals, such as 3.4%."),
    }

    def __init__(self, *, may_be_unknown: bool = False, **kwargs: Any) -> None:
        super().__init__(maximum=Decimal(1), may_be_unknown=may_be_unknown, **kwargs)

    def read(self, text: str) -> Decimal:
        return parse_share(text)

    def echo(self, value: Decimal | None) -> str:
        return formats.percent(value, _language())


class PersonDaysFormField(FigureFormField[Decimal]):
    """Person-days: `14`, `14 pd`, `2人天`, `3人月`, `0.7 person-months`; a person-month has `days_per_month`."""

    default_error_messages: ClassVar[dict[str, _StrOrPromise]] = {
        Problem.UNREADABLE: _("Write a number and a unit, such as 14 person-days or 0.7 person-months."),
        Problem.NEGATIVE: _("Write 0 or more person-days."),
        Problem.TOO_LARGE: _("Write at most %(limit)s."),
        Problem.TOO_PRECISE: _("Write at most two decimals, such as 2.5 person-days."),
    }

    def __init__(
        self,
        *,
        maximum: Decimal = MAX_PERSON_DAYS,
        days_per_month: Decimal = DAYS_PER_MONTH,
        may_be_unknown: bool = False,
        **kwargs: Any,
    ) -> None:
        self.days_per_month = days_per_month
        super().__init__(maximum=maximum, may_be_unknown=may_be_unknown, **kwargs)

    def read(self, text: str) -> Decimal:
        return parse_person_days(text, days_per_month=self.days_per_month, maximum=self.maximum)

    def echo(self, value: Decimal | None) -> str:
        return formats.days(value, _language())

    def limit(self) -> str:
        return self.echo(self.maximum)


class QuantityWithUnitFormField(FigureFormField[Quantity]):
    """A number and what is counted: `1,200 bags lost`, `1200个袋子`, `12万单`."""

    default_error_messages: ClassVar[dict[str, _StrOrPromise]] = {
        Problem.UNREADABLE: _("Write a number and what is counted, such as 1,200 bags lost."),
        Problem.NEGATIVE: _("Write 0 or more, such as 1,200 bags lost."),
        Problem.TOO_LARGE: _("Write at most %(limit)s."),
        Problem.TOO_PRECISE: _("Write at most two decimals, such as 0.5 incidents."),
    }

    def __init__(self, *, maximum: Decimal = MAX_REACH, may_be_unknown: bool = False, **kwargs: Any) -> None:
        super().__init__(maximum=maximum, may_be_unknown=may_be_unknown, **kwargs)

    def read(self, text: str) -> Quantity:
        return parse_quantity(text, maximum=self.maximum)

    def echo(self, value: Quantity | None) -> str:
        return formats.quantity(value, _language())


class NumberFormField(FigureFormField[Decimal]):
    """A bare number within limits: `1,200`, `12万`, `6.8`."""

    default_error_messages: ClassVar[dict[str, _StrOrPromise]] = {
        Problem.UNREADABLE: _("Write a number, such as 1,200."),
        Problem.NEGATIVE: _("Write 0 or more."),
        Problem.TOO_LARGE: _("Write at most %(limit)s."),
        Problem.TOO_PRECISE: _("Write fewer decimals."),
    }

    def __init__(
        self,
        *,
        maximum: Decimal = MAX_REACH,
        places: int = PLACES,
        may_be_negative: bool = False,
        may_be_unknown: bool = False,
        **kwargs: Any,
    ) -> None:
        self.places = places
        self.may_be_negative = may_be_negative
        super().__init__(maximum=maximum, may_be_unknown=may_be_unknown, **kwargs)

    def read(self, text: str) -> Decimal:
        return parse_number(text, places=self.places, maximum=self.maximum, may_be_negative=self.may_be_negative)

    def echo(self, value: Decimal | None) -> str:
        return formats.unknown(_language()) if value is None else formats.number(value)


class DayFormField(forms.DateField):
    """A day between 2000 and 2100, from the browser's calendar or typed as `18 Dec 2026`, `2026年12月18日`."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = (
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%d %b %Y",
        "%d %B %Y",
        "%Y年%m月%d日",
        "%Y 年 %m 月 %d 日",
    )
    default_error_messages: ClassVar[dict[str, _StrOrPromise]] = {
        "invalid": _("Write a date, such as 18 Dec 2026."),
        "out_of_range": _("Write a date between %(first)s and %(last)s."),
    }

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        try:
            return None if day is None else in_range(day)
        except DayOutOfRangeError as error:
            raise ValidationError(
                self.error_messages["out_of_range"],
                code="out_of_range",
                params={"first": FIRST_DAY.year, "last": LAST_DAY.year},
            ) from error
