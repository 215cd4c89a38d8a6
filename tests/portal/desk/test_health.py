"""The portal's own state: as a page for administrators, as numbers for a monitoring system, as a word on every page."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.backup.models import Backup
from portal.desk import health_page, health_words
from portal.desk.health import Facts, facts
from portal.desk.health_metrics import exposition
from portal.health.actions import note
from portal.health.enums import Beat
from portal.health.models import Pulse
from portal.notifications.models import Delivery
from portal.notifications.tasks import sweep
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.notifications import DeliveryFactory, ObligationFactory
from tests.factories.projects import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
MINUTE = timedelta(minutes=1)
HOUR = 60 * MINUTE
GB = 10**9


def state(**changes):
    every = {
        "now": NOW,
        "beats": dict.fromkeys(Beat, NOW),
        "reminders_waiting": 0,
        "oldest_reminder": None,
        "mails_waiting": 0,
        "oldest_mail": None,
        "mails_failed": 0,
        "mails_held": False,
        "unsealed_since": NOW - MINUTE,
        "backed_up_at": NOW - HOUR,
        "disk_free": 50 * GB,
        "disk_size": 100 * GB,
    }
    return Facts(**{**every, **changes})


def bad_lines(of, *, broker=True):
    return {
        line.name: (line.state, line.says)
        for line in health_words.lines(of, broker_answers=broker)
        if line.state != health_words.WELL
    }


def test_nothing_is_said_to_be_done_while_everything_runs():
    lines = health_words.lines(state(), broker_answers=True)
    assert [(line.state, line.remedy) for line in lines] == [("on_track", "")] * len(lines)
    assert health_words.heading(lines) == "Everything runs"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"beats": {Beat.TICK: NOW}}, {"Reminders and mail": ("danger", "Never yet.")}),
        (
            {"beats": {Beat.SWEEP: NOW, Beat.TICK: NOW - 12 * MINUTE}},
            {"Scheduler and queue": ("danger", "12\xa0minutes ago.")},
        ),
        (
            {"reminders_waiting": 3, "oldest_reminder": NOW - 11 * MINUTE},
            {"Reminders that are due": ("watch", "3, the oldest for 11\xa0minutes.")},
        ),
        (
            {"mails_waiting": 1, "oldest_mail": NOW - 2 * HOUR},
            {"Mail that is due": ("danger", "1, the oldest for 2\xa0hours.")},
        ),
        (
            {"mails_held": True, "mails_waiting": 4, "oldest_mail": NOW - HOUR},
            {"Mail that is due": ("watch", "Held since a restore: 4.")},
        ),
        ({"mails_failed": 2}, {"Mail that failed": ("watch", "2 in the last seven days.")}),
        (
            {"unsealed_since": NOW - 11 * MINUTE},
            {"Seals of the audit trail": ("watch", "The oldest row without a seal is of 11\xa0minutes ago.")},
        ),
        ({"backed_up_at": NOW - 27 * HOUR}, {"Backup": ("watch", "1\xa0day ago.")}),
        ({"backed_up_at": None}, {"Backup": ("danger", "Never yet.")}),
        ({"disk_free": 4 * GB}, {"Disk": ("danger", "3.7\xa0GB of 93.1\xa0GB are free where VAR_DIR is.")}),
        ({"disk_free": 14 * GB}, {"Disk": ("watch", "13.0\xa0GB of 93.1\xa0GB are free where VAR_DIR is.")}),
    ],
)
def test_what_is_not_as_usual_says_how_it_stands(changes, expected):
    assert bad_lines(state(**changes)) == expected


def test_each_line_that_is_not_well_says_what_to_do():
    worst = state(
        beats={}, reminders_waiting=1, oldest_reminder=NOW - HOUR * 2, mails_waiting=1, oldest_mail=NOW - HOUR * 2,
        mails_failed=1, unsealed_since=NOW - HOUR * 2, backed_up_at=None, disk_free=0, disk_size=0,
    )  # fmt: skip
    lines = health_words.lines(worst, broker_answers=False)
    assert [line.name for line in lines if not line.remedy] == ["Versions"]
    assert health_words.heading(lines) == "9 things need a look"


def test_facts_are_those_of_the_rows():
    Pulse.objects.all().delete()
    note(Beat.SWEEP, now=NOW - MINUTE)
    ObligationFactory(next_rung_at=NOW - 2 * MINUTE)
    ObligationFactory(next_rung_at=NOW - MINUTE)
    ObligationFactory(next_rung_at=NOW + MINUTE)
    ObligationFactory(next_rung_at=NOW - HOUR, settled_at=NOW)
    DeliveryFactory(channel="mail", state="pending", next_try_at=NOW - 3 * MINUTE)
    DeliveryFactory(channel="mail", state="pending", next_try_at=None)
    DeliveryFactory(channel="mail", state="failed", created_at=NOW - 2 * HOUR)
    DeliveryFactory(channel="mail", state="failed", created_at=NOW - 200 * HOUR)
    Backup.objects.create(made_at=NOW - HOUR, name="b", size=1, digest="d")
    found = facts(NOW)
    assert (found.backed_up_at, found.unsealed_since) == (NOW - HOUR, None)
    assert found.beats == {Beat.SWEEP: NOW - MINUTE}
    assert (found.reminders_waiting, found.oldest_reminder) == (2, NOW - 2 * MINUTE)
    assert (found.mails_waiting, found.oldest_mail, found.mails_failed) == (1, NOW - 3 * MINUTE, 1)
    assert 0 < found.disk_free <= found.disk_size


def test_the_page_is_for_administrators(client):
    client.force_login(UserFactory())
    assert client.get(reverse("health")).status_code == HTTPStatus.FORBIDDEN
    client.force_login(AdminFactory())
    page = client.get(reverse("health"))
    assert page.status_code == HTTPStatus.OK
    assert [line.name for line in page.context["lines"]][:3] == ["Reminders and mail", "Scheduler and queue", "Broker"]


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "amqp://127.0.0.1:1/"])
def test_a_broker_that_is_down_is_said_at_once(url):
    assert health_page.broker_answers()
    assert not health_page.broker_answers(url)


@pytest.mark.parametrize("run", [sweep, lambda: call_command("sweep")], ids=["task", "command"])
def test_every_run_is_noted(run, capsys):
    Pulse.objects.all().delete()
    run()
    assert Pulse.objects.get(beat=Beat.SWEEP).at == NOW
    assert Pulse.objects.filter(beat=Beat.TICK).exists() == (run is sweep)


def test_administrators_hear_on_every_page_that_reminders_stand_still(client):
    words = "No reminder and no mail has gone out for 1\xa0hour."
    note(Beat.SWEEP, now=NOW - HOUR)
    client.force_login(UserFactory())
    assert words not in client.get("/").text
    client.force_login(AdminFactory())
    assert words in client.get("/").text
    note(Beat.SWEEP, now=NOW)
    assert words not in client.get("/").text


# ── numbers ─────────────────────────────────────────────────────────────


def test_numbers_are_what_prometheus_reads():
    text = exposition(state(beats={Beat.SWEEP: NOW}, reminders_waiting=2, oldest_reminder=NOW - MINUTE))
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert samples == {
        'foresight_last_seconds{beat="sweep"}': f"{NOW.timestamp():.0f}",
        "foresight_reminders_due": "2",
        "foresight_reminders_oldest_seconds": "60",
        "foresight_mails_due": "0",
        "foresight_mails_oldest_seconds": "0",
        "foresight_mails_failed": "0",
        "foresight_audit_unsealed_seconds": "60",
        "foresight_backup_last_seconds": f"{(NOW - HOUR).timestamp():.0f}",
        "foresight_disk_free_bytes": str(50 * GB),
    }


def test_numbers_need_the_token_and_do_not_exist_without_one(client, settings):
    key = "k" * 25 + "metrics-" + "0123456789" * 2
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == HTTPStatus.NOT_FOUND
    settings.METRICS_TOKEN = key
    assert client.get("/metrics").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/metrics", headers={"authorization": f"Bearer {key}x"}).status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/metrics?token={key}").status_code == HTTPStatus.NOT_FOUND
    answer = client.get("/metrics", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == HTTPStatus.OK
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "foresight_mails_failed 0\n" in answer.text


def test_the_page_asks_the_same_for_one_and_for_many(client, django_assert_num_queries):
    client.force_login(AdminFactory())
    client.get(reverse("health"))  # the first visit of a session writes when it began
    for count in (1, 50):
        DeliveryFactory.create_batch(count, channel="mail", state="failed", created_at=NOW)
        with django_assert_num_queries(12):
            client.get(reverse("health"))
    assert Delivery.objects.count() == 51
