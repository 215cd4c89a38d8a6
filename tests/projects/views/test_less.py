from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.actions.less import approve_for_less
from projects.enums import Basis, Stage, StepState
from projects.models import ApprovalStep, CostLine, Grant, Project
from tests.factories.projects import NOW, decided, draft, pending_step, submitted
from tests.projects.views.conftest import boxes, restrict


@pytest.fixture
def step(people):
    return pending_step(submitted(draft(people, material_amount=Decimal(12000), material_label="Scanners")))


@pytest.fixture
def offered(people, step):
    caps = {CostLine.objects.get(kind="people").pk: Decimal(8)}
    return approve_for_less(step, kind="full", caps=caps, reason="One hub first", by=people.lead, now=NOW)


def url_of(name, step):
    return reverse(f"projects:{name}", args=[step.submission.project_id, step.pk])


def form(client, step, **typed):
    html = client.get(url_of("for_less", step)).content.decode()
    return boxes(html, "less").values | {"reason": "One hub first"} | typed


def cap_of(kind):
    return {"people": "cap_1", "material": "cap_2"}[kind]


def stage():
    return Project.objects.get().stage


def test_the_last_approver_reckons_and_then_offers_less(client, people, step):
    client.force_login(people.lead)
    assert f'href="{url_of("for_less", step)}"' in client.get(step.get_absolute_url()).content.decode()
    typed = form(client, step)
    assert (typed[cap_of("people")], typed[cap_of("material")]) == ("10 person-days", "¥12,000")

    typed |= {cap_of("people"): "8"}
    html = client.post(url_of("for_less", step), typed | {"reckon": "1", "reason": ""}).content.decode()
    for words in ("<del>¥28,000</del> <ins>¥24,800</ins>", "benefits not re-estimated", "<ins>8 person-days</ins>"):
        assert words in html
    assert pending_step(Project.objects.get()) == step

    for _time in range(2):
        assert client.post(url_of("for_less", step), typed)["Location"] == "/approvals/"
    assert ApprovalStep.objects.get().state == StepState.FOR_LESS


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": ""}, "Write why, in one sentence: the owner reads it."),
        ({"people": "11"}, "Write at most what is asked for."),
        ({"people": "soon"}, "soon"),
        ({}, "This is all that is asked for"),
        ({"kind": "nothing"}, "Choose one of the options of the pitch."),
    ],
)
def test_a_refusal_stands_beside_its_field_and_loses_nothing(client, people, step, typed, words):
    client.force_login(people.lead)
    typed = {cap_of(name) if name == "people" else name: value for name, value in typed.items()}

    answer = client.post(url_of("for_less", step), form(client, step, **typed))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert ApprovalStep.objects.get().state == StepState.PENDING


def test_the_first_of_two_offers_and_the_second_reads_what_is_left(client, people):
    step = pending_step(submitted(draft(people, person_days=Decimal(30))))
    client.force_login(people.lead)
    assert url_of("for_less", step) in client.get(step.get_absolute_url()).content.decode()
    client.post(url_of("for_less", step), form(client, step, cap_1="20"))
    client.force_login(people.pm)
    client.post(url_of("answer_less", step), {"answer": "accept"})
    answered = client.get(url_of("answer_less", step)).content.decode()

    client.force_login(people.boss)
    last = pending_step(step.submission.project)
    html = client.get(last.get_absolute_url()).content.decode()

    assert (
        "Lea Lead approved it for less, and Pia Manager accepted; the submission is “Waiting for a decision”."
        in answered
    )
    for words in ("Approved for less: this is what is left", "20 person-days"):
        assert words in html
    assert url_of("for_less", last) not in html
    assert "Less was offered already" in client.get(url_of("for_less", last)).content.decode()


def test_judgement_is_accepted_on_the_page_of_less(client, people):
    step = pending_step(submitted(draft(people, basis=Basis.JUDGEMENT)))
    client.force_login(people.lead)
    tick = "verdict-full-benefits-0-probability"

    refused = client.post(url_of("for_less", step), form(client, step, cap_1="8"))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "accept this, or write your own figure" in refused.content.decode().split(f'id="id_{tick}_error"')[1]

    assert (
        client.post(url_of("for_less", step), form(client, step, cap_1="8", **{tick: "on"})).status_code
        == HTTPStatus.FOUND
    )
    assert ApprovalStep.objects.get().state == StepState.FOR_LESS


@pytest.mark.parametrize(("answer", "then"), [("accept", Stage.APPROVED), ("revise", Stage.DRAFT)])
def test_the_owner_answers_once(client, people, offered, answer, then):
    client.force_login(people.pm)
    html = client.get(url_of("answer_less", offered)).content.decode()
    for words in ("One hub first", "<del>¥28,000</del> <ins>¥24,800</ins>", "Lea Lead approves it for less."):
        assert words in html
    typed = boxes(html, "answer").values | {"answer": answer}

    answers = [client.post(url_of("answer_less", offered), typed) for _time in range(2)]

    assert [one.status_code for one in answers] == [HTTPStatus.FOUND] * 2
    assert stage() == then
    assert Grant.objects.exists() == (then == Stage.APPROVED)


def test_the_draft_shows_what_was_offered(client, people, offered):
    client.force_login(people.pm)
    client.post(url_of("answer_less", offered), {"answer": "revise"})

    html = client.get(reverse("projects:pitch", args=[offered.submission.project_id])).content.decode()

    assert "Offered last time" in html
    assert "<del>10 person-days</del> <ins>8 person-days</ins>" in html


def test_an_answer_that_is_none_or_late_changes_nothing(client, people, offered):
    client.force_login(people.pm)
    assert client.post(url_of("answer_less", offered), {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.post(url_of("answer_less", offered), {"answer": "accept"})
    late = client.post(url_of("answer_less", offered), {"answer": "revise"})
    assert (late.status_code, stage()) == (HTTPStatus.CONFLICT, Stage.APPROVED)


def test_the_overview_says_whose_turn_it_is(client, people, offered):
    client.force_login(people.engineer)

    html = client.get(Project.objects.get().get_absolute_url()).content.decode()

    assert "Approved for less: its owner accepts, or revises the pitch." in html


def test_others_neither_offer_nor_answer(client, people, outsider, offered):
    client.force_login(people.lead)
    assert client.post(url_of("answer_less", offered), {"answer": "accept"}).status_code == HTTPStatus.FORBIDDEN
    client.force_login(people.pm)
    assert client.get(url_of("for_less", offered)).status_code == HTTPStatus.FORBIDDEN
    restrict(offered.submission.project)
    client.force_login(outsider)
    for name in ("for_less", "answer_less"):
        assert client.get(url_of(name, offered)).status_code == HTTPStatus.NOT_FOUND


def test_what_was_approved_for_less_stands_with_the_submission(client, people, offered):
    client.force_login(people.pm)
    client.post(url_of("answer_less", offered), {"answer": "accept"})
    pk = offered.submission.project_id

    for url in (reverse("projects:submission", args=[pk, 1]), reverse("projects:decisions", args=[pk])):
        assert "Approved for less" in client.get(url).content.decode()
    assert "¥191,200" in client.get(Project.objects.get().get_absolute_url()).content.decode()


def test_a_decision_that_fell_otherwise_is_no_offer(client, people, step):
    decided(Project.objects.get(), StepState.APPROVED)
    client.force_login(people.pm)

    assert "Nothing less was offered." in client.get(url_of("answer_less", step)).content.decode()
