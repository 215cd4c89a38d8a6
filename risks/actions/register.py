"""What every other action of the register ends with: a state moved, the totals pushed down, what is owed put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import owe, settle
from portal.notifications.models import Obligation
from portal.policy.store import value
from projects.actions.project import lock, record_exposure
from risks import policy
from risks.enums import RiskState
from risks.lifecycle import check_move
from risks.models import Risk, RiskEvent
from risks.querysets import OVER
from risks.summaries import forecast_of, unsettled_risks

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import Model

    from portal.accounts.models import User
    from portal.audit.models import AuditEntry
    from projects.lifecycle import Passage
    from projects.models import Project

#: Every kind of thing that is owed to a register.
ABOUT_RISKS = ("assessment", "review_conclusion", "value_risks", "plan_b_decision", "acceptance_expiry", "mitigation")


def lock_register(project: Project) -> Project:
    """The project under lock. Raises IllegalStateError once it is over."""
    current = lock(project)
    if current.stage in OVER:
        raise IllegalStateError(
            _("The project is “%s”: its risks are kept as they were.") % current.get_stage_display()
        )
    return current


def lock_risk(risk: Risk) -> Risk:
    """The risk as it is now, with its project under lock."""
    project = lock_register(risk.project)
    current = Risk.objects.select_related("owner", "plan_b", "plan_b__owner", "acceptance").get(pk=risk.pk)
    current.project = project
    return current


def lock_open_risk(risk: Risk) -> Risk:
    """As `lock_risk`, for what can be done only while the risk can still happen."""
    current = lock_risk(risk)
    if not current.is_open:
        raise IllegalStateError(_("This is not possible now: the risk is “%s”.") % current.get_state_display())
    return current


def tidy(words: str) -> str:
    """Words of one line as they are stored: a pasted line end becomes a space, nothing else changes."""
    return " ".join(words.splitlines()).strip()


def check_day(day: date, project: Project, field: str, *, now: datetime) -> None:
    """A date of a plan lies ahead. Raises InvalidInputError."""
    if day < project.local_day(now):
        raise InvalidInputError({field: _("This day is past. Name a day from today on.")})


def touch(risk: Risk, *, by: User | None, now: datetime, **fields: Any) -> None:
    """Write fields of a risk that the caller has locked."""
    Risk.objects.filter(pk=risk.pk).update(**fields, version=F("version") + 1, updated_at=now, updated_by=by)


def move_risk(risk: Risk, target: RiskState, *, by: User | None, now: datetime, note: str = "", **fields: Any) -> None:
    """Table, update, history. The caller holds the lock and writes the audit row."""
    source = RiskState(risk.state)
    check_move(source, target)
    touch(risk, by=by, now=now, state=target, **fields)
    RiskEvent.objects.create(risk=risk, from_state=source, to_state=target, actor=by, at=now, note=note)


def answered(risk: Risk, *, by: User, now: datetime) -> None:
    """The risk has an answer now; a second answer moves nothing."""
    if risk.state in {RiskState.IDENTIFIED, RiskState.ASSESSED}:
        move_risk(risk, RiskState.PLANNED, by=by, now=now)
    else:
        touch(risk, by=by, now=now)


def record_deed(
    verb: str,
    subject: Model,
    project: Project,
    *,
    by: User | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """The audit row of a deed in this register."""
    return record(verb, subject, by=by, now=now, project_id=project.pk, before=before, after=after)


def refresh(project: Project, *, now: datetime) -> None:
    """Reckon the totals anew, hand them down to the project, and settle what is no longer owed."""
    forecast = forecast_of(project)
    record_exposure(
        project,
        expected_loss=forecast.expected_loss,
        p80=forecast.p80,
        mitigation_cost=forecast.mitigation_cost,
        now=now,
    )
    if not unsettled_risks(project, project.local_day(now)).exists():
        settle("value_risks", project.pk, now=now)


def owe_values(project: Project, *, now: datetime) -> None:
    """The owner owes money and answers. Asked again while it is open, the first date stands."""
    if not unsettled_risks(project, project.local_day(now)).exists():
        return
    if Obligation.objects.open().filter(kind="value_risks", object_id=project.pk, person=project.owner).exists():
        return
    owe(
        "value_risks",
        project.pk,
        project.owner,
        due_at=in_working_days(project, value(policy.VALUING_DAYS), now=now),
        now=now,
        project_id=project.pk,
    )


def in_working_days(project: Project, days: int, *, now: datetime) -> datetime:
    """The end of the n-th working day from today at the project's site."""
    return project.site.end_of_day(project.site.calendar().add_working_days(project.local_day(now), days))


def let_go(risk: Risk, *, now: datetime) -> None:
    """The risk can no longer happen: nobody owes anything about its answers."""
    for kind in ("plan_b_decision", "acceptance_expiry"):
        settle(kind, risk.pk, now=now)
    for mitigation in risk.mitigations.filter(done_at__isnull=True):
        settle("mitigation", mitigation.pk, now=now)


def close_register(passage: Passage) -> None:
    """Consequence of closing and cancelling: nothing can be written any more, so nobody owes anything to it."""
    for owed in Obligation.objects.open().filter(project_id=passage.project.pk, kind__in=ABOUT_RISKS):
        settle(owed.kind, owed.object_id, now=passage.now)
