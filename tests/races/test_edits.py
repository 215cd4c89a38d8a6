from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from portal.accounts.actions.form_keys import once
from portal.common.errors import IllegalStateError, KeyReuseError, StaleObjectError
from projects.actions.actuals import record_actual
from projects.actions.change import change_launch_date
from projects.actions.follow_ups import change_follow_up, open_follow_up
from projects.actions.pitch import save_pitch, snapshot, start_pitch
from projects.actions.project import add_person
from projects.enums import FollowUpState, Part
from projects.models import Change, CostActual, Project, ProjectMember
from risks.actions.bulk import BulkChange, BulkRefusedError, change_risks
from risks.actions.review import Answer, assess, call_review
from risks.actions.risk import raise_risk
from risks.models import Assessment, Review, RiskTag
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, TODAY, Cast, approved, cast, draft, in_delivery
from tests.races.racing import RACES, ROUNDS, happened, one_won, outcome, race

pytestmark = RACES


@pytest.fixture
def people() -> Cast:
    return cast()


def test_two_edits_of_one_pitch(people):
    for _ in range(ROUNDS):
        project = draft(people)
        seen = project.version
        values: list[dict[str, Any]] = [{"reach": Decimal(6000)}, {"probability": Decimal("0.2")}, {"title": "Third"}]

        results = race(*[partial(save_pitch, project, given, version=seen, by=people.pm, now=NOW) for given in values])

        saved = one_won(results, StaleObjectError)
        (won,) = (given for given, result in zip(values, results, strict=True) if result is saved)
        kept = Project.objects.get(pk=project.pk)
        assert kept.version == seen + 1
        assert snapshot(kept) == snapshot(saved)
        assert {name: snapshot(kept)[name] for name in won} == won
        assert happened(project, "pitch.saved") == ["pitch.saved"] * 2


def test_two_changes_of_one_date(people):
    for _ in range(ROUNDS):
        project = in_delivery(draft(people), people)
        days = [date(2027, 2, 12), date(2027, 2, 19)]

        results = race(
            *[
                partial(
                    change_launch_date,
                    project,
                    launch_on=day,
                    reason="Late.",
                    version=project.version,
                    by=people.pm,
                    now=NOW,
                )
                for day in days
            ]
        )

        change = one_won(results, StaleObjectError)
        assert Change.objects.get(project=project) == change
        assert Project.objects.get(pk=project.pk).planned_launch_on == date.fromisoformat(change.after)


def test_a_form_sent_twice_begins_one_pitch(people):
    for number in range(ROUNDS):
        payload = {"title": f"Bags {number}"}

        def begin(payload=payload):
            project = start_pitch(payload["title"], by=people.pm, now=NOW)
            return reverse("project", args=[project.pk])

        def send(number=number, payload=payload, begin=begin):
            return once(people.pm, f"key-{number}", payload, begin)

        results = race(send, send, send)

        project = Project.objects.get(title=f"Bags {number}")
        assert results == [project.get_absolute_url()] * 3
        assert happened(project, "project.begun") == ["project.begun"]


def test_a_form_sent_twice_with_other_words_begins_one_of_them(people):
    for number in range(ROUNDS):

        def send(title, number=number):
            return once(
                people.pm,
                f"key-{number}",
                {"title": title},
                lambda: start_pitch(title, by=people.pm, now=NOW).get_absolute_url(),
            )

        titles = [f"Bags {number}", f"Boxes {number}"]
        results = race(*[partial(send, title) for title in titles])

        one_won(results, KeyReuseError)
        assert Project.objects.filter(title__in=titles).count() == 1


def test_a_part_is_given_once(people):
    project = draft(people)
    for _ in range(ROUNDS):
        person = UserFactory()

        results = race(
            *[partial(add_person, project, person, Part.MEMBER, by=people.pm, now=NOW) for _thread in range(5)]
        )

        assert results == [ProjectMember.objects.get(person=person)] * 5
    assert happened(project, "project.person_added") == ["project.person_added"] * ROUNDS


def test_figure_of_a_day_written_twice_is_one_figure(people):
    for _ in range(ROUNDS):
        project = in_delivery(draft(people), people)
        line = project.cost_lines.get()

        results = race(
            *[
                partial(record_actual, line, as_of=TODAY, person_days=Decimal(days), amount=None, by=people.pm, now=NOW)
                for days in (2, 3)
            ]
        )

        assert outcome(results) == [None, None]
        assert CostActual.objects.get(cost_line=line).person_days in {2, 3}


def test_a_follow_up_is_closed_one_way(people):
    for _ in range(ROUNDS):
        follow_up = open_follow_up(
            draft(people), title="Count", owner=people.pm, due_on=TODAY, origin="retro", by=people.pm, now=NOW
        )

        results = race(
            *[
                partial(change_follow_up, follow_up, state, note="So.", by=people.pm, now=NOW)
                for state in (FollowUpState.DROPPED, FollowUpState.DONE)
            ]
        )

        winner = one_won(results, IllegalStateError)
        follow_up.refresh_from_db()
        assert follow_up.state == winner.state


def test_a_review_is_called_once_and_a_card_answered_once(people):
    for _ in range(ROUNDS):
        project = approved(draft(people))
        risk = raise_risk(project, event="Rain", by=people.pm, now=NOW)
        raise_risk(project, event="Snow", by=people.pm, now=NOW)

        called = race(*[partial(call_review, project, [people.engineer], by=people.pm, now=NOW)] * 2)
        review = one_won(called, IllegalStateError)
        invitation = review.invitations.get()
        figures = Answer(probability=Decimal("0.1"), impact_days=Decimal(3))
        answered = race(*[partial(assess, invitation, risk, figures, by=people.engineer, now=NOW)] * 2)

        one_won(answered, IllegalStateError)
        assert (Review.objects.filter(project=project).count(), Assessment.objects.filter(risk=risk).count()) == (1, 1)
        assert happened(project, "review.called", "risk.assessed") == ["review.called", "risk.assessed"]


def test_two_bulk_changes_in_opposite_order_both_end(people):
    for _ in range(ROUNDS):
        risks = [raise_risk(in_delivery(draft(people), people), event="Rain", by=people.pm, now=NOW) for _ in range(2)]
        versions = {risk.pk: risk.version for risk in risks}
        change = partial(change_risks, change=BulkChange(add_tags=["rain"]), versions=versions, by=people.pm, now=NOW)

        results = race(partial(change, risks), partial(change, risks[::-1]))

        # The second finds it as he wants it, or changed since he saw it; neither waits for the other for ever.
        assert set(outcome(results)) <= {None, BulkRefusedError}
        assert None in outcome(results)
        assert set(RiskTag.objects.filter(risk__in=risks).values_list("risk", flat=True)) == {risk.pk for risk in risks}
