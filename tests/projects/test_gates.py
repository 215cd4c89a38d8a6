from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from metrics.models import Measurement
from portal.common.errors import Reason
from projects.gates import deferred_listed, has_approver, measured_after_launch, metric_pledged, pitch_complete
from projects.models import BenefitLine, DeferredItem, Project
from tests.factories.accounts import UserFactory
from tests.factories.metrics import MeasurementFactory
from tests.factories.projects import NOW, TODAY, ProjectFactory, cast, draft, in_delivery, launched, measured

pytestmark = pytest.mark.django_db


def read(reasons: Sequence[Reason]) -> list[tuple[str, str, str]]:
    return [(reason.code, str(reason.words), reason.url) for reason in reasons]


def codes(reasons: Sequence[Reason]) -> list[str]:
    return [reason.code for reason in reasons]


# --- The pitch --------------------------------------------------------------------------------------------------------


def test_complete_pitch_lacks_nothing():
    project = draft(cast())

    assert pitch_complete(project, project.owner, NOW) == []


def test_empty_pitch_is_told_everything_it_lacks_with_the_field_that_mends_it():
    project = ProjectFactory(title="")
    page = reverse("projects:pitch", args=[project.pk])

    assert read(pitch_complete(project, project.owner, NOW)) == [
        ("missing_title", "The title is empty", f"{page}#id_title"),
        ("missing_product", "No product is chosen", f"{page}#id_product"),
        ("missing_goal", "No goal is chosen", f"{page}#id_goal"),
        ("missing_problem", "Problem and approach are not written yet", f"{page}#id_problem"),
        ("missing_person_days", "The effort is not written yet", f"{page}#id_person_days"),
        ("missing_wanted_on", "The wanted date is missing", f"{page}#id_wanted_on"),
        ("missing_business_partner", "No business partner is named", f"{page}#id_business_partner"),
        (
            "unknown_drivers",
            "What is saved each time, how often a month, the probability are not known yet: with one of them the breakeven can be said",
            f"{page}#id_unit_benefit_amount",
        ),
    ]


@pytest.mark.parametrize("driver", ["unit_benefit_amount", "reach", "probability"])
def test_one_driver_may_be_unknown(driver):
    unknown: dict[str, Any] = {driver: None}
    project = draft(cast(), **unknown)

    assert pitch_complete(project, project.owner, NOW) == []


def test_two_unknown_drivers_leave_nothing_to_decide_on():
    project = draft(cast(), reach=None, probability=None)

    assert codes(pitch_complete(project, project.owner, NOW)) == ["unknown_drivers"]


def test_driver_of_zero_is_known():
    project = draft(cast(), reach=Decimal(0), probability=None)

    assert pitch_complete(project, project.owner, NOW) == []


def test_effort_of_zero_is_written():
    project = draft(cast(), person_days=Decimal(0))

    assert pitch_complete(project, project.owner, NOW) == []


@pytest.mark.parametrize("text", ["   ", "\n\n"])
def test_blank_text_is_not_written(text):
    project = draft(cast())
    Project.objects.update(problem=text)
    project.refresh_from_db()

    assert codes(pitch_complete(project, project.owner, NOW)) == ["missing_problem"]


def test_wanted_day_may_be_today_at_the_site():
    people = cast()
    # It is Tuesday 24 November in Shanghai, still Monday in UTC.
    late = datetime(2026, 11, 23, 17, tzinfo=UTC)

    past, today = draft(people, wanted_on=TODAY), draft(people, wanted_on=TODAY + timedelta(days=1))
    assert codes(pitch_complete(past, people.pm, late)) == ["wanted_date_past"]
    assert pitch_complete(today, people.pm, late) == []


def test_partner_or_goal_that_went_away_since_is_missing_again():
    project = draft(cast())
    project.business_partner = None
    project.save()

    assert codes(pitch_complete(project, project.owner, NOW)) == ["missing_business_partner"]


def test_words_are_those_of_the_readers_language():
    project = draft(cast(), problem="")
    (reason,) = pitch_complete(project, project.owner, NOW)

    with translation.override("en"):
        assert str(reason.words) == "Problem and approach are not written yet"


def test_somebody_above_must_be_there():
    people = cast()

    assert has_approver(draft(people), people.pm, NOW) == []
    assert read(has_approver(ProjectFactory(), None, NOW)) == [
        ("no_approver", "Nobody is named above you who could decide; an admin can enter your manager", "")
    ]


# --- Delivery ---------------------------------------------------------------------------------------------------------


def test_metric_is_agreed_before_the_start():
    people = cast()
    project = draft(people)

    assert read(metric_pledged(project, people.pm, NOW)) == [
        (
            "no_metric",
            "No metric with baseline and target is agreed",
            reverse("projects:metric", args=[project.pk]),
        )
    ]
    assert metric_pledged(in_delivery(project, people), people.pm, NOW) == []


def test_what_is_left_out_is_listed_or_none_is_confirmed():
    project = ProjectFactory(stage="in_delivery")
    page = reverse("projects:defer", args=[project.pk])
    unsaid = (
        "deferred_unsaid",
        "It is not said whether something is left out: list it, or confirm “none”",
        page,
    )
    assert read(deferred_listed(project, None, NOW)) == [unsaid]

    item = DeferredItem.objects.create(
        project=project,
        title="Old bags",
        owner=project.owner,
        due_on=date(2027, 3, 1),
        benefit_line=BenefitLine.objects.get(project=project),
        share=Decimal("0.1"),
        added_by=project.owner,
        added_at=NOW,
    )
    assert deferred_listed(project, None, NOW) == []

    item.settled_at = NOW
    item.save()
    assert read(deferred_listed(project, None, NOW)) == [unsaid]

    project.nothing_deferred_by = project.owner
    assert deferred_listed(project, None, NOW) == []


# --- Closing ----------------------------------------------------------------------------------------------------------


def test_number_of_the_launch_day_or_later_is_asked_for():
    people = cast()
    project = launched(draft(people), people)
    waiting = [("not_measured", "The number after launch is not in yet", reverse("projects:metric", args=[project.pk]))]
    assert read(measured_after_launch(project, None, NOW)) == waiting

    metric = project.pledge.metric
    MeasurementFactory(metric=metric, period_on=TODAY - timedelta(days=1))
    MeasurementFactory(metric=metric, period_on=TODAY, segment="Shanghai")
    MeasurementFactory(period_on=TODAY)
    assert read(measured_after_launch(project, None, NOW)) == waiting

    measured(project)
    assert measured_after_launch(project, None, NOW) == []
    assert Measurement.objects.filter(metric=metric, segment="").count() == 2


def test_what_pledged_nothing_or_was_not_launched_is_not_asked_for_a_number():
    assert measured_after_launch(ProjectFactory(stage="launched"), None, NOW) == []
    people = cast()
    assert measured_after_launch(in_delivery(draft(people), people), UserFactory(), NOW) == []
