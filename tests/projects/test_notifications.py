from datetime import date

import pytest
import time_machine

from portal.notifications.kinds import News
from portal.notifications.models import Delivery
from projects.actions.change import change_launch_date
from projects.enums import StepState
from projects.models import Project
from projects.notifications import DIRECTORY, EVENTS
from tests.factories.accounts import UserFactory
from tests.factories.projects import (
    NOW,
    ProjectFactory,
    cast,
    closed,
    decided,
    draft,
    in_delivery,
    launched,
    pending_step,
    submitted,
)

pytestmark = pytest.mark.django_db

BY_KEY = {kind.key: kind for kind in EVENTS}


def news(event: str) -> News:
    """The words of the one thing of this kind that was told."""
    (pk,) = set(Delivery.objects.filter(event=event).values_list("object_id", flat=True))
    return BY_KEY[event].describe([pk])[pk]


def test_asking_for_a_decision():
    project = submitted(draft(cast()))

    assert news("approval_asked") == News(
        "Pia Manager asks for your decision on “Bags that come back”", pending_step(project).get_absolute_url()
    )


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (StepState.APPROVED, "Approved"),
        (StepState.ASKED_BACK, "Asked back"),
        (StepState.DEFERRED, "Not this period"),
        (StepState.DECLINED, "Declined"),
    ],
)
def test_decisions(decision, words):
    project = decided(submitted(draft(cast())), decision, reason="So.", return_on=date(2027, 1, 4))

    assert news("decided") == News(f"Lea Lead decided on “Bags that come back”: {words}", project.get_absolute_url())


@time_machine.travel(NOW, tick=False)
def test_a_moved_launch():
    people = cast()
    project = in_delivery(draft(people), people)
    change_launch_date(
        project, launch_on=date(2027, 2, 12), reason="Late.", version=project.version, by=people.pm, now=NOW
    )

    told = news("launch_moved")

    assert (told.sentence, told.url) == (
        "The launch of “Bags that come back” moved to 12 Feb 2027",
        project.get_absolute_url(),
    )


def test_a_launch():
    people = cast()
    project = launched(draft(people), people)

    assert news("project_launch") == News("“Bags that come back” is launched", project.get_absolute_url())


def test_a_close():
    people = cast()
    project = closed(draft(people), people)

    assert news("project_close") == News(
        "“Bags that come back” is closed; promised and came stand side by side", project.get_absolute_url()
    )


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.key)
def test_news_of_what_is_gone_is_no_news_and_of_many_costs_one_query(kind, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert kind.describe([10**6, 10**6 + 1]) == {}


def test_many_news_cost_one_query(django_assert_num_queries):
    ids = [pending_step(submitted(draft(cast()))).pk for _ in range(3)]

    with django_assert_num_queries(1):
        assert BY_KEY["approval_asked"].describe(ids).keys() == set(ids)


def test_the_kernel_is_told_who_sees_and_owns_what():
    owner, stranger = UserFactory.create_batch(2)
    shown, hidden = ProjectFactory(owner=owner), ProjectFactory(owner=owner, is_restricted=True)
    ids = [shown.pk, hidden.pk, 10**6]

    assert set(DIRECTORY.visible_to(stranger, ids)) == {shown.pk}
    assert set(DIRECTORY.visible_to(owner, ids)) == {shown.pk, hidden.pk}
    assert set(DIRECTORY.visible_to(owner, [hidden.pk])) == {hidden.pk}
    assert (set(DIRECTORY.owned_by(owner)), set(DIRECTORY.owned_by(stranger))) == ({shown.pk, hidden.pk}, set())
    assert DIRECTORY.url(shown.pk) == Project.objects.get(pk=shown.pk).get_absolute_url()
