"""Writing a pitch: a draft is begun and saved as one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.amounts import CENT
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.common.text import normalise
from portal.notifications.actions import settle
from portal.policy.store import value
from projects import policy
from projects.actions.project import check_fields, lock
from projects.actions.ranges import check_ranges
from projects.business_inputs import OptionLines, case_of, pitch_content, tier_inputs_of
from projects.enums import Basis, CostKind, OptionKind, Stage, Tier
from projects.models import BenefitLine, CostLine, Option, Project, RateCard
from projects.models.pitch import RANGED
from projects.permissions import can_edit_pitch, can_pitch
from projects.templates_by_kind import TEMPLATES
from projects.tiers import TierAnswer, TierLimits, tier_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from django.db.models import QuerySet

    from portal.accounts.models import User
    from projects.business_inputs import Content

PROJECT_FIELDS = (
    "title",
    "problem",
    "product",
    "goal",
    "business_partner",
    "sponsor",
    "process",
    "is_in_scope",
    "is_reusable",
    "fits_roadmap",
    "screening_note",
    "wanted_on",
    "needs_permit",
    "is_reversible",
    "crosses_departments",
    "is_restricted",
)
BENEFIT_FIELDS = ("unit_benefit_amount", "reach", "reach_unit", "probability", "basis", "evidence")
COST_FIELDS = ("person_days", "material_amount", "material_label")
PITCH_FIELDS = frozenset(PROJECT_FIELDS + BENEFIT_FIELDS + COST_FIELDS)
#: Which row keeps which value of the pitch, and under which name.
ROWS: tuple[tuple[type[Project | BenefitLine | CostLine], Mapping[str, str]], ...] = (
    (Project, dict(zip(PROJECT_FIELDS, PROJECT_FIELDS, strict=True))),
    (BenefitLine, dict(zip(BENEFIT_FIELDS, BENEFIT_FIELDS, strict=True))),
    (CostLine, dict(zip(("person_days", "amount", "label"), COST_FIELDS, strict=True))),
)
#: Chosen from a list, so that there is nothing about their form to judge.
LINKS = frozenset({"product", "goal", "business_partner", "sponsor", "process"})
LineT = TypeVar("LineT", BenefitLine, CostLine)
NO_TITLE = _("Write what it is about, in a few words.")


@transaction.atomic
def start_pitch(title: str, *, by: User, now: datetime, template: str = "") -> Project:
    """Begin a draft, with what the person's last pitch and its product suggest already filled in, and with the names
    that a template gives to its lines.
    """
    require(can_pitch(by), _("Product managers and leads pitch projects."))
    if by.site is None:
        raise InvalidInputError({"title": _("Your account has no site yet, so working days cannot be counted.")})
    if not normalise(title):
        raise InvalidInputError({"title": NO_TITLE})
    project = Project(
        title=title,
        owner=by,
        site=by.site,
        template=template,
        created_at=now,
        updated_at=now,
        updated_by=by,
        **suggested_to(by),
    )
    check_fields(project, ["title", "template"])
    project.search_text = project.searched()
    project.save(force_insert=True)
    full = Option.objects.create(project=project, kind=OptionKind.FULL, is_preferred=True)
    BenefitLine.objects.create(project=project, option=full, basis=Basis.JUDGEMENT, **named_by(template))
    record("project.begun", project, by=by, now=now, project_id=project.pk, after={"title": title})
    return project


def named_by(template: str) -> dict[str, str]:
    """How a template names the first benefit, and what its reach counts; in the language of whoever begins."""
    if template not in TEMPLATES:
        return {}
    return {"label": str(TEMPLATES[template].benefits[0]), "reach_unit": str(TEMPLATES[template].unit)}


def suggested_to(person: User) -> dict[str, Any]:
    """Product, its goal and the business partner, from the person's last pitch; nothing where it was his first."""
    last = (
        Project.objects.filter(owner=person, product__isnull=False)
        .select_related("product__goal", "business_partner")
        .order_by("-pk")
        .first()
    )
    if last is None or last.product is None:
        return {}
    partner = last.business_partner
    return {
        "product": last.product,
        "goal": last.product.goal,
        "business_partner": partner if partner is not None and partner.is_active else None,
    }


@transaction.atomic
def save_pitch(project: Project, values: Mapping[str, Any], *, version: int, by: User, now: datetime) -> Project:
    """Save the given values of the draft and reckon anew. What is saved already is no conflict: a page that saves by itself
    may have been faster than its own button.

    Raises PermissionDenied, IllegalStateError (no draft), StaleObjectError, InvalidInputError.
    """
    require_writer(project, by)
    unknown = set(values) - PITCH_FIELDS
    if unknown:
        raise InvalidInputError({name: _("This is not a value of a pitch.") for name in sorted(unknown)})
    judge(values)
    current = lock(project)
    before = snapshot(current)
    if current.stage == Stage.DRAFT and current.version != version and are_saved(values, before):
        return current
    changed = {name: values[name] for name in PROJECT_FIELDS if name in values}
    open_draft(current, changed, version=version, by=by, now=now)
    save_benefit(current, values)
    save_costs(current, values, on=current.local_day(now))
    saved = reckon_anew(current)
    old, new = difference(before, snapshot(saved))
    if "business_partner" in new:
        settle("confirm_figures", saved.pk, now=now)
    record("pitch.saved", saved, by=by, now=now, project_id=saved.pk, before=old, after=new)
    return saved


