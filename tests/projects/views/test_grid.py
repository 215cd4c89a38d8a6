from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from portal.audit.models import AuditEntry
from projects.actions.options import add_lines, add_option
from projects.actions.pitch import save_pitch, start_pitch
from projects.enums import OptionKind
from projects.models import BenefitLine, CostLine, Option, Project, RateCard
from tests.factories.projects import NOW, TODAY, draft
from tests.projects.views.conftest import boxes

pytestmark = pytest.mark.django_db

BENEFITS = (
    "What it brings\t单次收益\tReach\tUnit\tProbability\tBasis\tEvidence\n"
    "Fewer bags bought\t46\t1,200\tbags\t15%\tmeasured\tCount of October\n"
    "Fewer calls\t0.1万\t80 calls\t\t1 in 4\t类比\t\n"
    "Happier hubs\t\t\t\t\t\t\n"
)
COSTS = (
    "类型\t事由\t工种\t工作量\t金额\t每月\n"
    "人力\tBuilding it\tFrontend\t3人月\t\t\n"
    "\tScanners\t\t\t1.5m\tyes\n"
    "permit\tRadio licence\t\t\t900\t\n"
)


@pytest.fixture
def project(client, people):
    client.force_login(people.pm)
    RateCard.objects.create(skill="Frontend", valid_from=TODAY, day_amount=2000, set_by=people.lead, set_at=NOW)
    return start_pitch("Bags", by=people.pm, now=NOW)


def url(project, part, kind="full"):
    return reverse("projects:lines_paste", args=[project.pk, kind, part])


def send(client, project, part, table, do=True, **more):
    data = {"table": table, "version": Project.objects.get(pk=project.pk).version, "_key": "k"}
    return client.post(url(project, part), data | ({"do": "1"} if do else {}) | more)


def test_benefits_are_looked_at_and_added_at_once(client, project):
    looked = send(client, project, "benefits", BENEFITS, do=False)
    html = looked.content.decode()
    assert looked.status_code == HTTPStatus.OK
    assert "Add 3 lines" in html
    assert "¥1,000" in html
    assert BenefitLine.objects.get().label == ""

    added = send(client, project, "benefits", BENEFITS)

    assert added["Location"] == reverse("projects:pitch_step", args=[project.pk, "benefits"]) + "?option=full"
    names = ("position", "label", "unit_benefit_amount", "reach", "reach_unit", "probability", "basis", "evidence")
    assert list(BenefitLine.objects.values_list(*names)) == [
        (1, "Fewer bags bought", 46, 1200, "bags", Decimal("0.15"), "measured", "Count of October"),
        (3, "Fewer calls", 1000, 80, "calls", Decimal("0.25"), "analogous", ""),
        (4, "Happier hubs", None, None, "", None, "judgement", ""),
    ]
    assert AuditEntry.objects.filter(verb="benefit.saved", project_id=project.pk).count() == 3
    assert Project.objects.get(pk=project.pk).version == project.version + 1


def test_costs_are_priced_by_skill(client, project):
    send(client, project, "costs", COSTS)
    names = ("kind", "label", "skill", "person_days", "amount", "is_monthly")
    assert list(CostLine.objects.values_list(*names)) == [
        ("people", "Building it", "Frontend", 60, 120_000, False),
        ("material", "Scanners", "", None, 1_500_000, True),
        ("permit", "Radio licence", "", None, 900, False),
    ]
    assert Project.objects.get(pk=project.pk).effort_days == 60


@pytest.mark.parametrize(
    ("part", "table", "bad"),
    [
        ("benefits", "Label\tWhat\nx\ty\n", [(1, "Label")]),
        ("benefits", BENEFITS.replace("46", "a lot"), [(2, "单次收益")]),
        ("benefits", BENEFITS.replace("15%", "150%").replace("80 calls", "80"), [(2, "Probability"), (3, "Reach")]),
        ("benefits", BENEFITS.replace("Fewer calls", "").replace("类比", "gut"), [(3, "Basis"), (3, "What it brings")]),
        ("costs", COSTS.replace("Frontend", "Juggling"), [(2, "工种")]),
        ("costs", COSTS.replace("1.5m", ""), [(3, "金额")]),
        ("costs", COSTS.replace("人力", "people?"), [(2, "类型")]),
        ("costs", COSTS.replace("3人月\t", "3人月\t77"), [(2, "金额")]),
        ("costs", "Amount\n" + "5\n" * 101, [(102, "Amount")]),
    ],
)
def test_one_bad_cell_stops_all_and_nothing_typed_is_lost(client, project, part, table, bad):
    answer = send(client, project, part, table)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sorted((cell.row, cell.column) for cell in answer.context["form"].bad) == bad
    assert boxes(answer.content.decode(), "grid").values["table"] == table
    assert (BenefitLine.objects.count(), CostLine.objects.count()) == (1, 0)


@pytest.mark.parametrize("table", ["", "Amount", "Amount\t\x00\n1\t2"])
def test_what_is_no_table_is_said(client, project, table):
    answer = send(client, project, "costs", table)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["form"].errors.keys() == {"table"}


def test_a_benefit_that_was_written_stays(client, people):
    project = draft(people)
    client.force_login(people.pm)
    send(client, project, "benefits", BENEFITS)
    assert BenefitLine.objects.filter(project=project).count() == 4
    assert BenefitLine.objects.get(project=project, position=1).evidence == "Count of October"


def test_lines_are_added_to_the_option_at_hand(client, people):
    project = draft(people)
    client.force_login(people.pm)
    add_option(project, OptionKind.LOW_COST, version=project.version, by=people.pm, now=NOW)
    version = Project.objects.get(pk=project.pk).version
    client.post(url(project, "costs", "low_cost"), {"table": COSTS, "version": version, "do": "1", "_key": "k"})
    assert CostLine.objects.filter(option__kind=OptionKind.LOW_COST).count() == 0  # the skill is not known here
    table = COSTS.replace("Frontend", "")
    client.post(url(project, "costs", "low_cost"), {"table": table, "version": version, "do": "1", "_key": "k"})
    assert CostLine.objects.filter(option__kind=OptionKind.LOW_COST).count() == 3


def test_somebody_was_faster(client, project, people):
    save_pitch(project, {"title": "Theirs"}, version=project.version, by=people.pm, now=NOW)
    answer = send(client, project, "costs", COSTS, version=project.version)
    assert answer.status_code == HTTPStatus.CONFLICT
    sent_back = boxes(answer.content.decode(), "grid").values
    assert (sent_back["table"], int(sent_back["version"])) == (COSTS, project.version + 1)
    assert not CostLine.objects.exists()


def test_sent_twice_it_acts_once(client, project):
    version = project.version
    statuses = [send(client, project, "costs", COSTS, version=version).status_code for _time in range(2)]
    assert statuses == [HTTPStatus.FOUND] * 2
    assert CostLine.objects.count() == 3


def test_a_hundred_lines_are_reckoned_once(project, people, django_assert_max_num_queries):
    option = Option.objects.get(project=project)
    lines = [{"kind": "material", "label": "x", "amount": Decimal(5)} for _n in range(100)]
    with django_assert_max_num_queries(420):
        add_lines(option, CostLine, lines, version=project.version, by=people.pm, now=NOW)


def test_what_the_columns_are_called_can_be_copied(client, project):
    assert "What for\tSkill" in client.get(url(project, "costs")).content.decode()
    assert client.get(url(project, "wishes")).status_code == HTTPStatus.NOT_FOUND
