"""A risk happens: plan B is used or not, it is settled with what it really cost, or it is closed because it never came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe
from projects.actions.project import check_fields
from risks.actions.register import (
    in_working_days,
    let_go,
    lock_open_risk,
    lock_risk,
    move_risk,
    record_deed,
    refresh,
    tidy,
    touch,
)
from risks.actions.review import cards_fewer
from risks.actions.risk import owner_only, reread
from risks.enums import PlanVerdict, RiskState
from risks.models import PlanB
from risks.permissions import can_keep_register, can_report, can_use_plan_b

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from risks.models import Risk

NOTE_LENGTH = 500


@transaction.atomic
def occur(risk: Risk, *, note: str = "", by: User, now: datetime) -> Risk:
    """Say that it happened. With a plan B its owner decides within a working day whether to use it.

    Raises PermissionDenied, IllegalStateError (happened or closed already).
    """
    require(can_report(by, risk), reporters(risk))
    current = lock_open_risk(risk)
    project = current.project
    words = one_line(note, "note")
    move_risk(current, RiskState.OCCURRED, by=by, now=now, note=words, occurred_at=now)
    let_go(current, now=now)
    told = {project.owner, current.owner}
    plan = plan_of(current)
    if plan is not None:
        told.add(plan.owner)
        owe(
            "plan_b_decision",
            current.pk,
            plan.owner,
            due_at=in_working_days(project, 1, now=now),
            now=now,
            project_id=project.pk,
        )
    cards_fewer(project, now=now)
    refresh(project, now=now)
    announce("risk_occurred", current.pk, told - {by}, now=now, project_id=project.pk)
    record_deed(
        "risk.occurred", current, project, by=by, now=now, before={"state": current.state}, after={"note": words}
    )
    return reread(current)


@transaction.atomic
def activate_plan_b(risk: Risk, *, by: User, now: datetime) -> PlanB:
    """Use plan B for a risk that happened.

    Raises PermissionDenied, IllegalStateError (no plan, not happened, in use already).
    """
    plan = PlanB.objects.select_related("risk__project", "owner").filter(risk=risk).first()
    if plan is None:
        require(can_report(by, risk), reporters(risk))
        raise IllegalStateError(_("This risk has no plan B."))
    require(can_use_plan_b(by, plan), _("Only %s or the owner of the project uses plan B.") % plan.owner)
    current = lock_risk(risk)
    if current.state != RiskState.OCCURRED:
        raise IllegalStateError(
            _("Plan B is used once the risk has happened: it is “%s”.") % current.get_state_display()
        )
    won = PlanB.objects.filter(risk=current, activated_at__isnull=True).update(activated_at=now)
    if not won:
        raise IllegalStateError(_("Plan B is in use already."))
    touch(current, by=by, now=now)
    let_go(current, now=now)
    announce("plan_b_used", current.pk, {current.project.owner, plan.owner} - {by}, now=now, project_id=risk.project_id)
    record_deed(
        "risk.plan_b_used",
        current,
        current.project,
        by=by,
        now=now,
        after={"deed": plan.deed, "cost_amount": plan.cost_amount, "days": plan.days},
    )
    return PlanB.objects.get(pk=plan.pk)


@transaction.atomic
def resolve(
    risk: Risk,
    *,
    outcome: str,
    actual_amount: Decimal | None = None,
    actual_days: Decimal | None = None,
    verdict: str = "",
    by: User,
    now: datetime,
) -> Risk:
    """Settle a risk that happened: what came of it and, where plan B was used, what it really cost.

    Raises PermissionDenied, IllegalStateError (not happened, settled already), InvalidInputError.
    """
    require(can_report(by, risk), reporters(risk))
    current = lock_risk(risk)
    if current.state != RiskState.OCCURRED:
        raise IllegalStateError(_("This is not possible now: the risk is “%s”.") % current.get_state_display())
    words = required_line(outcome, "outcome", _("Write what came of it, in one sentence."))
    plan = plan_of(current)
    used = plan is not None and plan.activated_at is not None
    if plan is not None and used:
        keep_actuals(plan, actual_amount, actual_days, verdict)
    elif actual_amount is not None or actual_days is not None or verdict:
        raise InvalidInputError({"actual_amount": _("No plan B was used, so there is nothing to compare.")})
    move_risk(current, RiskState.RESOLVED, by=by, now=now, note=words, outcome=words, closed_at=now)
    let_go(current, now=now)
    refresh(current.project, now=now)
    record_deed(
        "risk.resolved",
        current,
        current.project,
        by=by,
        now=now,
        after={
            "outcome": words,
            "actual_amount": actual_amount,
            "actual_days": actual_days,
            "verdict": verdict,
        },
    )
    return reread(current)


def keep_actuals(plan: PlanB, amount: Decimal | None, days: Decimal | None, verdict: str) -> None:
    """What plan B really took, and whether it was good: all three, or the comparison says nothing."""
    errors = {}
    if amount is None:
        errors["actual_amount"] = _("Write what plan B really cost; 0 if nothing.")
    if days is None:
        errors["actual_days"] = _("Write how many working days it really took; 0 if none.")
    if verdict not in PlanVerdict.values:
        errors["verdict"] = _("Say whether plan B was good: the next one learns from it.")
    if errors:
        raise InvalidInputError(errors)
    plan.actual_amount, plan.actual_days, plan.verdict = amount, days, verdict
    check_fields(plan, ["actual_amount", "actual_days", "verdict"])
    plan.save(update_fields=["actual_amount", "actual_days", "verdict"])


@transaction.atomic
def watch_risk(risk: Risk, *, by: User, now: datetime) -> Risk:
    """The answer is in place: from now on the risk is only watched.

    Raises PermissionDenied, IllegalStateError, InvalidRiskMoveError.
    """
    require(can_keep_register(by, risk.project), owner_only(risk.project))
    current = lock_open_risk(risk)
    move_risk(current, RiskState.MONITORING, by=by, now=now)
    record_deed("risk.watched", current, current.project, by=by, now=now, before={"state": current.state})
    return reread(current)


@transaction.atomic
def close_risk(risk: Risk, *, outcome: str, by: User, now: datetime) -> Risk:
    """Close a risk that did not happen; the reason is always asked, so that none vanishes before a gate.

    Raises PermissionDenied, IllegalStateError, InvalidInputError.
    """
    require(can_keep_register(by, risk.project), owner_only(risk.project))
    current = lock_open_risk(risk)
    project = current.project
    words = required_line(outcome, "outcome", _("Write why it can no longer happen, in one sentence."))
    move_risk(current, RiskState.CLOSED, by=by, now=now, note=words, outcome=words, closed_at=now)
    let_go(current, now=now)
    cards_fewer(project, now=now)
    refresh(project, now=now)
    record_deed(
        "risk.closed",
        current,
        project,
        by=by,
        now=now,
        before={"state": current.state, "exposure_amount": current.exposure_amount},
        after={"outcome": words},
    )
    return reread(current)


def reporters(risk: Risk) -> _StrOrPromise:
    """The words of a refusal: who may."""
    return _("Only %(project_owner)s, who owns the project, or %(risk_owner)s, who owns the risk, can do this.") % {
        "project_owner": risk.project.owner,
        "risk_owner": risk.owner,
    }


def plan_of(risk: Risk) -> PlanB | None:
    """Its plan B, if there is one."""
    return PlanB.objects.select_related("owner").filter(risk=risk).first()


def one_line(words: str, field: str) -> str:
    """Words as they will be stored. Raises InvalidInputError where they are too long."""
    line = tidy(words)
    if len(line) > NOTE_LENGTH:
        raise InvalidInputError({field: _("Keep it under %s characters.") % NOTE_LENGTH})
    return line


def required_line(words: str, field: str, demand: _StrOrPromise) -> str:
    """As `one_line`, and not empty."""
    line = one_line(words, field)
    if not line:
        raise InvalidInputError({field: demand})
    return line
