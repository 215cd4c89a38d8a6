"""One change to several risks: all of them, or none and a word on each that stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.common.errors import InvalidInputError, PortalError, StaleObjectError
from projects.actions.project import lock
from risks.actions.occurrence import close_risk, watch_risk
from risks.actions.risk import edit_risk, owner_only, reread
from risks.enums import RiskState
from risks.permissions import can_keep_register
from risks.tags import tidy_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from risks.models import Risk

#: More at once nobody has looked at.
MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What all of them are given; what is empty stays as it is."""

    owner: User | None = None
    target: str = ""
    outcome: str = ""
    add_tags: Sequence[str] = ()
    drop_tags: Sequence[str] = ()


class BulkRefusedError(PortalError):
    """Some of the risks cannot be changed so; therefore none was. `reasons` are words by the id of the risk."""

    def __init__(self, reasons: Mapping[int, _StrOrPromise]) -> None:
        super().__init__(sorted(reasons))
        self.reasons = reasons

    @property
    def message(self) -> _StrOrPromise:
        return _("Nothing is changed yet: see what is said beside the risks below.")


@transaction.atomic
def change_risks(
    risks: Sequence[Risk], change: BulkChange, *, versions: Mapping[int, int], by: User, now: datetime
) -> None:
    """Give all of them what `change` says. `versions` are those that the person saw.

    Raises PermissionDenied, BulkRefusedError.
    """
    for risk in risks:
        require(can_keep_register(by, risk.project), owner_only(risk.project))
    # In one order, so that two who change the same projects wait for each other instead of both.
    for project in sorted({risk.project for risk in risks}, key=lambda project: project.pk):
        lock(project)
    reasons: dict[int, _StrOrPromise] = {}
    for risk in sorted(risks, key=lambda risk: risk.pk):
        try:
            with transaction.atomic():
                change_one(risk, change, version=versions[risk.pk], by=by, now=now)
        except InvalidInputError as error:
            reasons[risk.pk] = next(iter(error.errors.values()))
        except PortalError as error:
            reasons[risk.pk] = error.message
    if reasons:
        raise BulkRefusedError(reasons)


def change_one(risk: Risk, change: BulkChange, *, version: int, by: User, now: datetime) -> None:
    """As if the person had done it on the page of the risk."""
    current = reread(risk)
    if current.version != version:
        raise StaleObjectError(current)
    values: dict[str, Any] = {"owner": change.owner} if change.owner else {}
    if change.add_tags or change.drop_tags:
        kept = {tag.name for tag in current.tags.all()} - set(tidy_tags(change.drop_tags))
        values["tags"] = [*kept, *change.add_tags]
    if values:
        current = edit_risk(current, values, version=version, by=by, now=now)
    if change.target == RiskState.MONITORING:
        watch_risk(current, by=by, now=now)
    elif change.target == RiskState.CLOSED:
        close_risk(current, outcome=change.outcome, by=by, now=now)
