"""Mail that nobody should wait for, and rows that nobody needs any more."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from kombu.exceptions import OperationalError

from portal.accounts.actions.form_keys import forget_form_keys
from portal.accounts.models import User
from portal.celery import app

log = structlog.get_logger(__name__)


# Of our own app by name: a web process sends it, and has loaded no other that knows the broker.
@app.task  # type: ignore[untyped-decorator] # celery is untyped
def mail_password_link(person_id: int) -> None:
    """Send the link that sets a password: once, within the hour, on our own address whatever the request claimed."""
    person = User.objects.active().filter(pk=person_id).first()
    if person is None:
        return
    path = reverse(
        "accounts:password_reset_confirm",
        args=[urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)],
    )
    with translation.override(person.language):
        words = render_to_string(
            "emails/accounts/password_link.txt", {"person": person, "url": settings.BASE_URL + path}
        )
    subject, _line, body = words.partition("\n")
    send_mail(" ".join(subject.split()), body.lstrip(), None, [person.email])


def queue_password_link(person_id: int) -> None:
    """Have the link mailed. Where the broker does not answer, nothing is lost but this mail: whoever waits for it asks
    again.
    """
    try:
        mail_password_link.delay(person_id)
    except OperationalError:
        log.exception("password link not queued", person=person_id)


@app.task  # type: ignore[untyped-decorator] # as above
def tidy() -> None:
    """Drop sessions that are over and the keys of forms that no page holds any more. Beat calls it once a day."""
    call_command("clearsessions")
    forget_form_keys(now=timezone.now())
