from http import HTTPStatus

import pytest
from django.urls import reverse

from risks.actions.meeting import Outcome, conclude_review
from risks.actions.review import Answer, assess
from risks.enums import Conclusion
from risks.models import Review, ReviewInvitation, Risk
from tests.risks.conftest import NOW, TOMORROW

pytestmark = pytest.mark.django_db


def room_of(case, review):
    return reverse("risks:review_room", args=[case.project.pk, review.pk])


def test_the_room_shows_a_code_and_how_many_have_answered_and_no_figure(client, case):
    review = case.call(case.engineer, case.second, meeting=TOMORROW)
    case.answer_all("0.60", 10)
    client.force_login(case.owner)

    answer = client.get(room_of(case, review))
    html = answer.content.decode()

    assert "1 of 2" in html
    assert answer.context["address"].endswith(reverse("risks:review_answer", args=[case.project.pk, review.pk]))
    assert answer.context["rows"] == []
    assert "60%" not in html
    assert "Wu Di" not in html.partition('id="room"')[2]


def test_who_has_answered_himself_makes_the_projector_show_nothing_more(client, case):
    review = case.call(case.engineer, case.second, case.third(), meeting=TOMORROW)
    for person in (case.engineer, case.second):
        case.answer_all("0.60", 10, person=person)
    client.force_login(case.engineer)

    assert "60%" not in client.get(room_of(case, review)).content.decode()


def test_nothing_new_is_304_and_half_an_answer_is_nothing_new(client, case):
    review = case.call(case.engineer, case.second, meeting=TOMORROW)
    client.force_login(case.owner)
    url = room_of(case, review)
    pulse = client.get(url).context["pulse"]

    assert client.get(url, {"since": pulse}).status_code == HTTPStatus.NOT_MODIFIED
    assess(case.invitation(), case.network, Answer(is_not_my_field=True), by=case.engineer, now=NOW)
    assert client.get(url, {"since": pulse}).status_code == HTTPStatus.NOT_MODIFIED
    assess(case.invitation(), case.terminals, Answer(is_not_my_field=True), by=case.engineer, now=NOW)
    fragment = client.get(url, {"since": pulse}, headers={"hx-request": "true"})
    assert fragment.status_code == HTTPStatus.OK
    assert "1 of 2" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


def test_the_owner_shows_the_answers_and_the_room_sees_them_without_names(client, case):
    review = case.call(case.engineer, case.second, meeting=TOMORROW)
    case.answer_all("0.03", 1)
    case.answer_all("0.60", 10, person=case.second)
    client.force_login(case.owner)
    url = room_of(case, review)
    pulse = client.get(url).context["pulse"]

    answer = client.post(reverse("risks:review_close", args=[case.project.pk, review.pk]), {"from_room": "1"})

    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, url)
    html = client.get(url, {"since": pulse}).content.decode()
    assert "from 3% to 60%" in html
    assert "Chen Siyuan" not in html.partition('id="room"')[2]
    assert client.get(url, {"since": client.get(url).context["pulse"]}).status_code == HTTPStatus.NOT_MODIFIED
    conclude_review(Review.objects.get(), Outcome(Conclusion.PASSED), by=case.owner, now=NOW)
    assert "hx-trigger" not in client.get(url).content.decode().partition('id="room"')[2]


# ── questions by the traits of the project ──────────────────────────────


def add_page(case):
    return reverse("risks:assess_add", args=[case.project.pk, case.invitation().pk])


def test_an_answer_to_a_question_is_a_risk_in_one_step(client, case):
    case.call()
    client.force_login(case.engineer)
    assert next(prompt.key for prompt in client.get(add_page(case)).context["prompts"]) == "interface"

    answer = client.post(add_page(case), {"event": "The till is slow at noon"})

    assert answer.status_code == HTTPStatus.FOUND
    assert Risk.objects.get(event="The till is slow at noon").raised_by == case.engineer


def test_none_of_these_is_an_answer_and_is_not_asked_again(client, case):
    case.call()
    client.force_login(case.engineer)
    cards = case.invitation().get_absolute_url()
    assert client.get(cards).context["questions"] > 0

    answer = client.post(add_page(case), {"none": "1"})

    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, cards)
    assert ReviewInvitation.objects.get().prompts_answered_at is not None
    assert client.get(cards).context["questions"] == 0
    assert Risk.objects.count() == 2
