"""How one reminder is worded for whom it goes to: the person who owes it, or his direct manager."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.common.written import date_short
from portal.notifications import registry
from portal.notifications.enums import Reach

if TYPE_CHECKING:
    from portal.notifications.kinds import Task
    from portal.notifications.models import Delivery, Obligation


def is_notice(delivery: Delivery, obligation: Obligation) -> bool:
    """Whether it is the private notice."""
    return delivery.rung is not None and obligation.ladder[delivery.rung].get("reach") == Reach.NOTICE


def for_reader(delivery: Delivery, obligation: Obligation, task: Task) -> Task:
    """The task as its reader hears of it. A manager hears neutral words, and is led to the project, not into the work.

    The private notice leads to the ways out, as long as there are any.
    """
    if delivery.person_id != obligation.person_id:
        return _for_manager(obligation, task)
    has_ways_out = is_notice(delivery, obligation) and obligation.settled_at is None
    return replace(task, url=owed_url(obligation)) if has_ways_out else task


def owed_url(obligation: Obligation) -> str:
    """Where it says why, what comes next, and which ways out there are."""
    return reverse("owed", args=[obligation.pk])


def why_url(delivery: Delivery, obligation: Obligation) -> str:
    """Where its reader finds why he got it: the person as long as he owes it, the manager on the page of his team."""
    if delivery.person_id != obligation.person_id:
        return reverse("team")
    return owed_url(obligation) if obligation.settled_at is None else ""


def _for_manager(obligation: Obligation, task: Task) -> Task:
    project = obligation.project_id
    day = date_short(obligation.due_at)
    return replace(
        task,
        sentence=_("Still open: %(task)s") % {"task": task.sentence},
        detail=_("With %(person)s, since %(day)s. Ask what is in the way; time or help may be all it needs.")
        % {"person": obligation.person, "day": day},
        url=registry.directory().url(project) if project is not None else reverse("desk"),
        button=_("Open the project") if project is not None else _("Open"),
        ways_out=(),
    )
