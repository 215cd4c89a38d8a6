import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from metrics.actions.measurement import record
from metrics.models import Measurement
from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from tests.factories.metrics import RECORDED, MetricFactory

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 16)


def keep(metric, **changes):
    figures: dict[str, Any] = {"period_on": DAY, "numerator": Decimal(68), "denominator": Decimal(10000)} | changes
    return record(metric, **figures, by=metric.owner, now=RECORDED)


def test_a_figure_is_kept_exactly():
    metric = MetricFactory()

    made = keep(metric, numerator=Decimal("0.01"), denominator=Decimal("999999999999.99"), segment=" North ")

    stored = Measurement.objects.get()
    assert stored == made
    assert (stored.numerator, stored.denominator) == (Decimal("0.01"), Decimal("999999999999.99"))
    assert (stored.segment, stored.period_on, stored.recorded_by) == ("North", DAY, metric.owner)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject_id) == ("measurement.recorded", stored.pk)


def test_the_same_figures_again_change_nothing():
    metric = MetricFactory()
    first = keep(metric)

    again = keep(metric, numerator=Decimal("68.00"))

    assert again == first
    assert Measurement.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_other_figures_correct_the_row_and_the_record_keeps_both():
    metric = MetricFactory()
    first = keep(metric)

    corrected = keep(metric, numerator=Decimal(70))

    stored = Measurement.objects.get()
    assert stored == first == corrected
    assert (stored.numerator, stored.denominator) == (Decimal("70.00"), Decimal("10000.00"))
    entry = AuditEntry.objects.get(verb="measurement.corrected")
    assert entry.before == {"numerator": "68.00", "denominator": "10000.00"}
    assert entry.after == {"numerator": "70.00", "denominator": "10000.00"}


def test_days_and_segments_stand_apart():
    metric = MetricFactory()

    keep(metric)
    keep(metric, segment="North")
    keep(metric, period_on=DAY - timedelta(days=7))
    keep(MetricFactory())

    assert Measurement.objects.count() == 4


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"denominator": Decimal(0)}, "denominator"),
        ({"denominator": Decimal(-1)}, "denominator"),
        ({"numerator": Decimal("-0.01")}, "numerator"),
        ({"numerator": Decimal("0.001")}, "numerator"),
        ({"numerator": Decimal("NaN")}, "numerator"),
        ({"numerator": Decimal("sNaN")}, "numerator"),
        ({"denominator": Decimal("Infinity")}, "denominator"),
        ({"denominator": Decimal("1e400")}, "denominator"),
        ({"numerator": Decimal("1e-400")}, "numerator"),
        ({"denominator": Decimal(10**12)}, "denominator"),
        ({"period_on": date(2026, 11, 17)}, "period_on"),
        ({"period_on": date(9999, 12, 31)}, "period_on"),
        ({"period_on": date(1, 1, 1)}, "period_on"),
        ({"segment": "x" * 81}, "segment"),
    ],
)
def test_a_figure_that_cannot_be_kept_is_refused_beside_its_field(changes, field):
    metric = MetricFactory()

    with pytest.raises(InvalidInputError) as refused:
        keep(metric, **changes)

    assert list(refused.value.errors) == [field]
    assert Measurement.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_a_day_that_has_begun_somewhere_is_not_the_future():
    # 14:00 in UTC: in Shanghai it is still the 16th, on the islands where the day begins it is the 17th.
    made = record(
        MetricFactory(),
        period_on=date(2026, 11, 17),
        numerator=Decimal(1),
        denominator=Decimal(2),
        by=MetricFactory().owner,
        now=RECORDED.replace(hour=14),
    )

    assert made.period_on == date(2026, 11, 17)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_first_figures_of_one_day_leave_one_row():
    metric = MetricFactory()
    barrier, failures = threading.Barrier(2), []

    def write(numerator):
        try:
            barrier.wait()
            keep(metric, numerator=Decimal(numerator))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test must see it
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(figure,)) for figure in (68, 70)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Measurement.objects.count() == 1
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["measurement.recorded", "measurement.corrected"]
