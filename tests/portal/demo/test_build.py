"""The demo: three quarters of a company, convincing and the same each time, only for an empty database."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import Count

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.demo.build import build
from portal.notifications.actions import deliver, sweep
from portal.notifications.models import Delivery, Obligation
from portal.process import PROCESS
from projects.enums import FollowUpState, OptionKind, Stage, StepState, SubmissionState, Tier
from projects.models import ApprovalStep, FollowUp, Goal, Option, Project, RateCard, Submission, WeeklyStatus
from projects.summaries import planned_and_actual
from retros.enums import RetroState
from retros.models import Note, Retro
from risks.enums import EscalationState, RiskState
from risks.models import AgreedEstimate, Escalation, Review, Risk

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


#: Whose retro is past its date.
OVERDUE = "lin.yue@demo.example"
#: Lives that the demo shows, and how many.
PEOPLE, PROJECTS = 12, 30


@pytest.fixture(scope="module")
def english(django_db_setup, django_db_blocker):
    """The demo, built once for those who only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        build(language="en", now=NOW)
        yield
        transaction.set_rollback(True)


def test_every_state_has_its_projects_and_every_role_its_people(english):
    stages = Counter(Project.objects.values_list("stage", flat=True))

    assert set(stages) == set(Stage.values)
    assert (sum(stages.values()), stages[Stage.CLOSED]) == (PROJECTS, 8)
    assert User.objects.filter(is_demo=True).count() == User.objects.count() == PEOPLE
    for role in Role:
        assert any(person.has_role(role) for person in User.objects.all()), role


def test_messages_are_numbered_as_they_came(english):
    came = list(Delivery.objects.order_by("pk").values_list("created_at", flat=True))

    assert came == sorted(came)


def test_history_reaches_back_three_quarters_and_its_goals_with_it(english):
    oldest = Project.objects.earliest("created_at")

    assert 8 < (NOW - oldest.created_at).days / 30 < 11
    assert oldest.goal.quarter < Project.objects.latest("created_at").goal.quarter
    assert Goal.objects.values("quarter").distinct().count() == 4
    assert not Project.objects.filter(
        stage=Stage.CLOSED, goal__carried_to=None, created_at__lt=NOW - timedelta(200)
    ).exists()


def test_what_was_promised_differs_from_what_came(english):
    """An estimate history without misses would convince nobody."""
    ratios = [
        figures.effort_actual / figures.effort_planned
        for project in Project.objects.filter(stage=Stage.CLOSED)
        if (figures := planned_and_actual(project)).effort_actual and figures.effort_planned
    ]

    assert len(ratios) == 8
    assert min(ratios) < 1 < max(ratios)


def test_the_standard_tier_is_told_in_every_state(english):
    """Options weighed, reviews met for by several engineers, questions, boards, weeks."""
    states = Escalation.objects.order_by("state").values_list("state", "level")

    assert list(states) == [
        ("agreed", 0),
        ("applied", 0),
        ("countered", 0),
        ("open", 0),
        ("waiting", 1),
        ("withdrawn", 0),
    ]
    assert [one.is_reported for one in Escalation.objects.filter(state=EscalationState.AGREED)] == [True]
    assert sorted(Retro.objects.filter(tier=Tier.STANDARD).values_list("state", flat=True)) == ["discussing", "held"]
    assert Note.objects.filter(vote_count__gt=0).count() == 8
    met = Review.objects.filter(meets_at__isnull=False, concluded_at__isnull=False).annotate(n=Count("invitations"))
    assert sorted(met.values_list("n", flat=True)) == [2, 2, 3]
    assert AgreedEstimate.objects.count() == 2
    assert Option.objects.filter(kind=OptionKind.LOW_COST).count() == 4
    assert WeeklyStatus.objects.values("project").distinct().count() == 5


LIVES = (
    (Project, "stage", Stage),
    (Submission, "state", SubmissionState),
    (ApprovalStep, "state", StepState),
    (Risk, "state", RiskState),
    (Escalation, "state", EscalationState),
    (Retro, "state", RetroState),
    (FollowUp, "state", FollowUpState),
)


@pytest.mark.parametrize(("model", "name", "states"), LIVES, ids=lambda one: getattr(one, "__name__", one))
def test_every_state_of_every_life_cycle_occurs(english, model, name, states):
    assert set(model.objects.values_list(name, flat=True)) == set(states.values)


def test_approvals_took_every_turn(english):
    """For less, void and renewed, withdrawn; documents frozen with pitches, rates kept."""
    less = Submission.objects.get(state=SubmissionState.FOR_LESS)
    assert less.project.grants.get(released_at=None).person_days == 10
    void = Submission.objects.get(state=SubmissionState.VOID)
    assert list(void.project.submissions.order_by("number").values_list("state", flat=True)) == ["void", "approved"]
    assert Submission.objects.filter(state=SubmissionState.WITHDRAWN).exists()
    linked = [one for one in Submission.objects.all() if one.read()["documents"]]
    assert len(linked) == 3
    assert RateCard.objects.count() == 4


def test_nothing_is_told_of_the_future(english):
    assert not AuditEntry.objects.filter(at__gt=NOW).exists()


def test_everything_that_is_owed_is_still_owed_by_somebody_who_works_here(english):
    assert Obligation.objects.open().count() > len(Stage)
    assert not Obligation.objects.open().filter(person__is_active=False).exists()
    assert [
        owed for owed in Obligation.objects.open() if not PROCESS.obligation_kinds[owed.kind].still_owed(owed)
    ] == []


def test_the_first_sweep_reminds_of_the_overdue_retro_and_of_no_news_of_long_ago(english):
    owner = User.objects.get(email=OVERDUE)

    with transaction.atomic():
        sweep(now=NOW)
        deliver(now=NOW)
        reminded = [f"{message.subject} {message.body}" for message in mail.outbox if message.to == [owner.email]]
        long_ago = Delivery.objects.filter(channel="mail", obligation=None, created_at__lt=NOW - timedelta(days=14))
        told = long_ago.filter(state="sent").count()
        transaction.set_rollback(True)

    assert [words for words in reminded if "Pick a time for the retro" in words] != []
    assert told == 0
