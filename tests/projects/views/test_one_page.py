import re
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.enums import StepState
from risks.actions.risk import raise_risk
from tests.factories.projects import NOW, decided, draft, submitted
from tests.projects.views.conftest import restrict

#: Beside the frame: the project, what its risks are (five), its steps with their answers, and who confirmed.
QUERIES = 18


@pytest.fixture
def project(people):
    return submitted(draft(people, material_amount=Decimal(12000), material_label="Scanners"))


def address(project, number=1):
    return reverse("projects:one_page", args=[project.pk, number])


def read(client, person, project):
    client.force_login(person)
    answer = client.get(address(project))
    assert answer.status_code == HTTPStatus.OK
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def test_a_sheet_has_all_that_is_decided_on(client, people, project):
    project = decided(project, StepState.APPROVED)
    raise_risk(project, event="Labels fall off in the rain", by=people.pm, now=NOW)

    html = read(client, people.lead, project)

    for words in (
        "8 in 10 that this returns ¥160,000\u00a0to\u00a0¥220,000",
        "<dt>Worth today (NPV)</dt><dd>¥180,000</dd>",
        "<dt>Cost</dt><dd>¥28,000</dd>",
        "3,000 bags",
        "Measured, Count of October",
        "¥216,000",
        "measured 100%",
        "Full (asked for)",
        "10 person-days",
        "¥12,000",
        "Labels fall off in the rain",
        "Lea Lead, ",
        "assumptions not judged",
        "The business has not confirmed the figures yet.",
        "4,096 draws",
        "for Lea Lead.",
    ):
        assert words in html, words
    assert html.count('class="fs-svg"') == 2
    assert (
        f'href="{address(project)}"'
        in client.get(reverse("projects:submission", args=[project.pk, 1])).content.decode()
    )


def test_a_sheet_of_what_is_not_known_says_so_and_draws_nothing(client, people):
    html = read(client, people.pm, submitted(draft(people, probability=None)))

    assert "it pays if it helps in at least" in html
    assert "Not known yet: a figure is missing." in html
    assert "not known yet" in html
    assert 'class="fs-svg"' not in html


def test_a_sheet_in_chinese(client, people, project):
    people.pm.language = "zh-hans"
    people.pm.save()

    html = read(client, people.pm, project)

    for words in ("收支累计", "什么对结果影响最大", "净现值（NPV）", "收益怎么算", "净收益"):
        assert words in html


def test_no_sheet_of_what_is_not_there_or_not_seen(client, people, outsider, project):
    client.force_login(people.pm)
    assert client.get(address(project, 9)).status_code == HTTPStatus.NOT_FOUND

    restrict(project)
    client.force_login(outsider)
    assert client.get(address(project)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("risks", [1, 5])
def test_a_sheet_asks_the_same_number_of_questions_however_many_risks(
    client, people, project, risks, django_assert_num_queries
):
    for _ in range(risks):
        raise_risk(project, event="Labels fall off", by=people.pm, now=NOW)
    client.force_login(people.pm)
    with django_assert_num_queries(QUERIES):
        client.get(address(project))
