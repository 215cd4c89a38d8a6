"""What people write reaches places that read signs of their own: mails, files, headers, logs, messages to the worker."""

from __future__ import annotations

import ast
import inspect
import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal import celery, logs
from portal.accounts.enums import Role
from portal.notifications.mails import compose
from portal.notifications.models import Delivery
from projects.actions.pitch import save_pitch
from projects.models import Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, cast, draft, submitted

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("metrics", "portal", "projects", "retros", "risks")
SIGNS = "{{ 7*7 }} {% debug %} %(x)s %s {0.__class__} ${x} #{7*7}"


@pytest.mark.django_db
def test_signs_of_templates_and_formats_are_words_in_mails_and_files() -> None:
    people = cast()
    project = draft(people)
    project = submitted(save_pitch(project, {"title": SIGNS}, version=project.version, by=people.pm, now=NOW))
    mail = Delivery.objects.filter(person=people.lead, channel="mail", project_id=project.pk).first()
    assert mail is not None
    written = compose(mail, now=NOW)
    client = Client()
    client.force_login(people.pm)

    listed = client.get(reverse("projects:export", args=["csv"]), {"view": "all"})
    shown = client.get(project.get_absolute_url())

    assert written is not None
    assert SIGNS in f"{written.subject}\n{written.body}"
    assert SIGNS in listed.getvalue().decode()
    assert "{{ 7*7 }} {% debug %} %(x)s %s {0.__class__}" in shown.text


@pytest.mark.django_db
def test_a_line_break_ends_no_header_and_no_line(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    client.force_login(UserFactory(roles=[Role.PM]))
    title = "Bags\r\nBcc: all@example.com\r\nSet-Cookie: x=1"

    begun = client.post(reverse("projects:new"), {"title": title})
    led = client.post("/look/", {"theme": "dark", "next": "/more/\r\nSet-Cookie: x=1"})
    with caplog.at_level(logging.WARNING):
        lost = client.get("/nowhere/%0d%0aSet-Cookie:%20x=1/")

    assert begun.status_code in {302, 422}
    assert [project.title for project in Project.objects.all() if "\n" in project.title or "\r" in project.title] == []
    for answer in (begun, led, lost):
        assert not any("\n" in value or "\r" in value for _name, value in answer.items())
        assert "x" not in answer.cookies
    assert caplog.records[-1].getMessage() == r"Not Found: /nowhere/\r\nSet-Cookie: x=1/"


def test_a_path_without_end_is_cut_in_the_log() -> None:
    event = logs.shorten(None, "warning", {"event": "Not Found: /" + "x" * 1_000_000})

    assert len(event["event"]) == logs.LONGEST_VALUE + 1


def test_nothing_is_read_but_json() -> None:
    assert celery.app.conf.accept_content == ["json"]
    assert (celery.app.conf.task_serializer, celery.app.conf.result_accept_content) == ("json", None)
    assert getattr(settings, "SESSION_SERIALIZER", "").endswith("JSONSerializer")
    assert imported() & {"pickle", "marshal", "shelve", "yaml", "dill"} == set()


def test_no_code_opens_connections_of_its_own() -> None:
    """Mail goes by Django, the queue by Celery, and `serve` looks for a free port: nobody else talks to anybody."""
    outward = {"http.client", "urllib.request", "requests", "httpx", "aiohttp", "ftplib", "telnetlib", "urllib3"}
    sockets = {path.relative_to(ROOT).as_posix() for path in sources() if "socket" in imports_of(path)}

    assert imported() & outward == set()
    assert sockets == {"portal/management/commands/serve.py", "portal/serving.py"}


def test_a_message_to_the_worker_holds_ids_alone() -> None:
    celery.app.loader.import_default_modules()
    ours = {name: task for name, task in celery.app.tasks.items() if not name.startswith("celery.")}

    parameters = {
        name: {key: value.annotation for key, value in inspect.signature(task.run).parameters.items()}
        for name, task in ours.items()
        if name.split(".")[0] in PACKAGES
    }

    assert parameters
    assert {str(kind) for of_one in parameters.values() for kind in of_one.values()} <= {"int"}
    assert all(key.endswith("_id") for of_one in parameters.values() for key in of_one)


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def imported() -> set[str]:
    return set().union(*(imports_of(path) for path in sources()))
