"""Risks, as the search finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.common.search import Hit, Source, hit, holding
from risks.models import Risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import User


def find_risks(user: User, words: Sequence[str], most: int) -> list[Hit]:
    """By event, cause or effect; the latest first."""
    found = holding(Risk.objects.visible_to(user), words).select_related("project").order_by("-pk")[:most]
    return [
        hit(
            risk.event,
            risk.get_absolute_url(),
            f"{risk.project.code} {risk.project.title} · {risk.get_state_display()}",
            [risk.cause, risk.effect],
            words,
        )
        for risk in found
    ]


SOURCES = (Source(_("Risks"), "risk", find_risks, list_name="risks:list", list_query="view=all"),)
