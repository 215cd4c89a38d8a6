"""Taking over projects that were running before the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import ADMINS_MAY, require
from portal.audit.actions import record
from portal.common.dates import start_of_day
from portal.common.errors import IllegalStateError
from portal.notifications.actions import announce
from projects.actions.delivery import owe_launch_on
from projects.actions.project import check_fields
from projects.enums import Basis, OptionKind, Stage
from projects.lifecycle import Transition
from projects.models import BenefitLine, Option, Project, ProjectOrigin, StageChange
from projects.permissions import can_take_over

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.accounts.models import User
    from projects.takeover import Running

#: How each stage would have been reached; the gates of then are nobody's business now.
WAYS: dict[Stage, Sequence[tuple[Transition, Stage, Stage]]] = {
    Stage.DRAFT: (),
    Stage.IN_DELIVERY: ((Transition.START, Stage.APPROVED, Stage.IN_DELIVERY),),
    Stage.ON_HOLD: (
        (Transition.START, Stage.APPROVED, Stage.IN_DELIVERY),
        (Transition.HOLD, Stage.IN_DELIVERY, Stage.ON_HOLD),
    ),
}


@transaction.atomic
def take_over(running: Sequence[Running], *, by: User, now: datetime) -> list[Project]:
    """Take all of them over, or none. Raises PermissionDenied, IllegalStateError (somebody was faster)."""
    require(can_take_over(by), ADMINS_MAY)
    return [take_one_over(one, by=by, now=now) for one in running]


def take_one_over(one: Running, *, by: User, now: datetime) -> Project:
    """The project as it stands, its place in the list it came from, and the launch its owner owes."""
    project = Project(
        title=one.title,
        owner=one.owner,
        site=one.owner.site,
        product=one.product,
        goal=one.product.goal if one.product else None,
        wanted_on=one.launch_on,
        created_at=now,
        updated_at=now,
        updated_by=by,
        stage=one.stage,
        **standing(one, now),
    )
    check_fields(project, ["title", "wanted_on"])
    project.search_text = project.searched()
    project.save(force_insert=True)
    keep_origin(project, one.key, by=by, now=now)
    option = Option.objects.create(project=project, kind=OptionKind.FULL, is_preferred=True)
    BenefitLine.objects.create(project=project, option=option, basis=Basis.JUDGEMENT)
    for transition, source, target in WAYS[one.stage]:
        StageChange.objects.create(
            project=project, transition=transition, from_stage=source, to_stage=target, actor=by, at=now
        )
    if one.stage == Stage.IN_DELIVERY:
        owe_launch_on(project, one.launch_on, now=now)
    after = {"key": one.key, "stage": one.stage, "owner": one.owner.pk}
    record("project.taken_over", project, by=by, now=now, project_id=project.pk, after=after)
    announce("project_taken_over", project.pk, [one.owner], now=now, project_id=project.pk)
    return project


def standing(one: Running, now: datetime) -> dict[str, Any]:
    """The dates that what runs is compared with."""
    if one.stage == Stage.DRAFT:
        return {}
    started_at = start_of_day(one.started_on, one.owner.zone) if one.started_on else now
    return {
        "held_from": Stage.IN_DELIVERY if one.stage == Stage.ON_HOLD else "",
        "started_at": started_at,
        "planned_launch_on": one.launch_on,
        "baseline_launch_on": one.launch_on,
    }


def keep_origin(project: Project, key: str, *, by: User, now: datetime) -> None:
    """One project a key, whoever reads the same list at the same moment."""
    try:
        with transaction.atomic():
            ProjectOrigin.objects.create(project=project, key=key, imported_at=now, imported_by=by)
    except IntegrityError:
        raise IllegalStateError(_("“%s” was taken over meanwhile. Check the list again.") % key) from None
