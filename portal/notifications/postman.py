"""One connection to the mail server for a run, and what its answers mean."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Final, Self

from django.core.mail import get_connection

if TYPE_CHECKING:
    from types import TracebackType

    from django.core.mail import EmailMessage

#: Seconds for one step of the conversation, whatever the server does.
TIMEOUT: Final = 10
#: Answers that the same mail would get again.
_PERMANENT: Final = range(500, 600)


class NoServerError(Exception):
    """The server cannot be reached, or does not let us in: that is no fault of any mail."""


class Postman:
    """Sends mail after mail over one connection; after an error it connects anew."""

    def __init__(self) -> None:
        self._connection = get_connection(timeout=TIMEOUT)

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def connect(self) -> None:
        """Open the connection if it is not; raises NoServerError."""
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            self._connection.close()
            raise NoServerError(explained(error)) from error

    def send(self, message: EmailMessage) -> None:
        """Send; raises NoServerError, or what the server said to this mail."""
        self.connect()
        try:
            self._connection.send_messages([message])
        except BaseException:
            # What the server still expects is not known, so the next mail begins a new conversation.
            self._connection.close()
            raise


def is_permanent(error: Exception) -> bool:
    """Whether the same mail would be refused again (an answer of 5xx)."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return all(code in _PERMANENT for code, _words in refused.values())
        case smtplib.SMTPResponseException(smtp_code=code):
            return code in _PERMANENT
    return False


def explained(error: Exception) -> str:
    """The error on one line, for the ledger."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return "; ".join(f"{code} {_text(words)}" for code, words in refused.values())
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            return f"{code} {_text(words)}"
    return f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
