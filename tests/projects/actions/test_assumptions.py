"""What an approver thinks of the assumptions is kept with his decision."""

from decimal import Decimal

import pytest

from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from projects.actions.assumptions import Answer
from projects.actions.decision import decide
from projects.actions.replacement import replace_decision
from projects.enums import Basis, StepState
from projects.models import AssumptionAnswer, Submission
from tests.factories.projects import NOW, cast, draft, pending_step, submitted

pytestmark = pytest.mark.django_db

PROBABILITY = "benefits-0-probability"


def kept():
    return list(AssumptionAnswer.objects.values_list("key", "verdict", "figure"))


def test_what_is_accepted_doubted_and_replaced_is_kept_and_recorded():
    people = cast()
    step = pending_step(submitted(draft(people)))
    frozen = Submission.objects.get().digest
    answers = [
        Answer("costs-0-person_days", figure=Decimal("12.50")),
        Answer("benefits-0-unit_benefit"),
        Answer("benefits-0-reach", is_doubted=True),
        # The pitch's own figure is no other one.
        Answer("benefits-0-probability", figure=Decimal("0.150000")),
    ]

    decide(step, StepState.APPROVED, by=people.lead, now=NOW, answers=answers)

    assert kept() == [
        ("benefits-0-unit_benefit", "accepted", ""),
        ("benefits-0-reach", "doubted", ""),
        ("benefits-0-probability", "accepted", ""),
        ("costs-0-person_days", "doubted", "12.5"),
    ]
    entry = AuditEntry.objects.get(verb="approval.approved")
    assert entry.after is not None
    assert entry.after["assumptions"] == {
        "accepted": 2,
        "doubted": {"benefits-0-reach": "", "costs-0-person_days": "12.5"},
    }
    assert Submission.objects.get().digest == frozen


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("benefits-1-reach"), "The pitch has no such assumption."),
        (Answer("nonsense", figure=Decimal(1)), "The pitch has no such assumption."),
        (Answer("benefits-0-probability", figure=Decimal("1.5")), "This figure cannot be used here."),
        (Answer("benefits-0-reach", figure=Decimal("NaN")), "This figure cannot be used here."),
    ],
)
def test_an_answer_that_cannot_be_used_decides_nothing(answer, words):
    people = cast()
    step = pending_step(submitted(draft(people)))

    with pytest.raises(InvalidInputError) as refused:
        decide(step, StepState.DECLINED, by=people.lead, now=NOW, reason="No.", answers=[answer])

    assert {name: str(text) for name, text in refused.value.errors.items()} == {f"own-{answer.key}": words}
    step.refresh_from_db()
    assert (step.state, kept()) == (StepState.PENDING, [])


def refused_at(step, answers, decision=StepState.APPROVED):
    with pytest.raises(InvalidInputError) as refused:
        decide(step, decision, by=step.approver, now=NOW, answers=answers)
    return {name: str(words) for name, words in refused.value.errors.items()}


NOT_ACCEPTED = {
    f"own-{PROBABILITY}": "More than half of the benefit rests on judgement: accept this, or write your own figure."
}


@pytest.mark.parametrize("answers", [[], [Answer(PROBABILITY, is_doubted=True)], [Answer("benefits-0-reach")]])
def test_a_yes_to_judgement_alone_is_refused_until_it_is_accepted_or_replaced(answers):
    step = pending_step(submitted(draft(cast(), basis=Basis.JUDGEMENT)))

    assert refused_at(step, answers) == NOT_ACCEPTED
    assert kept() == []


@pytest.mark.parametrize("answer", [Answer(PROBABILITY), Answer(PROBABILITY, is_doubted=True, figure=Decimal("0.05"))])
def test_accepted_or_replaced_judgement_is_approved(answer):
    step = pending_step(submitted(draft(cast(), basis=Basis.JUDGEMENT)))

    assert decide(step, StepState.APPROVED, by=step.approver, now=NOW, answers=[answer]).state == StepState.APPROVED


def test_any_other_answer_needs_no_word_about_it():
    step = pending_step(submitted(draft(cast(), basis=Basis.JUDGEMENT)))

    assert decide(step, StepState.DECLINED, by=step.approver, now=NOW, reason="No.").state == StepState.DECLINED


def test_a_replaced_yes_needs_it_too():
    step = pending_step(submitted(draft(cast(), basis=Basis.JUDGEMENT, crosses_departments=True)))
    decide(step, StepState.APPROVED, by=step.approver, now=NOW, answers=[Answer(PROBABILITY)])
    step.refresh_from_db()

    with pytest.raises(InvalidInputError):
        replace_decision(step, StepState.APPROVED, version=step.version, by=step.approver, now=NOW)

    assert kept() == [(PROBABILITY, "accepted", "")]
