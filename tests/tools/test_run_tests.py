"""The quick loop: the tests beside what is changed, and no more."""

import pytest

from tools.run_tests import beside


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        (["projects/actions/goal.py"], ["tests/projects/actions", "tests/projects/actions/test_goal.py"]),
        (["projects/tiers.py"], ["tests/projects/test_tiers.py"]),
        (["tests/risks/test_matrix.py"], ["tests/risks/test_matrix.py"]),
        (["tests/risks/views/conftest.py"], ["tests/risks/views"]),
        (["templates/retros/retro_detail.html"], ["tests/retros/views"]),
        (["templates/accounts/settings.html"], ["tests/portal/accounts"]),
        (["projects/migrations/0001_initial.py", "README.md", "portal/urls.py", "gone/nowhere.py"], []),
        ([], []),
    ],
)
def test_tests_stand_beside_what_they_test(changed, tests):
    assert beside(changed) == tests
