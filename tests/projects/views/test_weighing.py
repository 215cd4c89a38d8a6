"""What stands on the screen of a decision beside the number."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common.components import Share
from projects.actions.options import save_cost_line
from projects.enums import CostKind, OptionKind, Stage
from projects.models import CostLine, Option, Project
from risks.actions.answer import set_plan_b
from risks.actions.risk import raise_risk
from risks.models import Risk
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, TODAY, ProjectFactory, approved, draft, pending_step, submitted
from tests.projects.views.conftest import restrict


def with_costs(project, *lines):
    """The draft, with these costs of its full option beside its own line; the first changes that one."""
    full = Option.objects.get(project=project, kind=OptionKind.FULL)
    for index, values in enumerate(lines):
        line = None if index else full.cost_lines.get()
        save_cost_line(full, line, values, version=fresh(project).version, by=project.owner, now=NOW)
    return fresh(project)


def fresh(project):
    return Project.objects.get(pk=project.pk)


def people_of(skill, days):
    return {"kind": CostKind.PEOPLE, "skill": skill, "person_days": Decimal(days), "amount": None}


@pytest.fixture
def asked(people):
    """Two skills and a permit of twenty working days, wanted by Friday 29 January."""
    permit = {"kind": CostKind.PERMIT, "amount": Decimal(0), "label": "Shop space", "lead_days": 20}
    return with_costs(draft(people), people_of("Backend", 8), people_of("Frontend", 4), permit)


def screen(client, project, reader):
    client.force_login(reader)
    return client.get(pending_step(project).get_absolute_url())


def test_people_are_asked_by_skill_and_quarter_and_permits_by_their_last_day(client, people, asked):
    answer = screen(client, submitted(asked), people.lead)

    # Of 50 working days from Monday 23 November on, 29 lie in this quarter.
    rows = answer.context["people"]
    assert (rows.quarters, rows.together) == (["2026 Q4", "2027 Q1"], "12 person-days")
    assert rows.rows == [
        ("Backend", [("2026 Q4", "4.6"), ("2027 Q1", "3.4")], "8"),
        ("Frontend", [("2026 Q4", "2.3"), ("2027 Q1", "1.7")], "4"),
    ]
    assert "apply by 1 Jan 2027" in answer.content.decode()


def test_a_permit_that_can_no_longer_come_in_time_says_so(client, people):
    late = {"kind": CostKind.PERMIT, "amount": Decimal(0), "label": "Shop space", "lead_days": 200}
    project = with_costs(draft(people), people_of("", 8), late)

    assert "should have been applied for by" in screen(client, submitted(project), people.lead).content.decode()


def test_a_week_of_waiting_costs_the_benefit_of_a_week(client, people):
    answer = screen(client, submitted(draft(people)), people.lead)

    figure = answer.context["figures"][-1]
    assert (str(figure.label), figure.value) == ("A week of waiting costs", "¥4,200")
    assert [(term.reckoning, term.amount) for term in figure.terms] == [("¥18,000 a month × 12 ÷ 52", "¥4,153.85")]
    assert answer.context["evidence"] == [Share("measured", 100)]


def test_what_is_not_known_is_not_reckoned(client, people):
    answer = screen(client, submitted(draft(people, probability=None)), people.lead)

    assert answer.context["evidence"] == []
    assert [str(figure.label) for figure in answer.context["figures"]] == ["Cost"]


def test_projects_that_need_the_same_skills_are_named_as_far_as_the_reader_sees_them(client, people, asked):
    seen = with_costs(draft(people, title="Night scans"), people_of("Backend", 3))
    hidden = ProjectFactory(stage=Stage.IN_DELIVERY, is_restricted=True, title="Secret")
    full = Option.objects.get(project=hidden)
    CostLine.objects.create(project=hidden, option=full, kind=CostKind.PEOPLE, person_days=1, amount=1, skill="Backend")
    approved(seen)

    answer = screen(client, submitted(asked), people.lead)

    assert [(one.project.title, one.skills) for one in answer.context["sharing"]] == [("Night scans", "Backend")]
    assert "Secret" not in answer.content.decode()


def test_a_pitch_without_skills_does_not_know_whom_it_displaces(client, people):
    assert "the pitch names no skills" in screen(client, submitted(draft(people)), people.lead).content.decode()


def test_the_greatest_risks_stand_there_with_their_answers(client, people, asked):
    for event, money in (("Small", 10), ("Middle", 100), ("Great", 1000), ("Huge", 10_000)):
        risk = raise_risk(asked, event=event, by=people.pm, now=NOW)
        Risk.objects.filter(pk=risk.pk).update(
            probability=Decimal("0.5"), impact_amount=Decimal(money), exposure_amount=Decimal(money) / 2
        )
    set_plan_b(
        risk,
        trigger="A week late",
        deed="Rent scanners",
        decide_by=TODAY + timedelta(days=9),
        owner=people.pm,
        cost_amount=Decimal(100),
        days=Decimal(1),
        by=people.pm,
        now=NOW,
    )

    html = screen(client, submitted(asked), people.lead).content.decode()

    assert [event for event in ("Huge", "Great", "Middle", "Small") if f">{event}</a>" in html] == [
        "Huge",
        "Great",
        "Middle",
    ]
    assert "Rent scanners" in html
    assert "1 more" in html


def test_what_the_owner_owes_is_said_by_its_kind_and_only_what_the_reader_sees(client, people):
    approved(draft(people))
    restricted = approved(restrict(draft(people)))
    reader = people.lead
    Project.objects.filter(pk=restricted.pk).update(owner=people.pm)

    words = screen(client, submitted(draft(people)), reader).context["owner_words"]
    assert words == "3 projects under way. Owed: preparing the start (2)."

    other = UserFactory(site=people.site, name="Ola Outside")
    words = screen(client, Project.objects.get(stage=Stage.SUBMITTED), other).context["owner_words"]
    assert words == "2 projects under way. Owed: preparing the start."


def test_the_screen_costs_the_same_for_one_and_for_many(client, people, asked):
    project = submitted(asked)
    approved(with_costs(draft(people), people_of("Backend", 3)))
    raise_risk(project, event="Rain", by=people.pm, now=NOW)
    screen(client, project, people.lead)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(pending_step(project).get_absolute_url())
        return len(queries)

    one = cost()
    for _ in range(4):
        approved(with_costs(draft(people), people_of("Backend", 3)))
        raise_risk(project, event="Rain", by=people.pm, now=NOW)

    assert cost() == one
