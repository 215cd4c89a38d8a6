"""A project's first page and its activity: what each reader finds, at a fixed price."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from portal.accounts.enums import Role
from projects.actions.pledge import measure
from projects.enums import Stage
from projects.models import WeeklyStatus
from risks.actions.risk import raise_risk
from tests.factories.accounts import UserFactory
from tests.factories.projects import (
    NOW,
    TODAY,
    ProjectFactory,
    approved,
    cast,
    closed,
    draft,
    in_delivery,
    launched,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def overview_of(client, project, user):
    client.force_login(user)
    response = client.get(project.get_absolute_url())
    assert response.status_code == 200
    return response.context


def test_a_draft_shows_its_number_and_leads_its_owner_on(client):
    people = cast()
    context = overview_of(client, draft(people), people.pm)

    assert [(str(item.label), item.value) for item in context["case_items"]] == [
        ("Net benefit, 12 months", "¥200,000"),
        ("Return", "1,250%"),
        ("Payback", "0.9 months"),
        ("Pays if at least", "1.2%"),
    ]
    assert context["onward"].url == reverse("projects:pitch", args=[context["project"].pk])
    assert context["compared"] == []


def test_a_running_project_says_how_it_stood_when_its_owner_last_said_so(client):
    people = cast()
    project = in_delivery(draft(people), people)
    week = {"project": project, "line": "x", "confirmed_by": people.pm, "confirmed_at": NOW}
    WeeklyStatus.objects.create(week_on=TODAY - timedelta(days=TODAY.weekday() + 7), health="danger", **week)
    WeeklyStatus.objects.create(week_on=TODAY - timedelta(days=TODAY.weekday()), health="watch", **week)

    assert overview_of(client, project, people.pm)["standing"] == "watch"
    assert overview_of(client, draft(people), people.pm)["standing"] == ""


def test_a_submitted_pitch_says_whose_decision_it_waits_for(client):
    people = cast()
    context = overview_of(client, submitted(draft(people)), people.pm)

    assert context["answer"] == "Waits for a decision by Lea Lead."
    assert context["onward"] is None


def test_an_approved_project_lists_what_is_missing_for_the_start(client):
    people = cast()
    context = overview_of(client, approved(draft(people)), people.pm)

    assert {reason.code for reason in context["onward"].missing} >= {"no_metric"}
    assert [row.label for row in context["compared"]] == ["Net benefit, 12 months", "Launch", "Effort", "Cost"]


def test_other_readers_are_offered_no_step(client):
    people = cast()
    context = overview_of(client, approved(draft(people)), people.engineer)

    assert context["onward"] is None
    assert context["other_moves"] == []


def test_a_closed_project_sets_promised_beside_what_came(client):
    people = cast()
    context = overview_of(client, closed(draft(people), people), people.lead)

    assert context["project"].stage == Stage.CLOSED
    assert context["answer"] == "Closed: promised and came stand side by side."
    assert (context["risk_counts"].foreseen, context["risk_counts"].occurred) == (1, 0)
    assert context["retro"].held_at == NOW


def test_benefit_so_far_is_reckoned_by_the_way_gone_to_the_target(client):
    people = cast()
    project = launched(draft(people), people)
    measure(
        project.pledge,
        period_on=TODAY + timedelta(days=73),
        numerator=Decimal(290),
        denominator=Decimal(3010),
        by=people.pm,
        now=NOW + timedelta(days=74),
    )

    row = next(row for row in overview_of(client, project, people.pm)["compared"] if row.label == "Benefit so far")

    # 18,000 a month for 2.4 months, and 140 of 279.5 of the way from 1 in 7 to 1 in 20.
    assert (row.approved, row.today) == ("¥43,200", "¥21,600")
    assert row.because == "50% of the way to the target on 4 Feb 2027"


def test_nobody_reads_that_another_is_late(client):
    people = cast()
    project = launched(draft(people), people)
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        client.force_login(people.partner)
        page = client.get(project.get_absolute_url()).content.decode()

    assert "days past" not in page
    assert "Only you see this reminder" not in page


def test_activity_tells_the_story_from_the_record(client):
    people = cast()
    project = launched(draft(people), people)
    client.force_login(people.lead)

    moments = client.get(reverse("project_activity", args=[project.pk])).context["moments"]

    words = [str(moment.words) for moment in moments]
    assert words[:2] == ["The retro is owed from now on", "Pia Manager launched the project"]
    assert words[-1] == "Pia Manager began the draft"
    assert "Lea Lead approved the project" in words
    assert not [line for line in words if "0.1" in line]


def test_a_restricted_project_does_not_exist_for_outsiders(client):
    hidden = ProjectFactory(is_restricted=True)
    client.force_login(UserFactory(roles=[Role.LEAD]))

    missing = client.get("/projects/P-9999/")
    found = client.get(hidden.get_absolute_url())

    assert (found.status_code, missing.status_code) == (404, 404)
    assert client.get(reverse("project_activity", args=[hidden.pk])).status_code == 404


@pytest.mark.parametrize("code", ["P-1", "P-00001", "p-0001", "P-99999999999999999999", "P-12a4", "P-０００１"])
def test_other_spellings_of_a_number_are_no_project(client, code):
    client.force_login(UserFactory())

    assert client.get(f"/projects/{code}/").status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_overview_costs_the_same_number_of_queries(client, django_assert_num_queries, count):
    people = cast()
    project = in_delivery(draft(people), people)
    for number in range(count):
        raise_risk(project, event=f"Risk {number}", by=people.pm, now=NOW)
    client.force_login(people.pm)
    client.get(project.get_absolute_url())

    with django_assert_num_queries(23):
        client.get(project.get_absolute_url())


def test_the_process_page_shows_every_step_with_what_it_demands(client):
    client.force_login(UserFactory())

    steps = client.get(reverse("process")).context["steps"]

    assert len(steps) == 14
    start = next(step for step in steps if step.name == "Start delivery")
    assert start.target == "In delivery"
    assert len(start.gates) == 4


@pytest.mark.parametrize("count", [1, 20])
def test_activity_costs_the_same_number_of_queries(client, django_assert_num_queries, count):
    people = cast()
    project = approved(draft(people))
    for number in range(count):
        raise_risk(project, event=f"Risk {number}", by=people.pm, now=NOW)
    client.force_login(people.pm)
    url = reverse("project_activity", args=[project.pk])
    client.get(url)

    with django_assert_num_queries(6):
        client.get(url)
