"""Why a project has its tier, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.common import formats
from portal.common.written import comma
from projects.tiers import ReasonCode

if TYPE_CHECKING:
    from projects.tiers import TierAnswer, TierReason


def tier_reasons(answer: TierAnswer) -> str:
    """Why this tier, in one line."""
    language = get_language() or settings.LANGUAGE_CODE
    return comma().join(tier_reason(reason, language) for reason in answer.reasons)


def tier_reason(reason: TierReason, language: str) -> str:
    """One thing the tier rests on."""
    if reason.code == ReasonCode.EFFORT and reason.limit is not None:
        return _("%(effort)s (limit %(limit)s)") % {
            "effort": formats.days(reason.value, language),
            "limit": formats.number(reason.limit),
        }
    if reason.code == ReasonCode.COST:
        return _("%(cost)s (limit %(limit)s)") % {
            "cost": formats.money_short(reason.value, language, currency=settings.CURRENCY),
            "limit": formats.money_short(reason.limit, language, currency=settings.CURRENCY),
        }
    if reason.code == ReasonCode.DEPARTMENTS:
        return _("one department") if reason.value == 1 else _("touches other departments")
    return {
        ReasonCode.EFFORT_UNKNOWN: _("effort not written yet"),
        ReasonCode.PERMIT: _("needs a permit"),
        ReasonCode.NO_PERMIT: _("no permit"),
        ReasonCode.REVERSIBLE: _("can be undone"),
        ReasonCode.IRREVERSIBLE: _("cannot be undone"),
    }.get(reason.code, "")
