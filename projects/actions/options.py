"""Writing the options of a pitch and their lines, one at a time. A light pitch never comes here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import record
from portal.common.amounts import CENT
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.pitch import LineT, named_by, open_draft, rate_of, reckon_anew, require_writer
from projects.actions.project import check_fields, lock
from projects.actions.ranges import check_ranges
from projects.enums import CostKind, OptionKind
from projects.models import BenefitLine, CostLine, Option, Project
from projects.models.pitch import RANGED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from portal.accounts.models import User

OPTION_FIELDS = ("summary", "gives_up", "stays_switchable", "decide_again_on")
BENEFIT_FIELDS = (
    "label", "unit_benefit_amount", "reach", "reach_unit", "probability", "basis", "evidence",
    *(f"{name}_{end}" for name in RANGED for end in ("low", "high")),
)  # fmt: skip
COST_FIELDS = ("label", "skill", "person_days", "amount", "is_monthly", "lead_days")
#: New lines stand behind the two that the light page writes.
FIRST_FREE = 3


def edited(project: Project, *, version: int, by: User, now: datetime) -> Project:
    """The locked draft, as every edit of its parts begins. Raises as `open_draft` does, and PermissionDenied."""
    require_writer(project, by)
    current = lock(project)
    open_draft(current, {}, version=version, by=by, now=now)
    return current


@transaction.atomic
def add_option(project: Project, kind: OptionKind, *, version: int, by: User, now: datetime) -> Option:
    """Say another way to do it, or what happens if nothing is done. The low-cost one begins as a copy by reference."""
    current = edited(project, version=version, by=by, now=now)
    option, is_new = Option.objects.get_or_create(project=current, kind=kind)
    if not is_new:
        raise IllegalStateError(_("The pitch has this option already."))
    record("option.added", option, by=by, now=now, project_id=current.pk, after={"kind": option.kind})
    return option


@transaction.atomic
def save_option(option: Option, values: Mapping[str, Any], *, version: int, by: User, now: datetime) -> Option:
    """Say how it is done, what it gives up, what stays switchable, and when to decide again."""
    current = edited(option.project, version=version, by=by, now=now)
    stored = Option.objects.get(pk=option.pk)
    before = {name: getattr(stored, name) for name in values}
    for name, value in values.items():
        setattr(stored, name, value)
    check_fields(stored, OPTION_FIELDS)
    day = stored.decide_again_on
    if day is not None and day <= current.local_day(now):
        raise InvalidInputError({"decide_again_on": _("Name a day that is still to come.")})
    stored.save(update_fields=OPTION_FIELDS)
    record("option.saved", stored, by=by, now=now, project_id=current.pk, before=before, after=dict(values))
    return stored


@transaction.atomic
def prefer_option(option: Option, *, version: int, by: User, now: datetime) -> Option:
    """Ask for this option: its figures are the project's from now on. Asked for already, nothing changes."""
    require_writer(option.project, by)
    if Option.objects.filter(pk=option.pk, is_preferred=True).exists():
        return option
    current = edited(option.project, version=version, by=by, now=now)
    if option.kind == OptionKind.NOTHING:
        raise IllegalStateError(_("To do nothing needs no approval: leave the draft, or cancel it."))
    Option.objects.filter(project=current, is_preferred=True).update(is_preferred=False)
    Option.objects.filter(pk=option.pk).update(is_preferred=True)
    reckon_anew(current)
    record("option.preferred", option, by=by, now=now, project_id=current.pk, after={"kind": option.kind})
    return Option.objects.get(pk=option.pk)


@transaction.atomic
def drop_option(option: Option, *, version: int, by: User, now: datetime) -> None:
    """Take an option out, with what it changed. The full one stays; the one that is asked for too."""
    current = edited(option.project, version=version, by=by, now=now)
    stored = Option.objects.get(pk=option.pk)
    if stored.is_preferred or stored.kind == OptionKind.FULL:
        raise IllegalStateError(_("The full option stays, and so does the one that is asked for."))
    record("option.dropped", stored, by=by, now=now, project_id=current.pk, before={"kind": stored.kind})
    stored.delete()


