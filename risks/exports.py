"""The columns of the register as a file: what the list says, and no figure that is still blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.exports import Column, Kind
from portal.common.written import listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from risks.lines import RiskLine


def day(moment: datetime | None) -> date | None:
    return None if moment is None else timezone.localtime(moment).date()


COLUMNS: Sequence[Column[RiskLine]] = (
    Column(_("Project number"), lambda line: line.risk.project.code, width=9),
    Column(_("Project"), lambda line: line.risk.project.title, width=30),
    Column(_("Cause"), lambda line: line.risk.cause, width=30),
    Column(_("Event"), lambda line: line.risk.event, width=40),
    Column(_("Effect"), lambda line: line.risk.effect, width=30),
    Column(_("State"), lambda line: line.risk.get_state_display()),
    Column(_("Owner"), lambda line: line.risk.owner),
    Column(_("Chance"), lambda line: line.risk.probability, Kind.SHARE, width=9),
    Column(_("Money if it happens"), lambda line: line.risk.impact_amount, Kind.MONEY),
    Column(_("Working days lost"), lambda line: line.risk.impact_days, Kind.NUMBER),
    Column(_("Exposure"), lambda line: line.risk.exposure_amount, Kind.MONEY),
    Column(pgettext_lazy("risk", "Answer"), lambda line: listed(mark.words for mark in line.marks)),
    Column(_("Next date"), lambda line: line.next_words, width=20),
    Column(_("Tags"), lambda line: listed(tag.name for tag in line.risk.tags.all()), width=20),
    Column(_("Raised on"), lambda line: day(line.risk.raised_at), Kind.DAY),
    Column(_("Closed on"), lambda line: day(line.risk.closed_at), Kind.DAY),
    Column(_("What came of it"), lambda line: line.risk.outcome, width=30),
)
