"""The process table against the code that leans on it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.notifications import obligations as own_obligations
from portal.notifications.actions import settle
from portal.notifications.registry import UnknownKindError
from portal.process import PROCESS
from projects import notifications as project_news
from projects import obligations as project_obligations
from retros import notifications as retro_news
from retros import obligations as retro_obligations
from risks import notifications as risk_news
from risks import obligations as risk_obligations
from tests.factories.projects import NOW

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("metrics", "portal", "projects", "retros", "risks")


def named_first(*functions: str) -> Iterator[tuple[str, str]]:
    """Where one of the functions is called with a text as its first argument: the text, and the place."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
                    first = node.args[0] if node.args else None
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        yield first.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_what_the_code_owes_and_settles_is_declared():
    used = dict(named_first("owe", "owe_escalation", "owe_owner", "settle"))

    assert {kind: place for kind, place in used.items() if kind not in PROCESS.obligation_kinds} == {}
    assert PROCESS.obligation_kinds.keys() - used.keys() == set()


def test_news_that_the_code_tells_is_declared():
    used = dict(named_first("announce"))

    assert {kind: place for kind, place in used.items() if kind not in PROCESS.event_kinds} == {}
    # These two are named after their transition.
    assert PROCESS.event_kinds.keys() - used.keys() == {"project_launch", "project_close"}


def test_no_two_apps_declare_the_same_key():
    kinds = [*project_obligations.KINDS, *risk_obligations.KINDS, *retro_obligations.KINDS, *own_obligations.KINDS]
    events = [*project_news.EVENTS, *risk_news.EVENTS, *retro_news.EVENTS, *own_obligations.EVENTS]
    settings = [setting.key for group in PROCESS.policy_groups.values() for setting in group]

    assert len(kinds) == len(PROCESS.obligation_kinds)
    assert len(events) == len(PROCESS.event_kinds)
    assert len(settings) == len(set(settings))


@pytest.mark.django_db
def test_settling_what_nobody_declares_is_an_error():
    with pytest.raises(UnknownKindError):
        settle("luanch", 1, now=NOW)
