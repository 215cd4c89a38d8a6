"""Lessons as a reader or a pitch meets them. Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.accounts.names import folded
from portal.policy.store import value
from projects.enums import Tier
from retros import policy
from retros.models import Lesson, LessonUse
from retros.relevance import shared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.accounts.models import User
    from projects.models import Project

#: A product has rarely more; older ones are found in the library.
MOST_WEIGHED = 200
#: A major pitch answers so many, and no more.
MOST_ASKED = 3


@dataclass(frozen=True, slots=True)
class Met:
    """A lesson that a pitch meets: how many words they share, what was answered, whether it must be."""

    lesson: Lesson
    shared: int
    use: LessonUse | None
    is_asked: bool


def met_by(project: Project, reader: User) -> list[Met]:
    """Lessons of the same product that the reader may see: most in common first. Two queries."""
    found = lessons_of_product(project, reader)
    uses = {use.lesson_id: use for use in LessonUse.objects.filter(project=project).select_related("follow_up")}
    pitch = folded(f"{project.title} {project.problem}")
    weighed = sorted(((shared(pitch, lesson.search_text), lesson) for lesson in found), key=by_weight)
    asked = asked_among(weighed, uses) if project.tier == Tier.MAJOR else frozenset()
    return [Met(lesson, weight, uses.get(lesson.pk), lesson.pk in asked) for weight, lesson in weighed]


def lessons_of_product(project: Project, reader: User) -> Sequence[Lesson]:
    """The latest lessons of other projects of the product."""
    if project.product_id is None:
        return []
    lessons = Lesson.objects.visible_to(reader).filter(project__product=project.product_id).exclude(project=project)
    return list(lessons.select_related("project").order_by("-pk")[:MOST_WEIGHED])


def by_weight(pair: tuple[int, Lesson]) -> tuple[int, int]:
    return (-pair[0], -pair[1].pk)


def asked_among(weighed: Sequence[tuple[int, Lesson]], uses: Mapping[int, LessonUse]) -> frozenset[int]:
    """The few above the bar; what was answered already counts, so that nobody is ever asked for more than that many."""
    bar = value(policy.RELEVANCE)
    relevant = [lesson.pk for weight, lesson in weighed if weight >= bar]
    answered = [pk for pk in relevant if pk in uses]
    left = max(MOST_ASKED - len(answered), 0)
    return frozenset(answered + [pk for pk in relevant if pk not in uses][:left])
