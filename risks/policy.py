"""What a company sets for its risks: the line above which an answer is due, and how soon people reply."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from portal.policy.store import Setting

GROUP = "risks"

APPETITE = Setting(
    key="risks.appetite",
    default=Decimal("20000.00"),
    label=_("Risk appetite"),
    help=_("A risk with a greater expected loss (chance × money) must be answered before delivery starts."),
    group=GROUP,
    minimum=Decimal(1),
    maximum=Decimal(1_000_000_000),
)
ASSESSMENT_REPLY_DAYS = Setting(
    key="risks.assessment_reply_days",
    default=2,
    label=_("Working days for an engineer's assessment"),
    help=_("From the invitation; it reminds, it does not decide."),
    group=GROUP,
    minimum=1,
    maximum=30,
)
VALUING_DAYS = Setting(
    key="risks.valuing_days",
    default=3,
    label=_("Working days to give money and answers"),
    help=_("For the owner of the project, once the engineers have answered."),
    group=GROUP,
    minimum=1,
    maximum=30,
)

SETTINGS = (APPETITE, ASSESSMENT_REPLY_DAYS, VALUING_DAYS)
