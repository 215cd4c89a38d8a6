"""Our Celery application with the limits of its tasks shortened, for a test that waits for them: `celery -A` this module."""

from portal.celery import app

app.conf.task_soft_time_limit = 2
app.conf.task_time_limit = 4
