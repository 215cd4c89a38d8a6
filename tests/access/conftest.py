"""One world for each stage and module: building it costs more than asking it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import transaction

from tests.access.world import World, build
from tests.factories.projects import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world of a stage, for every test of the module that names it; each test leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            yield build(request.param)
        transaction.set_rollback(True)
