from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from projects.actions.decision import decide
from projects.enums import CostKind, Stage, StepState, SubmissionState
from projects.models import Grant, Submission
from tests.factories.projects import (
    DAY,
    NOW,
    approved,
    cast,
    draft,
    due,
    end_of,
    owed,
    pending_step,
    submitted,
    told,
    verbs,
)

pytestmark = pytest.mark.django_db


def test_approval_grants_what_is_asked_for():
    people = cast()
    project = submitted(draft(people, material_amount=Decimal("1200.50"), material_label="Labels"))
    step = pending_step(project)

    decided_step = decide(step, StepState.APPROVED, by=people.lead, now=NOW + DAY, reason="Do it.")

    project.refresh_from_db()
    submission = Submission.objects.get()
    assert project.stage == Stage.APPROVED
    assert (submission.state, submission.decided_at) == (SubmissionState.APPROVED, NOW + DAY)
    assert (decided_step.state, decided_step.decided_by, decided_step.decided_at, decided_step.reason) == (
        StepState.APPROVED,
        people.lead,
        NOW + DAY,
        "Do it.",
    )
    grants = Grant.objects.filter(project=project, submission=submission)
    assert list(grants.values_list("kind", "person_days", "amount", "granted_by", "granted_at", "released_at")) == [
        (CostKind.PEOPLE, Decimal("10.00"), None, people.lead.pk, NOW + DAY, None),
        (CostKind.MATERIAL, None, Decimal("1200.50"), people.lead.pk, NOW + DAY, None),
    ]
    assert owed(project) == {("prepare", "Pia Manager")}
    # Ten working days after Tuesday 24 November.
    assert due("prepare") == end_of(date(2026, 12, 8))
    assert told(project) == [("approval_asked", "Lea Lead"), ("decided", "Pia Manager")]
    assert verbs(project)[-3:] == ["approval.approved", "resources.granted", "project.approve"]
    entry = AuditEntry.objects.get(verb="approval.approved")
    assert (entry.actor_id, entry.subject_id) == (people.lead.pk, step.pk)
    nothing_more = {"return_on": None, "conditions": "", "conditions_by": None}
    assert entry.after == {"submission": 1, "digest": submission.digest, "reason": "Do it."} | nothing_more
    assert AuditEntry.objects.get(verb="resources.granted").after == {"person_days": "10", "amount": "1200.5"}
    assert list(project.stage_changes.values_list("transition", "actor", "note")) == [
        ("submit", people.pm.pk, ""),
        ("approve", people.lead.pk, "Do it."),
    ]


def test_approver_may_grant_less():
    people = cast()
    project = submitted(draft(people, material_amount=Decimal(900)))

    approved(project, granted_days=Decimal("7.5"), granted_amount=Decimal(0))

    assert list(Grant.objects.values_list("kind", "person_days", "amount")) == [
        (CostKind.PEOPLE, Decimal("7.50"), None),
        (CostKind.MATERIAL, None, Decimal("0.00")),
    ]


def test_without_material_there_is_no_grant_of_money():
    project = approved(draft(cast()))

    assert list(project.grants.values_list("kind", "person_days")) == [(CostKind.PEOPLE, Decimal("10.00"))]


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        ({"granted_days": Decimal("10.01")}, "granted_days"),
        ({"granted_days": Decimal(-1)}, "granted_days"),
        ({"granted_days": Decimal("0.001")}, "granted_days"),
        ({"granted_days": Decimal("NaN")}, "granted_days"),
        ({"granted_days": Decimal("Infinity")}, "granted_days"),
        ({"granted_amount": Decimal("900.01")}, "granted_amount"),
        ({"granted_amount": Decimal("-0.01")}, "granted_amount"),
        ({"granted_amount": Decimal("sNaN")}, "granted_amount"),
    ],
)
def test_nobody_grants_more_than_is_asked_for(grant, field):
    people = cast()
    project = submitted(draft(people, material_amount=Decimal(900)))

    with pytest.raises(InvalidInputError) as refused:
        decide(pending_step(project), StepState.APPROVED, by=people.lead, now=NOW, **grant)

    assert list(refused.value.errors) == [field]
    project.refresh_from_db()
    assert (project.stage, Grant.objects.count()) == (Stage.SUBMITTED, 0)
