"""Metrics and their figures. Rows; for a real history use the actions."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from metrics.enums import Direction
from metrics.models import Measurement, Metric
from portal.common.text import normalise
from tests.factories.accounts import UserFactory

RECORDED = datetime(2026, 11, 16, 2, tzinfo=UTC)


class MetricFactory(DjangoModelFactory):
    """Late complaints in 1,000 deliveries."""

    class Meta:
        model = Metric

    name = factory.Sequence(lambda n: f"Late complaints {n}")
    name_key = factory.LazyAttribute(lambda metric: normalise(metric.name))
    numerator_label = "complaints tagged late"
    denominator_label = "parcels signed for"
    scale = 1000
    direction = Direction.DOWN
    owner = factory.SubFactory(UserFactory)


class MeasurementFactory(DjangoModelFactory):
    """68 in 10,000: 6.8 in 1,000."""

    class Meta:
        model = Measurement

    metric = factory.SubFactory(MetricFactory)
    period_on = date(2026, 11, 16)
    numerator = Decimal("68.00")
    denominator = Decimal("10000.00")
    recorded_by = factory.SelfAttribute("metric.owner")
    recorded_at = RECORDED
