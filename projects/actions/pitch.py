"""Writing a pitch: a draft is begun and saved as one goes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.common.text import normalise
from portal.policy.store import value
from projects import policy
from projects.actions.project import lock
from projects.business_inputs import case_of, pitch_content, tier_inputs_of
from projects.enums import Basis, CostKind, Stage, Tier
from projects.models import BenefitLine, CostLine, Project
from projects.permissions import can_edit_pitch, can_pitch
from projects.tiers import TierAnswer, TierLimits, tier_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from portal.accounts.models import User
    from projects.business_inputs import Content

PROJECT_FIELDS = (
    "title",
    "problem",
    "product",
    "goal",
    "business_partner",
    "wanted_on",
    "needs_permit",
    "is_reversible",
    "crosses_departments",
    "is_restricted",
)
BENEFIT_FIELDS = ("unit_benefit_amount", "reach", "reach_unit", "probability", "basis", "evidence")
COST_FIELDS = ("person_days", "material_amount", "material_label")
PITCH_FIELDS = frozenset(PROJECT_FIELDS + BENEFIT_FIELDS + COST_FIELDS)


@transaction.atomic
def start_pitch(title: str, *, by: User, now: datetime) -> Project:
    """Begin a draft, with what the person's last pitch and its product suggest already filled in."""
    require(can_pitch(by), _("Product managers and leads pitch projects."))
    if by.site is None:
        raise InvalidInputError({"title": _("Your account has no site yet, so working days cannot be counted.")})
    if not normalise(title):
        raise InvalidInputError({"title": _("Write what it is about, in a few words.")})
    last = Project.objects.filter(owner=by, product__isnull=False).select_related("product").order_by("-pk").first()
    project = Project.objects.create(
        title=title,
        owner=by,
        site=by.site,
        product=last.product if last else None,
        goal=last.product.goal if last and last.product else None,
        business_partner=last.business_partner if last else None,
        created_at=now,
        updated_at=now,
        updated_by=by,
    )
    BenefitLine.objects.create(project=project, basis=Basis.JUDGEMENT)
    record("project.begun", project, by=by, now=now, project_id=project.pk, after={"title": title})
    return project


@transaction.atomic
def save_pitch(project: Project, values: Mapping[str, Any], *, version: int, by: User, now: datetime) -> Project:
    """Save the given values of the draft and reckon anew.

    Raises PermissionDenied, IllegalStateError (no draft), StaleObjectError, InvalidInputError.
    """
    require(can_edit_pitch(by, project), _("Only the owner writes the pitch. The owner is %s.") % project.owner)
    unknown = set(values) - PITCH_FIELDS
    if unknown:
        raise InvalidInputError({name: _("This is not a value of a pitch.") for name in sorted(unknown)})
    current = lock(project)
    if current.stage != Stage.DRAFT:
        raise IllegalStateError(
            _("The pitch is “%s”, and what was submitted does not change.") % current.get_stage_display()
        )
    changed = {name: values[name] for name in PROJECT_FIELDS if name in values}
    if "title" in changed and not normalise(changed["title"]):
        raise InvalidInputError({"title": _("Write what it is about, in a few words.")})
    before = snapshot(current)
    won = Project.objects.filter(pk=project.pk, version=version, stage=Stage.DRAFT).update(
        **changed, version=F("version") + 1, updated_at=now, updated_by=by
    )
    if not won:
        raise StaleObjectError(current)
    benefit = {name: values[name] for name in BENEFIT_FIELDS if name in values}
    if benefit:
        BenefitLine.objects.filter(project=project, position=1).update(**benefit)
    save_costs(current, values)
    saved = reckon_anew(current)
    record(
        "pitch.saved", saved, by=by, now=now, project_id=saved.pk, **difference(before, snapshot(saved))
    )
    return saved


def save_costs(project: Project, values: Mapping[str, Any]) -> None:
    """People are line 1, at the rate of today; material is line 2 and goes when it is emptied."""
    if "person_days" in values:
        days = values["person_days"]
        if days is None:
            CostLine.objects.filter(project=project, position=1).delete()
        else:
            rate = value(policy.DAY_RATE)
            CostLine.objects.update_or_create(
                project=project,
                position=1,
                defaults={
                    "kind": CostKind.PEOPLE,
                    "person_days": days,
                    "unit_amount": rate,
                    "amount": (days * rate).quantize(Decimal("0.01")),
                },
            )
    if "material_amount" in values:
        amount = values["material_amount"]
        if not amount:
            CostLine.objects.filter(project=project, position=2).delete()
        else:
            CostLine.objects.update_or_create(
                project=project,
                position=2,
                defaults={"kind": CostKind.MATERIAL, "amount": amount, "label": values.get("material_label", "")},
            )


def content_of(project: Project) -> Content:
    """The pitch as it stands now."""
    return pitch_content(
        project,
        BenefitLine.objects.get(project=project, position=1),
        list(CostLine.objects.filter(project=project)),
        horizon_months=value(policy.HORIZON_MONTHS),
        annual_rate=value(policy.DISCOUNT_RATE),
        currency=settings.CURRENCY,
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
    saved = Project.objects.select_related("product", "goal", "business_partner", "owner", "site").get(pk=project.pk)
    content = content_of(saved)
    case = case_of(content)
    saved.tier = Tier(tier_for(content).tier)
    saved.net_benefit_amount = case.net_benefit
    saved.effort_days = tier_inputs_of(content).person_days
    saved.cost_amount = case.cost
    saved.save(update_fields=["tier", "net_benefit_amount", "effort_days", "cost_amount"])
    return saved


def snapshot(project: Project) -> dict[str, object]:
    """The values of the pitch, flat, for the audit row and for showing a conflict."""
    benefit = BenefitLine.objects.get(project=project, position=1)
    costs = {line.position: line for line in CostLine.objects.filter(project=project)}
    people, material = costs.get(1), costs.get(2)
    return {
        **{name: getattr(project, project._meta.get_field(name).attname) for name in PROJECT_FIELDS},  # noqa: SLF001 -- Django's own name
        **{name: getattr(benefit, name) for name in BENEFIT_FIELDS},
        "person_days": people.person_days if people else None,
        "material_amount": material.amount if material else None,
        "material_label": material.label if material else "",
    }


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Only what moved, as the audit row keeps it."""
    moved = [name for name in after if before.get(name) != after[name]]
    return {"before": {name: before.get(name) for name in moved}, "after": {name: after[name] for name in moved}}
