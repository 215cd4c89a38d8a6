"""Run by the test in a process of its own: a project with a long register, and two people signed in."""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 -- after the set-up
from django.test import Client  # noqa: E402 -- as above
from django.utils import timezone  # noqa: E402 -- as above

from portal.accounts.actions.organisation import create_site  # noqa: E402 -- as above
from portal.accounts.actions.person import create_person  # noqa: E402 -- as above
from portal.accounts.enums import Role  # noqa: E402 -- as above
from projects.actions.pitch import start_pitch  # noqa: E402 -- as above
from risks.actions.risk import raise_risk  # noqa: E402 -- as above
from risks.models import Risk  # noqa: E402 -- as above

now = timezone.now()
site = create_site("Here", country="CN", time_zone="UTC", by=None, now=now)
owner, other = (
    create_person(f"{name}@demo.example", name.title(), by=None, now=now, roles=[Role.PM], site=site)
    for name in ("owner", "other")
)
raise_risk(start_pitch("A long register", by=owner, now=now), event="The hub loses the network", by=owner, now=now)
columns = ", ".join(f'"{field.column}"' for field in Risk._meta.concrete_fields if not field.primary_key)
numbers = "WITH RECURSIVE n(k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM n WHERE k < %s)"
with connection.cursor() as cursor:
    cursor.execute(
        f"INSERT INTO risks_risk ({columns}) {numbers} SELECT {columns} FROM risks_risk CROSS JOIN n",  # noqa: S608 -- our names
        [int(sys.argv[1])],
    )
    cursor.execute("ANALYZE")
cookies = []
for person in (owner, other):
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person, backend="portal.accounts.backends.PersonBackend")
    cookies.append("; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()))
sys.stdout.write(json.dumps(cookies))
