"""Loading the demo: on any day, in either language, only into an empty database."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from portal.audit.models import AuditEntry
from portal.demo.build import build
from projects.models import Project
from tests.portal.demo.test_build import NOW, PROJECTS

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.mark.proof
@pytest.mark.parametrize(
    "day",
    [
        datetime(2026, 11, 22, 6, tzinfo=UTC),
        datetime(2027, 2, 28, 22, tzinfo=UTC),
    ],
)
def test_the_demo_can_be_built_on_any_day_in_either_language(day):
    build(language="zh", now=day)

    assert Project.objects.count() == PROJECTS
    assert not AuditEntry.objects.filter(at__gt=day).exists()


def test_the_command_fills_an_empty_database_only():
    with time_machine.travel(NOW, tick=False):
        call_command("load_demo", verbosity=0)
        call_command("load_demo", "--if-empty", verbosity=0)
        with pytest.raises(CommandError, match="not empty"):
            call_command("load_demo", verbosity=0)

    assert Project.objects.count() == PROJECTS
