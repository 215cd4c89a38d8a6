"""Which step of a pitch asks for which value, and where that step is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from projects.enums import PitchStep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projects.models import Project

#: Values of the project itself; options and lines have steps of their own.
FIELDS: Mapping[PitchStep, tuple[str, ...]] = {
    PitchStep.PRODUCT: (
        "title",
        "product",
        "problem",
        "is_in_scope",
        "is_reusable",
        "fits_roadmap",
        "screening_note",
    ),
    PitchStep.GOAL: ("goal", "process"),
    PitchStep.ASKS: (
        "wanted_on",
        "business_partner",
        "sponsor",
        "needs_permit",
        "cannot_be_undone",
        "crosses_departments",
        "is_restricted",
    ),
}


def url_of(project: Project, step: PitchStep) -> str:
    """The page of a step."""
    return reverse("projects:pitch_step", args=[project.pk, step])


def url_of_value(project: Project, name: str) -> str:
    """The box in which a value of the project is written."""
    step = next(step for step, names in FIELDS.items() if name in names)
    return f"{url_of(project, step)}#id_{name}"
