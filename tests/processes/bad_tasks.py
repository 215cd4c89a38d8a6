"""Tasks as bad as tasks can be, for a worker of a test to run beside our own."""

import os
import time
from pathlib import Path

from celery import shared_task


@shared_task
def loop() -> None:
    """Never ends, and lets nothing stop it from inside."""
    Path(os.environ["VAR_DIR"], "looping").touch()
    while True:
        try:
            time.sleep(60)
        except Exception:  # noqa: BLE001, S112 -- the soft limit, which it does not listen to
            continue


@shared_task
def slow(seconds: float) -> None:
    """A while at work, with a trace of its beginning and of its end."""
    Path(os.environ["VAR_DIR"], "began").touch()
    time.sleep(seconds)
    Path(os.environ["VAR_DIR"], "ended").touch()
