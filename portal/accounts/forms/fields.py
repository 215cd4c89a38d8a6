"""Fields that ask for a colleague or a time zone, in every form that does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator, ModelChoiceIteratorValue
from django.urls import reverse_lazy

from portal.accounts.models import User
from portal.common.menus import MOST_CHOICES
from portal.common.once import remembered
from portal.common.written import comma

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrOrPromise

_ID = re.compile(r"[0-9]{1,18}")


class First(ModelChoiceIterator[User]):
    """As many colleagues as a menu is read down to. A form asks for colleagues in several places, and a menu is gone
    through more than once.
    """

    is_cut = False

    def __iter__(self) -> Iterator[tuple[ModelChoiceIteratorValue | str, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        first = self.queryset[: MOST_CHOICES + 1]
        found = remembered(("people of a menu", str(first.query)), lambda: list(first.all()))
        self.is_cut = len(found) > MOST_CHOICES
        for person in found[:MOST_CHOICES]:
            yield self.choice(person)


class PersonMenu(forms.Select):
    """The first colleagues and whoever stands there already. Where there are more, it says so: the box that it becomes
    then offers whomever the server finds. All of a large company in every menu would take seconds.
    """

    choices: Any

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups = super().optgroups(name, value, attrs)
        if self.choices.is_cut and not any(
            option["selected"] for _group, options, _index in groups for option in options
        ):
            chosen = [each for each in value if _ID.fullmatch(each)]
            for index, person in enumerate(self.choices.queryset.filter(pk__in=chosen), start=len(groups)):
                pk, label = self.choices.choice(person)
                groups.append((None, [self.create_option(name, pk, label, True, index)], index))
        return groups

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-further"] = self.choices.is_cut
        return context


class PersonField(forms.ModelChoiceField["User"]):
    """A colleague who works here, shown with the department."""

    widget = PersonMenu
    iterator = First

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
