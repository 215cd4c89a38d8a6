"""What refuses a transition for want of a retro."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.errors import Reason
from retros.lessons import met_by
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


def lessons_answered(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """A major pitch says of each lesson it is asked about whether it is adopted, or why it does not apply."""
    open_ones = [met for met in met_by(project, project.owner) if met.is_asked and met.use is None]
    page = reverse("retros:pitch_lessons", args=[project.pk])
    return [
        Reason(f"lesson_{met.lesson.pk}", _("Not answered yet: “%s”") % met.lesson, f"{page}#lesson-{met.lesson.pk}")
        for met in open_ones
    ]
