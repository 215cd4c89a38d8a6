"""The ends of a figure: what they must be to mean something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.common.errors import InvalidInputError
from projects.models.pitch import RANGED

if TYPE_CHECKING:
    from projects.models import BenefitLine


def check_ranges(line: BenefitLine) -> None:
    """Both ends or neither, the low one below the high one, the likely figure between. Raises InvalidInputError."""
    errors = {}
    for name in RANGED:
        low, likely, high = getattr(line, f"{name}_low"), getattr(line, name), getattr(line, f"{name}_high")
        if low is None and high is None:
            continue
        if low is None or high is None:
            missing = "low" if low is None else "high"
            errors[f"{name}_{missing}"] = _("Write both ends, or neither.")
        elif low > high:
            errors[f"{name}_low"] = _("The low end lies above the high one.")
        elif likely is None:
            errors[name] = _("Write what is likely, too, or leave both ends empty.")
        elif not low <= likely <= high:
            errors[name] = _("What is likely lies outside its realistic ends.")
    if errors:
        raise InvalidInputError(errors)
