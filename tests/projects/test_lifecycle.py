from datetime import UTC, datetime
from itertools import product

import pytest

from projects.enums import Stage, Tier
from projects.lifecycle import (
    TRANSITIONS,
    InvalidTransitionError,
    Transition,
    can_follow,
    for_every_tier,
    missing_for,
    process,
    target_of,
)
from tests.factories.projects import ProjectFactory

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
S, T = Stage, Transition

#: Every transition that is possible at all, written out once more by hand.
POSSIBLE = {
    (S.DRAFT, T.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, T.WITHDRAW): S.DRAFT,
    (S.SUBMITTED, T.ASK_BACK): S.DRAFT,
    (S.SUBMITTED, T.DECLINE): S.DECLINED,
    (S.SUBMITTED, T.DEFER): S.DEFERRED,
    (S.SUBMITTED, T.APPROVE): S.APPROVED,
    (S.DECLINED, T.REVISE): S.DRAFT,
    (S.DEFERRED, T.REVISE): S.DRAFT,
    (S.APPROVED, T.START): S.IN_DELIVERY,
    (S.APPROVED, T.HOLD): S.ON_HOLD,
    (S.IN_DELIVERY, T.HOLD): S.ON_HOLD,
    (S.IN_DELIVERY, T.LAUNCH): S.LAUNCHED,
    (S.LAUNCHED, T.ROLL_BACK): S.IN_DELIVERY,
    (S.LAUNCHED, T.CLOSE): S.CLOSED,
    (S.DRAFT, T.CANCEL): S.CANCELLED,
    (S.SUBMITTED, T.CANCEL): S.CANCELLED,
    (S.APPROVED, T.CANCEL): S.CANCELLED,
    (S.IN_DELIVERY, T.CANCEL): S.CANCELLED,
    (S.ON_HOLD, T.CANCEL): S.CANCELLED,
    (S.DECLINED, T.CANCEL): S.CANCELLED,
    (S.DEFERRED, T.CANCEL): S.CANCELLED,
}


@pytest.mark.parametrize(("stage", "transition"), [*product(Stage, Transition)])
def test_each_transition_from_each_stage(stage, transition):
    if transition == T.RESUME and stage == S.ON_HOLD:
        assert target_of(stage, transition, held_from=S.APPROVED) == S.APPROVED
        assert target_of(stage, transition, held_from=S.IN_DELIVERY) == S.IN_DELIVERY
        return

    if (stage, transition) in POSSIBLE:
        assert can_follow(stage, transition) is True
        assert target_of(stage, transition, held_from=None) == POSSIBLE[stage, transition]
        return

    assert can_follow(stage, transition) is False
    with pytest.raises(InvalidTransitionError) as refused:
        target_of(stage, transition, held_from=None)
    assert (refused.value.current, refused.value.transition) == (stage, transition)


def test_resume_without_a_source_leads_nowhere():
    with pytest.raises(InvalidTransitionError):
        target_of(S.ON_HOLD, T.RESUME, held_from=None)


def test_refusal_says_what_was_wanted_and_how_it_stands():
    error = InvalidTransitionError(S.CLOSED, T.LAUNCH)

    assert str(error.message) == "“Launch” is not possible: the project is now “Closed”."


def test_closed_and_cancelled_are_the_end():
    ends = {stage for stage in Stage if not any(stage in move.sources for move in TRANSITIONS.values())}

    assert ends == {S.CLOSED, S.CANCELLED}


def test_the_process_has_rules_for_each_transition_and_gates_for_each_tier():
    rules = process().rules

    assert rules.keys() == set(Transition)
    assert {transition: set(rule.gates) for transition, rule in rules.items()} == {key: set(Tier) for key in Transition}


def test_gates_of_every_tier():
    def gate(project, by, now, /):
        return []

    assert for_every_tier(gate) == {Tier.LIGHT: (gate,), Tier.STANDARD: (gate,), Tier.MAJOR: (gate,)}


@pytest.mark.django_db
def test_what_is_missing_is_asked_of_every_gate():
    project = ProjectFactory(stage=S.APPROVED)

    reasons = missing_for(project, T.START, by=project.owner, now=NOW)

    assert [reason.code for reason in reasons] == ["no_risks_listed", "no_metric"]
