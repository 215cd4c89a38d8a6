"""What every test may use. Factories stand in `tests.factories`; a fixture here needs a set-up and an end of its own."""

import gc
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings

from tests import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from pytest_django.plugin import DjangoDbBlocker

# A slow machine is not a failing example.
# On CI the same examples each time: red then means that the change is at fault.
settings.register_profile("portal", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.register_profile("fast", parent=settings.get_profile("portal"), max_examples=25)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "portal"))

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


ON_ONE_DATABASE = {"views", "e2e", "access", "processes"}
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_setup",
    "live_server",
    "database_url",
    "empty_database_url",
    "installed",
}


def touches_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


def is_asked_for(item: pytest.Item) -> bool:
    """On PostgreSQL leave out what cannot differ there: arithmetic, words, and long crawls marked `one_database`. In
    the quick loop (`TESTS_NEAR` names files and folders) leave out what asks the database and is not near.
    """
    if connection.vendor != "sqlite":
        return touches_database(item) and not item.get_closest_marker("one_database")
    near = os.environ.get("TESTS_NEAR")
    if near is None or not touches_database(item):
        return True
    place = item.path.relative_to(item.config.rootpath)
    return any(place.is_relative_to(name) for name in near.split(os.pathsep) if name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before `-m` chooses. Pages ask through querysets and actions whose own tests run on both databases, so on the
    second one pages, browsers, addresses and processes belong to the proof.
    """
    for item in items:
        if connection.vendor != "sqlite" and (ON_ONE_DATABASE & set(item.path.parts)):
            item.add_marker(pytest.mark.proof)
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (kept if is_asked_for(item) else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def pytest_collection_finish() -> None:
    """What has been collected lives until the end: the collector need not look through it again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Whether the tables of an earlier run are there: then only what is missing is migrated."""
    return tables.lay()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> "Iterator[None]":
    """Keep the tables for the next run; at the end, end the sessions that a browser's last request may have left:
    PostgreSQL drops no database that is in use.
    """
    with django_db_blocker.unblock():
        tables.keep()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _cache_is_empty() -> None:
    """What is counted for a person (his pace) must not be there for the next test, whose people have the same ids."""
    cache.clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser; without one the walk is skipped, on CI it fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        words = "no Chromium found: install it (Debian: apt-get install chromium fonts-noto-cjk) or name it in CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> "Iterator[Browser]":
    # Imported here, because it takes half a second that the other tests need not pay.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- see above

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
