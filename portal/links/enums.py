"""Why a signed link opens nothing, and what its holder can do about it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WhyDead(TextChoices):
    """The label is the heading of the page; `advice` says what to do."""

    USED = "used", _("This link has done its work")
    OVER = "over", _("Nothing is left to do here")
    EXPIRED = "expired", _("This link has run out")
    WITHDRAWN = "withdrawn", _("This link was taken back")
    LOST = "lost", _("This link is no longer good")
    UNKNOWN = "unknown", _("This link leads nowhere")

    @property
    def advice(self) -> str:
        return str(_ADVICE[self])


_ADVICE = {
    WhyDead.USED: _("What you sent with it has arrived. To see it again, sign in."),
    WhyDead.OVER: _("It was settled without this link. To see how, sign in."),
    WhyDead.EXPIRED: _(
        "Links are good for some days only. Sign in to do it, or ask whoever invited you for a new one."
    ),
    WhyDead.WITHDRAWN: _("Whoever sent it no longer needs it. If you think that is wrong, ask him."),
    WhyDead.LOST: _("It stood for a person and a thing, and one of them has changed. Whoever sent it can help."),
    WhyDead.UNKNOWN: _("Perhaps a part of it was cut off. Open it from the message again, or copy all of it."),
}
