"""The one run that sends the mail that waits in the ledger.

At least once, and twice only around a crash: a row is leased by a conditional update before it is sent, and marked
after. A worker that dies in between leaves a lease that lapses; the repeated mail has the same Message-ID.
"""

from __future__ import annotations

import logging
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from django.db.models import F

from portal.notifications import registry
from portal.notifications.actions.gather import gather
from portal.notifications.actions.reminders import why_not_remind
from portal.notifications.digest import DIGEST
from portal.notifications.enums import Channel, DeliveryState, Pace, WhyNot
from portal.notifications.kinds import pace_of
from portal.notifications.mails import compose
from portal.notifications.models import Delivery
from portal.notifications.policy import HOLD_MAIL, MAILS_A_MINUTE
from portal.notifications.postman import NoServerError, Postman, explained, is_permanent
from portal.notifications.quiet import quiet_until
from portal.policy.store import value

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

#: Longer than any task may run, so that a lapsed lease means a dead worker.
LEASE: Final = timedelta(minutes=2)
MOST_ATTEMPTS: Final = 10
LONGEST_PAUSE: Final = timedelta(hours=6)
#: A run ends by itself well before the time limit of its task; one mail takes a few seconds at the very worst.
LONGEST_RUN: Final = 35.0
LONGEST_WHY: Final = 200
#: After a longer pause only what is still owed is mailed; the inbox keeps the rest. What is gathered may wait a holiday.
NEWS_FOR: Final = timedelta(days=3)
GATHERED_FOR: Final = timedelta(days=14)


class Outcome(Enum):
    """What a run did with one mail."""

    SENT = auto()
    SKIPPED = auto()
    RETRIED = auto()
    FAILED = auto()
    PUT_OFF = auto()
    TAKEN = auto()


@dataclass(frozen=True, slots=True)
class Clock:
    """Goes on from the run's `now`, so that a lease taken late in a long run is as long as one taken early."""

    now: datetime
    began: float

    def seconds(self) -> float:
        return monotonic() - self.began

    def time(self) -> datetime:
        return self.now + timedelta(seconds=self.seconds())


def deliver(*, now: datetime, limit: int = 100) -> dict[Outcome, int]:
    """Send what is due, the oldest first and no more than the pace allows, and say how it went.

    Where the server cannot be reached, or mail is held, everything stays as it is for the next run.
    """
    counts = dict.fromkeys(Outcome, 0)
    if value(HOLD_MAIL):
        return counts
    gather(now=now)
    clock = Clock(now, monotonic())
    due = Delivery.objects.mail_due(now=now).order_by("next_try_at", "pk")
    ids = list(due.values_list("pk", flat=True)[: min(limit, _room(now))])
    if not ids:
        return counts
    try:
        with Postman() as postman:
            for pk in ids:
                if clock.seconds() > LONGEST_RUN:
                    break
                counts[_send(pk, clock, postman)] += 1
    except NoServerError as error:
        logger.warning("mail waits, the server cannot be reached: %s", error)
    return counts


def _room(now: datetime) -> int:
    """How many mails this minute still takes. Two runs at once may each use it up: it is a pace, not a quota."""
    just_sent = Delivery.objects.filter(channel=Channel.MAIL, digest=None, sent_at__gt=now - timedelta(minutes=1))
    return max(value(MAILS_A_MINUTE) - just_sent.count(), 0)


def _send(pk: int, clock: Clock, postman: Postman) -> Outcome:
    delivery = _lease(pk, clock)
    if delivery is None:
        return Outcome.TAKEN
    try:
        if held := _held_back(delivery, clock.time()):
            return held
        message = compose(delivery, now=clock.time())
        if message is None:
            return _end(delivery, Outcome.SKIPPED, state=DeliveryState.SKIPPED, why=WhyNot.GONE)
        postman.send(message)
    except NoServerError:
        # Given back as it was: this attempt never happened.
        _end(delivery, Outcome.RETRIED, attempts=F("attempts") - 1)
        raise
    except (smtplib.SMTPException, OSError) as error:
        # The server's words may hold the address, so they stand in the ledger and not in the log.
        logger.warning("mail %s was not taken", pk)
        return _failed(delivery, error, clock)
    except Exception as error:
        logger.exception("mail %s could not be written", pk)
        return _failed(delivery, error, clock)
    return _end(delivery, Outcome.SENT, state=DeliveryState.SENT, sent_at=clock.time(), why="")


