"""The meeting of a department, the week of a project, and the report that is written already."""

from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.change import change_launch_date
from projects.actions.weekly import confirm_week
from projects.enums import Health, Stage
from projects.models import Project, WeeklyStatus
from risks.actions.escalation import Way, escalate
from risks.enums import RiskState
from tests.factories.accounts import DepartmentFactory, UserFactory
from tests.factories.projects import DAY, NOW, ProjectFactory
from tests.factories.risks import RiskFactory

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory(name="Lin Yue", manager=UserFactory(name="Zhou Min"), department=DepartmentFactory(name="Mile"))


def delivering(owner: User, title: str = "Scan in, scan out", **more: Any) -> Project:
    values = {"stage": Stage.IN_DELIVERY, "started_at": NOW, "planned_launch_on": date(2026, 12, 15)} | more
    return ProjectFactory(owner=owner, title=title, baseline_launch_on=date(2026, 12, 15), **values)


def ask(project: Project, **more: Any) -> None:
    manager = project.owner.manager
    assert manager is not None
    values: dict[str, Any] = {
        "question": "May we scan by phone?",
        "proposal": Way("Scan by phone", days=2, cost_amount=Decimal(3200)),
        "decider": manager,
        "answer_on": date(2026, 11, 25),
        "by": project.owner,
        "now": NOW,
    }
    escalate(project, **(values | more))


def page_of(user: User, name: str, *args: Any, **asked: str) -> Any:
    client = Client()
    client.force_login(user)
    response = client.get(reverse(name, args=args), asked)
    assert response.status_code == HTTPStatus.OK
    return response.context


def test_weekly_report_already_written(owner):
    """Nothing is typed: the text has colour, what moved, what happened, and what is to be decided."""
    project = delivering(owner)
    delivering(owner, "Keys by phone")
    RiskFactory(project=project, event="Terminals come late", state=RiskState.OCCURRED, occurred_at=NOW)
    change_launch_date(project, launch_on=date(2026, 12, 18), reason="Late", version=project.version, by=owner, now=NOW)
    ask(project)

    context = page_of(owner, "weekly_report")

    said = ["It happened: Terminals come late", "The launch moved from 15 Dec to 18 Dec"]
    said.append("To be decided: May we scan by phone?")
    assert context["text"].splitlines() == [
        f"[Danger] {project.code} Scan in, scan out",
        "- " + "; ".join(said),
        f"[On track] {Project.objects.get(title='Keys by phone').code} Keys by phone",
        "- Goes as planned",
        "",
        "To be decided",
        "- May we scan by phone? (Zhou Min, Wed 25 Nov)",
        "  Scan by phone: 2 working days later, costs ¥3,200 more",
    ]
    assert context["open_count"] == 2


def test_the_owner_confirms_in_his_words_and_earlier_weeks_stay(client, owner):
    project = delivering(owner)
    confirm_week(project, health=Health.ON_TRACK, line="All well", by=owner, now=NOW - WEEK)
    client.force_login(owner)
    url = reverse("weekly_status", args=[project.pk])

    bad = client.post(url, {"health": "purple", "line": " "})
    done = client.post(url, {"health": "watch", "line": "Scanners  late\nagain", "back": "1"})

    assert (bad.status_code, sorted(bad.context["form"].errors)) == (422, ["health", "line"])
    assert done.url == reverse("weekly_report")
    told = WeeklyStatus.objects.filter(project=project).values_list("week_on", "health", "line")
    assert list(told) == [
        (date(2026, 11, 23), "watch", "Scanners late again"),
        (date(2026, 11, 16), "on_track", "All well"),
    ]
    row = page_of(owner, "weekly_status", project.pk)["row"]
    assert (row.is_draft, row.health_before, row.has_changed) == (False, "on_track", True)


def test_the_same_line_once_more_changes_nothing_and_another_replaces_it(owner):
    project = delivering(owner)
    for line in ("All well", "All well", "Not so well"):
        confirm_week(project, health=Health.WATCH, line=line, by=owner, now=NOW)

    assert WeeklyStatus.objects.get().line == "Not so well"
    rows = AuditEntry.objects.filter(verb="weekly.confirmed").order_by("pk")
    assert [(row.before or {}).get("line") for row in rows] == [None, "All well"]


