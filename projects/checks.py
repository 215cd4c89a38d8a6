"""The process table is written by hand, so the start of every command looks whether it is whole."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from projects.enums import Tier
from projects.lifecycle import TRANSITIONS, Transition, process


@register
def check_process(**_options: Any) -> list[CheckMessage]:
    """Each transition has a way, rules, and gates (be it none) for each tier."""
    rules = process().rules
    return [
        *(
            Error(f"“{transition}” leads nowhere: add it to projects.lifecycle.TRANSITIONS.", id="projects.E001")
            for transition in Transition
            if transition not in TRANSITIONS
        ),
        *(
            Error(f"“{transition}” has no rules: add it to the process table.", id="projects.E002")
            for transition in Transition
            if transition not in rules
        ),
        *(
            Error(f"“{transition}” says nothing of the tier “{tier}”.", id="projects.E003")
            for transition, rule in rules.items()
            for tier in Tier
            if tier not in rule.gates
        ),
    ]