def _held_back(delivery: Delivery, now: datetime) -> Outcome | None:
    """Not wanted any more, or not at this hour; what was gathered is looked through once more."""
    if why_not := why_not_mail(delivery, now=now):
        return _end(delivery, Outcome.SKIPPED, state=DeliveryState.SKIPPED, why=why_not)
    if end := _silent_until(delivery, now):
        return _end(delivery, Outcome.PUT_OFF, attempts=F("attempts") - 1, next_try_at=end)
    if delivery.event == DIGEST:
        _leave_out(delivery, now=now)
    return None


def _silent_until(delivery: Delivery, now: datetime) -> datetime | None:
    """The end of the reader's quiet hours, unless the mail is urgent."""
    obligation = delivery.obligation
    if delivery.event == DIGEST:
        pace = Pace.SOON
    elif obligation is None:
        pace = pace_of(registry.event_kind(delivery.event))
    else:
        pace = pace_of(registry.obligation_kind(obligation.kind))
    return None if pace == Pace.AT_ONCE else quiet_until(delivery.person, now)


def _leave_out(digest: Delivery, *, now: datetime) -> None:
    """What was gathered and is no longer wanted stays out of the morning mail."""
    for part in digest.parts.filter(state=DeliveryState.PENDING).select_related(
        "person__site", "obligation__person__site"
    ):
        if why_not := why_not_mail(part, now=now):
            Delivery.objects.filter(pk=part.pk).update(state=DeliveryState.SKIPPED, why=why_not)


def _lease(pk: int, clock: Clock) -> Delivery | None:
    """Take the row for this run, or None if another has it; exactly one of several wins."""
    now = clock.time()
    lease = now + LEASE
    won = Delivery.objects.mail_due(now=now).filter(pk=pk).update(lease_until=lease, attempts=F("attempts") + 1)
    if not won:
        return None
    return Delivery.objects.select_related("person__site", "obligation__person__site").get(pk=pk)


def why_not_mail(delivery: Delivery, *, now: datetime) -> WhyNot | str:
    """Asked again just before sending: the thing may be done, the person gone, the right lost."""
    person, obligation = delivery.person, delivery.obligation
    if not person.is_active:
        return WhyNot.DEACTIVATED
    if not person.wants_mail:
        return WhyNot.NO_MAIL
    if obligation is None:
        return _why_no_news(delivery, now)
    kind = registry.obligation_kind(obligation.kind)
    if obligation.settled_at is not None or not kind.still_owed(obligation):
        return WhyNot.SETTLED
    return why_not_remind(obligation, kind, person)


def _why_no_news(delivery: Delivery, now: datetime) -> WhyNot | str:
    if delivery.event == DIGEST:
        return ""
    waited = now - (delivery.next_try_at or delivery.created_at)
    if waited > (NEWS_FOR if delivery.digest_id is None else GATHERED_FOR):
        return WhyNot.STALE
    project = delivery.project_id
    seen = project is None or project in set(registry.directory().visible_to(delivery.person, [project]))
    return "" if seen else WhyNot.NOT_VISIBLE


def _failed(delivery: Delivery, error: Exception, clock: Clock) -> Outcome:
    """Give up where the answer will not change, else try again, ever later."""
    why = " ".join(explained(error).split())[:LONGEST_WHY]
    if is_permanent(error) or delivery.attempts >= MOST_ATTEMPTS:
        return _end(delivery, Outcome.FAILED, state=DeliveryState.FAILED, why=why)
    pause = min(timedelta(minutes=2**delivery.attempts), LONGEST_PAUSE)
    return _end(delivery, Outcome.RETRIED, next_try_at=clock.time() + pause, why=why)


def _end(delivery: Delivery, outcome: Outcome, **changes: Any) -> Outcome:
    """Write how it went and give the lease back, unless it lapsed and the row is another run's by now."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING, lease_until=delivery.lease_until)
    if not mine.update(lease_until=None, **changes):
        logger.warning("the lease of mail %s lapsed while it was sent", delivery.pk)
    elif "state" in changes:
        ended = {name: changes[name] for name in ("state", "why", "sent_at") if name in changes}
        Delivery.objects.filter(digest=delivery, state=DeliveryState.PENDING).update(**ended)
    return outcome
