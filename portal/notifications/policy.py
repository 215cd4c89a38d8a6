"""What a company sets for its messages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.policy.store import Setting

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

SETTINGS = (MAILS_A_MINUTE,)
