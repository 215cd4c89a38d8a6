"""The assumptions on the screen of a decision: doubted, replaced, reckoned anew, and kept."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.enums import Stage, StepState
from projects.models import ApprovalStep, AssumptionAnswer, Project
from tests.factories.projects import decided, draft, pending_step, submitted
from tests.projects.views.conftest import boxes

PROBABILITY = "benefits-0-probability"


@pytest.fixture
def step(people):
    return pending_step(submitted(draft(people, crosses_departments=True)))


def form(client, step, **typed):
    return boxes(client.get(step.get_absolute_url()).content.decode(), "verdict").values | typed


def own(**figures):
    return {f"own-benefits-0-{name}": figure for name, figure in figures.items()}


def test_a_figure_of_his_own_is_reckoned_beside_the_pitch_and_decides_nothing(client, people, step):
    client.force_login(people.lead)
    typed = form(client, step, reckon="1", reason="Not sure", **own(probability="5%"))

    whole = client.post(step.get_absolute_url(), typed)
    part = client.post(step.get_absolute_url(), typed, headers={"HX-Request": "true"})

    # 40 × 3,000 × 5 % × 12 = 72,000, less 16,000.
    for answer in (whole, part):
        assert answer.status_code == HTTPStatus.OK
        assert (answer.context["yours"].value, answer.context["yours"].roi) == ("¥56,000", "350%")
    assert "¥200,000" in whole.content.decode()
    assert boxes(whole.content.decode(), "verdict").values["reason"] == "Not sure"
    assert "fs-decide" not in part.content.decode()
    step.refresh_from_db()
    assert step.state == StepState.PENDING


@pytest.mark.parametrize("name", ["reckon", "decision"])
def test_a_figure_that_cannot_be_read_is_told_at_its_box(client, people, step, name):
    client.force_login(people.lead)
    typed = form(client, step, **{name: "approved"}, **own(probability="often", reach="9"))

    answer = client.post(step.get_absolute_url(), typed)

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write a percentage, such as 15%, or 1 in 7." in html.split(f'id="said-{PROBABILITY}"')[1].split("</td>")[0]
    assert boxes(html, "verdict").values[f"own-{PROBABILITY}"] == "often"
    step.refresh_from_db()
    assert (step.state, AssumptionAnswer.objects.count()) == (StepState.PENDING, 0)


def test_others_cannot_reckon(client, people, step):
    client.force_login(people.boss)

    assert client.post(step.get_absolute_url(), {"reckon": "1"}).status_code == HTTPStatus.FORBIDDEN


def test_what_he_thought_is_seen_by_the_next_and_by_the_owner(client, people, step):
    client.force_login(people.lead)
    doubts = {f"verdict-{PROBABILITY}": "doubted", **own(reach="2,000")}
    client.post(step.get_absolute_url(), form(client, step, decision="approved", **doubts))

    client.force_login(people.boss)
    screen = client.get(pending_step(step.submission.project).get_absolute_url())
    client.force_login(people.pm)
    submission = client.get(reverse("projects:submission", args=[step.submission.project_id, 1]))
    closed = client.get(step.get_absolute_url())

    # 40 × 2,000 × 15 % × 12 = 144,000, less 16,000.
    words = "doubts: Times a month 2,000 bags, Probability; by these figures ¥128,000; 2 not judged"
    assert screen.context["steps"][0].thought == words
    assert words[1:] in submission.content.decode()
    rows = {row.key: (row.view, row.figure) for row in closed.context["weighed"]}
    assert rows == {
        "benefits-0-unit_benefit": ("", ""),
        "benefits-0-reach": ("Doubted", "2,000 bags"),
        PROBABILITY: ("Doubted", ""),
        "costs-0-person_days": ("", ""),
    }
    assert closed.context["yours"].value == "¥128,000"


def test_a_yes_is_replaced_with_what_was_answered_in_the_boxes(client, people, step):
    client.force_login(people.lead)
    given = form(client, step, decision="approved", reason="Fine", **own(reach="2,000"))
    client.post(step.get_absolute_url(), given)

    shown = form(client, step)
    assert (shown["reason"], shown["own-benefits-0-reach"], shown["verdict-benefits-0-reach"]) == (
        "Fine",
        "2,000",
        "doubted",
    )
    answers = [
        client.post(step.get_absolute_url(), shown | {"decision": "declined", "reason": "A flaw"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [HTTPStatus.FOUND] * 2
    assert Project.objects.get().stage == Stage.DECLINED
    assert ApprovalStep.objects.get(pk=step.pk).reason == "A flaw"


def test_a_stale_replacement_is_refused_with_what_was_typed(client, people, step):
    client.force_login(people.lead)
    client.post(step.get_absolute_url(), form(client, step, decision="approved"))
    stale = form(client, step, decision="declined", reason="Second tab")
    client.post(step.get_absolute_url(), form(client, step, decision="approved", reason="First tab"))

    answer = client.post(step.get_absolute_url(), stale)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert boxes(answer.content.decode(), "verdict").values["reason"] == "Second tab"
    assert Project.objects.get().stage == Stage.SUBMITTED


def test_after_the_next_has_decided_the_bar_is_gone_and_a_late_answer_is_a_conflict(client, people, step):
    client.force_login(people.lead)
    client.post(step.get_absolute_url(), form(client, step, decision="approved"))
    late = form(client, step, decision="declined", reason="Too late")
    decided(step.submission.project, StepState.APPROVED)

    assert 'id="verdict"' not in client.get(step.get_absolute_url()).content.decode()
    answer = client.post(step.get_absolute_url(), late)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Too late" in answer.content.decode()


def test_nothing_is_accepted_that_was_not_marked(client, people, step):
    client.force_login(people.lead)
    shown = form(client, step)
    assert [name for name in shown if name.startswith("verdict-")] == []
    client.post(step.get_absolute_url(), shown | {"decision": "approved"})

    closed = client.get(step.get_absolute_url())

    assert not AssumptionAnswer.objects.exists()
    assert "Assumptions not judged" in closed.content.decode()


def test_what_is_marked_is_said_beside_what_is_not(client, people, step):
    client.force_login(people.lead)
    client.post(
        step.get_absolute_url(), form(client, step, decision="approved", **{f"verdict-{PROBABILITY}": "accepted"})
    )

    assert "Accepts 1 of 4 assumptions" in client.get(step.get_absolute_url()).content.decode()


def test_judgement_alone_is_asked_for_on_the_screen_and_refused_at_its_box(client, people):
    project = draft(people, basis="judgement")
    client.force_login(people.pm)
    beforehand = client.get(reverse("projects:pitch", args=[project.pk])).content.decode()
    step = pending_step(submitted(project))
    client.force_login(people.lead)
    shown = client.get(step.get_absolute_url()).content.decode()

    answer = client.post(step.get_absolute_url(), form(client, step, decision="approved"))

    assert "100% of the benefit rests on judgement alone." in beforehand
    assert "100% is judgement: accept that line, or replace it." in shown
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = answer.content.decode()
    assert "accept this, or write your own figure" in html.split(f'id="said-{PROBABILITY}"')[1].split("</td>")[0]
    accepted = form(client, step, decision="approved", **{f"verdict-{PROBABILITY}": "accepted"})
    assert client.post(step.get_absolute_url(), accepted).status_code == HTTPStatus.FOUND
