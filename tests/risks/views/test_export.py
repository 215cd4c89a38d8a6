import csv
import io
from decimal import Decimal
from http import HTTPStatus

import pytest
from openpyxl import load_workbook

from portal.accounts.enums import Language
from projects.enums import Stage
from risks.models import RiskTag
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory
from tests.factories.risks import MitigationFactory, RiskFactory
from tests.risks.conftest import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    person = UserFactory(language=Language.EN)
    client.force_login(person)
    return person


def rows(answer):
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def column(answer, head):
    first, *others = rows(answer)
    return [row[first.index(head)] for row in others]


@pytest.mark.parametrize("query", ["", "view=all", "view=above", "q=E1", "sort=event", "level=unknown", "cell=20"])
def test_the_file_holds_exactly_the_list(client, reader, query):
    project = ProjectFactory(stage=Stage.APPROVED)
    for n in range(30):
        known = {"probability": Decimal("0.3"), "impact_amount": Decimal(n * 5000)} if n % 3 else {}
        RiskFactory(project=project, event=f"E{n:02}", **known)
    RiskFactory(project=ProjectFactory(is_restricted=True), event="CANARY")

    listed, url = [], f"/risks/?{query}"
    while url:
        listing = client.get(url).context["listing"]
        listed += [line.risk.event for line in listing.page.rows]
        url = listing.page.later_url

    assert column(client.get(f"/risks/export/csv/?{query}"), "Event") == listed


def test_a_risk_in_its_cells(client, reader):
    risk = RiskFactory(
        event="=cmd|' /C calc'!A0",
        probability=Decimal("0.3"),
        impact_amount=Decimal(70_000),
        impact_days=Decimal(3),
        project=ProjectFactory(title="Bags", stage=Stage.IN_DELIVERY),
    )
    MitigationFactory(risk=risk)
    for name in ("cold", "night"):
        RiskTag.objects.create(risk=risk, name=name)

    [head, row] = rows(client.get("/risks/export/csv/"))

    cells = dict(zip(head, row, strict=True))
    assert cells["Event"] == "'=cmd|' /C calc'!A0"
    assert (cells["Chance"], cells["Money if it happens"], cells["Exposure"]) == ("0.300000", "70000.00", "21000.00")
    assert (cells["Answer"], cells["Tags"], cells["Raised on"]) == ("mitigation", "cold, night", "2026-11-10")
    assert cells["Closed on"] == ""


def test_a_workbook_in_the_readers_language(client, reader):
    type(reader).objects.filter(pk=reader.pk).update(language=Language.ZH)
    RiskFactory()

    answer = client.get("/risks/export/xlsx/")

    assert answer["Content-Disposition"] == 'attachment; filename="risks-2026-11-23.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[1]][:3] == ["项目编号", "项目", "起因"]
    assert rows(client.get("/risks/export/csv/"))[0][:2] == ["项目编号", "项目"]


def test_what_is_blind_stays_blind(client, case):
    case.call(case.engineer, case.second)
    case.answer_all("0.9", 9)
    client.force_login(case.owner)

    for head in ("Chance", "Working days lost", "Exposure"):
        assert column(client.get("/risks/export/csv/?view=all"), head) == ["", ""]


def test_pages_of_the_file_follow_each_other(client, reader):
    for _ in range(2):
        make_case()

    assert len(column(client.get("/risks/export/csv/"), "Event")) == 4


@pytest.mark.parametrize("path", ["pdf/", "csv/?sort=owner__password", "csv/?view=gone"])
def test_what_there_is_not(client, reader, path):
    assert client.get(f"/risks/export/{path}").status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST}
