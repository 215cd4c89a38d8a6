from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.audit.actions import by_link, by_token, on_behalf, record
from portal.audit.models import AuditEntry
from portal.common import request_id
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def test_record_keeps_who_did_what_for_whom():
    actor, absent, subject = UserFactory.create_batch(3)
    with request_id.bound("request-1"), on_behalf(absent), by_link(9):
        entry = record("person.praised", subject, by=actor, now=NOW, project_id=7)

    entry = AuditEntry.objects.get(pk=entry.pk)
    assert (entry.at, entry.actor, entry.on_behalf_of, entry.verb) == (NOW, actor, absent, "person.praised")
    assert (entry.subject_type, entry.subject_id, entry.project_id) == ("accounts.user", subject.pk, 7)
    assert (entry.request_id, entry.link_id, entry.before, entry.after) == ("request-1", 9, None, None)


def test_record_names_the_token_of_a_program_but_not_where_policy_acts():
    person = UserFactory()
    with by_token(5):
        entry = record("person.praised", person, by=person, now=NOW)
        by_policy = record("person.praised", person, by=None, now=NOW)

    assert (entry.token_id, by_policy.token_id) == (5, None)
    assert record("person.praised", person, by=person, now=NOW).token_id is None


def test_policy_acts_without_a_person_and_outside_of_requests():
    with on_behalf(UserFactory()):
        by_policy = record("person.praised", UserFactory(), by=None, now=NOW)
    entry = record("person.praised", UserFactory(), by=None, now=NOW)
    assert (by_policy.actor, by_policy.on_behalf_of) == (None, None)
    assert (entry.actor, entry.request_id, entry.link_id) == (None, "", None)


def test_values_stand_exactly_and_the_same_on_every_database():
    person = UserFactory()
    values = {
        "money": Decimal("76960.10"),
        "day": date(2026, 11, 25),
        "hour": time(9),
        "at": datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=8))),
        "words": _("name"),
        "role": Role.PM,
        "person": person,
        "ids": {3, 1, 2},
        "uuid": UUID(int=1),
        "many": ({"deep": Decimal("0.1")},),
        "text": "林悦 \u2028 'quoted'",
        "nothing": None,
    }
    entry = record("test", person, by=None, now=NOW, before={}, after=values)

    assert AuditEntry.objects.get(pk=entry.pk).after == {
        "money": "76960.10",
        "day": "2026-11-25",
        "hour": "09:00:00",
        "at": "2026-11-23T04:00:00+00:00",
        "words": "name",
        "role": "pm",
        "person": person.pk,
        "ids": [1, 2, 3],
        "uuid": "00000000-0000-0000-0000-000000000001",
        "many": [{"deep": "0.1"}],
        "text": "林悦 \u2028 'quoted'",
        "nothing": None,
    }


def test_what_has_no_text_of_its_own_is_refused():
    with pytest.raises(TypeError):
        record("test", UserFactory(), by=None, now=NOW, after={"object": object()})


def test_order_is_that_of_writing_though_the_clock_goes_back():
    person = UserFactory()
    for number in range(3):
        record(f"deed {number}", person, by=None, now=NOW - timedelta(hours=number))
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["deed 0", "deed 1", "deed 2"]


def test_a_project_finds_its_own_entries():
    person = UserFactory()
    for project in (1, 2, None, 1):
        record("deed", person, by=None, now=NOW, project_id=project)
    assert [entry.project_id for entry in AuditEntry.objects.for_project(1)] == [1, 1]
