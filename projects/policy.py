"""What a company sets for its pitches, approvals and dates."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from portal.policy.store import Percent, Setting

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUP = "projects"

DAY_RATE = Setting(
    key="projects.day_rate",
    default=Decimal("1600.00"),
    label=_("Rate of a person-day"),
    help=_("Money a day of a colleague's work is reckoned with, unless a rate card says otherwise."),
    group=GROUP,
    minimum=Decimal(0),
    maximum=Decimal(1_000_000),
)
HORIZON_MONTHS = Setting(
    key="projects.light_horizon_months",
    default=12,
    label=_("Months a light pitch is reckoned over"),
    help=_("Benefits after this month are not counted."),
    group=GROUP,
    minimum=1,
    maximum=60,
)
DISCOUNT_RATE = Setting(
    key="projects.discount_rate",
    default=Decimal("0.08"),
    label=_("Discount rate a year"),
    help=_("What money a year from now is worth less; 0.08 means 8 %."),
    group=GROUP,
    minimum=Decimal(0),
    maximum=Decimal(1),
)
LIGHT_MAX_DAYS = Setting(
    key="projects.light_max_days",
    default=Decimal(15),
    label=_("Most person-days of a light project"),
    help=_("Above this a pitch is standard."),
    group=GROUP,
    minimum=Decimal(1),
    maximum=Decimal(1000),
)
STANDARD_MAX_DAYS = Setting(
    key="projects.standard_max_days",
    default=Decimal(120),
    label=_("Most person-days of a standard project"),
    help=_("Above this a pitch is major."),
    group=GROUP,
    minimum=Decimal(1),
    maximum=Decimal(10_000),
)
MAJOR_AMOUNT = Setting(
    key="projects.major_amount",
    default=Decimal("1000000.00"),
    label=_("Cost above which a project is major"),
    help=_("People and money together."),
    group=GROUP,
    minimum=Decimal(1),
    maximum=Decimal(10_000_000_000),
)
SECOND_APPROVER_AMOUNT = Setting(
    key="projects.second_approver_amount",
    default=Decimal("100000.00"),
    label=_("Cost above which a light project needs a second approver"),
    help=_("The manager's manager decides too. Standard and major projects always need both."),
    group=GROUP,
    minimum=Decimal(0),
    maximum=Decimal(10_000_000_000),
)
APPROVAL_REPLY_DAYS = Setting(
    key="projects.approval_reply_days",
    default=3,
    label=_("Working days for an approver's answer"),
    help=_("The reply-by date of each step; it reminds, it does not decide."),
    group=GROUP,
    minimum=1,
    maximum=30,
)
PREPARE_DAYS = Setting(
    key="projects.prepare_days",
    default=10,
    label=_("Working days from approval to the start of delivery"),
    help=_("For listing risks, the review and the metric."),
    group=GROUP,
    minimum=1,
    maximum=90,
)
MEASURE_AFTER_DAYS = Setting(
    key="projects.measure_after_days",
    default=30,
    label=_("Days from launch to the number"),
    help=_("When the metric of a light project is measured."),
    group=GROUP,
    minimum=1,
    maximum=365,
)

EARLY_START_MOST_DAYS = Setting(
    key="projects.early_start_most_days",
    default=Decimal(10),
    label=_("Most person-days of an early start"),
    help=_("What may be worked before the approval, where a lead allows it."),
    group=GROUP,
    minimum=Decimal(1),
    maximum=Decimal(100),
)
EARLY_START_WORKING_DAYS = Setting(
    key="projects.early_start_working_days",
    default=10,
    label=_("Working days of an early start"),
    help=_("By its last day the pitch is owed."),
    group=GROUP,
    minimum=1,
    maximum=60,
)
ATTACHMENT_MOST_MB = Setting(
    key="projects.attachment_most_mb",
    default=10,
    label=_("Largest file that can be attached, in MB"),
    help=_("What is larger is linked."),
    group=GROUP,
    minimum=1,
    maximum=10,
)
PROJECT_FILES_MOST_MB = Setting(
    key="projects.files_most_mb",
    default=100,
    label=_("Room for the files of a project, in MB"),
    help=_("All of its files together."),
    group=GROUP,
    minimum=1,
    maximum=10_000,
)

VOID_BEYOND_SHARE = Setting(
    key="projects.void_beyond_share",
    default=Percent("0.10"),
    label=_("Growth of the budget that an approval bears"),
    help=_("Beyond this share of what was approved the approval is void, however small the steps were."),
    group=GROUP,
    minimum=Decimal(0),
    maximum=Decimal(10),
)
VOID_BEYOND_DAYS = Setting(
    key="projects.void_beyond_days",
    default=10,
    label=_("Working days later that an approval bears"),
    help=_("A launch later than this voids the approval: it then waits for a new one."),
    group=GROUP,
    minimum=0,
    maximum=250,
)
SCOPE_MAY_CHANGE = Setting(
    key="projects.scope_may_change",
    default=False,
    label=_("An approval bears a change of scope"),
    help=_("Otherwise every agreed change of scope voids the approval."),
    group=GROUP,
)

#: How far a figure may lie from what is written, in one case of twenty each way, by what it rests on: an assumption until
#: the company's own record says better.
SPREADS: Mapping[str, Setting[Percent]] = {
    key: Setting(
        key=f"projects.spread_{key}",
        default=Percent(default),
        label=label,
        help=_(
            "1 in 20 is more than this above what is written, or as many times below. Used where nobody gave a range."
        ),
        group=GROUP,
        minimum=Decimal(0),
        maximum=Decimal(10),
    )
    for key, default, label in (
        ("measured", "0.10", _("Spread of a measured figure")),
        ("analogous", "0.30", _("Spread of a figure from an analogous case")),
        ("peer", "0.50", _("Spread of a peer figure")),
        ("judgement", "1.00", _("Spread of a judgement")),
        ("effort", "0.50", _("Spread of an estimate of effort")),
    )
}

SETTINGS: tuple[Setting[Any], ...] = (
    DAY_RATE,
    HORIZON_MONTHS,
    DISCOUNT_RATE,
    LIGHT_MAX_DAYS,
    STANDARD_MAX_DAYS,
    MAJOR_AMOUNT,
    SECOND_APPROVER_AMOUNT,
    APPROVAL_REPLY_DAYS,
    PREPARE_DAYS,
    MEASURE_AFTER_DAYS,
    EARLY_START_MOST_DAYS,
    EARLY_START_WORKING_DAYS,
    ATTACHMENT_MOST_MB,
    PROJECT_FILES_MOST_MB,
    VOID_BEYOND_SHARE,
    VOID_BEYOND_DAYS,
    SCOPE_MAY_CHANGE,
    *SPREADS.values(),
)
