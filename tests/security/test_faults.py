"""When something of ours breaks: one page without a word of the inside, with every header, and one line in the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.access.table import NOT_ALLOWED, TABLE
from tests.access.world import Actor
from tests.security.deeds import url_of
from tests.security.witness import ask, check_headers

if TYPE_CHECKING:
    from tests.access.world import World

pytestmark = pytest.mark.django_db

INSIDE = "SELECT secret FROM /srv/portal/settings.py WHERE key = 'hush-hush'"
#: What breaks, and the page that meets it.
FAULTS = {
    "view": ("portal.desk.summaries.grouped", "/"),
    "template": ("portal.common.templatetags.frame.stops", "/process/"),
    "middleware": ("portal.accounts.middleware._age", "/process/"),
    "session": ("django.contrib.sessions.backends.db.SessionStore.load", "/process/"),
    "reading once": ("portal.common.middleware.read_once", "/process/"),
    "page of an error": ("portal.common.views._rendered", "/nowhere/"),
}


@pytest.mark.parametrize("world", ["draft"], indirect=True, scope="package")
@pytest.mark.parametrize("where", FAULTS)
def test_a_fault_says_nothing_of_the_inside(
    world: World, where: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError(INSIDE)

    place, url = FAULTS[where]
    monkeypatch.setattr(place, broken)
    with caplog.at_level(logging.ERROR):
        answer = world.visitor(Actor.OWNER).ask("GET", url)

    assert answer.status_code == 500
    check_headers(answer)
    assert [word for word in INSIDE.split() if len(word) > 3 and word in answer.text] == []
    assert "Traceback" not in answer.text
    assert answer["X-Request-ID"] in answer.text
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("world", ["draft"], indirect=True, scope="package")
def test_what_only_probes_send_is_not_served(world: World) -> None:
    visitor = world.visitor(Actor.OWNER)
    urls = [url_of(world, name) for name, row in TABLE.items() if None not in row.arguments(world)]
    methods = {url: visitor.ask("TRACE", url, headers={"accept": "application/json"}).status_code for url in urls}

    assert set(methods.values()) == {NOT_ALLOWED}
    for path in ("/api/schema", "/admin/", "/metrics", "/__debug__/", "/server-status", "/media/", "/.well-known/x"):
        assert ask(world, Actor.OWNER, "GET", path).status in {301, 404}, path
    assert ask(world, Actor.ANONYMOUS, "GET", reverse("robots")).text == "User-agent: *\nDisallow: /\n"
