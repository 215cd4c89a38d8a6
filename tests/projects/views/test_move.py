from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.actions.stage import move
from projects.enums import Stage, StepState
from projects.lifecycle import Transition
from projects.models import Project, StageChange
from tests.factories.projects import NOW, approved, closed, decided, draft, in_delivery, launched, prepared, submitted
from tests.projects.views.conftest import boxes, restrict


def url(project, transition):
    return reverse("projects:move", args=[project.pk, transition])


def typed(client, project, transition, **values):
    html = client.get(url(project, transition)).content.decode()
    return boxes(html.replace('<form method="post" class="fs-card">', '<form id="move">'), "move").values | values


def stage_of(project):
    return Stage(Project.objects.get(pk=project.pk).stage)


def on_hold(people):
    project = in_delivery(approved(draft(people)), people)
    return move(project, Transition.HOLD, by=people.pm, now=NOW, note="Waits for a price")


WAYS = {
    Transition.WITHDRAW: (lambda people: submitted(draft(people)), Stage.DRAFT),
    Transition.REVISE: (lambda people: decided(submitted(draft(people)), StepState.DECLINED, reason="x"), Stage.DRAFT),
    Transition.START: (lambda people: prepared(draft(people), people), Stage.IN_DELIVERY),
    Transition.HOLD: (lambda people: approved(draft(people)), Stage.ON_HOLD),
    Transition.RESUME: (on_hold, Stage.IN_DELIVERY),
    Transition.ROLL_BACK: (lambda people: launched(draft(people), people), Stage.IN_DELIVERY),
    Transition.CANCEL: (lambda people: approved(draft(people)), Stage.CANCELLED),
}


@pytest.mark.parametrize("transition", WAYS)
def test_the_owner_is_asked_then_the_project_moves_once(client, people, transition):
    make, target = WAYS[transition]
    project = make(people)
    client.force_login(people.pm)
    values = typed(client, project, transition, note="Because it is time")

    answers = [client.post(url(project, transition), values) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [project.get_absolute_url()] * 2
    assert stage_of(project) == target
    assert StageChange.objects.filter(project=project, transition=transition).count() == 1


@pytest.mark.parametrize("transition", [Transition.HOLD, Transition.CANCEL, Transition.ROLL_BACK])
def test_a_reason_is_asked_where_it_is_kept(client, people, transition):
    make, _target = WAYS[transition]
    project = make(people)
    client.force_login(people.pm)
    before = stage_of(project)

    answer = client.post(url(project, transition), typed(client, project, transition))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write why, in one sentence." in answer.content.decode()
    assert stage_of(project) == before


def test_the_start_lists_what_is_missing_with_the_pages_that_mend_it(client, people):
    project = approved(draft(people))
    client.force_login(people.pm)

    shown = client.get(url(project, "start")).content.decode()
    answer = client.post(url(project, "start"), typed(client, project, "start"))

    html = answer.content.decode()
    assert "2 conditions are still missing" in shown
    assert answer.status_code == HTTPStatus.CONFLICT
    assert f'href="{reverse("projects:metric", args=[project.pk])}"' in html
    assert "Every risk above the line has an answer" in html
    assert 'class="btn btn-primary"' in html
    assert stage_of(project) == Stage.APPROVED


def test_the_launch_asks_what_is_left_out(client, people):
    project = in_delivery(approved(draft(people)), people)
    client.force_login(people.pm)

    refused = client.post(url(project, "launch"), typed(client, project, "launch"))
    client.post(reverse("projects:nothing_deferred", args=[project.pk]))
    done = client.post(url(project, "launch"), typed(client, project, "launch"))

    assert refused.status_code == HTTPStatus.CONFLICT
    assert reverse("projects:defer", args=[project.pk]) in refused.content.decode()
    assert done["Location"] == project.get_absolute_url()
    assert stage_of(project) == Stage.LAUNCHED


def test_closing_shows_what_is_still_owed(client, people):
    project = launched(draft(people), people)
    client.force_login(people.pm)

    html = client.get(url(project, "close")).content.decode()

    assert "2 conditions are still missing" in html
    assert "The number after launch is not in yet" in html


def test_what_is_not_possible_from_here_is_said(client, people):
    project = closed(draft(people), people)
    client.force_login(people.pm)

    for answer in (client.get(url(project, "start")), client.post(url(project, "start"), {"version": project.version})):
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "is not possible: the project is now “Closed”" in answer.content.decode()


def test_a_move_seen_on_an_older_version_is_refused_and_keeps_the_reason(client, people):
    project = approved(draft(people))
    client.force_login(people.pm)
    values = typed(client, project, "cancel", note="Nobody needs it")
    Project.objects.filter(pk=project.pk).update(version=project.version + 1)

    answer = client.post(url(project, "cancel"), values)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Nobody needs it" in answer.content.decode()
    assert stage_of(project) == Stage.APPROVED


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_is_none(client, people, version):
    project = approved(draft(people))
    client.force_login(people.pm)

    answer = client.post(url(project, "hold"), {"version": version, "note": "x"})

    assert answer.status_code in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}
    assert stage_of(project) == Stage.APPROVED


@pytest.mark.parametrize("transition", ["submit", "approve", "decline", "defer", "ask_back", "nonsense"])
def test_what_is_decided_elsewhere_has_no_page(client, people, transition):
    project = submitted(draft(people))
    client.force_login(people.pm)

    assert client.get(url(project, transition)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(url(project, transition), {"version": 1}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("reader", ["engineer", "partner", "outsider"])
@pytest.mark.parametrize("transition", ["start", "hold", "cancel"])
def test_others_are_told_who_may(client, people, outsider, reader, transition):
    project = approved(draft(people))
    client.force_login(outsider if reader == "outsider" else getattr(people, reader))

    for answer in (client.get(url(project, transition)), client.post(url(project, transition), {"version": 1})):
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "The owner is Pia Manager" in answer.content.decode()
    assert stage_of(project) == Stage.APPROVED


def test_the_manager_may_cancel_and_nothing_else(client, people):
    project = approved(draft(people))
    client.force_login(people.lead)

    assert client.get(url(project, "hold")).status_code == HTTPStatus.FORBIDDEN
    done = client.post(url(project, "cancel"), typed(client, project, "cancel", note="Another team does it"))
    assert done.status_code == HTTPStatus.FOUND
    assert stage_of(project) == Stage.CANCELLED


def test_a_restricted_project_moves_for_nobody_outside(client, people, outsider):
    project = restrict(approved(draft(people)))
    client.force_login(outsider)

    assert client.get(url(project, "hold")).status_code == HTTPStatus.NOT_FOUND
    assert client.post(url(project, "hold"), {"version": 1}).status_code == HTTPStatus.NOT_FOUND
