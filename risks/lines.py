"""A risk as one line of a list: how it is answered, and the date that matters next, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal.common import formats
from portal.common.components import Mark
from portal.common.written import comma, listed
from risks.enums import RiskState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from risks.models import Mitigation, Risk


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk with what a list says about it. `due_at` is until when its owner owes a figure or an answer."""

    risk: Risk
    appetite: Decimal
    today: date
    due_at: datetime | None = None
    waiting_for: int = 0

    @property
    def is_above(self) -> bool:
        """Above the line, and it can still happen."""
        exposure = self.risk.exposure_amount
        return self.risk.is_open and exposure is not None and exposure > self.appetite

    @property
    def is_answered(self) -> bool:
        """By a mitigation, a plan B, or an acceptance that still holds."""
        return bool(self.mitigations) or self.has_plan or self.is_accepted

    @property
    def lacks_answer(self) -> bool:
        """What the heading counts: above the line and nothing done about it."""
        return self.is_above and not self.is_answered

    @property
    def mitigations(self) -> Sequence[Mitigation]:
        return list(self.risk.mitigations.all())

    @property
    def has_plan(self) -> bool:
        return hasattr(self.risk, "plan_b")

    @property
    def is_accepted(self) -> bool:
        return hasattr(self.risk, "acceptance") and self.risk.acceptance.is_valid_on(self.today)

    @property
    def marks(self) -> Sequence[Mark]:
        """The answers as chips; a missing one is red only where it is due."""
        if self.risk.state == RiskState.CLOSED:
            return [Mark(_("closed"), "line")]
        marks = []
        if self.risk.has_happened:
            marks.append(Mark(_("settled") if self.risk.state == RiskState.RESOLVED else _("occurred"), "line"))
        if self.has_plan:
            marks.append(Mark(self.plan_words))
        if self.mitigations:
            marks.append(Mark(_("mitigation")))
        if self.is_accepted:
            marks.append(Mark(_("accepted"), "line"))
        if not marks and self.is_above:
            marks.append(Mark(_("none yet"), "red", "exclamation-circle"))
        return marks

    @property
    def plan_words(self) -> str:
        if self.risk.plan_b.activated_at is None:
            return _("plan B")
        return _("plan B used") if self.risk.closed_at else _("plan B in use")

    @property
    def next_words(self) -> str:
        """What comes next, with its date; for a risk that is behind us, when it was."""
        risk = self.risk
        if risk.closed_at is not None:
            return _("on %(day)s") % {"day": day_words(timezone.localtime(risk.closed_at).date())}
        if risk.occurred_at is not None:
            return _("since %(day)s") % {"day": day_words(timezone.localtime(risk.occurred_at).date())}
        if self.waiting_for and risk.state == RiskState.IDENTIFIED:
            return ngettext("waits for %(count)d assessment", "waits for %(count)d assessments", self.waiting_for) % {
                "count": self.waiting_for
            }
        return self.answer_words or self.due_words

    @property
    def answer_words(self) -> str:
        """The date of the answer: decided, done or looked at again by then."""
        if self.has_plan:
            return _("decide by %(day)s") % {"day": day_words(self.risk.plan_b.decide_by)}
        if self.mitigations:
            return self.mitigation_words
        if self.is_accepted:
            return _("until %(day)s") % {"day": day_words(self.risk.acceptance.until)}
        return ""

    @property
    def deed_words(self) -> str:
        """What is done about it, in the words of whoever wrote it; empty while nothing is."""
        if self.has_plan:
            return self.risk.plan_b.deed
        if self.mitigations:
            return self.mitigations[0].deed
        return self.risk.acceptance.reason if self.is_accepted else ""

    @property
    def mitigation_words(self) -> str:
        open_ones = [each for each in self.mitigations if each.done_at is None]
        if open_ones:
            return _("by %(day)s") % {"day": day_words(min(each.due_on for each in open_ones))}
        done = [timezone.localtime(each.done_at).date() for each in self.mitigations if each.done_at is not None]
        return _("done %(day)s") % {"day": day_words(max(done))}

    @property
    def is_owed(self) -> bool:
        """Whether its owner still owes a figure or an answer."""
        return self.due_at is not None and (self.lacks_answer or self.risk.exposure_amount is None)

    @property
    def due_words(self) -> str:
        if self.due_at is None or not self.is_owed:
            return ""
        due_on = timezone.localtime(self.due_at).date()
        return _("due today") if due_on == self.today else _("due %(day)s") % {"day": day_words(due_on)}

    @property
    def is_pressing(self) -> bool:
        """Whether that is due today or before, so that it is shown in red."""
        return self.due_at is not None and self.is_owed and timezone.localtime(self.due_at).date() <= self.today

    @property
    def note(self) -> str:
        """One phrase for a short list: the chance, the answers, the next date."""
        chance = "" if self.risk.probability is None else formats.percent_short(self.risk.probability, language())
        answers = listed(mark.words for mark in self.marks)
        return " · ".join(filter(None, (chance, comma().join(filter(None, (answers, self.next_words))))))


def language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def money(amount: Decimal | None) -> str:
    """An amount as the reader writes it, exact."""
    return formats.money(amount, language(), settings.CURRENCY)


def day_words(day: date) -> str:
    """A day as the reader writes it in lists."""
    return formats.date_short(day, language(), timezone.localdate())
