"""What else becomes of an approval, by the API."""

from __future__ import annotations

import pytest
import time_machine

from projects.enums import Stage
from projects.models import Document, Project
from tests.factories.accounts import UserFactory
from tests.factories.programs import Program
from tests.factories.projects import NOW, cast, draft, pending_step, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    return cast()


def test_assumptions_are_answered_by_their_keys(people):
    project = submitted(draft(people))
    lead, step = Program(people.lead), pending_step(project)
    path = f"/projects/{project.code}/approvals/{step.pk}"

    asked = lead.get(path)
    keys = [one["key"] for one in asked.json()["assumptions"]]
    assert keys[:3] == ["benefits-0-unit_benefit", "benefits-0-reach", "benefits-0-probability"]
    sent = {"decision": "approved", f"own-{keys[2]}": "10%", f"verdict-{keys[1]}": "doubted"}
    unknown = lead.post(f"{path}/decision", sent | {"own-benefits-9-reach": "1"}, if_match=asked["ETag"])
    assert list(unknown.json()["errors"]) == ["own-benefits-9-reach"]
    decided = lead.post(f"{path}/decision", sent, if_match=asked["ETag"])

    assert (decided.status_code, decided.json()["state"]) == (200, "approved"), decided.json()
    kept = {
        (one.key, one.verdict, None if one.own == "" else str(one.own))
        for one in pending_or_decided(project).answers.all()
    }
    assert {key for key, _verdict, _own in kept} == {keys[1], keys[2]}


def pending_or_decided(project):
    return project.submissions.get().steps.first()


@pytest.mark.parametrize(("answer", "stage"), [("accept", Stage.APPROVED), ("revise", Stage.DRAFT)])
def test_less_is_offered_and_answered_once_for_a_key(people, answer, stage):
    project = submitted(draft(people))
    path = f"/projects/{project.code}/approvals/{pending_step(project).pk}/less"
    sent = {"reason": "One hub first", "cap_1": "8"}

    assert Program(people.engineer).post(path, sent).status_code == 403
    assert list(Program(people.lead).post(path, sent | {"cap_1": "-8"}).json()["errors"]) == ["cap_1"]
    offered = [Program(people.lead).post(path, sent, idempotency_key="less") for _again in range(2)]
    assert [one.status_code for one in offered] == [200, 200], offered[0].json()
    assert offered[0].json() == offered[1].json()
    assert Program(people.lead).post(f"{path}/answer", {"answer": answer}).status_code == 403
    answered = Program(people.pm).post(f"{path}/answer", {"answer": answer})

    assert (answered.status_code, answered.json()["stage"]) == (200, stage), answered.json()


def test_work_begins_early_by_a_leads_word(people):
    project = submitted(draft(people))

    answers = [
        Program(who).post(f"/projects/{project.code}/early-start") for who in (people.pm, people.lead, people.lead)
    ]

    assert [answer.status_code for answer in answers][:2] == [403, 200]
    assert (answers[1].json()["allowed_by"]["id"], answers[2].status_code) == (people.lead.pk, 409)


def test_nothing_is_given_anew_while_the_approval_stands(people):
    project = submitted(draft(people))
    path, version = f"/projects/{project.code}/renewal", f'"{Project.objects.get(pk=project.pk).version}"'
    owner = Program(people.pm)

    assert owner.post(path, {"reason": "Late"}).status_code == 428
    assert owner.post(path, {"reason": "Late"}, if_match=version).status_code == 409
    assert (owner.delete(path).status_code, Program(people.lead).delete(path).status_code) == (409, 403)


def test_a_link_is_added_once_and_taken_away(people):
    project = draft(people)
    owner, path = Program(people.pm), f"/projects/{project.code}/documents"
    sent = {"url": "https://docs.example.com/count", "title": "Count", "kind": "data"}

    for url in ("javascript:alert(1)", "ftp://x", "", "https://"):
        assert list(owner.post(path, sent | {"url": url}).json()["errors"]) == ["url"]
    added = [owner.post(path, sent, idempotency_key="link").json()["items"] for _again in range(2)]
    assert (added[0], Document.objects.count()) == (added[1], 1)
    assert Program(UserFactory()).post(path, sent).status_code == 403
    (one,) = added[0]
    assert (one["title"], one["url"], one["added_by"]["id"]) == ("Count", sent["url"], people.pm.pk)
    assert owner.delete(f"{path}/{one['id']}").json()["items"] == []
    assert owner.delete(f"{path}/{one['id']}").status_code == 404


def test_a_draft_is_sounded_out_by_programs(people):
    project = draft(people, is_restricted=True)
    path, owner, reader = f"/projects/{project.code}/sounding", Program(people.pm), Program(people.engineer)

    assert reader.get(path).status_code == 404
    asked = owner.post(f"{path}/readers", {"person": people.engineer.pk})
    assert asked.status_code == 201, asked.json()
    said = reader.post(f"{path}/comments", {"text": "Which bags?", "step": "benefits"})
    (comment,) = said.json()["comments"]
    assert (comment["author"]["id"], comment["step"]) == (people.engineer.pk, "benefits")
    assert list(reader.post(f"{path}/comments", {"text": "?", "step": "lunch"}).json()["errors"]) == ["step"]
    assert reader.post(f"{path}/comments/{comment['id']}/answer", {"answer": "Mine"}).status_code == 403
    resolved = owner.post(f"{path}/comments/{comment['id']}/answer", {"answer": "All"}).json()["comments"][0]
    assert (resolved["answer"], resolved["resolved_at"] is not None) == ("All", True)
    assert owner.delete(f"{path}/readers/{asked.json()['readers'][0]['id']}").json()["readers"] == []
    assert reader.get(path).status_code == 404