@transaction.atomic
def use_template(project: Project, template: str, *, version: int, by: User, now: datetime) -> Project:
    """Say afterwards of which kind the draft is: its hints appear, its names and its unit where nobody wrote any. What is
    written stays as it is, and no figure is put in.

    Raises PermissionDenied, IllegalStateError (no draft), StaleObjectError, InvalidInputError.
    """
    require_writer(project, by)
    if template not in TEMPLATES:
        raise InvalidInputError({"template": _("Choose one of the kinds.")})
    current = lock(project)
    open_draft(current, {"template": template}, version=version, by=by, now=now)
    before = snapshot(current)
    for name, words in named_by(template).items():
        first_benefit(current).filter(**{name: ""}).update(**{name: words})
    saved = reckon_anew(current)
    old, new = difference(before, snapshot(saved))
    after = new | {"template": template}
    record(
        "pitch.saved",
        saved,
        by=by,
        now=now,
        project_id=saved.pk,
        before=old | {"template": current.template},
        after=after,
    )
    return saved


def are_saved(values: Mapping[str, Any], saved: Mapping[str, object]) -> bool:
    """Whether each of the values stands there already."""
    return all(getattr(value, "pk", value) == saved[name] for name, value in values.items())


def require_writer(project: Project, by: User) -> None:
    """Raises PermissionDenied."""
    require(can_edit_pitch(by, project), _("Only the owner writes the pitch. The owner is %s.") % project.owner)


def open_draft(current: Project, changed: Mapping[str, Any], *, version: int, by: User, now: datetime) -> None:
    """Every edit of a pitch begins with this: it is a draft, and nobody was faster. `current` is the locked row.

    Raises IllegalStateError (no draft), StaleObjectError.
    """
    if current.stage != Stage.DRAFT:
        raise IllegalStateError(
            _("The pitch is “%s”, and what was submitted does not change.") % current.get_stage_display()
        )
    won = Project.objects.filter(pk=current.pk, version=version, stage=Stage.DRAFT).update(
        **changed,
        search_text=current.searched(**changed),
        version=F("version") + 1,
        updated_at=now,
        updated_by=by,
    )
    if not won:
        raise StaleObjectError(current)


def judge(values: Mapping[str, Any]) -> None:
    """Each given value by the rules of the row that will keep it. Raises InvalidInputError."""
    errors: dict[str, Any] = {}
    for row, fields in ROWS:
        given = {field: values[name] for field, name in fields.items() if name in values}
        if row is CostLine and not given.get("amount"):
            given.pop("amount", None)
        try:
            check_fields(row(**given), given.keys() - LINKS, given_as=fields)
        except InvalidInputError as error:
            errors |= error.errors
    if "title" in values and not normalise(values["title"]):
        errors["title"] = NO_TITLE
    for name in ("business_partner", "sponsor"):
        person = values.get(name)
        if person is not None and not person.is_active:
            errors[name] = _("%s no longer works here.") % person
    if errors:
        raise InvalidInputError(errors)


def save_benefit(project: Project, values: Mapping[str, Any]) -> None:
    """The first benefit line, which is all that a light pitch has. Where its figures have ranges, they stay inside."""
    given = {name: values[name] for name in BENEFIT_FIELDS if name in values}
    without = {f"{name}_low": None for name in RANGED}
    if not given or first_benefit(project).filter(**without).update(**given):
        return
    line = first_benefit(project).get()
    for name, figure in given.items():
        setattr(line, name, figure)
    check_ranges(line)
    line.save(update_fields=list(given))


def first_benefit(project: Project) -> QuerySet[BenefitLine]:
    return BenefitLine.objects.filter(project=project, option__kind=OptionKind.FULL, position=1)


def first_costs(project: Project) -> QuerySet[CostLine]:
    """What a light pitch costs: people as line 1, material as line 2."""
    return CostLine.objects.filter(project=project, option__kind=OptionKind.FULL, position__lte=2)


def save_costs(project: Project, values: Mapping[str, Any], *, on: date) -> None:
    """People are line 1, at the rate of today; material is line 2. A line goes when its figure is emptied."""
    if "person_days" in values:
        days = values["person_days"]
        skill = first_costs(project).filter(position=1).values_list("skill", flat=True).first() or ""
        rate = rate_of(skill, on=on)
        amount = None if days is None else (days * rate).quantize(CENT)
        save_line(project, 1, amount, kind=CostKind.PEOPLE, person_days=days, skill=skill, unit_amount=rate)
    label = {"label": values["material_label"]} if "material_label" in values else {}
    if "material_amount" in values:
        save_line(project, 2, values["material_amount"] or None, kind=CostKind.MATERIAL, **label)
    elif label:
        first_costs(project).filter(position=2).update(**label)


