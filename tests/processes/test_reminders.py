"""Workers and beats as they really run: killed in the middle, and twice at once."""

from __future__ import annotations

import signal
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.processes.running import run, started, wait_until, worker_command

if TYPE_CHECKING:
    import subprocess
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.processes.mail_sink import MailSink
    from tests.processes.running import Variables

PEOPLE = 60

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(240)]


def worker(variables: Variables, name: str, folder: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """One worker with its own beat, as `make run` starts it."""
    command = worker_command(name, "-B", "-P", "solo", "-s", str(folder / f"beat-{name}"))
    return started(command, variables, folder / f"{name}.log")


COUNT = """
import django; django.setup()
from portal.notifications.models import Delivery
from django.db.models import Count
print(sorted(Delivery.objects.values_list("channel", "state").annotate(n=Count("pk"))))
"""
#: What two minutes would do: leases of the dead lapse. One taken within the last seconds is that of a living worker.
LAPSE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from portal.notifications.actions.mail import LEASE
from portal.notifications.models import Delivery
long_ago = timezone.now() + LEASE - timedelta(seconds=4)
Delivery.objects.filter(lease_until__lt=long_ago).update(lease_until=timezone.now())
"""


def test_each_reminder_reaches_each_person_once_though_a_worker_is_killed_and_two_beats_run(
    variables: Variables, mail_sink: MailSink, tmp_path: Path
) -> None:
    run(variables, "-m", "tests.processes.seed", str(PEOPLE))
    mails = mail_sink.kept.mails

    with worker(variables, "second", tmp_path):
        with worker(variables, "first", tmp_path) as first:
            wait_until(lambda: len(mails) >= PEOPLE // 4, lambda: f"{len(mails)} mails before the kill")
            first.send_signal(signal.SIGKILL)
            first.wait()
        time.sleep(5)
        run(variables, "-c", LAPSE)
        with worker(variables, "third", tmp_path):
            wait_until(
                lambda: len({person for person, _id in mails}) == PEOPLE,
                lambda: f"{len(mails)} mails; {run(variables, '-c', COUNT)}",
            )
            time.sleep(3)  # two more beats of both: nothing may be sent again

    ids = {person: {mail for recipient, mail in mails if recipient == person} for person, _id in mails}
    repeated = [person for person, count in Counter(person for person, _id in mails).items() if count > 1]
    assert set(ids) == {f"p{number}@demo.example" for number in range(PEOPLE)}
    assert all(len(found) == 1 for found in ids.values())
    assert len(repeated) <= 1
    assert run(variables, "-c", COUNT).strip() == str([("inbox", "sent", PEOPLE), ("mail", "sent", PEOPLE)])