def test_only_the_owner_tells_and_only_while_it_runs(owner):
    project = delivering(owner)
    draft = ProjectFactory(owner=owner)
    with pytest.raises(PermissionDenied):
        confirm_week(project, health=Health.WATCH, line="x", by=UserFactory(), now=NOW)
    with pytest.raises(IllegalStateError):
        confirm_week(draft, health=Health.WATCH, line="x", by=owner, now=NOW)
    with pytest.raises(InvalidInputError):
        confirm_week(project, health=Health.WATCH, line="x" * 301, by=owner, now=NOW)


def test_the_meeting_reads_red_first_what_changed_and_counts_the_rest(owner):
    red, amber, quiet = (delivering(owner, title) for title in ("C red", "B amber", "A quiet"))
    for project, before in ((red, "on_track"), (amber, "watch"), (quiet, "on_track")):
        confirm_week(project, health=Health(before), line="Before", by=owner, now=NOW - WEEK)
    confirm_week(amber, health=Health.WATCH, line="Before that", by=owner, now=NOW - 2 * WEEK)
    RiskFactory(project=red, event="Hub down", state=RiskState.OCCURRED, occurred_at=NOW)
    ask(amber)

    context = page_of(owner, "weekly")

    assert [(row.project.title, row.health, row.still) for row in context["rows"]] == [
        ("C red", "danger", ""),
        ("B amber", "watch", "as before, week 3"),
    ]
    assert [row.project.title for row in context["quiet"]] == ["A quiet"]
    assert context["heading"] == "3 projects: 1 in danger, 1 to watch; 1 thing to decide"
    assert context["answer"] == "1 changed since last week. 1 is on track as before and is not read here."
    assert [ask.escalation.project for ask in context["asks"]] == [amber]


def test_a_week_gone_by_shows_what_was_told_then(owner):
    project = delivering(owner)
    confirm_week(project, health=Health.DANGER, line="No scanners", by=owner, now=NOW - WEEK)

    context = page_of(owner, "weekly", week="2026-11-18")

    assert [(row.health, row.line, row.is_draft) for row in context["rows"]] == [("danger", "No scanners", False)]
    assert (context["number"], context["asks"]) == (47, [])
    client = Client()
    client.force_login(owner)
    for strange in ("soon", "9999-12-31", "0001-01-01"):
        assert client.get(reverse("weekly"), {"week": strange}).status_code == HTTPStatus.BAD_REQUEST


def test_a_department_meets_with_all_its_parts(owner):
    delivering(owner, "Of a part")
    delivering(UserFactory(department=DepartmentFactory()), "Theirs")
    head = UserFactory(department=DepartmentFactory(name="Company"))
    owner.department.parent = head.department
    owner.department.save()

    context = page_of(head, "weekly")

    assert [row.project.title for row in [*context["rows"], *context["quiet"]]] == ["Of a part"]


def test_a_department_meets_its_own_projects_and_the_room_none_that_is_restricted(owner):
    delivering(owner, "Ours", is_restricted=True)
    delivering(UserFactory(department=DepartmentFactory()), "Theirs")

    def titles(user: User, **asked: str) -> list[str]:
        context = page_of(user, "weekly", **asked)
        return sorted(row.project.title for row in [*context["rows"], *context["quiet"]])

    stranger = UserFactory(department=owner.department)
    assert titles(owner) == ["Ours"]
    assert titles(owner, department="all") == ["Ours", "Theirs"]
    assert titles(owner, department="all", projector="1") == ["Theirs"]
    assert titles(stranger) == []


def test_what_stands_between_two_in_private_is_in_no_week(owner):
    project = delivering(owner)
    ask(project, counterpart=UserFactory(), answer_on=date(2026, 11, 27))

    context = page_of(owner, "weekly_report")
    assert "scan by phone" not in context["text"]
    assert context["rows"][0][0].health == "on_track"


@pytest.mark.parametrize("name", ["weekly", "weekly_report"])
def test_many_projects_cost_what_one_does(owner, name, django_assert_num_queries):
    client = Client()
    client.force_login(owner)
    site = delivering(owner, "0").site
    client.get(reverse(name))
    with django_assert_num_queries(15 if name == "weekly" else 14) as one:
        client.get(reverse(name))
    for n in range(1, 9):
        project = delivering(owner, str(n), site=site)
        ask(project)
        confirm_week(project, health=Health.WATCH, line="x", by=owner, now=NOW - DAY)
    with django_assert_num_queries(len(one) + 1):  # the options of the questions
        client.get(reverse(name))
