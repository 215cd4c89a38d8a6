"""Run by the test in a process of its own: one project, and people who owe follow-ups that are past their day.

How many people, and how many follow-ups each of them owes (1).
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402 -- after the set-up
from django.utils import timezone  # noqa: E402 -- as above

from portal.accounts.actions.organisation import create_site, set_holiday  # noqa: E402 -- as above
from portal.accounts.actions.person import create_person  # noqa: E402 -- as above
from portal.accounts.enums import Role  # noqa: E402 -- as above
from portal.accounts.models import User  # noqa: E402 -- as above
from portal.common.dates import NEVER  # noqa: E402 -- as above
from portal.common.once import read_once  # noqa: E402 -- as above
from portal.notifications.actions import owe  # noqa: E402 -- as above
from portal.notifications.policy import MAILS_A_MINUTE, QUIET_EVENING, QUIET_NOON  # noqa: E402 -- as above
from portal.policy.store import change  # noqa: E402 -- as above
from projects.actions.pitch import start_pitch  # noqa: E402 -- as above
from projects.models import FollowUp, Project  # noqa: E402 -- as above

PEOPLE, EACH = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
now = timezone.now()
then = now - timedelta(days=20)


@transaction.atomic
def seed() -> None:
    site = create_site("Here", country="CN", time_zone="UTC", by=None, now=then)
    # Whatever the hour and the day of the test, nobody is left alone; and nobody waits for the next minute.
    for setting in (QUIET_EVENING, QUIET_NOON):
        change(setting, NEVER, by=None, now=then)
    change(MAILS_A_MINUTE, 10_000, by=None, now=then)
    for days in range(2):
        set_holiday(site, (now + timedelta(days=days)).date(), is_working=True, by=None, now=then)
    owner = create_person("owner@demo.example", "Owner", by=None, now=then, roles=[Role.PM], site=site)
    project = start_pitch("Reminders", by=owner, now=then)
    for number in range(PEOPLE):
        person = create_person(f"p{number}@demo.example", f"Person {number}", by=None, now=then, site=site)
        promise(project, person, number)


def promise(project: Project, person: User, number: int) -> None:
    """As rows, because the action looks at the project anew for each of them."""
    due_on = (now - timedelta(days=6)).date()
    made = {"project": project, "origin": "retro", "owner": person, "due_on": due_on, "opened_by": project.owner}
    for deed in range(EACH):
        row = FollowUp.objects.create(title=f"Deed {number}.{deed}", opened_at=then, **made)
        due_at = project.site.end_of_day(due_on)
        owe("follow_up", row.pk, person, due_at=due_at, now=then, project_id=project.pk)


with read_once():
    seed()
