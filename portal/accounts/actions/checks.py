"""How an action refuses values: by the errors of the fields, in the words a form would use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.common.errors import InvalidInputError

if TYPE_CHECKING:
    from django.db.models import Model


def save_checked(row: Model) -> None:
    """Save the row, or raise InvalidInputError with what cannot stand.

    Somebody may save the same address between check and save: then the constraint decides, and the check, asked
    again, says which field it is.
    """
    _check(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        _check(row)
        raise


def _check(row: Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise InvalidInputError(error.message_dict) from None
