from contextlib import suppress
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import Avg, F, Max, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.common.amounts import InexactAmountError
from portal.common.fields import MoneyFormField
from portal.common.money import MoneyField, money_value

MAX = Decimal("10000000000000.00")


class Entry(models.Model):
    """A table of this test alone."""

    amount = MoneyField("amount")
    balance = MoneyField(null=True, blank=True, allow_negative=True)
    pieces = models.IntegerField(default=1)

    objects: ClassVar[models.Manager["Entry"]] = models.Manager()

    class Meta:
        app_label = "tests"

    def __str__(self):
        return str(self.amount)


FIELDS: list[Any] = [Entry._meta.get_field(name) for name in ("amount", "balance")]
AMOUNT, BALANCE = FIELDS


@pytest.fixture(scope="module", autouse=True)
def _table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Entry)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Entry)


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["0.00", "0.01", "0.10", "46.00", "1200.50", "9999999999999.99", "10000000000000.00"])
def test_amount_comes_back_exactly_as_it_went_in(text):
    entry = Entry.objects.create(amount=Decimal(text))

    entry.refresh_from_db()
    assert str(entry.amount) == text


def test_amount_is_kept_in_minor_units():
    Entry.objects.create(amount=Decimal("12.34"), balance=Decimal("-0.05"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT amount, balance FROM tests_entry")
        assert cursor.fetchone() == (1234, -5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.decimals(min_value=0, max_value=MAX, places=2, allow_nan=False), min_size=1, max_size=8))
def test_sum_is_exact(db, amounts):
    Entry.objects.all().delete()
    Entry.objects.bulk_create([Entry(amount=amount) for amount in amounts])

    assert Entry.objects.aggregate(total=Sum("amount"))["total"] == sum(amounts)


def test_sum_of_dimes_is_no_float():
    Entry.objects.bulk_create([Entry(amount=Decimal("0.10"))] * 3)

    answer = Entry.objects.aggregate(total=Sum("amount"), none=Sum("balance"), zero=Sum("balance", default=Decimal(0)))

    assert answer == {"total": Decimal("0.30"), "none": None, "zero": Decimal(0)}
    assert str(answer["total"]) == "0.30"


def test_sum_may_exceed_what_one_amount_may_be():
    Entry.objects.bulk_create([Entry(amount=MAX)] * 3)

    assert Entry.objects.aggregate(total=Sum("amount"))["total"] == 3 * MAX
    assert Entry.objects.values("pieces").annotate(total=Sum("amount")).filter(total__gt=2 * MAX).count() == 1


def test_average_is_cut_to_the_minor_unit():
    Entry.objects.bulk_create([Entry(amount=Decimal(text)) for text in ("1.00", "1.00", "1.01")])

    assert Entry.objects.aggregate(mean=Avg("amount"), most=Max("amount")) == {
        "mean": Decimal("1.00"),
        "most": Decimal("1.01"),
    }


def test_money_fields_reckon_with_each_other_in_the_database():
    Entry.objects.create(amount=Decimal("10.10"), balance=Decimal("-3.05"), pieces=3)

    entry = Entry.objects.annotate(
        more=F("amount") + F("balance"),
        less=F("amount") - F("balance"),
        times=F("amount") * F("pieces"),
        as_often=F("pieces") * F("amount"),
        raised=F("amount") + money_value(Decimal("1.50")),
    ).get()

    assert attrgetter("more", "less", "times", "as_often", "raised")(entry) == (
        Decimal("7.05"),
        Decimal("13.15"),
        Decimal("30.30"),
        Decimal("30.30"),
        Decimal("11.60"),
    )


def test_update_reckons_with_a_figure_of_money():
    Entry.objects.create(amount=Decimal("10.10"))

    Entry.objects.update(amount=F("amount") + money_value(Decimal("1.50")))

    assert Entry.objects.get().amount == Decimal("11.60")


@pytest.mark.parametrize("expression", [F("amount") * F("balance"), F("amount") + Decimal("1.50"), F("amount") / 2])
def test_a_result_of_no_clear_unit_is_refused(expression):
    with pytest.raises(FieldError):
        list(Entry.objects.annotate(result=expression))


def test_amounts_are_compared_as_amounts():
    Entry.objects.bulk_create([Entry(amount=Decimal(text)) for text in ("1.00", "9.99", "10.00", "100.00")])

    assert Entry.objects.filter(amount__gt=Decimal("9.99")).count() == 2
    assert Entry.objects.filter(amount__in=[Decimal("9.99"), 100]).count() == 2
    assert Entry.objects.filter(amount__range=(1, 10)).count() == 3
    assert [entry.amount for entry in Entry.objects.order_by("-amount")[:2]] == [100, 10]


def test_bulk_update_keeps_the_cents():
    entry = Entry.objects.create(amount=Decimal(1))
    entry.amount = Decimal("0.07")
    Entry.objects.bulk_update([entry], ["amount"])

    entry.refresh_from_db()
    assert entry.amount == Decimal("0.07")


@pytest.mark.parametrize(
    ("amount", "error"),
    [
        (Decimal("0.001"), InexactAmountError),
        (Decimal("NaN"), InexactAmountError),
        (Decimal("Infinity"), InexactAmountError),
        (Decimal("1e400"), InexactAmountError),
        (1.5, TypeError),
        ("5", TypeError),
    ],
)
def test_what_is_no_amount_never_reaches_the_database(amount, error):
    with pytest.raises(error):
        Entry.objects.create(amount=amount)
    with pytest.raises(error):
        Entry.objects.filter(amount=amount).exists()


@pytest.mark.parametrize("amount", [Decimal("-0.01"), MAX + Decimal("0.01")])
def test_the_database_refuses_what_is_out_of_limits(amount):
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(amount=amount)


def insert(number: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO tests_entry (amount, pieces) VALUES ({number}, 1)")  # noqa: S608 -- our own figures


@pytest.mark.parametrize("number", ["-1", "1000000000000001", "'text'"])
def test_raw_sql_meets_the_same_limits(number):
    with pytest.raises((IntegrityError, DataError)):
        insert(number)


def test_raw_sql_leaves_no_fraction_of_a_cent():
    # SQLite refuses it by the check, PostgreSQL rounds into the column by itself.
    with suppress(IntegrityError):
        insert("1.4")

    assert [entry.amount for entry in Entry.objects.all()] in ([], [Decimal("0.01")])


def test_negative_amounts_are_for_fields_that_allow_them():
    entry = Entry(amount=Decimal("-0.01"), balance=Decimal("-0.01"))

    with pytest.raises(ValidationError) as caught:
        entry.full_clean()

    assert set(caught.value.message_dict) == {"amount"}


@pytest.mark.parametrize(
    ("text", "amount"), [("5", "5.00"), ("1200.50", "1200.50"), ("-0", "0.00"), ("10000000000000", "10000000000000.00")]
)
def test_plain_text_becomes_an_amount_when_it_is_cleaned(text, amount):
    entry = Entry(amount=text)
    entry.full_clean()

    assert str(entry.amount) == amount


@pytest.mark.parametrize(
    "value",
    ["", "abc", "1,200", "NaN", "sNaN", "-Infinity", "1e400", "1e-400", "9" * 5000, "0.001", "10000000000000.01"],
)
def test_cleaning_refuses_text_that_is_no_amount(value):
    with pytest.raises(ValidationError) as caught:
        Entry(amount=value).full_clean()

    assert set(caught.value.message_dict) == {"amount"}


@pytest.mark.parametrize("value", [1.5, True, [], Decimal("1e999999")])
def test_cleaning_refuses_values_that_are_no_amount(value):
    with pytest.raises(ValidationError) as caught:
        Entry(amount=value).full_clean()

    assert set(caught.value.message_dict) == {"amount"}


def test_amounts_survive_a_dump_and_a_load():
    entry = Entry(amount=Decimal("1200.50"), balance=Decimal("-0.07"))

    assert [field.to_python(field.value_to_string(entry)) for field in FIELDS] == [
        Decimal("1200.50"),
        Decimal("-0.07"),
    ]
    assert BALANCE.to_python(None) is None


def test_migrations_write_the_field_as_it_was_declared():
    assert [MigrationWriter.serialize(field)[0] for field in FIELDS] == [
        "portal.common.money.MoneyField(verbose_name='amount')",
        "portal.common.money.MoneyField(allow_negative=True, blank=True, null=True)",
    ]


def test_form_field_has_the_limits_of_the_model():
    amount, balance = AMOUNT.formfield(), BALANCE.formfield(required=True)

    assert (type(amount), amount.may_be_negative, amount.required) == (MoneyFormField, False, True)
    assert (type(balance), balance.may_be_negative, balance.required) == (MoneyFormField, True, True)
    assert balance.clean("-120万") == -1_200_000
