from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.enums import Stage
from projects.models import Project
from risks.actions.risk import edit_risk
from risks.models import Review, Risk
from tests.factories.risks import MitigationFactory
from tests.risks.conftest import NOW, make_case

pytestmark = pytest.mark.django_db


def url_of(case, name="project", *args):
    return reverse(f"risks:{name}", args=[case.project.pk, *args])


def test_the_register_shows_the_review_without_a_figure_while_it_is_open(client, case):
    case.call(case.engineer, case.second)
    case.answer_all("0.6", 10)
    client.force_login(case.owner)

    html = client.get(url_of(case)).content.decode()

    assert "1 of 2 answered" in html
    assert "60%" not in html
    assert "10 working days" not in html


def test_an_invited_engineer_finds_the_way_to_his_cards(client, case):
    review = case.call()
    client.force_login(case.engineer)

    assert client.get(url_of(case)).context["mine"] == case.invitation()
    answer = client.get(url_of(case, "review_answer", review.pk))
    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, case.invitation().get_absolute_url())

    case.answer_all()
    assert client.get(url_of(case)).context["mine"] is None
    assert client.get(url_of(case, "review_answer", review.pk)).url == review.get_absolute_url()


def test_one_line_raises_a_risk_once_however_often_it_is_sent(client, case):
    client.force_login(case.colleague)
    values = {"event": "Routers fail", "_key": "pressed-twice"}

    first, second = (client.post(url_of(case, "new"), values) for _ in range(2))

    risk = Risk.objects.get(event="Routers fail")
    assert first.status_code == second.status_code == HTTPStatus.FOUND
    assert first.url == second.url == risk.get_absolute_url()
    assert risk.raised_by == case.colleague


def test_an_empty_line_comes_back_with_the_rest(client, case):
    client.force_login(case.owner)

    answer = client.post(url_of(case, "new"), {"event": "", "cause": "Old routers", "effect": "x" * 301})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["event", "effect"]
    assert 'value="Old routers"' in answer.content.decode()
    assert Risk.objects.count() == 2


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SUBMITTED])
def test_before_the_approval_a_colleague_is_refused(client, stage):
    case = make_case(stage)
    client.force_login(case.colleague)

    assert client.get(url_of(case)).context["form"] is None
    for answer in (client.get(url_of(case, "new")), client.post(url_of(case, "new"), {"event": "Late"})):
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Until the project is approved, its people list the risks" in answer.content.decode()


def test_a_project_that_is_over_answers_409_and_keeps_what_was_typed(client, case):
    Project.objects.filter(pk=case.project.pk).update(stage=Stage.CANCELLED)
    client.force_login(case.owner)

    assert client.get(url_of(case)).context["form"] is None
    answer = client.post(url_of(case, "new"), {"event": "Routers fail"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert 'value="Routers fail"' in answer.content.decode()
    assert "its risks are kept as they were" in answer.content.decode()


def test_from_anywhere_the_project_is_chosen_among_those_one_sees(client, case):
    hidden = make_case(Stage.IN_DELIVERY).project
    Project.objects.filter(pk=hidden.pk).update(is_restricted=True)
    client.force_login(case.colleague)
    url = reverse("risks:raise")

    answer = client.post(url, {"project": hidden.pk, "event": "Late"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["project"]

    answer = client.post(url, {"project": case.project.pk, "event": "Late"})
    assert answer.status_code == HTTPStatus.FOUND
    assert Risk.objects.get(event="Late").project == case.project


def test_a_review_is_called_by_the_owner_only(client, case):
    client.force_login(case.owner)
    page = client.get(url_of(case, "review_call"))
    assert [risk.event for risk in page.context["cards"]] == [case.network.event, case.terminals.event]
    assert set(page.context["form"].fields["persons"].queryset) == {case.engineer, case.second}

    answer = client.post(url_of(case, "review_call"), {"kind": "technical", "persons": [case.engineer.pk]})

    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, Review.objects.get().get_absolute_url())
    assert Review.objects.get().called_by == case.owner
    client.force_login(case.engineer)
    assert client.get(url_of(case, "review_call")).status_code == HTTPStatus.FORBIDDEN
    assert client.post(url_of(case, "review_call"), {"kind": "technical"}).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("persons", [[], ["0"], ["abc"], [str(2**63)]])
def test_nobody_invited_is_said_beside_the_field(client, case, persons):
    client.force_login(case.owner)

    answer = client.post(url_of(case, "review_call"), {"kind": "technical", "persons": persons})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["persons"]


def test_a_second_review_meets_409(client, case):
    case.call()
    client.force_login(case.owner)

    answer = client.post(url_of(case, "review_call"), {"kind": "technical", "persons": [case.second.pk]})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert Review.objects.count() == 1


def test_the_owner_closes_a_review_that_has_an_answer(client, case):
    review = case.call(case.engineer, case.second)
    client.force_login(case.owner)
    url = url_of(case, "review_close", review.pk)
    assert client.post(url).status_code == HTTPStatus.CONFLICT
    case.answer_all()

    client.force_login(case.engineer)
    assert client.post(url).status_code == HTTPStatus.FORBIDDEN
    client.force_login(case.owner)
    assert client.get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.post(url).status_code == HTTPStatus.FOUND

    review.refresh_from_db()
    assert review.held_at is not None


@pytest.mark.parametrize("name", ["project", "new", "review_call"])
def test_a_hidden_project_does_not_exist(client, case, name):
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)
    client.force_login(case.colleague)

    missing = client.get(reverse(f"risks:{name}", args=[999_999]))
    hidden = client.get(url_of(case, name))

    assert hidden.status_code == missing.status_code == HTTPStatus.NOT_FOUND


def test_a_review_under_another_project_does_not_exist(client, case):
    review = case.call()
    other = make_case()
    client.force_login(other.owner)

    for name, send in (("review", client.get), ("review_close", client.post)):
        assert send(reverse(f"risks:{name}", args=[other.project.pk, review.pk])).status_code == HTTPStatus.NOT_FOUND


def test_what_the_risks_may_cost_opens_and_says_what_it_leaves_out(client, case):
    client.force_login(case.owner)
    assert client.get(url_of(case)).context["figures"] == []
    values = {"probability": Decimal("0.5"), "impact_amount": Decimal(1000)}
    edit_risk(case.network, values, version=1, by=case.owner, now=NOW)
    MitigationFactory(risk=case.network, cost_amount=Decimal(40))

    loss, within, mitigations = client.get(url_of(case)).context["figures"]

    assert (loss.value, loss.note) == ("¥500", "without 1 that is not known yet")
    assert [(term.reckoning, term.amount, term.source) for term in loss.terms] == [
        ("50% × ¥1,000", "¥500", case.network.event),
        ("Expected loss", "¥500", "without 1 that is not known yet"),
    ]
    assert (within.value, mitigations.value) == ("¥1,000", "¥40")
