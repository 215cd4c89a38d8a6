"""Metrics by the API."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.metrics import MeasurementFactory, MetricFactory
from tests.factories.programs import Program

pytestmark = pytest.mark.django_db


def test_a_metric_is_read_with_its_formula_and_what_was_counted_by_segment_and_day():
    metric = MetricFactory()
    for day, segment in ((1, ""), (8, ""), (8, "north"), (15, "")):
        MeasurementFactory(metric=metric, period_on=date(2026, 11, day), segment=segment)
    program = Program(UserFactory())
    path = f"/metrics/{metric.pk}"

    (row,) = program.get("/metrics").json()["items"]
    shown = program.get(path).json()
    assert (row["id"], row["scale"], row["numerator_label"]) == (metric.pk, metric.scale, metric.numerator_label)
    assert shown["latest"]["period_on"] == "2026-11-15"

    first = program.get(f"{path}/measurements?page_size=3").json()
    rest = program.get(f"{path}/measurements?page_size=3&cursor={first['next']}").json()["items"]
    days = [(one["period_on"], one["segment"]) for one in [*first["items"], *rest]]
    assert days[0] == ("2026-11-15", "")
    assert sorted(days[1:]) == [("2026-11-01", ""), ("2026-11-08", ""), ("2026-11-08", "north")]
    north = program.get(f"{path}/measurements?segment=north&since=2026-11-02&until=2026-11-09").json()["items"]
    assert [one["segment"] for one in north] == ["north"]
    assert program.get(f"{path}/measurements?since=soon").json()["errors"].keys() == {"since"}


def test_a_restricted_metric_is_its_owners_alone():
    metric = MetricFactory(is_restricted=True)
    MeasurementFactory(metric=metric)

    for person, found in ((metric.owner, 200), (UserFactory(), 404)):
        program = Program(person)
        paths = (f"/metrics/{metric.pk}", f"/metrics/{metric.pk}/measurements")
        assert [program.get(path).status_code for path in paths] == [found, found]
        assert len(program.get("/metrics").json()["items"]) == (1 if found == 200 else 0)