@transaction.atomic
def save_benefit_line(
    option: Option, line: BenefitLine | None, values: Mapping[str, Any], *, version: int, by: User, now: datetime
) -> BenefitLine:
    """Write a benefit of an option, new or changed. A line of the full option is replaced in the low-cost one."""
    current = edited(option.project, version=version, by=by, now=now)
    stored = written(BenefitLine, option, line)
    before = {name: getattr(stored, name) for name in values}
    for name in BENEFIT_FIELDS:
        if name in values:
            setattr(stored, name, values[name])
    check_fields(stored, BENEFIT_FIELDS)
    check_ranges(stored)
    return keep(stored, "benefit.saved", current, before, values, by=by, now=now)


@transaction.atomic
def save_cost_line(
    option: Option, line: CostLine | None, values: Mapping[str, Any], *, version: int, by: User, now: datetime
) -> CostLine:
    """Write a cost of an option. People cost days × the rate of their skill today; its kind is said once."""
    current = edited(option.project, version=version, by=by, now=now)
    stored = written(CostLine, option, line)
    if line is None:
        stored.kind = values["kind"]
    before = {name: getattr(stored, name) for name in values if name != "kind"}
    for name in COST_FIELDS:
        if name in values:
            setattr(stored, name, values[name])
    price(stored, current, now)
    reckoned = "amount" if stored.kind == CostKind.PEOPLE else "person_days"
    check_fields(stored, {"kind", *COST_FIELDS} - {reckoned})
    return keep(stored, "cost.saved", current, before, values, by=by, now=now)


@transaction.atomic
def add_lines(
    option: Option,
    model: type[BenefitLine | CostLine],
    lines: Sequence[Mapping[str, Any]],
    *,
    version: int,
    by: User,
    now: datetime,
) -> list[BenefitLine | CostLine]:
    """Write several lines of an option at once, all of them or none. Raises as the saving of one does."""
    current = edited(option.project, version=version, by=by, now=now)
    made = [add_line(option, model, values, current, now) for values in lines]
    reckon_anew(current)
    for line, values in zip(made, lines, strict=True):
        verb = "cost.saved" if isinstance(line, CostLine) else "benefit.saved"
        record(verb, line, by=by, now=now, project_id=current.pk, after=dict(values))
    return made


def add_line(
    option: Option, model: type[BenefitLine | CostLine], values: Mapping[str, Any], project: Project, now: datetime
) -> BenefitLine | CostLine:
    line: BenefitLine | CostLine
    if issubclass(model, CostLine):
        line = written(CostLine, option, None)
    else:
        line = unwritten(option, project) or written(BenefitLine, option, None)
    for name, value in values.items():
        setattr(line, name, value)
    if isinstance(line, CostLine):
        price(line, project, now)
    reckoned = {"amount"} if values.get("kind") == CostKind.PEOPLE else set()
    check_fields(line, values.keys() - reckoned)
    line.save()
    return line


def unwritten(option: Option, project: Project) -> BenefitLine | None:
    """The benefit that a draft begins with, as long as nobody wrote anything into it."""
    names = ["", named_by(project.template).get("label", "")]
    empty = BenefitLine.objects.filter(unit_benefit_amount=None, reach=None, probability=None, evidence="")
    return empty.filter(option=option, position=1, label__in=names).first()


def price(line: CostLine, project: Project, now: datetime) -> None:
    """Keep of a cost what its kind has, and reckon what people cost. Raises InvalidInputError."""
    if line.kind != CostKind.PEOPLE:
        line.person_days, line.unit_amount, line.skill = None, None, ""
        if line.amount is None:
            raise InvalidInputError({"amount": _("Write what it costs, such as 12,000.")})
        line.lead_days = line.lead_days if line.kind == CostKind.PERMIT else None
        return
    if line.person_days is None:
        raise InvalidInputError({"person_days": _("Write the effort, such as 14 person-days.")})
    line.lead_days = None
    line.unit_amount = rate_of(line.skill, on=project.local_day(now))
    line.amount = (line.person_days * line.unit_amount).quantize(CENT)


