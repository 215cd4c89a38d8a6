"""What every other action of a project starts with: the lock, its people, the facts pushed down to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from portal.audit.actions import record
from projects.models import Project, ProjectMember

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from portal.accounts.models import User
    from projects.enums import Part


def lock(project: Project) -> Project:
    """Hold the project until the transaction ends, and return the row as it is now.

    The touch of `sequence` is a row lock on PostgreSQL; on SQLite the IMMEDIATE transaction already excludes other
    writers. Because every write to a project or its parts starts here, a gate cannot be raced past.
    """
    Project.objects.filter(pk=project.pk).update(sequence=F("sequence") + 1)
    return Project.objects.select_related("site", "owner").get(pk=project.pk)


@transaction.atomic
def add_person(project: Project, person: User, part: Part, *, by: User | None, now: datetime) -> ProjectMember:
    """Give a person a part in the project; again is no second part. Called by actions that checked their right."""
    member, is_new = ProjectMember.objects.get_or_create(
        project=project, person=person, part=part, defaults={"since": now}
    )
    if is_new:
        record(
            "project.person_added",
            project,
            by=by,
            now=now,
            project_id=project.pk,
            after={"person": person.pk, "part": part},
        )
    return member


def record_exposure(
    project: Project, *, expected_loss: Decimal | None, p80: Decimal | None, mitigation_cost: Decimal, now: datetime
) -> None:
    """Keep the figures of the risk register beside the business case; called in the register's own transaction."""
    Project.objects.filter(pk=project.pk).update(
        exposure_amount=expected_loss, exposure_p80_amount=p80, mitigation_amount=mitigation_cost, exposure_at=now
    )
