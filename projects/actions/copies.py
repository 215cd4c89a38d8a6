"""A new draft from an earlier pitch: its words and figures come along, what vouched for them does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from portal.audit.actions import record
from projects.actions.options import OPTION_FIELDS, price
from projects.actions.pitch import reckon_anew, start_pitch
from projects.enums import Basis
from projects.models import BenefitLine, CostLine, Option, Project

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User

LineT = TypeVar("LineT", BenefitLine, CostLine)
#: What is said about the work; dates and people's word for it are those of the new pitch.
COPIED = (
    "template",
    "problem",
    "product",
    "goal",
    "process",
    "needs_permit",
    "is_reversible",
    "crosses_departments",
    "is_restricted",
)


@transaction.atomic
def copy_pitch(source: Project, *, by: User, now: datetime) -> Project:
    """Begin a draft with the options and lines of an earlier pitch, without evidence and confirmation.

    People are reckoned at the rates of today. Raises PermissionDenied, InvalidInputError as `start_pitch` does.
    """
    project = start_pitch(source.title, by=by, now=now)
    Project.objects.filter(pk=project.pk).update(**{name: getattr(source, name) for name in COPIED})
    # The option that a draft begins with makes room for those that are copied.
    Option.objects.filter(project=project).delete()
    options = {old.pk: copy_option(old, project) for old in Option.objects.filter(project=source)}
    copy_lines(BenefitLine, source, project, options, now=now)
    copy_lines(CostLine, source, project, options, now=now)
    reckon_anew(project)
    record("pitch.copied", project, by=by, now=now, project_id=project.pk, after={"from": source.pk})
    return Project.objects.get(pk=project.pk)


def copy_option(old: Option, project: Project) -> Option:
    """The day to decide again was that of the earlier project."""
    values = {name: getattr(old, name) for name in OPTION_FIELDS if name != "decide_again_on"}
    return Option.objects.create(project=project, kind=old.kind, is_preferred=old.is_preferred, **values)


def copy_lines(
    model: type[LineT], source: Project, project: Project, options: dict[int, Option], *, now: datetime
) -> None:
    """Lines that replace others come after them, and replace their copies."""
    copies: dict[int, LineT] = {}
    lines = list(model.objects.filter(project=source))
    for line in sorted(lines, key=lambda one: one.replaces_id is not None):
        values = {field.name: getattr(line, field.name) for field in model._meta.fields if not field.primary_key}
        replaced = copies[line.replaces_id] if line.replaces_id else None
        copy = model(**values | {"project": project, "option": options[line.option_id], "replaces": replaced})
        if isinstance(copy, CostLine):
            price(copy, project, now)
        else:
            copy.basis, copy.evidence = Basis.JUDGEMENT, ""
        copy.save(force_insert=True)
        copies[line.pk] = copy
