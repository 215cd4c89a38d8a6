"""Who was told what and why: the page of one thing that is owed, of the team, of what was sent and of what comes."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.enums import Role
from portal.notifications.actions import announce, ask_extension, deliver, owe, pick_time, sweep
from portal.notifications.models import Delivery, Obligation
from projects.models import Project
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.projects import DAY, NOW, ProjectFactory, cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
#: When the manager has been told of what was due on the day of NOW: the notice on the Thursday, the word on the Monday.
TOLD = datetime(2026, 11, 30, 2, tzinfo=UTC)


def owing(people, count=1):
    """The PM owes the preparation of so many approved projects, due on the day."""
    found = []
    for _number in range(count):
        project = ProjectFactory(owner=people.pm, site=people.site, stage="approved")
        due_at = people.site.end_of_day(project.local_day(NOW))
        found.append(owe("prepare", project.pk, people.pm, due_at=due_at, now=NOW - 10 * DAY, project_id=project.pk))
    return found


def climbed(people, count=1):
    found = owing(people, count)
    for hours in range(8):
        sweep(now=NOW + hours * DAY)
    return found


def shown(client, person, name, *args, now=NOW, **query):
    with time_machine.travel(now, tick=False):
        client.force_login(person)
        response = client.get(reverse(name, args=args), query)
    assert response.status_code == HTTPStatus.OK
    return response


def test_the_page_of_what_is_owed_says_why_and_each_step_with_its_day_and_its_hearer(client):
    people = cast()
    (owed,) = owing(people)
    sweep(now=NOW)
    page = shown(client, people.pm, "owed", owed.pk)
    assert [(step.reach.value, step.person, step.is_past) for step in page.context["steps"]] == [
        ("person", people.pm, True),
        ("person", people.pm, True),
        ("person", people.pm, False),
        ("notice", people.pm, False),
        ("manager", people.lead, False),
    ]
    assert [str(step.at.date()) for step in page.context["steps"]][2:] == ["2026-11-24", "2026-11-26", "2026-11-30"]
    assert "Three ways out" in page.text


def test_missed_reminders_are_foretold_as_the_one_that_they_will_be(client):
    """The worker has rested since before the first: on the next morning comes one reminder, then the notice."""
    people = cast()
    (owed,) = owing(people)
    Obligation.objects.update(next_rung_at=datetime(2026, 11, 24, 1, tzinfo=UTC))
    page = shown(client, people.pm, "owed", owed.pk)
    foretold = [(step.reach.value, str(step.at.date())) for step in page.context["steps"]]
    assert foretold == [("person", "2026-11-24"), ("notice", "2026-11-26"), ("manager", "2026-11-30")]
    for hours in range(8 * 24):
        sweep(now=NOW + timedelta(hours=hours))
    told = Delivery.objects.filter(channel="inbox", obligation=owed).order_by("pk")
    assert [(owed.ladder[row.rung]["reach"], str(row.created_at.date())) for row in told] == foretold


def test_a_notice_that_comes_late_is_foretold_with_a_working_day_before_the_manager(client):
    people = cast()
    (owed,) = owing(people)
    Obligation.objects.update(next_rung_at=datetime(2026, 12, 4, 1, tzinfo=UTC))
    page = shown(client, people.pm, "owed", owed.pk)
    foretold = [(step.reach.value, str(step.at.date())) for step in page.context["steps"]]
    assert foretold == [("notice", "2026-12-04"), ("manager", "2026-12-07")]


def test_a_way_out_that_was_taken_shows_there(client):
    people = cast()
    (owed,) = owing(people)
    day = NOW.date() + timedelta(days=2)
    pick_time(owed, day=day, reason="Ill", by=people.pm, now=NOW)
    owed.refresh_from_db()
    ask_extension(owed, day=day, reason="Ill", by=people.pm, now=NOW)
    page = shown(client, people.pm, "owed", owed.pk)
    assert (page.context["snoozes_left"], page.context["asked"].decider) == (1, people.lead)
    assert page.context["steps"][0].at == datetime(2026, 11, 25, 1, tzinfo=UTC)


@pytest.mark.parametrize("who", ["lead", "engineer", "partner"])
def test_what_another_owes_is_nobodys_page(client, who):
    people = cast()
    (owed,) = owing(people)
    client.force_login(getattr(people, who))
    assert client.get(reverse("owed", args=[owed.pk])).status_code == HTTPStatus.NOT_FOUND


def test_what_is_settled_or_not_to_be_seen_any_more_has_no_page(client):
    people = cast()
    settled, hidden = owing(people, 2)
    Obligation.objects.filter(pk=settled.pk).update(settled_at=NOW)
    Project.objects.filter(pk=hidden.project_id).update(owner=people.partner, is_restricted=True)
    client.force_login(people.pm)
    for owed in (settled, hidden):
        assert client.get(reverse("owed", args=[owed.pk])).status_code == HTTPStatus.NOT_FOUND


def test_the_desk_and_the_inbox_lead_to_why_and_a_manager_to_his_team(client):
    people = cast()
    (owed,) = climbed(people)
    why = reverse("owed", args=[owed.pk])
    assert f'href="{why}"' in shown(client, people.pm, "desk", now=TOLD).text
    assert f'href="{why}"' in shown(client, people.pm, "inbox", now=TOLD).text
    inbox, desk = shown(client, people.lead, "inbox", now=TOLD), shown(client, people.lead, "desk", now=TOLD)
    for page in (inbox, desk):
        assert f'href="{reverse("team")}"' in page.text
        assert why not in page.text
    Obligation.objects.update(settled_at=TOLD)
    assert why not in shown(client, people.pm, "inbox", now=TOLD).text


def test_only_leads_and_administrators_find_the_pages_about_others_on_the_desk(client):
    urls = {name: reverse(name) for name in ("team", "ledger", "ahead")}
    for person, names in (
        (UserFactory(roles=[Role.PM]), set()),
        (UserFactory(roles=[Role.LEAD]), {"team"}),
        (AdminFactory(), {"ledger", "ahead"}),
    ):
        page = shown(client, person, "desk")
        assert {name for name, url in urls.items() if f'href="{url}"' in page.text} == names


def test_the_team_shows_what_was_told_by_kind_and_ranks_nobody(client):
    people = cast()
    climbed(people, 2)
    page = shown(client, people.lead, "team", now=TOLD)
    assert (page.context["total"], [len(rows) for rows in page.context["groups"].values()]) == (2, [2])
    assert people.pm.name in page.text
    assert shown(client, people.boss, "team", now=TOLD).context["total"] == 0


def test_the_ledger_says_what_was_sent_by_which_step_and_why_not(client):
    people = cast()
    climbed(people)
    announce("launch_moved", 1, [people.pm], now=NOW)
    deliver(now=NOW + 7 * DAY)
    page = shown(client, AdminFactory(), "ledger", now=TOLD, to=people.pm.name)
    rows = [(str(row.kind), str(row.step), row.delivery.channel) for row in page.context["rows"]]
    assert ("Preparing the start", "a private notice with three ways out", "inbox") in rows
    assert ("The mail of the morning", "", "mail") in rows
    assert {row.delivery.person for row in page.context["rows"]} == {people.pm}
    only = shown(client, AdminFactory(), "ledger", now=TOLD, channel="mail", state="skipped")
    assert {(row.delivery.channel, row.delivery.state) for row in only.context["rows"]} <= {("mail", "skipped")}


@pytest.mark.parametrize(
    ("language", "why"), [("en", "history of the demo, never sent"), ("zh-hans", "演示历史，从未发出")]
)
def test_the_ledger_has_the_bar_of_every_list_and_says_why_in_words(client, language, why):
    people, admin = cast(), AdminFactory(language=language)
    climbed(people)
    Delivery.objects.filter(channel="mail").update(state="skipped", why="demo")

    page = shown(client, admin, "ledger", now=TOLD, channel="mail", to=people.pm.name)

    assert page.context["rows"]
    assert page.text.count(why) == len(page.context["rows"])
    channel, state = page.context["form"].facets()
    assert (channel.is_set, channel.url) == (True, f"?{urlencode({'to': people.pm.name})}")
    assert next(link.url for link in state.choices).endswith("&state=pending")
    assert f'name="to" type="search" maxlength="80" value="{people.pm.name}"' in page.text


def test_what_comes_names_day_step_and_hearer(client):
    people = cast()
    owing(people)
    sweep(now=NOW)
    rows = shown(client, AdminFactory(), "ahead").context["rows"]
    assert [(str(row.at.date()), row.reach.value, row.person) for row in rows] == [
        ("2026-11-24", "person", people.pm),
        ("2026-11-26", "notice", people.pm),
        ("2026-11-30", "manager", people.lead),
    ]


@pytest.mark.parametrize("name", ["ledger", "ahead"])
def test_an_administrator_sees_nothing_of_a_restricted_project_he_has_no_part_in(client, name):
    people = cast()
    owed = climbed(people) if name == "ledger" else owing(people)
    Project.objects.filter(pk=owed[0].project_id).update(is_restricted=True)
    assert not shown(client, AdminFactory(), name, now=TOLD if name == "ledger" else NOW).context["rows"]


#: Page, queries, and when it is opened.
COSTS = [("owed", 9, NOW), ("team", 6, TOLD), ("ledger", 6, TOLD), ("ahead", 7, NOW)]


@pytest.mark.parametrize("count", [1, 9])
@pytest.mark.parametrize(("name", "queries", "now"), COSTS, ids=[name for name, *_rest in COSTS])
def test_each_page_costs_the_same_for_one_and_for_many(client, django_assert_num_queries, name, queries, now, count):
    people = cast()
    rows = climbed(people, count) if now == TOLD else owing(people, count)
    reader = {"owed": people.pm, "team": people.lead}.get(name) or AdminFactory()
    with time_machine.travel(now, tick=False):
        client.force_login(reader)
        url = reverse(name, args=[rows[0].pk] if name == "owed" else [])
        client.get(url)
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == HTTPStatus.OK
