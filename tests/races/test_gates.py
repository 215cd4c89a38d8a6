"""A gate that is being passed, against what would have shut it: whichever comes second sees the first."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from portal.common.errors import GateError, IllegalStateError
from projects.actions.deferred import defer_scope, settle_deferred
from projects.actions.pledge import measure, pledge_metric
from projects.actions.stage import move
from projects.enums import Stage
from projects.lifecycle import InvalidTransitionError, Transition
from projects.models import DeferredItem, Project
from retros.actions.answer import answer
from retros.actions.outcome import add_lesson
from retros.actions.retro import hold
from retros.models import Retro
from risks.actions.agreement import decide
from risks.actions.escalation import Way, escalate, move_up
from risks.actions.risk import edit_risk, raise_risk
from risks.models import Escalation, Risk
from tests.factories.metrics import MetricFactory
from tests.factories.projects import NOW, TODAY, Cast, cast, draft, in_delivery, launched, prepared
from tests.races.racing import RACES, ROUNDS, happened, one_won, outcome, race

pytestmark = RACES


@pytest.fixture
def people() -> Cast:
    return cast()


def left_out(project: Project, people: Cast) -> DeferredItem:
    return defer_scope(
        project,
        title="Old bags",
        owner=people.engineer,
        due_on=date(2027, 3, 1),
        benefit_line=project.benefit_lines.get(),
        share=Decimal("0.28"),
        by=people.pm,
        now=NOW,
    )


def asked(project: Project, people: Cast) -> Escalation:
    return escalate(
        project,
        question="May the old bags wait?",
        proposal=Way("Bring them in spring"),
        decider=people.lead,
        answer_on=date(2026, 11, 25),
        by=people.pm,
        now=NOW,
    )


def step(project: Project, transition: Transition, **values: Any) -> Project:
    return move(project, transition, by=project.owner, now=NOW, **values)


def test_a_project_is_launched_once(people):
    for _ in range(ROUNDS):
        project = in_delivery(draft(people), people)
        left_out(project, people)

        results = race(*[partial(step, project, Transition.LAUNCH)] * 3)

        assert one_won(results, InvalidTransitionError).stage == Stage.LAUNCHED
        assert happened(project, "project.launch", "retro.owed") == ["project.launch", "retro.owed"]
        assert Retro.objects.filter(project=project).count() == 1
        assert project.stage_changes.filter(transition="launch").count() == 1


def test_delivery_is_started_once(people):
    for _ in range(ROUNDS):
        project = prepared(draft(people), people)

        results = race(*[partial(step, project, Transition.START)] * 2)

        assert one_won(results, InvalidTransitionError).stage == Stage.IN_DELIVERY
        assert happened(project, "project.start") == ["project.start"]


def test_scope_left_out_while_it_is_launched(people):
    for _ in range(ROUNDS):
        project = in_delivery(draft(people), people)
        project.nothing_deferred_by = people.pm
        project.save()

        results = race(
            partial(step, project, Transition.LAUNCH),
            partial(left_out, project, people),
        )

        # Launched first, nothing more can be left out; left out first, it is launched with it.
        project.refresh_from_db()
        assert project.stage == Stage.LAUNCHED
        assert (
            outcome(results),
            happened(project, "project.launch", "scope.deferred"),
            project.deferred_items.count(),
            project.nothing_deferred_by,
        ) in [
            ([None, IllegalStateError], ["project.launch"], 0, people.pm),
            ([None, None], ["scope.deferred", "project.launch"], 1, None),
        ]


def test_question_put_while_it_is_launched(people):
    for _ in range(ROUNDS):
        project = in_delivery(draft(people), people)
        left_out(project, people)

        results = race(
            partial(step, project, Transition.LAUNCH),
            partial(asked, project, people),
        )

        # Launched first, the question is one of a launched project; put first, it holds the launch.
        project.refresh_from_db()
        assert (outcome(results), happened(project, "project.launch", "escalation.asked"), project.stage) in [
            ([None, None], ["project.launch", "escalation.asked"], Stage.LAUNCHED),
            ([GateError, None], ["escalation.asked"], Stage.IN_DELIVERY),
        ]


def test_question_is_answered_once_by_the_decider_or_moves_up(people):
    after = NOW + 4 * timedelta(days=1)
    for _ in range(ROUNDS):
        escalation = asked(in_delivery(draft(people), people), people)
        option = escalation.options.get(kind="nothing")

        results = race(
            partial(decide, escalation, option, by=people.lead, now=after),
            partial(move_up, escalation, now=after),
            partial(move_up, escalation, now=after),
        )

        escalation.refresh_from_db()
        moved = [result for result in results[1:] if result is True]
        assert (escalation.state, escalation.level, len(moved), isinstance(results[0], Exception)) in [
            ("applied", 0, 0, False),
            ("waiting", 1, 1, True),
        ]


def test_last_listed_scope_settled_while_it_is_launched(people):
    for _ in range(ROUNDS):
        project = in_delivery(draft(people), people)
        item = left_out(project, people)

        results = race(
            partial(step, project, Transition.LAUNCH),
            partial(settle_deferred, item, by=people.engineer, now=NOW),
        )

        project.refresh_from_db()
        assert (outcome(results), happened(project, "project.launch", "scope.settled"), project.stage) in [
            ([None, None], ["project.launch", "scope.settled"], Stage.LAUNCHED),
            ([GateError, None], ["scope.settled"], Stage.IN_DELIVERY),
        ]


def test_risk_raised_while_delivery_is_started(people):
    for _ in range(ROUNDS):
        project = prepared(draft(people), people)
        raised_before = Risk.objects.filter(project=project).count()

        results = race(
            partial(step, project, Transition.START),
            partial(raise_risk, project, event="Rain", by=people.engineer, now=NOW),
        )

        project.refresh_from_db()
        order = happened(project, "project.start", "risk.raised")[raised_before:]
        assert (outcome(results), order, project.stage) in [
            ([None, None], ["project.start", "risk.raised"], Stage.IN_DELIVERY),
            ([GateError, None], ["risk.raised"], Stage.APPROVED),
        ]


def test_risk_valued_above_the_line_while_delivery_is_started(people):
    for _ in range(ROUNDS):
        project = prepared(draft(people), people)
        risk = Risk.objects.get(project=project)
        values = {"impact_amount": Decimal(9_000_000)}

        results = race(
            partial(step, project, Transition.START),
            partial(edit_risk, risk, values, version=risk.version, by=people.pm, now=NOW),
        )

        project.refresh_from_db()
        order = happened(project, "project.start", "risk.edited")[1:]
        assert (outcome(results), order, project.stage) in [
            ([None, None], ["project.start", "risk.edited"], Stage.IN_DELIVERY),
            ([GateError, None], ["risk.edited"], Stage.APPROVED),
        ]


def test_metric_changed_while_delivery_is_started(people):
    for _ in range(ROUNDS):
        project = prepared(draft(people), people)
        other = MetricFactory()
        figures = {"baseline_numerator": Decimal(1), "baseline_denominator": Decimal(2), "target": Decimal(0)}

        results = race(
            partial(step, project, Transition.START),
            partial(pledge_metric, project, other, **figures, by=people.pm, now=NOW),
        )

        pledge = Project.objects.get(pk=project.pk).pledge
        assert pledge.locked_at == NOW
        assert (outcome(results), pledge.metric == other) in [
            ([None, IllegalStateError], False),
            ([None, None], True),
        ]


def test_cancelled_while_it_is_launched(people):
    for _ in range(ROUNDS):
        project = in_delivery(draft(people), people)
        left_out(project, people)

        results = race(
            partial(step, project, Transition.LAUNCH),
            partial(step, project, Transition.CANCEL, note="Bought."),
        )

        winner = one_won(results, InvalidTransitionError)
        assert happened(project, "project.launch", "project.cancel") in [["project.launch"], ["project.cancel"]]
        assert Project.objects.get(pk=project.pk).stage == winner.stage
        assert Retro.objects.filter(project=project).count() == 1


def test_last_two_conditions_of_closing_at_once(people):
    for _ in range(ROUNDS):
        project = launched(draft(people), people)
        retro = Retro.objects.get(project=project)
        answer(retro, went_well="All", was_hard="None", do_next="More", by=people.pm, now=NOW)
        add_lesson(retro, text="Count before you buy", by=people.pm, now=NOW)
        pledge = project.pledge

        results = race(
            partial(
                measure,
                pledge,
                period_on=TODAY,
                numerator=Decimal(1),
                denominator=Decimal(9),
                by=people.partner,
                now=NOW,
            ),
            partial(hold, retro, nothing_to_do=True, by=people.pm, now=NOW),
        )

        assert outcome(results) == [None, None]
        assert Project.objects.get(pk=project.pk).stage == Stage.CLOSED
        assert happened(project, "project.close") == ["project.close"]
