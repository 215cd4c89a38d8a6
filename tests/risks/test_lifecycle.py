import pytest

from risks.enums import HAPPENED, OPEN_STATES, RiskState
from risks.lifecycle import TRANSITIONS, InvalidRiskMoveError, check_move

ALLOWED = sorted((source, target) for source, targets in TRANSITIONS.items() for target in targets)
REFUSED = [(source, target) for source in RiskState for target in RiskState if target not in TRANSITIONS[source]]


@pytest.mark.parametrize(("source", "target"), ALLOWED)
def test_allowed_move_passes(source, target):
    check_move(source, target)


@pytest.mark.parametrize(("source", "target"), REFUSED)
def test_any_other_move_is_refused_and_says_where_the_risk_is(source, target):
    with pytest.raises(InvalidRiskMoveError) as refusal:
        check_move(source, target)

    assert (refusal.value.current, refusal.value.target) == (source, target)
    assert str(refusal.value.message) == f"This is not possible now: the risk is “{source.label}”."


def test_every_state_is_in_the_table_and_the_ends_are_ends():
    assert set(TRANSITIONS) == set(RiskState)
    assert [state for state in RiskState if not TRANSITIONS[state]] == [RiskState.RESOLVED, RiskState.CLOSED]


def test_what_happened_can_no_longer_happen():
    assert set(OPEN_STATES) & set(HAPPENED) == set()
    assert set(OPEN_STATES) | set(HAPPENED) | {RiskState.CLOSED} == set(RiskState)
