from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.actions.person import deactivate
from projects.actions.pitch import save_pitch
from projects.enums import Stage, StepState, Tier
from projects.models import ApprovalStep, Grant, Project, Submission
from tests.factories.projects import NOW, approved, decided, draft, pending_step, submitted
from tests.projects.views.conftest import boxes, restrict

APPROVALS = "/approvals/"


@pytest.fixture
def step(people):
    return pending_step(submitted(draft(people, material_amount=Decimal(12000), material_label="Scanners")))


def form(client, step, **typed):
    html = client.get(step.get_absolute_url()).content.decode()
    return boxes(html, "verdict").values | typed


def stage_of(step):
    return Project.objects.get(pk=step.submission.project_id).stage


def test_the_sentence_the_number_and_what_is_asked_stand_on_the_screen(client, people, step):
    client.force_login(people.lead)

    answer = client.get(step.get_absolute_url())

    html = answer.content.decode()
    assert (
        "<h1>Spend ¥28,000: 8 in 10 that it returns ¥160,000\u00a0to\u00a0¥220,000 in the first 12 months;"
        " the biggest unknown is unit benefit</h1>" in html
    )
    for words in (
        "¥188,000",
        "10 person-days",
        "¥12,000",
        "Scanners",
        "measured",
        "Count of October",
        "Pat Partner",
        "it loses money",
    ):
        assert words in html
    assert boxes(html, "verdict").values["granted_days"] == "10 person-days"
    assert boxes(html, "verdict").values["granted_amount"] == "¥12,000"
    assert html.count("btn-primary") == 1


