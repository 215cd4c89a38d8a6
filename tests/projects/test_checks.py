from dataclasses import dataclass
from typing import Any

import pytest
from django.core.checks import registry

from projects import checks
from projects.checks import check_process
from projects.enums import Tier
from projects.lifecycle import TRANSITIONS, Rules, Transition, for_every_tier, process


@dataclass
class Incomplete:
    rules: dict[Any, Rules]


@pytest.fixture
def rules(monkeypatch):
    """A copy of the process table that a test may spoil."""
    spoilt = dict(process().rules)
    monkeypatch.setattr(checks, "process", lambda: Incomplete(spoilt))
    return spoilt


def test_the_process_is_whole():
    assert check_process() == []


def test_the_check_runs_with_every_command():
    assert check_process in registry.registry.get_checks()


def test_a_transition_without_rules_is_an_error(rules):
    del rules[Transition.LAUNCH]

    assert [(error.id, error.msg) for error in check_process()] == [
        ("projects.E002", "“launch” has no rules: add it to the process table.")
    ]


def test_a_tier_that_is_not_spoken_of_is_an_error(rules):
    rules[Transition.START] = Rules(gates={Tier.LIGHT: (), Tier.STANDARD: ()})

    assert [(error.id, error.msg) for error in check_process()] == [
        ("projects.E003", "“start” says nothing of the tier “major”.")
    ]


def test_a_transition_without_a_way_is_an_error(monkeypatch):
    way = dict(TRANSITIONS)
    del way[Transition.HOLD]
    monkeypatch.setattr(checks, "TRANSITIONS", way)

    assert [error.id for error in check_process()] == ["projects.E001"]


def test_no_gate_at_all_is_an_answer(rules):
    rules[Transition.LAUNCH] = Rules(gates=for_every_tier())

    assert check_process() == []
