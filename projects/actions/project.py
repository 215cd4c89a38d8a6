"""What every other action of a project starts with: the lock, what it judges, its people, the facts pushed down to it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.enums import Stage
from projects.models import Project, ProjectMember
from projects.permissions import can_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from decimal import Decimal

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.enums import Part


def lock(project: Project) -> Project:
    """Hold the project until the transaction ends, and return the row as it is now.

    The touch of `sequence` is a row lock on PostgreSQL; on SQLite the IMMEDIATE transaction already excludes other
    writers. Because every write to a project or its parts starts here, a gate cannot be raced past.
    """
    Project.objects.touch(project.pk)
    return Project.objects.select_related("site", "owner").get(pk=project.pk)


def check_fields(instance: Model, fields: Iterable[str], *, given_as: Mapping[str, str] = {}) -> None:
    """Judge values by the model's own rules, whoever brings them; `given_as` has the names they came by, if others.

    Raises InvalidInputError.
    """
    others = {field.name for field in instance._meta.fields} - set(fields)
    try:
        instance.clean_fields(exclude=others)
    except ValidationError as error:
        errors = {given_as.get(field, field): words for field, words in error.message_dict.items()}
        raise InvalidInputError(errors) from error


@contextmanager
def only_one(field: str, words: _StrOrPromise, *signs: str) -> Iterator[None]:
    """The database decides which of two equal ones was first; the other is told beside the field.

    `signs` are what its error may say: the name of the constraint, or of a column. Raises InvalidInputError.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not any(sign in str(error) for sign in signs):
            raise
        raise InvalidInputError({field: words}) from None


def check_person(project: Project, person: User, field: str = "owner") -> None:
    """Nothing is handed to somebody who left, or who may not see what it is about. Raises InvalidInputError."""
    if not person.is_active:
        raise InvalidInputError({field: _("%s no longer works here.") % person})
    if not Project.objects.visible_to(person).filter(pk=project.pk).exists():
        raise InvalidInputError({field: _("%s cannot see this project: it is restricted to its people.") % person})


@transaction.atomic
def add_person(project: Project, person: User, part: Part, *, by: User | None, now: datetime) -> ProjectMember:
    """Give a person a part in the project; again is no second part. Called by actions that checked their right."""
    current = lock(project)
    member, is_new = ProjectMember.objects.get_or_create(
        project=current, person=person, part=part, defaults={"since": now}
    )
    if is_new:
        record(
            "project.person_added",
            current,
            by=by,
            now=now,
            project_id=current.pk,
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


DELIVERING = frozenset({Stage.IN_DELIVERY, Stage.ON_HOLD})
NOT_STARTED = _("Delivery has not started yet.")


def held(project: Project, stages: frozenset[Stage], *, by: User) -> Project:
    """The project under lock, if `by` runs it and it stands in one of `stages`."""
    require(can_run(by, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    current = lock(project)
    if current.stage not in stages:
        raise IllegalStateError(_("This is not possible now: the project is “%s”.") % current.get_stage_display())
    return current


def delivering(project: Project, *, by: User) -> Project:
    """The project under lock, if `by` runs it and its delivery has started, on hold or not."""
    current = held(project, DELIVERING, by=by)
    if current.started_at is None:
        raise IllegalStateError(NOT_STARTED)
    return current
