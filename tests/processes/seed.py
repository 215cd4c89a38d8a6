"""Run by the test in a process of its own: one project, many people who each owe a follow-up that is past its day."""

import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- after the set-up

from portal.accounts.actions.organisation import create_site, set_holiday  # noqa: E402 -- as above
from portal.accounts.actions.person import create_person  # noqa: E402 -- as above
from portal.accounts.enums import Role  # noqa: E402 -- as above
from portal.common.dates import NEVER  # noqa: E402 -- as above
from portal.notifications.policy import QUIET_EVENING, QUIET_NOON  # noqa: E402 -- as above
from portal.policy.store import change  # noqa: E402 -- as above
from projects.actions.follow_ups import open_follow_up  # noqa: E402 -- as above
from projects.actions.pitch import start_pitch  # noqa: E402 -- as above

now = timezone.now()
then = now - timedelta(days=20)
site = create_site("Here", country="CN", time_zone="UTC", by=None, now=then)
# Whatever the hour and the day of the test, nobody is left alone.
for setting in (QUIET_EVENING, QUIET_NOON):
    change(setting, NEVER, by=None, now=then)
for days in range(2):
    set_holiday(site, (now + timedelta(days=days)).date(), is_working=True, by=None, now=then)
owner = create_person("owner@demo.example", "Owner", by=None, now=then, roles=[Role.PM], site=site)
project = start_pitch("Reminders", by=owner, now=then)
for number in range(int(sys.argv[1])):
    person = create_person(f"p{number}@demo.example", f"Person {number}", by=None, now=then, site=site)
    open_follow_up(
        project,
        title=f"Deed {number}",
        owner=person,
        due_on=(now - timedelta(days=6)).date(),
        origin="retro",
        by=owner,
        now=then,
    )