def written(model: type[LineT], option: Option, line: LineT | None) -> LineT:
    """The row that keeps the line for this option: a new one, its own, or one that replaces the full option's."""
    if line is None:
        last = model.objects.filter(option=option).aggregate(last=Max("position"))["last"] or 0
        return model(project_id=option.project_id, option=option, position=max(last + 1, FIRST_FREE))
    stored = model.objects.get(pk=line.pk)
    if stored.option_id == option.pk:
        return stored
    standing_in = model.objects.filter(option=option, replaces=stored).first()
    if standing_in is not None:
        return standing_in
    values = {field.name: getattr(stored, field.name) for field in model._meta.fields if not field.primary_key}
    return model(**values | {"option": option, "replaces": stored})


def keep(
    line: LineT,
    verb: str,
    project: Project,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: User,
    now: datetime,
) -> LineT:
    """Store the line, reckon anew, and say so."""
    line.is_left_out = False
    line.save()
    reckon_anew(project)
    record(verb, line, by=by, now=now, project_id=project.pk, before=dict(before), after=dict(after))
    return line


@transaction.atomic
def remove_line(option: Option, line: LineT, *, version: int, by: User, now: datetime) -> None:
    """Take a line out: for good where it is the option's own, else only from the low-cost option."""
    current = edited(option.project, version=version, by=by, now=now)
    model = type(line)
    stored = model.objects.get(pk=line.pk)
    before = {"label": stored.label, "option": option.kind}
    inherited = stored.replaces_id or (stored.pk if stored.option_id != option.pk else None)
    if inherited is not None:
        standing_in = written(model, option, model.objects.get(pk=inherited))
        standing_in.is_left_out = True
        standing_in.save()
    else:
        leave_one_benefit(stored)
        leave_used(stored)
        stored.delete()
        move_up(stored)
    reckon_anew(current)
    record("line.removed", stored if inherited else option, by=by, now=now, project_id=current.pk, before=before)


def leave_one_benefit(line: BenefitLine | CostLine) -> None:
    """An option brings something: its last benefit is changed, not removed."""
    if isinstance(line, CostLine) or line.option.kind != OptionKind.FULL:
        return
    if not BenefitLine.objects.filter(option=line.option_id).exclude(pk=line.pk).exists():
        raise IllegalStateError(_("One benefit stays: change it instead."))


def leave_used(line: BenefitLine | CostLine) -> None:
    """What was worked already, by an early start, is not taken away with its line."""
    if isinstance(line, CostLine) and line.actuals.exists():
        raise IllegalStateError(_("Work is recorded on this line already, so it stays."))


def move_up(gone: BenefitLine | CostLine) -> None:
    """Once the first benefit of a full option is gone, the next takes its place: the light page writes that one."""
    if isinstance(gone, CostLine) or gone.option.kind != OptionKind.FULL or gone.position != 1:
        return
    first = BenefitLine.objects.filter(option=gone.option_id).earliest("position")
    BenefitLine.objects.filter(pk=first.pk).update(position=1)


@transaction.atomic
def restore_line(option: Option, line: BenefitLine | CostLine, *, version: int, by: User, now: datetime) -> None:
    """Let the low-cost option have a line as the full one has it. If it has it so already, nothing changes."""
    require_writer(option.project, by)
    inherited = line.replaces_id or line.pk
    if not type(line).objects.filter(option=option, replaces=inherited).exists():
        return
    current = edited(option.project, version=version, by=by, now=now)
    type(line).objects.filter(option=option, replaces=inherited).delete()
    reckon_anew(current)
    record("line.restored", option, by=by, now=now, project_id=current.pk, after={"label": line.label})
