from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

from portal.common.fields import (
    DayFormField,
    MoneyFormField,
    NumberFormField,
    PercentFormField,
    PersonDaysFormField,
    QuantityWithUnitFormField,
)
from portal.common.quantities import Quantity

FIGURES = [MoneyFormField, PercentFormField, PersonDaysFormField, QuantityWithUnitFormField, NumberFormField]
BAD_NUMBERS = ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1e-400", str(2**2000), "9" * 900, "9" * 5000, "a\0b"]


class LightPitchForm(forms.Form):
    unit_benefit = MoneyFormField(may_be_unknown=True)
    reach = QuantityWithUnitFormField(may_be_unknown=True)
    probability = PercentFormField(may_be_unknown=True)
    effort = PersonDaysFormField()


def words_of(field: forms.Field, text: str) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        field.clean(text)
    return caught.value.messages


def test_a_light_pitch_understands_what_people_type():
    form = LightPitchForm(
        {"unit_benefit": "¥46", "reach": "1,200 bags lost", "probability": "15%", "effort": "0.7 person-months"}
    )

    assert form.is_valid()
    assert form.cleaned_data == {
        "unit_benefit": Decimal(46),
        "reach": Quantity(Decimal(1200), "bags lost"),
        "probability": Decimal("0.15"),
        "effort": Decimal(14),
    }


@pytest.mark.parametrize("text", ["", "  ", "?", "not known yet", "未知", "尚未知"])
def test_a_driver_may_be_unknown_and_is_never_zero(text):
    form = LightPitchForm({"unit_benefit": text, "reach": text, "probability": text, "effort": "14"})

    assert form.is_valid()
    assert form.cleaned_data == {"unit_benefit": None, "reach": None, "probability": None, "effort": Decimal(14)}


@pytest.mark.parametrize("field", FIGURES)
def test_a_figure_that_is_wanted_cannot_be_unknown(field):
    assert words_of(field(), "") == ["This field is required."]
    assert words_of(field(), "  ") == ["This field is required."]
    assert len(words_of(field(), "未知")) == 1


@pytest.mark.parametrize("field", FIGURES)
def test_an_optional_figure_may_be_left_out(field):
    assert field(required=False).clean("") is None
    assert field(required=False).clean(None) is None


@pytest.mark.parametrize("field", FIGURES)
@pytest.mark.parametrize("text", BAD_NUMBERS)
def test_bad_numbers_are_refused_with_words(field, text):
    assert len(words_of(field(may_be_unknown=True), text)) == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        (MoneyFormField(), "some", "Write an amount, such as 46, 1,200.50 or 1.5m."),
        (MoneyFormField(), "-0.01", "Write an amount of 0 or more."),
        (MoneyFormField(), "0.001", "Write at most two decimals, such as 1,200.50."),
        (MoneyFormField(), "10000000000000.01", "Write at most ¥10,000,000,000,000."),
        (MoneyFormField(maximum=Decimal(500)), "501", "Write at most ¥500."),
        (MoneyFormField(maximum=Decimal(500)), "$5", "Write the amount in the currency used here, such as ¥500."),
        (PercentFormField(), "often", "Write a percentage, such as 15%, or 1 in 7."),
        (PercentFormField(), "-0.01", "Write a percentage from 0 to 100, such as 15%."),
        (PercentFormField(), "101", "Write a percentage from 0 to 100, such as 15%."),
        (PercentFormField(), "1.0000001", "Write at most four decimals, such as 3.4%."),
        (
            PersonDaysFormField(),
            "14 pd or so",
            "Write a number and a unit, such as 14 person-days or 0.7 person-months.",
        ),
        (PersonDaysFormField(), "-1", "Write 0 or more person-days."),
        (PersonDaysFormField(), "14.005", "Write at most two decimals, such as 2.5 person-days."),
        (PersonDaysFormField(), "100001", "Write at most 100,000 person-days."),
        (QuantityWithUnitFormField(), "1200", "Write a number and what is counted, such as 1,200 bags lost."),
        (QuantityWithUnitFormField(), "bags", "Write a number and what is counted, such as 1,200 bags lost."),
        (QuantityWithUnitFormField(), "-1 bags", "Write 0 or more, such as 1,200 bags lost."),
        (QuantityWithUnitFormField(), "0.125 bags", "Write at most two decimals, such as 0.5 incidents."),
        (QuantityWithUnitFormField(maximum=Decimal(10)), "11 bags", "Write at most 10."),
        (NumberFormField(), "many", "Write a number, such as 1,200."),
        (NumberFormField(), "-1", "Write 0 or more."),
        (NumberFormField(maximum=Decimal(20)), "21", "Write at most 20."),
        (NumberFormField(places=0), "0.5", "Write fewer decimals."),
    ],
)
def test_errors_say_what_to_write(field, text, words):
    assert words_of(field, text) == [words]


