"""How long a signed link is good."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.policy.store import Setting

GROUP = "links"

DAYS = Setting(
    key="links.days",
    default=7,
    label=_("Days a signed link is good"),
    help=_("From the message that carries it. Links that are out already keep the day they were given."),
    group=GROUP,
    minimum=1,
    maximum=30,
)

SETTINGS = (DAYS,)
