"""Who stands in for an approver decides for him: only what waits, only meanwhile, and the record says for whom."""

from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.actions.delegation import delegate, end_delegation
from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.desk.activity import moments_of
from portal.notifications.summaries import on_desk_of, tasks_for
from projects.actions.decision import decide
from projects.enums import Stage, StepState
from projects.models import Project
from projects.permissions import can_decide
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, TODAY, cast, draft, pending_step, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def mate(people):
    """Stands in for the lead for a week."""
    mate = UserFactory(name="May Mate", site=people.site, roles=[Role.PM])
    stand_in(people.lead, mate)
    return mate


def stand_in(person, mate):
    return delegate(
        person, mate, starts_on=TODAY, ends_on=TODAY + timedelta(days=6), reason="Leave", by=person, now=NOW
    )


def test_the_stand_in_decides_and_every_row_says_for_whom(people, mate):
    project = submitted(draft(people))
    step = pending_step(project)

    decide(step, StepState.APPROVED, by=mate, now=NOW)

    project.refresh_from_db()
    step.refresh_from_db()
    assert (project.stage, step.decided_by, step.approver) == (Stage.APPROVED, mate, people.lead)
    rows = AuditEntry.objects.filter(actor=mate, project_id=project.pk)
    assert {row.on_behalf_of for row in rows} == {people.lead}
    assert "project.approve" in {row.verb for row in rows}
    words = [str(moment.words) for moment in moments_of(project.pk, most=9)[0]]
    assert "May Mate for Lea Lead approved the project" in words


def test_the_approver_himself_decides_for_nobody(people, mate):
    project = submitted(draft(people))

    decide(pending_step(project), StepState.APPROVED, by=people.lead, now=NOW)

    assert not AuditEntry.objects.exclude(on_behalf_of=None).exists()


def test_a_restricted_project_shows_to_him_as_long_as_it_waits(client, people, mate):
    project = draft(people, is_restricted=True)
    url = reverse("project", args=[project.pk])
    client.force_login(mate)
    assert client.get(url).status_code == HTTPStatus.NOT_FOUND

    step = pending_step(submitted(project))
    assert client.get(url).status_code == HTTPStatus.OK
    page = client.get(step.get_absolute_url())
    assert "You decide for Lea Lead; the record says so." in page.content.decode()

    answer = client.post(step.get_absolute_url(), {"decision": "approved"})
    assert answer["Location"] == reverse("projects:approvals")
    assert client.get(answer["Location"]).status_code == HTTPStatus.OK
    assert client.get(url).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("over", ["ended", "later"])
def test_right_and_sight_end_with_it(people, over):
    mate = UserFactory(roles=[Role.PM])
    row = stand_in(people.lead, mate)
    step = pending_step(submitted(draft(people, is_restricted=True)))
    project = Project.objects.get()
    assert can_decide(mate, step)
    assert list(Project.objects.visible_to(mate)) == [project]
    if over == "ended":
        end_delegation(row, by=people.lead, now=NOW)
    with time_machine.travel(NOW + timedelta(days=7 if over == "later" else 0), tick=False):
        assert not can_decide(mate, step)
        assert list(Project.objects.visible_to(mate)) == []
        with pytest.raises(PermissionDenied):
            decide(step, StepState.APPROVED, by=mate, now=NOW)


def test_it_stands_on_both_desks_and_among_his_decisions(client, people, mate):
    project = submitted(draft(people))

    (task,) = tasks_for(mate, NOW)
    assert task.task.detail.startswith("for Lea Lead · ")
    assert on_desk_of(people.lead, NOW).count() == on_desk_of(mate, NOW).count() == 1
    client.force_login(mate)
    html = client.get(reverse("projects:approvals")).content.decode()
    assert "1 pitch waits for your decision" in html
    assert "for Lea Lead" in html
    assert project.title in html


def test_nobody_decides_on_his_own_pitch_for_another(client, people):
    stand_in(people.lead, people.pm)
    step = pending_step(submitted(draft(people)))

    assert not can_decide(people.pm, step)
    assert not on_desk_of(people.pm, NOW).filter(kind="approval").exists()
    client.force_login(people.pm)
    assert "No pitch waits for your decision" in client.get(reverse("projects:approvals")).content.decode()


def test_he_hears_of_what_is_asked_meanwhile(people, mate):
    submitted(draft(people))

    told = mate.deliveries.filter(event="approval_asked")
    assert told.exists()
