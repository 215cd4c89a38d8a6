"""Mail in the reader's words: language and zone are those of the recipient, whoever brought it about."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.dates import day_in
from portal.common.formats import date_short
from portal.common.written import comma
from portal.links.actions import issue
from portal.notifications import registry
from portal.notifications.digest import DIGEST, morning_of
from portal.notifications.wording import for_reader, is_notice, owed_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from portal.accounts.models import User
    from portal.notifications.kinds import LinkOf
    from portal.notifications.models import Delivery, Obligation

#: A subject longer than this is cut by most readers' programs anyway.
LONGEST_SUBJECT = 120


def compose(delivery: Delivery, *, now: datetime) -> EmailMultiAlternatives | None:
    """The mail of one ledger row, or None if there is nothing left to say."""
    person = delivery.person
    with as_reader(person):
        obligation = delivery.obligation
        if delivery.event == DIGEST:
            name, context = "digest", _digest(delivery, now)
        elif obligation is None:
            name, context = "event", _event(delivery, now)
        else:
            name, context = "reminder", _reminder(delivery, obligation, now)
        if context is None:
            return None
        template = f"emails/notifications/{name}"
        context |= {"person": person, "language": person.language}
        message = EmailMultiAlternatives(
            subject=_one_line(str(context["sentence"])),
            body=render_to_string(f"{template}.txt", context),
            to=[person.email],
            headers={
                "Message-ID": delivery.message_id,
                # Keeps out-of-office answers from coming back.
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
        return message


@contextmanager
def as_reader(person: User) -> Iterator[None]:
    """Language and zone of the person inside, and those of before afterwards."""
    with translation.override(person.language), timezone.override(person.zone):
        yield


def _reminder(delivery: Delivery, obligation: Obligation, now: datetime) -> dict[str, object] | None:
    kind = registry.obligation_kind(obligation.kind)
    task = kind.describe([obligation]).get(obligation.pk)
    if task is None:
        return None
    task, person = for_reader(delivery, obligation, task), delivery.person
    is_own = person == obligation.person
    due, today = day_in(person.zone, obligation.due_at), day_in(person.zone, now)
    return {
        "sentence": task.sentence,
        "detail": task.detail,
        "button": task.button,
        **_way(person, kind.signed_link if is_own else None, obligation.object_id, task.url, now),
        "is_own": is_own,
        "is_notice": is_notice(delivery, obligation),
        "why_link": _link(owed_url(obligation)),
        "due_on": date_short(due, person.language, today),
        "is_late": obligation.due_at < now,
        "is_today": due == today,
    }


def _event(delivery: Delivery, now: datetime) -> dict[str, object] | None:
    kind = registry.event_kind(delivery.event)
    news = kind.describe([delivery.object_id]).get(delivery.object_id)
    if news is None:
        return None
    way = _way(delivery.person, kind.signed_link, delivery.object_id, news.url, now)
    return {
        "sentence": news.sentence,
        "detail": news.detail,
        "letter": kind.letter(delivery.object_id) if kind.letter else "",
        "settings_link": _link(reverse("accounts:settings")),
        **way,
    }


def _digest(delivery: Delivery, now: datetime) -> dict[str, object] | None:
    morning = morning_of(delivery, now)
    if morning is None:
        return None
    owed = ngettext("%(count)s thing waits for you", "%(count)s things wait for you", morning.owed_count)
    news = ngettext("%(count)s is new", "%(count)s are new", morning.news_count)
    counted = [
        words % {"count": count} for words, count in ((owed, morning.owed_count), (news, morning.news_count)) if count
    ]
    return {
        "sentence": _("This morning: %(counts)s") % {"counts": comma().join(counted)},
        "morning": morning,
        "base": settings.BASE_URL,
        "desk_link": _link(reverse("desk")),
        "settings_link": _link(reverse("accounts:settings")),
    }


def _way(person: User, signed_link: LinkOf | None, object_id: int, url: str, now: datetime) -> dict[str, object]:
    """Where the button leads: by a link of the person's own where the kind has one and he may use it."""
    deed = signed_link(object_id, person) if signed_link else None
    signed = issue(*deed, person, now=now) if deed else None
    return {"link": _link(signed or url), "is_signed": signed is not None}


def _link(url: str) -> str:
    """Absolute by the configured address, never by that of a request."""
    return urljoin(settings.BASE_URL + "/", url)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"
