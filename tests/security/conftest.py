"""The worlds of the access table: one for each stage, left by every test as it was, so that all may share it."""

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


@pytest.fixture(scope="package")
def elsewhere(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A restricted project of other people, with one of everything that an address can name."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(NOW, tick=False):
        yield build("complete")
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def world(request: pytest.FixtureRequest, elsewhere: World) -> Iterator[World]:
    """The world of a stage. Tests that name the same one are run together."""
    with transaction.atomic(), time_machine.travel(NOW, tick=False):
        yield build(request.param)
        transaction.set_rollback(True)
