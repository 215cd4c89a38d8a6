"""Answers to a risk: a mitigation before it happens, a plan B for when it does, or a signed acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from projects.actions.project import check_fields, check_person
from risks.actions.register import (
    answered,
    check_day,
    lock_open_risk,
    lock_register,
    record_deed,
    refresh,
    tidy,
)
from risks.actions.risk import owner_only
from risks.models import Acceptance, Mitigation, PlanB
from risks.permissions import can_accept, can_keep_register, can_tick_off

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from risks.models import Risk

PLAN_FIELDS = ("trigger", "deed", "decide_by", "owner_id", "cost_amount", "days")


@transaction.atomic
def mitigate(
    risk: Risk,
    *,
    deed: str,
    owner: User,
    due_on: date,
    cost_amount: Decimal | None = None,
    by: User,
    now: datetime,
) -> Mitigation:
    """Promise something that makes the risk smaller; its owner owes it by the day.

    Raises PermissionDenied, IllegalStateError, InvalidInputError.
    """
    require(can_keep_register(by, risk.project), owner_only(risk.project))
    current = lock_open_risk(risk)
    project = current.project
    check_person(project, owner)
    check_day(due_on, project, "due_on", now=now)
    mitigation = Mitigation(
        risk=current,
        deed=tidy(deed),
        owner=owner,
        due_on=due_on,
        cost_amount=cost_amount,
        added_by=by,
        added_at=now,
    )
    check_fields(mitigation, ["deed", "due_on", "cost_amount"])
    mitigation.save()
    owe("mitigation", mitigation.pk, owner, due_at=project.site.end_of_day(due_on), now=now, project_id=project.pk)
    settle("acceptance_expiry", current.pk, now=now)  # the signature is superfluous
    answered(current, by=by, now=now)
    refresh(project, now=now)
    record_deed(
        "risk.mitigation_added",
        current,
        project,
        by=by,
        now=now,
        after={"deed": mitigation.deed, "owner": owner.pk, "due_on": due_on, "cost_amount": cost_amount},
    )
    return mitigation


@transaction.atomic
def mitigation_done(mitigation: Mitigation, *, by: User, now: datetime) -> Mitigation:
    """Tick a mitigation off. Raises PermissionDenied, IllegalStateError (done already)."""
    require(
        can_tick_off(by, mitigation),
        _("Only %s or the owner of the project ticks this off.") % mitigation.owner,
    )
    project = lock_register(mitigation.risk.project)
    won = Mitigation.objects.filter(pk=mitigation.pk, done_at__isnull=True).update(done_at=now)
    if not won:
        raise IllegalStateError(_("This was ticked off already."))
    settle("mitigation", mitigation.pk, now=now)
    record_deed("risk.mitigation_done", mitigation.risk, project, by=by, now=now, after={"deed": mitigation.deed})
    return Mitigation.objects.get(pk=mitigation.pk)


@transaction.atomic
def set_plan_b(  # noqa: PLR0913 -- a plan is all of these
    risk: Risk,
    *,
    trigger: str,
    deed: str,
    decide_by: date,
    owner: User,
    cost_amount: Decimal,
    days: Decimal,
    by: User,
    now: datetime,
) -> PlanB:
    """Write the plan for the day it happens, or change it until it is used. Its owner decides by the day.

    Raises PermissionDenied, IllegalStateError (the risk is not open, the plan is in use), InvalidInputError.
    """
    require(can_keep_register(by, risk.project), owner_only(risk.project))
    current = lock_open_risk(risk)
    project = current.project
    check_person(project, owner)
    check_day(decide_by, project, "decide_by", now=now)
    plan = PlanB.objects.filter(risk=current).first() or PlanB(risk=current)
    before = {name: getattr(plan, name) for name in PLAN_FIELDS} if plan.pk else None
    plan.trigger, plan.deed = tidy(trigger), tidy(deed)
    plan.decide_by, plan.owner, plan.cost_amount, plan.days = decide_by, owner, cost_amount, days
    plan.made_by, plan.made_at = by, now
    check_fields(plan, ["trigger", "deed", "decide_by", "cost_amount", "days"])
    plan.save()
    settle("plan_b_decision", current.pk, now=now)
    settle("acceptance_expiry", current.pk, now=now)  # the signature is superfluous
    owe(
        "plan_b_decision",
        current.pk,
        owner,
        due_at=project.site.end_of_day(decide_by),
        now=now,
        project_id=project.pk,
    )
    answered(current, by=by, now=now)
    refresh(project, now=now)
    record_deed(
        "risk.plan_b_set",
        current,
        project,
        by=by,
        now=now,
        before=before,
        after={name: getattr(plan, name) for name in PLAN_FIELDS},
    )
    return plan


@transaction.atomic
def accept(risk: Risk, *, reason: str, until: date, by: User, now: datetime) -> Acceptance:
    """Sign that we live with the risk until a day; signed again, the later signature counts.

    Raises PermissionDenied, IllegalStateError, InvalidInputError.
    """
    require(can_accept(by, risk), signers(risk))
    current = lock_open_risk(risk)
    # Again under the lock: the risk may have been handed to the signer meanwhile.
    require(can_accept(by, current), signers(current))
    project = current.project
    check_day(until, project, "until", now=now)
    words = tidy(reason)
    if not words:
        raise InvalidInputError({"reason": _("Write why we can live with it.")})
    acceptance = Acceptance.objects.filter(risk=current).first() or Acceptance(risk=current)
    acceptance.reason, acceptance.until = words, until
    acceptance.signed_by, acceptance.signed_at = by, now
    check_fields(acceptance, ["reason", "until"])
    acceptance.save()
    if not current.mitigations.exists() and not PlanB.objects.filter(risk=current).exists():
        owe(
            "acceptance_expiry",
            current.pk,
            project.owner,
            due_at=project.site.end_of_day(until),
            now=now,
            project_id=project.pk,
        )
    answered(current, by=by, now=now)
    refresh(project, now=now)
    announce("risk_accepted", current.pk, [project.owner], now=now, project_id=project.pk)
    record_deed("risk.accepted", current, project, by=by, now=now, after={"reason": words, "until": until})
    return acceptance


def signers(risk: Risk) -> _StrOrPromise:
    """The words of a refusal: who may."""
    return _("A lead signs the acceptance, or a manager of %s; nobody signs for a risk of his own.") % (
        risk.project.owner
    )
