"""The upper limit of a password's length: hashing a megabyte on request would be a gift to an attacker."""

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MAXIMUM_LENGTH: Final = 128


class MaximumLengthValidator:
    """Refuses passwords of more than `max_length` characters."""

    def __init__(self, max_length: int = MAXIMUM_LENGTH) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 -- Django calls it with both
        if len(password) > self.max_length:
            raise ValidationError(
                ngettext(
                    "This password is too long. It may have at most %(max_length)d character.",
                    "This password is too long. It may have at most %(max_length)d characters.",
                    self.max_length,
                ),
                code="password_too_long",
                params={"max_length": self.max_length},
            )

    def get_help_text(self) -> str:
        return _("Your password may have at most %(max_length)d characters.") % {"max_length": self.max_length}
