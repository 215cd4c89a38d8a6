"""Words and figures of the register for its pages."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.common import formats
from risks.models import Risk
from risks.summaries import top_risks

if TYPE_CHECKING:
    from projects.models import Project

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
    """What leads to it and what comes of it, as far as it is known."""
    cause, effect = risk.cause.rstrip(".。"), risk.effect.rstrip(".。")
    if cause and effect:
        return _("Cause: %(cause)s. Effect: %(effect)s.") % {"cause": cause, "effect": effect}
    if cause:
        return _("Cause: %(cause)s.") % {"cause": cause}
    return _("Effect: %(effect)s.") % {"effect": effect} if effect else ""


@register.inclusion_tag("risks/_greatest.html")
def greatest_risks(project: Project) -> dict[str, Any]:
    """The three greatest with their answers, for pages of apps that know nothing of risks. Five queries."""
    lines = top_risks(project)
    return {
        "project": project,
        "lines": lines,
        "more": max(Risk.objects.filter(project=project).open().count() - len(lines), 0),
    }


@register.inclusion_tag("risks/_greatest_on_paper.html")
def greatest_on_paper(project: Project) -> dict[str, Any]:
    """The same without links, for a sheet of paper."""
    return greatest_risks(project)
