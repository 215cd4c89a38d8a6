"""The policy page: everybody reads it, administrators decide, and who decides on what is past is told."""

from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.desk import policy_page
from portal.policy.store import Percent, Setting, change, value
from portal.process import PROCESS
from risks.policy import APPETITE
from tests.factories.accounts import AdminFactory, UserFactory

POLICY = "/policy/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = AdminFactory(name="Ada Admin")
    client.force_login(person)
    return person


def typed(new: str, version: int = 0, seen: str = "20000.00") -> dict[str, Any]:
    return {"key": "risks.appetite", "value": new, "initial-value": seen, "version": version}


def line(response: Any, key: str = "risks.appetite") -> Any:
    lines = [line for group in response.context["groups"] for line in group.lines]
    return next(line for line in lines if line.current.setting.key == key)


def test_every_declared_setting_is_shown_in_a_group_with_words(client, admin):
    page = client.get(POLICY)
    shown = [line.current.setting for group in page.context["groups"] for line in group.lines]
    assert shown == [setting for group in PROCESS.policy_groups.values() for setting in group]
    assert set(policy_page.GROUPS) >= set(PROCESS.policy_groups)
    assert page.context["heading"] == f"All {len(shown)} settings stand as delivered"
    assert (line(page).value, line(page).default, line(page).is_default) == ("20,000", "20,000", True)


def test_an_administrator_decides_and_the_page_says_who_and_when(client, admin):
    answer = client.post(POLICY, typed("30000"))
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/policy/#risks-appetite")
    assert value(APPETITE) == Decimal(30000)
    page = client.get(POLICY)
    assert (line(page).value, line(page).changed_by, line(page).current.version) == ("30,000", "Ada Admin", 1)
    assert "changed by Ada Admin, Today" in page.text
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.before, entry.after) == (
        "policy.changed", admin, {"risks.appetite": "20000.00"}, {"risks.appetite": "30000"},
    )  # fmt: skip


@pytest.mark.parametrize("bad", ["", "a lot", "-1", "0", "1e99", "NaN", "9" * 50, "1\0"])
def test_what_cannot_be_is_refused_and_stays_typed(client, admin, bad):
    answer = client.post(POLICY, typed(bad))
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(line(answer).form.errors) == ["value"]
    assert line(answer).form["value"].value() == bad
    assert (value(APPETITE), AuditEntry.objects.count()) == (APPETITE.default, 0)


def test_who_was_slower_sees_both_and_loses_nothing(client, admin):
    change(APPETITE, Decimal(50000), by=AdminFactory(name="Bo Boss"), now=timezone.now())
    answer = client.post(POLICY, typed("30000"))
    assert answer.status_code == HTTPStatus.CONFLICT
    conflict = line(answer).form.conflict
    assert conflict.saved_by == "Bo Boss"
    assert [(one.saved, one.typed, one.keeps_typed) for one in conflict.lines] == [("50000", "30000", True)]
    assert value(APPETITE) == Decimal(50000)
    again = dict(conflict.hidden) | {"value": "30000"}
    assert client.post(POLICY, again).status_code == HTTPStatus.FOUND
    assert value(APPETITE) == Decimal(30000)


def test_a_version_that_nobody_has_seen_is_refused(client, admin):
    assert client.post(POLICY, typed("30000", version=7)).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_one_press_too_many_decides_once(client, admin):
    answers = [client.post(POLICY, typed("30000") | {"_key": "k"}).status_code for _press in range(3)]
    assert (answers, AuditEntry.objects.count()) == ([HTTPStatus.FOUND] * 3, 1)


def test_a_setting_nobody_declared_is_not_found(client, admin):
    assert client.post(POLICY, typed("1") | {"key": "nobody.knows"}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", [Role.PM, Role.ENGINEER, Role.LEAD])
def test_others_read_and_do_not_decide(role):
    reader = Client()
    reader.force_login(UserFactory(roles=[role]))
    page = reader.get(POLICY)
    assert (line(page).form, "Administrators change it." in page.text) == (None, True)
    assert 'method="post"' not in page.text.split("<main")[1]
    assert reader.post(POLICY, typed("30000")).status_code == HTTPStatus.FORBIDDEN
    assert value(APPETITE) == APPETITE.default


def test_settings_of_every_kind_are_chosen_and_read_in_words(client, admin, monkeypatch):
    tick = Setting(key="x.tick", default=True, label="Tick", help="", group="x")
    mode = Setting(
        key="x.mode",
        default="slow",
        label="Mode",
        help="",
        group="x",
        choices=(("slow", "Slowly"), ("fast", "At once")),
    )
    share = Setting(key="x.share", default=Percent("0.15"), label="Share", help="", group="x")
    rungs = Setting(key="x.rungs", default=(1, 3), label="Rungs", help="", group="x")
    monkeypatch.setattr(policy_page, "PROCESS", replace(PROCESS, policy_groups={"x": (tick, mode, share, rungs)}))
    page = client.get(POLICY)
    assert [line.value for group in page.context["groups"] for line in group.lines] == ["yes", "Slowly", "15 %", "1, 3"]
    for key, new in (("x.tick", "False"), ("x.mode", "fast"), ("x.share", "20%"), ("x.rungs", "1, 5")):
        assert client.post(POLICY, {"key": key, "value": new, "version": 0}).status_code == HTTPStatus.FOUND
    decided: list[Any] = [value(tick), value(mode), value(share), value(rungs)]
    assert decided == [False, "fast", Decimal("0.2"), (1, 5)]
    refused = client.post(POLICY, {"key": "x.mode", "value": "never", "version": 1})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_fifty_settings_cost_as_much_as_one(client, admin, monkeypatch):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(POLICY).status_code == HTTPStatus.OK
        return len(queries)

    def declare(many: int) -> None:
        settings = tuple(replace(APPETITE, key=f"risks.number_{number}") for number in range(many))
        monkeypatch.setattr(policy_page, "PROCESS", replace(PROCESS, policy_groups={"risks": settings}))
        for setting in settings:
            change(setting, Decimal(7), by=AdminFactory(), now=timezone.now())

    client.get(POLICY)  # writes down that the session was seen
    declare(1)
    one = cost()
    declare(50)
    assert cost() == one
