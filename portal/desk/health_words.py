"""Each part of the portal's state as a line: how it stands, in words, and what to do about it."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import django
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.health.enums import Beat
from portal.health.summaries import is_late

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.desk.health import Facts

WELL: Final = "on_track"
WATCH: Final = "watch"
DANGER: Final = "danger"

LATE: Final = timedelta(minutes=10)
VERY_LATE: Final = timedelta(hours=1)
#: A backup a day, and two hours for it to end.
BACKUP_DUE: Final = timedelta(hours=26)
BACKUP_OVERDUE: Final = timedelta(days=3)
DISK_LOW: Final = 0.15
DISK_VERY_LOW: Final = 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """One part: `remedy` is empty while there is nothing to do."""

    name: str
    state: str
    says: str
    remedy: str = ""


def lines(facts: Facts, *, broker_answers: bool) -> Sequence[Line]:
    """What matters most comes first."""
    return [
        sweep(facts),
        ticks(facts),
        broker(answers=broker_answers),
        queue(facts),
        mail(facts),
        failed_mail(facts),
        seals(facts),
        backup(facts),
        disk(facts),
        versions(),
    ]


def heading(shown: Sequence[Line]) -> str:
    """The answer: does it run?"""
    bad = sum(line.state != WELL for line in shown)
    if not bad:
        return _("Everything runs")
    return ngettext("%(count)s thing needs a look", "%(count)s things need a look", bad) % {"count": bad}


def sweep(facts: Facts) -> Line:
    name, at = _("Reminders and mail"), facts.last(Beat.SWEEP)
    if at is not None and not is_late(at, facts.now):
        return Line(name, WELL, _last_ran(at, facts.now))
    remedy = _(
        "No reminder and no mail goes out until it runs again; nothing is lost. Look whether a worker and the scheduler "
        "run and what their logs say. By hand, once: manage.py sweep"
    )
    return Line(name, DANGER, _last_ran(at, facts.now), remedy)


def ticks(facts: Facts) -> Line:
    name, at = _("Scheduler and queue"), facts.last(Beat.TICK)
    if at is not None and not is_late(at, facts.now):
        return Line(name, WELL, _last_ran(at, facts.now))
    remedy = _("Its messages reach no worker: look whether the scheduler (celery beat), the broker and a worker run.")
    return Line(name, DANGER, _last_ran(at, facts.now), remedy)


def broker(*, answers: bool) -> Line:
    if answers:
        return Line(_("Broker"), WELL, _("It answers."))
    remedy = _(
        "People can go on working: what they save is kept, and reminders go out as soon as it is back. Start it, or "
        "mend CELERY_BROKER_URL."
    )
    return Line(_("Broker"), DANGER, _("It does not answer."), remedy)


def queue(facts: Facts) -> Line:
    remedy = _("More is due than gets done: look at the log of the worker, or start another one.")
    return _waiting(_("Reminders that are due"), facts.reminders_waiting, facts.oldest_reminder, facts.now, remedy)


def mail(facts: Facts) -> Line:
    if facts.mails_held:
        says = _("Held since a restore: %(count)s.") % {"count": facts.mails_waiting}
        remedy = _(
            "Let it go or drop it, on the page of what was sent: what went out since the backup would go out again."
        )
        return Line(_("Mail that is due"), WATCH, says, remedy)
    remedy = _(
        "The mail server does not take it, or more is written than the policy lets go in a minute. The log of the worker "
        "says which; EMAIL_URL names the server."
    )
    return _waiting(_("Mail that is due"), facts.mails_waiting, facts.oldest_mail, facts.now, remedy)


def failed_mail(facts: Facts) -> Line:
    name = _("Mail that failed")
    if not facts.mails_failed:
        return Line(name, WELL, _("None in the last seven days."))
    says = ngettext("%(count)s in the last seven days.", "%(count)s in the last seven days.", facts.mails_failed) % {
        "count": facts.mails_failed
    }
    return Line(name, WATCH, says, _("The list of what was sent says to whom and why: mostly an address is wrong."))


def seals(facts: Facts) -> Line:
    name, since = _("Seals of the audit trail"), facts.unsealed_since
    if since is None:
        return Line(name, WELL, _("All that was recorded is sealed."))
    says = _("The oldest row without a seal is of %(time)s ago.") % {"time": timesince(since, facts.now, depth=1)}
    age = facts.now - since
    state = DANGER if age > VERY_LATE else WATCH if age > LATE else WELL
    remedy = _("Until it is sealed, a change to it could not be proved. Look at the log of the worker.")
    return Line(name, state, says, "" if state == WELL else remedy)


def backup(facts: Facts) -> Line:
    name, at = _("Backup"), facts.backed_up_at
    age = None if at is None else facts.now - at
    if age is not None and age <= BACKUP_DUE:
        return Line(name, WELL, _last_ran(at, facts.now))
    state = WATCH if age is not None and age <= BACKUP_OVERDUE else DANGER
    remedy = _("Make one now (manage.py backup), and let a timer make one each day: see docs/operations.md")
    return Line(name, state, _last_ran(at, facts.now), remedy)


def disk(facts: Facts) -> Line:
    free = facts.disk_free / facts.disk_size if facts.disk_size else 0
    state = DANGER if free < DISK_VERY_LOW else WATCH if free < DISK_LOW else WELL
    says = _("%(free)s of %(size)s are free where VAR_DIR is.") % {
        "free": filesizeformat(facts.disk_free),
        "size": filesizeformat(facts.disk_size),
    }
    remedy = _(
        "When it is full, nothing can be saved. Make room or a larger disk: files people attached, old backups, mail files."
    )
    return Line(_("Disk"), state, says, "" if state == WELL else remedy)


def versions() -> Line:
    engine = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}.get(connection.vendor, connection.vendor)
    number = ".".join(str(part) for part in connection.get_database_version())
    says = f"Python {platform.python_version()}, Django {django.get_version()}, {engine} {number}"
    return Line(_("Versions"), WELL, says)


def _waiting(name: str, count: int, oldest: datetime | None, now: datetime, remedy: str) -> Line:
    if oldest is None:
        return Line(name, WELL, _("Nothing waits."))
    says = ngettext("%(count)s, the oldest for %(time)s.", "%(count)s, the oldest for %(time)s.", count) % {
        "count": count,
        "time": timesince(oldest, now, depth=1),
    }
    age = now - oldest
    state = DANGER if age > VERY_LATE else WATCH if age > LATE else WELL
    return Line(name, state, says, "" if state == WELL else remedy)


def _last_ran(at: datetime | None, now: datetime) -> str:
    if at is None:
        return _("Never yet.")
    if now - at < timedelta(minutes=1):
        return _("Less than a minute ago.")
    return _("%(time)s ago.") % {"time": timesince(at, now, depth=1)}
