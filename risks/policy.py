"""What a company sets for its risks and questions: the line above which an answer is due, how soon people reply."""

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
ESCALATION_REPLY_DAYS = Setting(
    key="risks.escalation_reply_days",
    default=2,
    label=_("Working days for the answer to a question"),
    help=_("Proposed when a question is put, and given anew to each level it moves up to."),
    group=GROUP,
    minimum=1,
    maximum=30,
)
LATE_WITHDRAWAL_DAYS = Setting(
    key="risks.late_withdrawal_days",
    default=5,
    label=_("Working days before a launch in which a withdrawn question shows"),
    help=_("Whoever withdraws a question this close to the launch says why, and the launch shows it."),
    group=GROUP,
    minimum=0,
    maximum=30,
)

SETTINGS = (APPETITE, ASSESSMENT_REPLY_DAYS, VALUING_DAYS, ESCALATION_REPLY_DAYS, LATE_WITHDRAWAL_DAYS)
