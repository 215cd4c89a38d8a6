from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from metrics.models import Measurement, Metric
from tests.factories.metrics import MeasurementFactory, MetricFactory


@pytest.mark.parametrize(
    ("value", "scale", "shown"),
    [
        (Decimal(68) / 10000, 1000, "6.8 in 1,000"),
        (Decimal(131) / 3000, 100, "4.37%"),
        (Decimal(430) / 3010, 100, "14.3%"),
        (Decimal(1), 100, "100%"),
        (Decimal(0), 1000, "0 in 1,000"),
        (Decimal("2.5"), 1, "2.5"),
        (Decimal("1234.5"), 1, "1,235"),
        (Decimal("0.0000001"), 1, "0.0000001"),
        (None, 100, "not known yet"),
    ],
)
def test_a_ratio_is_shown_in_its_scale(value, scale, shown):
    assert str(Metric(scale=scale).shown(value)) == shown


def test_a_measurement_is_its_numerator_over_its_denominator():
    measurement = Measurement(
        metric=Metric(scale=1000), period_on=date(2026, 11, 16), numerator=Decimal(68), denominator=Decimal(10000)
    )

    assert measurement.value == Decimal("0.0068")
    assert str(measurement.shown) == "6.8 in 1,000"


@pytest.mark.parametrize(("scale", "unit"), [(1, ""), (100, "%"), (1_000_000, "in 1,000,000")])
def test_the_unit_is_that_of_the_scale(scale, unit):
    with translation.override("en"):
        assert str(Metric(scale=scale).unit) == unit


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("metrics_metric", "scale = 0"),
        ("metrics_metric", "scale = 1000001"),
        ("metrics_metric", "direction = 'left'"),
        ("metrics_metric", f"name = '{'x' * 121}'"),
        ("metrics_measurement", "denominator = 0"),
        ("metrics_measurement", "numerator = -1"),
        ("metrics_measurement", f"segment = '{'x' * 81}'"),
    ],
)
def test_the_database_refuses_what_the_form_would(table, change):
    MeasurementFactory()

    with pytest.raises(Exception) as refused, transaction.atomic(), connection.cursor() as cursor:  # noqa: PT011 -- PostgreSQL says DataError of a long text
        cursor.execute(f"UPDATE {table} SET {change}")  # noqa: S608 -- constants of this test

    assert type(refused.value).__name__ in {"IntegrityError", "DataError"}


@pytest.mark.django_db
def test_one_row_for_a_day_and_a_segment():
    first = MeasurementFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        MeasurementFactory(metric=first.metric)


@pytest.mark.django_db
def test_latest_is_that_of_the_whole_by_its_day():
    metric = MetricFactory()
    MeasurementFactory(metric=metric, period_on=date(2026, 11, 9))
    latest = MeasurementFactory(metric=metric, period_on=date(2026, 11, 16))
    MeasurementFactory(metric=metric, period_on=date(2026, 11, 2))
    MeasurementFactory(metric=metric, period_on=date(2026, 11, 17), segment="North")
    unmeasured = MetricFactory()

    found = dict(Metric.objects.with_latest().values_list("pk", "latest_id"))

    assert found == {metric.pk: latest.pk, unmeasured.pk: None}