def test_the_approver_grants_what_he_wrote_once_however_often_it_is_sent(client, people, step):
    client.force_login(people.lead)
    typed = form(client, step, decision="approved", granted_days="8", granted_amount="1万")

    answers = [client.post(step.get_absolute_url(), typed) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [APPROVALS] * 2
    assert stage_of(step) == Stage.APPROVED
    assert [(grant.kind, grant.person_days, grant.amount) for grant in Grant.objects.order_by("kind")] == [
        ("material", None, Decimal("10000.00")),
        ("people", Decimal(8), None),
    ]


@pytest.mark.parametrize(
    ("decision", "stage"),
    [("asked_back", Stage.DRAFT), ("deferred", Stage.DEFERRED), ("declined", Stage.DECLINED)],
)
def test_the_other_answers_need_a_reason_and_lose_nothing(client, people, step, decision, stage):
    client.force_login(people.lead)
    typed = form(client, step, decision=decision, return_on="2027-01-11", granted_days="7")

    refused = client.post(step.get_absolute_url(), typed)
    html = refused.content.decode()
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write why, in one sentence: the owner reads it." in html
    assert boxes(html, "verdict").values["granted_days"] == "7"
    assert boxes(html, "verdict").values["return_on"] == "2027-01-11"
    assert stage_of(step) == Stage.SUBMITTED

    done = client.post(step.get_absolute_url(), typed | {"reason": "Count one hub first"})
    assert done.status_code == HTTPStatus.FOUND
    assert stage_of(step) == stage
    assert ApprovalStep.objects.get(pk=step.pk).reason == "Count one hub first"


def test_deferring_needs_a_day_to_look_again(client, people, step):
    client.force_login(people.lead)

    answer = client.post(
        step.get_absolute_url(), form(client, step, decision="deferred", reason="Not now", return_on="2026-11-23")
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Name a day after today" in answer.content.decode()
    assert boxes(answer.content.decode(), "verdict").values["reason"] == "Not now"


@pytest.mark.parametrize(
    "typed",
    [
        {"decision": ""},
        {"decision": "maybe"},
        {"decision": "waiting"},
        {"decision": "approved", "granted_days": "11"},
        {"decision": "approved", "granted_days": "NaN"},
        {"decision": "approved", "granted_amount": "1e400"},
        {"decision": "approved", "granted_amount": "-1"},
        {"decision": "approved", "reason": "x" * 1001},
        {"decision": "approved", "reason": "a\x00b"},
        {"decision": "deferred", "reason": "x", "return_on": "9999-12-31"},
    ],
)
def test_an_answer_that_cannot_be_used_decides_nothing(client, people, step, typed):
    client.force_login(people.lead)

    answer = client.post(step.get_absolute_url(), form(client, step, **typed))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert stage_of(step) == Stage.SUBMITTED


def test_somebody_faster_is_said_and_what_was_typed_is_still_there(client, people, step):
    client.force_login(people.lead)
    typed = form(client, step, decision="declined", reason="Too early for this")
    decided(step.submission.project, StepState.APPROVED)

    answer = client.post(step.get_absolute_url(), typed)

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "This was decided meanwhile" in html
    assert "Too early for this" in html
    assert stage_of(step) == Stage.APPROVED


@pytest.mark.parametrize("reader", ["pm", "boss", "engineer", "partner"])
def test_others_read_it_and_are_told_who_decides(client, people, step, reader):
    client.force_login(getattr(people, reader))

    html = client.get(step.get_absolute_url()).content.decode()
    answer = client.post(step.get_absolute_url(), {"decision": "approved"})

    assert 'id="verdict"' not in html
    assert "Lea Lead decides" in html
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert stage_of(step) == Stage.SUBMITTED


def test_nobody_decides_on_a_pitch_of_his_own_even_where_he_is_the_approver(client, people, step):
    ApprovalStep.objects.filter(pk=step.pk).update(approver=people.pm)
    client.force_login(people.pm)

    answer = client.post(step.get_absolute_url(), {"decision": "approved"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert stage_of(step) == Stage.SUBMITTED


def test_a_step_belongs_to_its_project(client, people, step):
    other = draft(people)
    client.force_login(people.lead)

    for pk in (step.pk, step.pk + 1000, "9" * 30):
        address = reverse("projects:decisions", args=[other.pk]) + f"{pk}/"
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        assert client.post(address, {"decision": "approved"}).status_code == HTTPStatus.NOT_FOUND


def test_a_restricted_submission_does_not_exist_for_an_outsider(client, people, outsider, step):
    restrict(step.submission.project)
    client.force_login(outsider)

    submission = reverse("projects:submission", args=[step.submission.project_id, 1])
    assert client.get(step.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    assert client.post(step.get_absolute_url(), {"decision": "approved"}).status_code == HTTPStatus.NOT_FOUND
    assert client.get(submission).status_code == HTTPStatus.NOT_FOUND
    assert client.get(APPROVALS).context["waiting"] == []


def test_only_the_last_approver_grants(client, people):
    first = pending_step(submitted(draft(people, person_days=Decimal(20))))
    assert first.submission.tier == Tier.STANDARD
    client.force_login(people.lead)
    html = client.get(first.get_absolute_url()).content.decode()
    assert "granted_days" not in boxes(html, "verdict").values

    client.post(first.get_absolute_url(), form(client, first, decision="approved"))
    last = pending_step(first.submission.project)
    client.force_login(people.boss)

    assert stage_of(first) == Stage.SUBMITTED
    assert "granted_days" in form(client, last)
    assert "Approved, Mon 23 Nov" in client.get(last.get_absolute_url()).content.decode()


def test_an_unknown_driver_is_decided_on_by_its_breakeven(client, people):
    step = pending_step(submitted(draft(people, probability=None)))
    client.force_login(people.lead)

    html = client.get(step.get_absolute_url()).content.decode()

    assert (
        "<h1>Spend ¥16,000: it pays if it helps in at least 1.2% of bags, and how often it will is not known yet</h1>"
        in html
    )


def test_approvals_hold_what_waits_and_what_was_decided(client, people, step):
    approved(submitted(draft(people, title="Decided already")))
    client.force_login(people.lead)

    answer = client.get(APPROVALS)

    assert answer.context["heading"] == "1 pitch waits for your decision"
    assert [step for step, _words in answer.context["waiting"]] == [step]
    assert [one.submission.project.title for one in answer.context["decided"]] == ["Decided already"]

    client.force_login(people.pm)
    assert client.get(APPROVALS).context["heading"] == "No pitch waits for your decision"


def test_approvals_cost_the_same_for_one_and_for_many(client, people, step):
    client.force_login(people.lead)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(APPROVALS)
        return len(queries)

    client.get(APPROVALS)
    approved(submitted(draft(people)))
    one = cost()
    for _ in range(10):
        submitted(draft(people))
        approved(submitted(draft(people)))

    assert cost() == one


def test_a_submission_is_read_as_it_was_frozen(client, people, step):
    decided(step.submission.project, StepState.ASKED_BACK, reason="Count again")
    project = Project.objects.get(pk=step.submission.project_id)
    Project.objects.filter(pk=project.pk).update(problem="Written anew")
    client.force_login(people.engineer)

    html = client.get(reverse("projects:submission", args=[project.pk, 1])).content.decode()

    assert Submission.objects.get().digest in html
    assert "One bag in seven is lost." in html
    assert "Written anew" not in html
    assert "Count again" in html
    assert client.get(reverse("projects:submission", args=[project.pk, 2])).status_code == HTTPStatus.NOT_FOUND


def test_a_second_submission_says_what_differs_from_the_first(client, people):
    project = decided(submitted(draft(people)), StepState.ASKED_BACK, reason="Count again")

    saved = save_pitch(project, {"probability": Decimal("0.1")}, version=project.version, by=people.pm, now=NOW)
    step = pending_step(submitted(saved))
    client.force_login(people.lead)

    rows = client.get(step.get_absolute_url()).context["differs"].rows

    assert [(str(row.field), str(row.old), str(row.new)) for row in rows] == [
        ("Net benefit", "¥200,000", "¥128,000"),
        ("Benefit: probability", "15%", "10%"),
    ]


def test_the_decisions_of_a_project_stand_together(client, people):
    project = decided(submitted(draft(people)), StepState.DECLINED, reason="Measure one night first")
    client.force_login(people.pm)

    html = client.get(reverse("projects:decisions", args=[project.pk])).content.decode()

    assert "Submission 1: Declined." in html
    assert html.count("Measure one night first") >= 1


def test_the_manager_of_who_left_finds_the_step_and_takes_it_over(client, people, step):
    deactivate(people.lead, by=None, now=NOW)
    client.force_login(people.boss)
    assert client.get(APPROVALS).context["to_take"] == [step]
    address = reverse("projects:take_step", args=[step.submission.project_id, step.pk])
    typed = boxes(client.get(step.get_absolute_url()).content.decode(), "take").values

    refused = client.post(address, typed | {"why": " "})
    taken = [client.post(address, typed | {"why": "Lea left"}) for _ in range(2)]

    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write why, in one sentence" in refused.content.decode()
    assert [answer["Location"] for answer in taken] == [step.get_absolute_url()] * 2
    html = client.get(step.get_absolute_url()).content.decode()
    assert "took over from Lea Lead" in html
    assert 'id="verdict"' in html
    assert client.get(APPROVALS).context["to_take"] == []


def test_nobody_is_offered_a_step_whose_approver_has_time(client, people, step):
    client.force_login(people.boss)

    html = client.get(step.get_absolute_url()).content.decode()
    answer = client.post(
        reverse("projects:take_step", args=[step.submission.project_id, step.pk]), {"why": "I am faster"}
    )

    assert 'id="take"' not in html
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "I am faster" in answer.content.decode()
