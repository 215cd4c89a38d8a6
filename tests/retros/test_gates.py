import pytest

from portal.common.errors import Reason
from projects.enums import Stage
from retros.enums import UNSETTLED, RetroState
from retros.gates import retro_settled
from tests.factories.projects import NOW, ProjectFactory
from tests.factories.retros import RetroFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", UNSETTLED)
def test_a_retro_that_is_owed_keeps_the_project_from_closing(state):
    retro = RetroFactory(state=state)

    assert retro_settled(retro.project, None, NOW) == [
        Reason("retro_owed", "The retro is not held yet", f"/projects/{retro.project.code}/retro/{retro.pk}/")
    ]


@pytest.mark.parametrize("state", [RetroState.HELD, RetroState.WAIVED])
def test_a_settled_one_lets_it_pass(state):
    assert retro_settled(RetroFactory(state=state).project, None, NOW) == []


def test_the_latest_one_counts():
    first = RetroFactory(state=RetroState.HELD)
    RetroFactory(project=first.project)

    assert [reason.code for reason in retro_settled(first.project, None, NOW)] == ["retro_owed"]


def test_a_project_without_any_does_not_pass():
    project = ProjectFactory(stage=Stage.LAUNCHED)

    assert [reason.code for reason in retro_settled(project, None, NOW)] == ["no_retro"]
