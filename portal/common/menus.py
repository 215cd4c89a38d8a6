"""Filters of a list by what other rows are called: their menus are read together, by one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from portal.common.text import has_control_characters

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: More choices than this belong into a search field, not into a menu.
MOST_CHOICES: Final = 50


class MenuField(forms.ModelChoiceField[Any]):
    """A filter by another row, such as a product; `name` is the column that names it in the menu.

    `offer` narrows what the menu shows, where not everything that may be asked for is worth a line in it.
    """

    offer: QuerySet[Any, Any] | None = None

    def __init__(self, queryset: Any, *, name: str = "name", **kwargs: Any) -> None:
        self.name = name
        super().__init__(queryset, required=False, **kwargs)

    def offered(self, menu: str) -> QuerySet[Any, Any]:
        """Its rows as (menu, id, name), so that those of several menus can be read at once."""
        offer = cast("QuerySet[Any]", self.queryset if self.offer is None else self.offer)
        # One more than is shown, so that the menu can say that there are others.
        first = offer.order_by(self.name, "pk").values("pk")[: MOST_CHOICES + 1]
        rows: QuerySet[Any] = offer.model._base_manager.filter(pk__in=first).order_by()
        return rows.values_list(Value(menu, CharField()), Cast("pk", CharField()), Cast(self.name, CharField()))


class WordMenuField(forms.CharField):
    """A filter by a word that rows carry, such as a tag; the menu offers those of `offer`, a query of words."""

    offer: QuerySet[Any, Any]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if has_control_characters(text):
            raise forms.ValidationError(_("Write words, a number or a name."))
        return text

    def offered(self, menu: str) -> QuerySet[Any, Any]:
        """The words as (menu, word, word)."""
        return self.offer.order_by().values_list(
            Value(menu, CharField()), Cast("name", CharField()), Cast("name", CharField())
        )
