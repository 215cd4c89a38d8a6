"""What a company sets for its messages."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from portal.common.dates import Hours
from portal.notifications.enums import Reach
from portal.notifications.kinds import Rung
from portal.policy.store import Setting, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.notifications.kinds import ObligationKind

GROUP = "notifications"

MAILS_A_MINUTE = Setting(
    key="notifications.mails_a_minute",
    default=120,
    label=_("Most mails a minute"),
    help=_("After a pause of the worker, what waits goes out at this pace."),
    group=GROUP,
    minimum=1,
    maximum=10_000,
)

NOTICE_AFTER = Setting(
    key="notifications.notice_after",
    default=3,
    label=_("Private notice, working days after the due day"),
    help=_("It offers three ways out: pick a time, ask for an extension, already done. Nobody else sees it."),
    group=GROUP,
    minimum=1,
    maximum=60,
)
MANAGER_AFTER = Setting(
    key="notifications.manager_after",
    default=2,
    label=_("Word to the direct manager, working days after the private notice"),
    help=_("Never on the same day: at least one working day belongs to the person."),
    group=GROUP,
    minimum=1,
    maximum=60,
)
MOST_SNOOZES = Setting(
    key="notifications.most_snoozes",
    default=2,
    label=_("How often one may pick a later time"),
    help=_("After that an extension is asked for, or the thing is done."),
    group=GROUP,
    minimum=0,
    maximum=20,
)

QUIET_NOON = Setting(
    key="notifications.quiet_noon",
    default=Hours(time(12), time(13, 30)),
    label=_("Silence at noon"),
    help=_("In the time of each person. What falls into it comes at its end, once. Leave it empty for none."),
    group=GROUP,
)
QUIET_EVENING = Setting(
    key="notifications.quiet_evening",
    default=Hours(time(19), time(9)),
    label=_("Silence in the evening"),
    help=_("Until the next morning, and all day on weekends and holidays; everybody may set hours of his own."),
    group=GROUP,
)

HOLD_MAIL = Setting(
    key="notifications.hold_mail",
    default=False,
    label=_("Hold all mail"),
    help=_("Nothing is sent, and all of it waits, such as after a restore. Links to set a password still go out."),
    group=GROUP,
)

SETTINGS = (HOLD_MAIL, MAILS_A_MINUTE, NOTICE_AFTER, MANAGER_AFTER, MOST_SNOOZES, QUIET_NOON, QUIET_EVENING)

LADDERS = "ladders"


def reminder_days(kind: ObligationKind) -> Setting[tuple[int, ...]]:
    """On which days the person alone is reminded of what is owed."""
    return Setting(
        key=f"notifications.ladder.{kind.key}",
        default=tuple(rung.working_days for rung in kind.ladder if not rung.acts),
        label=kind.label,
        help=_("Reminders to the person alone, in working days after the due day; before it with a minus."),
        group=LADDERS,
        minimum=-60,
        maximum=60,
    )


def ladders_of(kinds: Iterable[ObligationKind]) -> tuple[Setting[Any], ...]:
    """The settings of all kinds."""
    return tuple(reminder_days(kind) for kind in kinds)


def ladder_of(kind: ObligationKind) -> tuple[Rung, ...]:
    """The ladder in force: the person, then a private notice to him, and only a working day later his manager."""
    setting = reminder_days(kind)
    days_set: tuple[int, ...] = value(setting)
    days = sorted(set(days_set or setting.default))
    acts = tuple(rung for rung in kind.ladder if rung.acts)
    if not kind.climbs:
        return (*map(Rung, days), *acts)
    notice = value(NOTICE_AFTER)
    return (
        *(Rung(day) for day in days if day < notice),
        Rung(notice, Reach.NOTICE),
        Rung(notice + value(MANAGER_AFTER), Reach.MANAGER),
        *acts,
    )
