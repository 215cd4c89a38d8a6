"""The Celery application: `celery -A portal worker`. Tasks only nudge; what is owed stands in rows."""

import os
import sys

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

from portal import database
from portal.common.schema import misfit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]  # Celery has no types
def keep_logging_as_it_is(**_: object) -> None:
    """Stop Celery from setting up logging: being asked is enough, and Django has done it."""


@worker_init.connect  # type: ignore[untyped-decorator]  # as above
@beat_init.connect  # type: ignore[untyped-decorator]  # as above
def refuse_another_database(**_: object) -> None:
    """Stop at once where the database is not there or is not that of this code, as the web server does."""
    if words := database.missing() or misfit():
        sys.exit(words)
