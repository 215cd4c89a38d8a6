"""Run by a test in a process of its own: so many product managers, each signed in. Prints their session keys as JSON."""

import json
import sys

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 -- after the set-up
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402 -- as above
from django.utils import timezone  # noqa: E402 -- as above

from portal.accounts import sessions  # noqa: E402 -- as above
from portal.accounts.actions.organisation import create_site  # noqa: E402 -- as above
from portal.accounts.actions.person import create_person  # noqa: E402 -- as above
from portal.accounts.enums import Role  # noqa: E402 -- as above

now = timezone.now()
site = create_site("There", country="CN", time_zone="UTC", by=None, now=now)
keys = []
for number in range(int(sys.argv[1])):
    person = create_person(f"m{number}@demo.example", f"Manager {number}", by=None, now=now, roles=[Role.PM], site=site)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "portal.accounts.backends.PersonBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[sessions.SIGNED_IN_AT] = session[sessions.SEEN_AT] = int(now.timestamp())
    session.save()
    keys.append(session.session_key)
sys.stdout.write(json.dumps(keys))
