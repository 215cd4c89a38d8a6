"""Fields that the forms of a project, its risks and its retro share."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings

from portal.common import formats

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
