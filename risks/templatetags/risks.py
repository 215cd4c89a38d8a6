"""Words and figures of the register for its pages."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.common import formats

if TYPE_CHECKING:
    from risks.models import Risk

register = template.Library()

#: An axis has room for a few characters: 80 k, 1.2 m; 8 万.
STEPS = ((Decimal(1_000_000), "m"), (Decimal(1_000), "k"))
STEPS_ZH = ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万"))


@register.filter
def axis(amount: Decimal) -> str:
    """An amount as an axis shows it, without the currency."""
    steps = STEPS_ZH if (get_language() or settings.LANGUAGE_CODE).startswith("zh") else STEPS
    for step, word in steps:
        if amount >= step:
            return f"{formats.number((amount / step).normalize())} {word}"
    return formats.number(amount)


@register.filter
def sentence(risk: Risk) -> str:
    """Cause → event → effect as one sentence of what is known."""
    parts = []
    if risk.cause:
        parts.append(_("because of %(cause)s") % {"cause": risk.cause})
    if risk.effect:
        parts.append(_("so that %(effect)s") % {"effect": risk.effect})
    return ", ".join(parts)
