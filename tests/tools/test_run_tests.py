"""The quick loop: the tests beside what is changed, and no more. And what is said at the end of a long run."""

import pytest

from tools.run_tests import FAILED, beside


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


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("FAILED tests/a.py::test_b[two words] - assert 1 == 2", "tests/a.py::test_b[two words]"),
        ("FAILED tests/a.py::test_b - assert 'x - y'", "tests/a.py::test_b"),
        ("ERROR tests/a.py", "tests/a.py"),
        ("FAILED", None),
        ("E   FAILED tests/a.py::test_b", None),
    ],
)
def test_what_failed_is_read_from_the_report(line, name):
    assert (found[1] if (found := FAILED.match(line)) else None) == name
