"""Texts that are more than words to some program: on every page and in every mail they are words."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from portal.notifications.actions import deliver, sweep
from portal.notifications.models import Delivery, Obligation
from tests.access.table import TABLE
from tests.access.visitor import undone
from tests.access.world import STAGES, Actor, World
from tests.factories.projects import NOW
from tests.security.deeds import PAGES, stage_of, url_of
from tests.security.marks import overwrite
from tests.security.pages import Page
from tests.security.witness import check_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.proof, pytest.mark.one_database]

TAG = "x-j01"
#: Out of an attribute, of a text box, of a script; into a template, a format, a translation; and a name of a character.
MARKUP = f"\"'><{TAG} onj01=1></textarea></script>{{{{7*7}}}}{{% debug %}}%(x)s%s%%{{0.a}}&lt;&#60;"
#: The same with what would begin another header of a mail.
HEADERS = f"{MARKUP}\r\nBcc: evil@example.com\r\n\r\n"


def faults(page: Page) -> Iterator[str]:
    """What the words have become beside words."""
    for tag in page.tags:
        if tag.name == TAG:
            yield "a tag"
        for name, value in tag.attributes.items():
            if name.startswith("on") or not name.replace("-", "").replace(":", "").replace("_", "").isalnum():
                yield f"an attribute {name}"
            if name in {"href", "src", "action", "formaction", "hx-get", "hx-post", "style"} and TAG in value:
                yield f"in {name}"


@pytest.mark.parametrize("world", STAGES, indirect=True, scope="package")
def test_words_are_words_on_every_page(world: World, request: pytest.FixtureRequest) -> None:
    stage = request.node.callspec.params["world"]
    names = [name for name in PAGES if stage_of(name) == stage or (stage == "complete" and not TABLE[name].is_public)]
    found: dict[str, list[str]] = {}
    shown = 0
    with undone():
        assert overwrite(MARKUP) > 20
        for name in names:
            for actor in (Actor.OWNER, Actor.MEMBER, Actor.APPROVER, Actor.ADMIN):
                if not url_exists(world, name) or TABLE[name].expected(actor)["GET"] != 200:
                    continue
                answer = world.visitor(actor).tell("GET", url_of(world, name))
                check_headers(answer)
                assert answer.status_code < 500, name
                if not answer["Content-Type"].startswith("text/html"):
                    break  # a file: what a spreadsheet makes of its cells is tried beside the export
                page = Page(answer.text)
                shown += "{{7*7}}{% debug %}%(x)s%s%%{0.a}&lt;" in " ".join([*page.words, *map(str, page.tags)])
                if wrong := sorted(set(faults(page))):
                    found[f"{name} of {actor}"] = wrong
                break

    assert found == {}
    assert shown > 0 or not names  # a stage of deeds alone


def url_exists(world: World, name: str) -> bool:
    return None not in TABLE[name].arguments(world)


@pytest.mark.parametrize(
    "world", ["submitted", "reviewing", "prepared", "occurred", "complete"], indirect=True, scope="package"
)
def test_words_are_words_in_every_mail(world: World, caplog: pytest.LogCaptureFixture) -> None:
    later = NOW + timedelta(days=60)
    with undone(), time_machine.travel(later, tick=False), caplog.at_level(logging.WARNING):
        overwrite(HEADERS)
        Delivery.objects.update(created_at=later)
        for _ in range(3):
            sweep(now=later)
            deliver(now=later)
        kinds = set(Obligation.objects.values_list("kind", flat=True))
        sent = list(mail.outbox)

    assert caplog.messages == []
    assert kinds
    assert sent
    for message in sent:
        assert isinstance(message, EmailMultiAlternatives)
        assert message.recipients() == message.to
        assert {part["Bcc"] for part in message.message().walk()} == {None}
        assert "\n" not in message.subject
        assert list(faults(Page(str(message.alternatives[0][0])))) == []
    assert any(TAG in message.body for message in sent)
