"""Errors that actions raise. They carry data; the page, the API and the import put them into words the same way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that is not met: a stable code, the words for a person, and the page that mends it."""

    code: str
    words: _StrOrPromise
    url: str = ""


class PortalError(Exception):
    """A request that cannot be done as things stand: answered 409 unless a subclass says otherwise."""

    @property
    def message(self) -> _StrOrPromise:
        """One sentence for the person who asked."""
        return _("This cannot be done as things stand.")


class StaleObjectError(PortalError):
    """Somebody was faster: the object's version is no longer the one that was read."""

    def __init__(self, obj: Model) -> None:
        super().__init__(obj)
        self.obj = obj

    @property
    def message(self) -> _StrOrPromise:
        return _("It was changed since you opened it. Nothing of yours is lost: compare, then save again.")


class IllegalStateError(PortalError):
    """The object is not in a state in which this can be done."""

    def __init__(self, words: _StrOrPromise) -> None:
        super().__init__(words)
        self.words = words

    @property
    def message(self) -> _StrOrPromise:
        return self.words


class GateError(PortalError):
    """A transition is refused: conditions are missing."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__([reason.code for reason in reasons])
        self.reasons = tuple(reasons)

    @property
    def message(self) -> _StrOrPromise:
        return _("Something is still missing.")


class InvalidInputError(PortalError):
    """Values that only the action can judge; answered 422 beside the fields."""

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(dict(errors))
        self.errors = dict(errors)

    @property
    def message(self) -> _StrOrPromise:
        return _("Some values cannot be used.")


class KeyReuseError(PortalError):
    """A form key came back with other values: the form it belongs to was sent already, and led to `location`."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location

    @property
    def message(self) -> _StrOrPromise:
        return _("This form was sent already with other values. Open it anew and send it again.")
