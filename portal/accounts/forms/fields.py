"""Fields that ask for a colleague or a time zone, in every form that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.urls import reverse_lazy

from portal.accounts.models import User
from portal.common.once import remembered
from portal.common.written import comma

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrOrPromise


class _People(ModelChoiceIterator["User"]):
    """The rows of the menu. A form asks for colleagues in several places, and a menu is gone through more than once."""

    def __iter__(self) -> Iterator[tuple[ModelChoiceIteratorValue | str, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        people = self.queryset
        for person in remembered(("people of a menu", str(people.query)), lambda: list(people.all())):
            yield self.choice(person)


class PersonField(forms.ModelChoiceField["User"]):
    """A colleague who works here, shown with the department."""

    iterator = _People

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)
        # Where scripts run, the menu becomes a box to type into (static/js/pick.js).
        self.widget.attrs["data-pick"] = reverse_lazy("accounts:people_pick")
        self.offer()

    def offer(self, *, also: int | None = None, but: int | None = None) -> None:
        """Everybody active, and `also` who stands there already, though he may have left; never `but`."""
        people = User.objects.filter(Q(is_active=True) | Q(pk__in=[also])).exclude(pk__in=[but])
        self.queryset = people.select_related("department").order_by("name", "pk")

    def label_from_instance(self, obj: User) -> str:
        return f"{obj}{comma()}{obj.department}" if obj.department else str(obj)


def zones(*before: tuple[str, _StrOrPromise]) -> list[tuple[str, _StrOrPromise]]:
    """The time zones this machine knows, as choices, after those given."""
    return [*before, *((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()))]