def save_line(project: Project, position: int, amount: Decimal | None, **fields: Any) -> None:
    """Keep a cost line, or let it go where no amount is known."""
    if amount is None:
        gone = first_costs(project).filter(position=position)
        keep_used(gone)
        gone.delete()
    else:
        option = Option.objects.get(project=project, kind=OptionKind.FULL)
        CostLine.objects.update_or_create(
            project=project, option=option, position=position, defaults={"amount": amount, **fields}
        )


def keep_used(lines: QuerySet[CostLine]) -> None:
    """What was worked already, by an early start, is not taken away with its line. Raises InvalidInputError."""
    if lines.filter(actuals__isnull=False).exists():
        raise InvalidInputError({"person_days": _("Work is recorded on this line already, so it stays.")})


def rate_of(skill: str, *, on: date) -> Decimal:
    """What a day of the skill costs on a day: by the newest card that has begun, else by policy."""
    card = RateCard.objects.filter(skill=skill, valid_from__lte=on).order_by("-valid_from").first() if skill else None
    return value(policy.DAY_RATE) if card is None else card.day_amount


def options_of(project: Project) -> list[OptionLines]:
    """Every option with its lines, inherited ones included; three queries, or none of a project read with them."""
    benefits, costs = list(project.benefit_lines.all()), list(project.cost_lines.all())
    options = list(project.options.all())
    full = next(option for option in options if option.kind == OptionKind.FULL)
    return [OptionLines(option, lines_of(option, full, benefits), lines_of(option, full, costs)) for option in options]


def lines_of(option: Option, full: Option, lines: Sequence[LineT]) -> list[LineT]:
    """The lines of one option among all; the same answer as `LineQuerySet.of_option` gives."""
    own = [line for line in lines if line.option_id == option.pk]
    if option.kind != OptionKind.LOW_COST:
        return [line for line in own if not line.is_left_out]
    replaced = {line.replaces_id for line in own}
    found = [
        line
        for line in lines
        if (line.option_id == option.pk and not line.is_left_out)
        or (line.option_id == full.pk and line.pk not in replaced)
    ]
    return sorted(found, key=lambda line: (line.position, line.pk))


def is_simple(project: Project) -> bool:
    """Whether the light page shows all of the pitch: one option, one benefit without ranges, people and money once."""
    if len(project.options.all()) > 1 or len(project.benefit_lines.all()) > 1:
        return False
    if any(line.has_ranges for line in project.benefit_lines.all()):
        return False
    return not any(line.position > 2 or line.is_monthly or line.skill for line in project.cost_lines.all())  # noqa: PLR2004 -- people and money


def content_of(project: Project) -> Content:
    """The pitch as it stands now."""
    return pitch_content(
        project,
        options_of(project),
        horizon_months=value(policy.HORIZON_MONTHS),
        annual_rate=value(policy.DISCOUNT_RATE),
        currency=settings.CURRENCY,
        widening={key: value(setting) for key, setting in policy.SPREADS.items()},
    )


def tier_for(content: Content) -> TierAnswer:
    """The tier by today's limits, with why."""
    limits = TierLimits(
        light_max_days=value(policy.LIGHT_MAX_DAYS),
        standard_max_days=value(policy.STANDARD_MAX_DAYS),
        major_cost=value(policy.MAJOR_AMOUNT),
    )
    return tier_of(tier_inputs_of(content), limits)


def reckon_anew(project: Project) -> Project:
    """Keep tier and the figures that lists show in step with the lines."""
    saved = Project.objects.select_related(
        "product", "goal", "process", "business_partner", "sponsor", "owner", "site"
    ).get(pk=project.pk)
    content = content_of(saved)
    case = case_of(content)
    saved.tier = Tier(tier_for(content).tier)
    saved.net_benefit_amount = case.net_benefit
    saved.effort_days = tier_inputs_of(content).person_days
    saved.cost_amount = case.cost
    check_sums(saved)
    saved.save(update_fields=["tier", "net_benefit_amount", "effort_days", "cost_amount"])
    return saved


def check_sums(project: Project) -> None:
    """Figures may fit each by itself and not together. Raises InvalidInputError."""
    for name, field in (("cost_amount", "material_amount"), ("net_benefit_amount", "reach")):
        try:
            check_fields(project, [name])
        except InvalidInputError:
            raise InvalidInputError({field: _("Together these figures are more than can be reckoned with.")}) from None


def snapshot(project: Project) -> dict[str, object]:
    """The values of the pitch, flat, for the audit row and for showing a conflict."""
    benefit = first_benefit(project).get()
    costs = {line.position: line for line in first_costs(project)}
    people, material = costs.get(1), costs.get(2)
    return {
        **{name: getattr(project, f"{name}_id" if name in LINKS else name) for name in PROJECT_FIELDS},
        **{name: getattr(benefit, name) for name in BENEFIT_FIELDS},
        "person_days": people.person_days if people else None,
        "material_amount": material.amount if material else None,
        "material_label": material.label if material else "",
    }


def difference(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """Only what moved: as it was, and as it is."""
    moved = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in moved}, {name: after[name] for name in moved}
