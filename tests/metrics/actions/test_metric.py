from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from metrics.actions.metric import define_metric
from metrics.enums import Direction
from metrics.models import Metric
from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from tests.factories.accounts import UserFactory
from tests.factories.metrics import RECORDED

pytestmark = pytest.mark.django_db

DEFINITION: dict[str, Any] = {
    "name": "Bags lost",
    "numerator_label": "bags not seen for 30 days",
    "denominator_label": "bags in use",
    "scale": 100,
    "direction": Direction.DOWN,
    "source": "Hub scans",
}


def define(**changes):
    by = changes.pop("by", None) or UserFactory(roles=[Role.PM])
    return define_metric(**(DEFINITION | changes), by=by, now=RECORDED)


def test_whoever_defines_a_metric_owns_it_and_the_record_says_how_it_is_reckoned():
    pm = UserFactory(roles=[Role.PM])

    metric = define(name="  Bags  lost ", by=pm)

    stored = Metric.objects.get()
    assert (stored, stored.name, stored.owner, stored.version) == (metric, "Bags lost", pm, 1)
    entry = AuditEntry.objects.get(verb="metric.defined")
    assert (entry.actor, entry.subject_id, entry.after) == (pm, metric.pk, DEFINITION | {"is_restricted": False})


@pytest.mark.parametrize("role", Role)
def test_every_trade_may_define(role):
    assert define(by=UserFactory(roles=[role])) == Metric.objects.get()


@pytest.mark.parametrize("person", [{}, {"roles": [Role.PM], "is_active": False}])
def test_who_has_no_role_or_left_may_not(person):
    with pytest.raises(PermissionDenied, match="Product managers, engineers, leads and administrators"):
        define(by=UserFactory(**person))

    assert list(Metric.objects.all()) == []


@pytest.mark.parametrize("name", ["Bags lost", "BAGS LOST", "Ｂags lost ", "bags  lost"])
def test_two_metrics_never_carry_the_same_name(name):
    define()

    with pytest.raises(InvalidInputError) as refused:
        define(name=name)

    assert list(refused.value.errors) == ["name"]
    assert Metric.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_names_that_differ_by_an_accent_are_two():
    define(name="Café rate")
    define(name="Cafe rate")

    assert list(Metric.objects.values_list("name", flat=True).order_by("pk")) == ["Café rate", "Cafe rate"]
