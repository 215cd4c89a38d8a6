"""Fields that the forms of a project, its risks and its retro share."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import Q

from portal.accounts.models import User
from portal.common import formats
from portal.common.templatetags.ui import comma

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

#: The sign in front of an amount; the same in every language, because it stands before the box.
CURRENCY_SIGN = formats.money(Decimal(0), "en", settings.CURRENCY).removesuffix("0").strip()


def wanted(words: StrOrPromise) -> dict[str, Any]:
    """What an empty box asks for, in words of its own."""
    return {"error_messages": {"required": words}}


class LinesField(forms.CharField):
    """A text of several lines. Browsers send CRLF; kept and compared with plain line ends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class PersonField(forms.ModelChoiceField["User"]):
    """A colleague who works here, shown with the department."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)
        self.offer()

    def offer(self, *, also: int | None = None, but: int | None = None) -> None:
        """Everybody active, and `also` who stands there already, though he may have left; never `but`."""
        people = User.objects.filter(Q(is_active=True) | Q(pk__in=[also])).exclude(pk__in=[but])
        self.queryset = people.select_related("department").order_by("name", "pk")

    def label_from_instance(self, obj: User) -> str:
        return f"{obj}{comma()}{obj.department}" if obj.department else str(obj)
