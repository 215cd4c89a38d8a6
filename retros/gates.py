"""What refuses a transition for want of a retro."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.common.errors import Reason
from retros.summaries import latest_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.accounts.models import User
    from projects.models import Project


def retro_settled(project: Project, by: User | None, now: datetime, /) -> Sequence[Reason]:  # noqa: ARG001 -- as every gate
    """The retro was held, or a lead has waived it."""
    retro = latest_of(project)
    if retro is None:
        return [Reason("no_retro", _("No retro was held"))]
    if retro.is_settled:
        return []
    return [Reason("retro_owed", _("The retro is not held yet"), retro.get_absolute_url())]
