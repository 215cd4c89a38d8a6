"""What a week's facts make of it: by facts alone."""

from dataclasses import replace
from datetime import date

import pytest

from portal.desk.weekly_rules import Draft, Facts, Said, draft

QUIET = Facts(is_delivering=True, today=date(2026, 11, 23), launch_on=date(2026, 12, 15))


@pytest.mark.parametrize(
    ("facts", "health", "said"),
    [
        ({}, "on_track", [Said.NOTHING]),
        ({"launch_on": date(2026, 11, 20)}, "danger", [Said.LAUNCH_PAST]),
        ({"launch_on": date(2026, 11, 23)}, "on_track", [Said.NOTHING]),
        ({"late_questions": ["May we?"]}, "danger", [Said.QUESTION_LATE]),
        ({"happened": ["Hub down"]}, "danger", [Said.HAPPENED]),
        ({"behind": 11}, "danger", [Said.FAR_BEHIND]),
        ({"behind": 10}, "watch", [Said.BEHIND]),
        ({"behind": -3}, "on_track", [Said.NOTHING]),
        ({"behind": 3, "launch_before": date(2026, 12, 10)}, "watch", [Said.LAUNCH_MOVED]),
        ({"launch_before": date(2026, 12, 15)}, "on_track", [Said.NOTHING]),
        ({"is_on_hold": True, "is_delivering": False}, "watch", [Said.ON_HOLD]),
        ({"questions": ["May we?"]}, "watch", [Said.QUESTION_OPEN]),
        ({"plan_b": ["Hub down"]}, "watch", [Said.PLAN_B]),
        ({"unanswered": 2}, "watch", [Said.UNANSWERED]),
        ({"came_to_stage": "launched", "is_delivering": False}, "on_track", [Said.STAGE]),
        ({"has_measured": True}, "on_track", [Said.MEASURED]),
        (
            {"has_measured": True, "unanswered": 1, "questions": ["?"], "late_questions": ["?"], "behind": 2},
            "danger",
            [Said.QUESTION_LATE, Said.QUESTION_OPEN, Said.UNANSWERED],
        ),
    ],
)
def test_a_draft_says_the_most_serious_thing_first(facts, health, said):
    assert draft(replace(QUIET, **facts)) == Draft(health, said)


def test_a_launched_project_is_not_late_for_its_launch():
    over = replace(QUIET, is_delivering=False, launch_on=date(2026, 1, 1), behind=30)
    assert draft(over) == Draft("on_track", [Said.NOTHING])