def test_negative_figures_are_for_fields_that_allow_them():
    assert MoneyFormField(may_be_negative=True).clean("-5万") == -50_000
    assert NumberFormField(may_be_negative=True).clean("−3") == -3


def test_money_follows_the_currency_of_the_installation(settings):
    settings.CURRENCY = "USD"

    assert MoneyFormField().clean("$1,200") == 1200
    assert MoneyFormField().echo(Decimal(1200)) == "$1,200"
    assert words_of(MoneyFormField(maximum=Decimal(5)), "¥5") == [
        "Write the amount in the currency used here, such as $5."
    ]


def test_effort_follows_the_month_of_the_policy():
    assert PersonDaysFormField(days_per_month=Decimal(22)).clean("1 person-month") == 22


ECHOES = [
    (MoneyFormField(), Decimal("76960.00"), "¥76,960", "76,960 元"),
    (PercentFormField(), Decimal("0.150000"), "15%", "15%"),
    (PersonDaysFormField(), Decimal("14.00"), "14 person-days", "14 人天"),
    (QuantityWithUnitFormField(), Quantity(Decimal("1200.00"), "单"), "1,200 单", "1,200 单"),
    (NumberFormField(), Decimal("1200.50"), "1,200.5", "1,200.5"),
]


@pytest.mark.parametrize(("field", "value", "english", "chinese"), ECHOES)
def test_what_was_understood_is_echoed_and_can_be_typed_again(field, value, english, chinese):
    for language, words in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert field.echo(value) == words
            assert field.prepare_value(value) == words
            assert field.clean(words) == value


def test_echo_outside_of_any_language_speaks_that_of_the_settings():
    with override(None):
        assert PersonDaysFormField().echo(Decimal(2)) == "2 person-days"


@pytest.mark.parametrize("field", FIGURES)
def test_what_is_not_known_is_echoed_in_words(field):
    assert field().echo(None) == "not known yet"


def test_what_was_typed_comes_back_as_it_was():
    form = LightPitchForm({"effort": "14 pd or so", "probability": ""})

    assert not form.is_valid()
    assert form["effort"].value() == "14 pd or so"
    assert 'value="14 pd or so"' in str(form["effort"])
    assert LightPitchForm(initial={"probability": Decimal("0.15")})["probability"].value() == "15%"
    assert LightPitchForm(initial={"probability": None})["probability"].value() is None


def test_the_same_figure_written_otherwise_is_no_change():
    initial = {"unit_benefit": Decimal(46), "reach": Quantity(Decimal(1200), "bags"), "effort": Decimal(14)}
    typed = {"unit_benefit": "¥46.00", "reach": "1200 bags", "probability": "?", "effort": "0.7 person-months"}

    assert LightPitchForm(typed, initial=initial).changed_data == []
    assert LightPitchForm({**typed, "effort": "15"}, initial=initial).changed_data == ["effort"]
    assert LightPitchForm({**typed, "effort": "15 or so"}, initial=initial).changed_data == ["effort"]


@pytest.mark.parametrize(
    "text", ["2026-12-18", "18 Dec 2026", "18 December 2026", "2026/12/18", "2026年12月18日", "2026 年 12 月 18 日"]
)
def test_a_day_is_read_as_people_write_it(text):
    assert DayFormField().clean(text) == date(2026, 12, 18)


@pytest.mark.parametrize("text", ["2026-02-30", "18.12", "soon", "2026-12-18\0", "9" * 5000, "99999-01-01"])
def test_what_is_no_day_is_refused_with_an_example(text):
    assert words_of(DayFormField(), text) == ["Write a date, such as 18 Dec 2026."]


@pytest.mark.parametrize("text", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_days_that_no_plan_means_are_refused(text):
    assert words_of(DayFormField(), text) == ["Write a date between 2000 and 2100."]


def test_a_day_may_be_left_out_where_it_is_optional():
    assert DayFormField(required=False).clean("") is None
