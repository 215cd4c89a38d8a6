"""What opens something is nowhere to be read afterwards: not in the log, not in the record, in no table, in no other's mail."""

from __future__ import annotations

import io
import logging
import re
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.utils import timezone

from portal import logs
from portal.celery import app
from portal.links.actions import issue
from projects.actions.confirmation import ask_confirmation
from tests.factories.accounts import UserFactory
from tests.factories.projects import cast, draft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
OLD, WRONG, NEW = "correct horse battery", "wrong horse on purpose", "three more quiet words"
#: What the image is built from without: what a machine or a person keeps beside the code.
PACKAGES = ("metrics", "portal", "projects", "retros", "risks")
PRIVATE = {".git", ".venv", "node_modules", "var", ".env", "tests"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line as it would be written in production."""
    options = logs.configure("INFO")["formatters"]["json"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**{k: v for k, v in options.items() if k != "()"}))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield handler.stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def _tasks_at_once() -> Iterator[None]:
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def opened_by_everything(client: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Somebody signs in, wrongly and rightly, asks for a new password, makes a token, follows links, meets a fault."""
    people = cast()
    lin = UserFactory(email="lin@example.com", password=OLD)
    client.raise_request_exception = False
    for password in (WRONG, OLD):
        client.post("/login/", {"email": lin.email, "password": password})
    first = client.cookies["foresight-session"].value
    made = client.post("/settings/tokens/new/", {"name": "Report", "scope": "read", "days": "30"})
    token = re.search(r"fst_[\w-]+", made.text)[0]
    for text in (token, "fst_" + WRONG[::-1]):
        client.get("/api/v1/me", headers={"authorization": f"Bearer {text}"})
    with monkeypatch.context() as broken:
        broken.setattr("portal.desk.summaries.grouped", None)
        assert client.get("/", {"password": OLD}).status_code == 500
    client.post("/password/reset/", {"email": lin.email})
    path = re.search(r"/password/reset/\S+", str(mail.outbox[-1].body))[0]
    where = client.get(path)["Location"]
    assert client.post(where, {"new_password": NEW, "again": NEW}).status_code == 302
    assert client.get(path).status_code == 410
    project = draft(people, now=timezone.now())
    ask_confirmation(project, by=people.pm, now=timezone.now())
    link = str(issue("projects.confirm", project.pk, people.partner, now=timezone.now()))
    assert [client.get(address).status_code for address in (link, f"{link[:-2]}x/")] == [200, 410]
    return {
        "session": first,
        "token": token,
        "wrong token": WRONG[::-1],
        "reset": path.rstrip("/").rsplit("/", 1)[1],
        "link": re.search(r"[\w-]{20,}", link)[0],
        "key": settings.SECRET_KEY,
        "audit key": settings.AUDIT_KEY,
        **{name: name for name in (OLD, WRONG, NEW)},
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("_tasks_at_once")
def test_what_opens_something_is_kept_nowhere_as_it_is(
    client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = opened_by_everything(client, monkeypatch)
    rows = {
        model._meta.label: "\n".join(map(str, chain.from_iterable(model._base_manager.values_list())))
        for model in apps.get_models(include_auto_created=True)
    }

    assert '"level": "error"' in log.getvalue()
    assert {name for name, secret in secrets.items() if secret in log.getvalue()} == set()
    assert {(name, table) for name, secret in secrets.items() for table, text in rows.items() if secret in text} <= {
        ("session", "sessions.Session")  # which is how it is found
    }
    assert [message.to for message in mail.outbox] == [["lin@example.com"]]


def test_an_image_is_built_without_what_is_private() -> None:
    """The folder it is built from has these in it; whoever has the image must not have them."""
    left_out = set((ROOT / ".dockerignore").read_text().split())
    assert left_out >= PRIVATE
    assert not {line for line in left_out if line.startswith("!")}


def test_nothing_private_is_kept_with_the_code() -> None:
    """Apart from folders that no image has, and whose files git does not keep either."""
    places = [ROOT / name for name in ("deploy", "locale", "static", "templates", "tools", *PACKAGES)]
    kept = [path.name for place in places for path in place.rglob("*")] + [path.name for path in ROOT.iterdir()]
    private = re.compile(r"^(secret\.key|id_\w+)$|\.(sqlite3|pem|key|p12|dump|zip|jsonl)$")
    assert [name for name in kept if private.search(name)] == []
