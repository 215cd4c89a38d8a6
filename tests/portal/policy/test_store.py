from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError, StaleObjectError
from portal.common.once import read_once
from portal.policy.models import PolicyValue
from portal.policy.store import Percent, Setting, change, current, parsed, shown, value
from tests.factories.accounts import AdminFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def setting(default, **bounds):
    return Setting(key="test.key", default=default, label="Label", help="Help", group="test", **bounds)


DAYS = setting(15, minimum=1, maximum=90)
EVERY_KIND = [
    (DAYS, 20, "20"),
    (setting(Decimal("1600.00"), minimum=Decimal(0)), Decimal("0.01"), "0.01"),
    (setting(Percent("0.08"), minimum=0, maximum=1), Percent("0.125"), "12.5 %"),
    (setting(default=True), False, "False"),
    (setting("weekly", maximum=10), "daily", "daily"),
    (setting((-2, 0, 1, 3), minimum=-30, maximum=90), (-5, 0), "-5, 0"),
]


@pytest.mark.parametrize(("of", "new", "text"), EVERY_KIND)
def test_every_kind_is_stored_and_read_back_as_itself(of, new, text):
    assert value(of) == of.default

    change(of, new, by=None, now=NOW)

    assert (value(of), type(value(of))) == (new, type(of.default))
    assert shown(of, new) == text
    assert parsed(of, text) == new


@pytest.mark.parametrize(
    ("of", "text", "new"),
    [
        (setting(Percent("0.08"), minimum=0, maximum=1), "15%", Percent("0.15")),
        (setting(Percent("0.08"), minimum=0, maximum=1), "0.15", Percent("0.15")),
        (setting((0,)), "-2、0; 3", (-2, 0, 3)),
        (setting((0,)), "", ()),
        (setting(default=True), "on", True),
        (setting(default=True), "", False),
        (DAYS, " 7 ", 7),
    ],
)
def test_what_people_type_is_read(of, text, new):
    assert parsed(of, text) == new


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (DAYS, "0"),
        (DAYS, "91"),
        (DAYS, "1.5"),
        (DAYS, "many"),
        (DAYS, "9" * 5000),
        (DAYS, "٣"),
        (setting(Decimal(1), minimum=0, maximum=10), "NaN"),
        (setting(Decimal(1), minimum=0, maximum=10), "Infinity"),
        (setting(Decimal(1), minimum=0, maximum=10), "1e400"),
        (setting(Decimal(1)), "1" * 41),
        (setting(Percent("0.08"), minimum=0, maximum=1), "101%"),
        (setting(Percent("0.08"), minimum=0, maximum=1), "-1%"),
        (setting("weekly", maximum=10), "x" * 11),
        (setting("weekly", choices=(("weekly", "Weekly"), ("daily", "Daily"))), "hourly"),
        (setting((0,), minimum=-30, maximum=90), "0, 91"),
        (setting((0,)), "0, x"),
        (setting(default=True), "perhaps"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_write(of, text):
    with pytest.raises(InvalidInputError) as refusal:
        parsed(of, text)
    assert set(refusal.value.errors) == {"value"}


@pytest.mark.parametrize("new", [True, Decimal(5), "5", None, 1.5, (5,)])
def test_a_value_of_another_type_is_refused(new):
    with pytest.raises(InvalidInputError):
        change(DAYS, new, by=None, now=NOW)
    assert (PolicyValue.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize("raw", ["twenty", "20", True, [1], {"a": 1}, 0, 91, 1.5])
def test_a_stored_value_that_no_longer_fits_counts_as_the_default_and_is_warned_of(raw, caplog):
    PolicyValue.objects.create(key=DAYS.key, value=raw, changed_at=NOW)
    assert value(DAYS) == 15
    assert "test.key" in caplog.text


def test_a_setting_of_a_type_that_none_has_is_a_mistake():
    of_float = setting(1.5)
    with pytest.raises(TypeError):
        change(of_float, 2.5, by=None, now=NOW)


def test_changes_are_the_administrators_and_audited():
    admin = AdminFactory()
    change(DAYS, 20, by=admin, now=NOW)
    change(DAYS, 25, by=admin, now=NOW)

    row = PolicyValue.objects.get()
    assert (row.value, row.changed_by, row.changed_at, row.version) == (25, admin, NOW, 2)
    assert [(e.verb, e.actor, e.before, e.after) for e in AuditEntry.objects.all()] == [
        ("policy.changed", admin, {"test.key": 15}, {"test.key": 20}),
        ("policy.changed", admin, {"test.key": 20}, {"test.key": 25}),
    ]
    with pytest.raises(PermissionDenied):
        change(DAYS, 30, by=UserFactory(), now=NOW)
    assert value(DAYS) == 25


def test_the_second_of_two_who_saw_the_same_version_is_told():
    (seen,) = current([DAYS])
    change(DAYS, 20, by=None, now=NOW, version=seen.version)
    with pytest.raises(StaleObjectError):
        change(DAYS, 30, by=None, now=NOW, version=seen.version)
    assert value(DAYS) == 20


def test_current_is_one_query(django_assert_num_queries):
    other = Setting(key="test.other", default="x", label="", help="", group="test")
    change(DAYS, 20, by=None, now=NOW)
    with django_assert_num_queries(1):
        rows = current([DAYS, other])
    assert [(row.value, row.version, row.changed_at) for row in rows] == [(20, 1, NOW), ("x", 0, None)]


def test_a_request_reads_once_and_sees_its_own_change(django_assert_num_queries):
    with read_once():
        with django_assert_num_queries(1):
            assert [value(DAYS), value(DAYS)] == [15, 15]
        change(DAYS, 20, by=None, now=NOW)
        assert value(DAYS) == 20
    with django_assert_num_queries(2):
        assert [value(DAYS), value(DAYS)] == [20, 20]
