from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from risks.models import Assessment, Review, Risk
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db


def url_of(case, person=None):
    return case.invitation(person).get_absolute_url()


def post(client, url, risk, **values):
    return client.post(url, {"risk": risk.pk, **values})


def test_four_cards_take_three_taps_each(client, case):
    case.call()
    client.force_login(case.engineer)
    url = url_of(case)
    taps = 0
    for risk in (case.network, case.terminals):
        page = client.get(url)
        assert page.context["hand"].current.risk == risk
        # One chip of each row, one button.
        answer = post(client, url, risk, probability="0.30", impact_days="5")
        taps += 3
        assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, url)
    assert taps == 6
    assert list(Assessment.objects.values_list("probability", "impact_days")) == [(Decimal("0.3"), Decimal(5))] * 2
    assert Review.objects.get().held_at is not None
    assert "Thank you: 2 cards answered" in client.get(url).content.decode()


def test_not_my_field_is_one_tap(client, case):
    case.call()
    client.force_login(case.engineer)

    answer = post(client, url_of(case), case.network, skip="1")

    assert answer.status_code == HTTPStatus.FOUND
    assert Assessment.objects.get().is_not_my_field is True


def test_a_card_without_a_chip_comes_back_with_what_was_touched(client, case):
    case.call()
    client.force_login(case.engineer)

    answer = post(client, url_of(case), case.network, probability="0.60", note="As last year")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    form = answer.context["form"]
    assert form.errors == {"impact_days": ["Choose how many working days it would cost."]}
    html = answer.content.decode()
    assert '<input type="radio" name="probability" value="0.60" id="id_probability_3" checked' in " ".join(html.split())
    assert "As last year" in html
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"probability": "0.31", "impact_days": "5"},
        {"probability": "NaN", "impact_days": "5"},
        {"probability": "0.30", "impact_days": "-1"},
        {"probability": "0.30", "impact_days": "1e400"},
        {"probability": "0.30", "impact_days": "5", "note": "x" * 501},
        {"probability": "0.30", "impact_days": "5", "note": "a\x00b"},
    ],
)
def test_a_chip_that_is_not_there_is_refused(client, case, values):
    case.call()
    client.force_login(case.engineer)

    assert post(client, url_of(case), case.network, **values).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize("risk", ["", "abc", "-1", "0", str(2**63), "9" * 900])
def test_a_card_that_is_none_is_refused(client, case, risk):
    case.call()
    client.force_login(case.engineer)

    answer = client.post(url_of(case), {"risk": risk, "probability": "0.30", "impact_days": "5"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Assessment.objects.count() == 0


def test_the_same_card_sent_again_from_another_page_is_refused(client, case):
    case.call()
    client.force_login(case.engineer)
    url = url_of(case)
    post(client, url, case.network, probability="0.30", impact_days="5")

    answer = post(client, url, case.network, probability="0.90", impact_days="20")

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "You have answered this card already." in answer.content.decode()
    assert Assessment.objects.get().probability == Decimal("0.3")


def test_a_double_press_answers_once_and_leads_on(client, case):
    case.call()
    client.force_login(case.engineer)
    url = url_of(case)
    values = {"probability": "0.30", "impact_days": "5", "_key": "pressed-twice"}

    first, second = (post(client, url, case.network, **values) for _ in range(2))

    assert (first.status_code, first.url) == (second.status_code, second.url) == (HTTPStatus.FOUND, url)
    assert Assessment.objects.count() == 1


def test_change_shows_ones_own_answer_and_replaces_it(client, case):
    case.call()
    client.force_login(case.engineer)
    url = url_of(case)
    post(client, url, case.network, probability="0.30", impact_days="5", note="Once in ten")

    page = client.get(url, {"risk": case.network.pk})
    assert page.context["hand"].current.risk == case.network
    assert page.context["form"].initial == {
        "risk": case.network.pk,
        "is_change": True,
        "probability": "0.30",
        "impact_days": "5",
        "note": "Once in ten",
    }
    answer = post(client, url, case.network, is_change="True", probability="0.90", impact_days="20")

    assert answer.status_code == HTTPStatus.FOUND
    assert Assessment.objects.get().impact_days == Decimal(20)


def test_another_engineer_is_refused_and_a_stranger_finds_nothing(client, case):
    type(case.project).objects.filter(pk=case.project.pk).update(is_restricted=True)
    case.call(case.engineer, case.second)
    url = url_of(case)

    client.force_login(case.second)
    assert client.get(url).status_code == HTTPStatus.FORBIDDEN
    answer = post(client, url, case.network, probability="0.30", impact_days="5")
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "Only Chen Siyuan answers this invitation" in answer.content.decode()
    client.force_login(case.colleague)
    assert client.get(url).status_code == HTTPStatus.NOT_FOUND
    assert post(client, url, case.network, skip="1").status_code == HTTPStatus.NOT_FOUND
    assert Assessment.objects.count() == 0


def test_an_invitation_under_another_project_does_not_exist(client, case):
    case.call()
    client.force_login(case.engineer)

    url = reverse("risks:assess", args=[case.project.pk + 1, case.invitation().pk])

    assert client.get(url).status_code == HTTPStatus.NOT_FOUND


def test_outside_the_review_nothing_is_taken(client, case):
    case.call()
    url = url_of(case)
    case.answer_all()
    client.force_login(case.engineer)

    answer = post(client, url, case.network, probability="0.90", impact_days="20")

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "This review was held: its answers stand." in answer.content.decode()
    assert set(Assessment.objects.values_list("probability", flat=True)) == {Decimal("0.3")}


def test_a_risk_is_added_by_one_line_and_becomes_a_card(client, case):
    case.call()
    client.force_login(case.engineer)
    url = reverse("risks:assess_add", args=[case.project.pk, case.invitation().pk])

    answer = client.post(url, {"event": "Scanners need new firmware"})

    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, url_of(case))
    assert Risk.objects.get(event="Scanners need new firmware").raised_by == case.engineer
    assert client.get(url_of(case)).context["hand"].left == 3


def test_adding_nothing_keeps_the_page(client, case):
    case.call()
    client.force_login(case.engineer)
    url = reverse("risks:assess_add", args=[case.project.pk, case.invitation().pk])

    answer = client.post(url, {"event": "  ", "cause": "Old devices"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Old devices" in answer.content.decode()
    assert Risk.objects.count() == 2


def test_the_page_costs_the_same_for_one_card_and_for_fifty(client, case, django_assert_max_num_queries):
    case.call()
    client.force_login(case.engineer)
    url = url_of(case)
    client.get(url)
    with django_assert_max_num_queries(50) as few:
        client.get(url)
    Risk.objects.bulk_create(
        Risk(
            project=case.project,
            event=f"Risk {n}",
            owner=case.owner,
            raised_by=case.owner,
            raised_at=NOW,
            updated_at=NOW,
        )
        for n in range(48)
    )
    with django_assert_max_num_queries(50) as many:
        client.get(url)

    assert len(many.captured_queries) == len(few.captured_queries)
