from datetime import date
from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.common import formats
from portal.common.quantities import Quantity, parse_money, parse_share

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        ("76960.00", "¥76,960", "76,960 元"),
        ("1200.50", "¥1,200.50", "1,200.50 元"),
        ("0.05", "¥0.05", "0.05 元"),
        ("0.00", "¥0", "0 元"),
        ("-22400.00", "−¥22,400", "−22,400 元"),
        ("-0.50", "−¥0.50", "−0.50 元"),
        ("10000000000000.00", "¥10,000,000,000,000", "10,000,000,000,000 元"),
    ],
)
def test_money_shows_every_digit(amount, english, chinese):
    assert formats.money(Decimal(amount), "en") == english
    assert formats.money(Decimal(amount), "zh-hans") == chinese


@pytest.mark.parametrize(
    ("currency", "english", "chinese"),
    [
        ("USD", "$1,200", "1,200 美元"),
        ("EUR", "€1,200", "1,200 欧元"),
        ("HKD", "HK$1,200", "1,200 港元"),
        ("CHF", "CHF 1,200", "1,200 CHF"),
    ],
)
def test_money_is_written_in_the_currency_of_the_installation(currency, english, chinese):
    assert formats.money(Decimal(1200), "en", currency) == english
    assert formats.money(Decimal(1200), "zh", currency) == chinese


def test_money_of_an_unnamed_currency_stays_apart_from_its_step():
    assert formats.money_short(Decimal(1_200_000), "zh", currency="CHF") == "120 万 CHF"
    assert formats.money_short(Decimal(-1_200_000), "en", currency="CHF") == "−CHF 1.2 m"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=Decimal(10**13)))
def test_money_as_shown_can_be_typed_again(amount):
    for language in ("en", "zh-hans"):
        assert parse_money(formats.money(amount, language)) == amount


@pytest.mark.parametrize(
    ("amount", "digits", "english", "chinese"),
    [
        ("1280000", 3, "¥1.28 m", "128 万元"),
        ("690000", 3, "¥690,000", "69 万元"),
        ("76960", 3, "¥77,000", "7.7 万元"),
        ("76960", 2, "¥77,000", "7.7 万元"),
        ("37412.50", 2, "¥37,000", "3.7 万元"),
        ("120000000", 3, "¥120 m", "1.2 亿元"),
        ("128000000", 2, "¥130 m", "1.3 亿元"),
        ("4560000000", 3, "¥4.56 bn", "45.6 亿元"),
        ("99999999.99", 3, "¥100 m", "1 亿元"),
        ("999999", 3, "¥1 m", "100 万元"),
        ("9999", 3, "¥10,000", "1 万元"),
        ("8280", 3, "¥8,280", "8,280 元"),
        ("46.50", 3, "¥46.50", "46.50 元"),
        ("0.05", 3, "¥0.05", "0.05 元"),
        ("0.00", 3, "¥0", "0 元"),
        ("-515000", 2, "−¥520,000", "−52 万元"),
        ("-1280000", 3, "−¥1.28 m", "−128 万元"),
    ],
)
def test_money_short_shows_what_the_eye_takes_in(amount, digits, english, chinese):
    assert formats.money_short(Decimal(amount), "en", digits) == english
    assert formats.money_short(Decimal(amount), "zh-hans", digits) == chinese


def test_money_short_can_be_typed_again():
    assert parse_money(formats.money_short(Decimal(1_280_000), "en")) == 1_280_000
    assert parse_money(formats.money_short(Decimal(1_280_000), "zh-hans")) == 1_280_000


def test_money_range_has_words_between_its_ends():
    low, high = Decimal("600400.00"), Decimal("2096000.00")

    assert formats.money_range(low, high, "en") == "¥600,000 to ¥2.1 m"
    assert formats.money_range(low, high, "zh-hans") == "60 万元至 210 万元"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("0.15", "15%"),
        ("0.150000", "15%"),
        ("0.125", "12.5%"),
        ("3.4427", "344.27%"),
        ("0", "0%"),
        ("1", "100%"),
        ("-0.12", "−12%"),
        ("0.000001", "0.0001%"),
        ("12.5", "1,250%"),
    ],
)
def test_percent_shows_every_digit(share, text):
    assert formats.percent(Decimal(share)) == text


@given(st.decimals(min_value=0, max_value=1, places=6))
def test_percent_as_shown_can_be_typed_again(share):
    assert parse_share(formats.percent(share)) == share


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("3.4427", "344%"),
        ("0.155", "16%"),
        ("0.0338", "3.4%"),
        ("0.00338", "0.34%"),
        ("0.0000338", "0.0034%"),
        ("0", "0%"),
        ("-0.1234", "−12%"),
        ("0.99999", "100%"),
    ],
)
def test_percent_short_shows_what_the_eye_takes_in(share, text):
    assert formats.percent_short(Decimal(share)) == text


def test_percent_short_can_round_up_so_that_a_breakeven_really_pays():
    assert formats.percent_short(Decimal("0.0341"), rounding=ROUND_CEILING) == "3.5%"


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (Decimal("14.00"), "14 person-days", "14 人天"),
        (Decimal("0.5"), "0.5 person-days", "0.5 人天"),
        (Decimal(1), "1 person-day", "1 人天"),
        (0, "0 person-days", "0 人天"),
        (Decimal(1200), "1,200 person-days", "1,200 人天"),
    ],
)
def test_days_are_an_effort(value, english, chinese):
    assert formats.days(value, "en") == english
    assert formats.days(value, "zh-hans") == chinese


def test_spans_have_their_own_words():
    assert formats.working_days(3, "en") == "3 working days"
    assert formats.working_days(1, "en") == "1 working day"
    assert formats.working_days(3, "zh-hans") == "3 个工作日"
    assert formats.months(Decimal("2.7053"), "en") == "2.7 months"
    assert formats.months(Decimal("0.96"), "en") == "1 month"
    assert formats.months(Decimal(12), "zh-hans") == "12 个月"


def test_number_and_quantity_set_thousands_apart():
    assert formats.number(1234567) == "1,234,567"
    assert formats.number(Decimal("-1200.50")) == "−1,200.5"
    assert formats.number(Decimal("1E+3")) == "1,000"
    assert formats.quantity(Quantity(Decimal("1200.00"), "bags lost"), "en") == "1,200 bags lost"
    assert formats.quantity(Quantity(Decimal(1200), "个袋子"), "zh-hans") == "1,200 个袋子"


@pytest.mark.parametrize(("language", "words"), [("en", "not known yet"), ("zh-hans", "尚未知"), ("zh-CN", "尚未知")])
def test_what_is_not_known_is_words(language, words):
    assert [
        formats.unknown(language),
        formats.money(None, language),
        formats.money_short(None, language),
        formats.percent(None, language),
        formats.percent_short(None, language),
        formats.days(None, language),
        formats.working_days(None, language),
        formats.months(None, language),
        formats.quantity(None, language),
        formats.date_short(None, language, TODAY),
        formats.date_long(None, language, TODAY),
    ] == [words] * 11


@pytest.mark.parametrize(
    ("day", "english", "chinese"),
    [
        (date(2026, 11, 25), "Wed 25 Nov", "11-25 周三"),
        (date(2026, 11, 23), "Mon 23 Nov", "11-23 周一"),
        (date(2026, 11, 16), "Mon 16 Nov", "11-16 周一"),
        (date(2026, 11, 30), "Mon 30 Nov", "11-30 周一"),
        (date(2026, 12, 1), "1 Dec", "12-01"),
        (date(2026, 1, 15), "15 Jan", "01-15"),
        (date(2027, 1, 15), "15 Jan 2027", "2027-01-15"),
    ],
)
def test_date_short_says_the_weekday_within_a_week(day, english, chinese):
    assert formats.date_short(day, "en", TODAY) == english
    assert formats.date_short(day, "zh-hans", TODAY) == chinese


def test_date_short_near_the_turn_of_the_year_says_both():
    assert formats.date_short(date(2027, 1, 1), "en", date(2026, 12, 31)) == "Fri 1 Jan 2027"
    assert formats.date_short(date(2027, 1, 1), "zh-hans", date(2026, 12, 31)) == "2027-01-01 周五"


def test_date_long_is_for_sentences():
    assert formats.date_long(date(2026, 11, 25), "en", TODAY) == "25 Nov"
    assert formats.date_long(date(2027, 1, 5), "en", TODAY) == "5 Jan 2027"
    assert formats.date_long(date(2026, 11, 25), "zh-hans", TODAY) == "11 月 25 日"
    assert formats.date_long(date(2027, 1, 5), "zh-hans", TODAY) == "2027 年 1 月 5 日"


@pytest.mark.parametrize(
    ("share", "english", "chinese"),
    [
        ("0", "less than 1 in 100", "100 次里不到 1 次"),
        ("0.01", "1 in 100", "100 次里有 1 次"),
        ("0.11", "1 in 9", "9 次里有 1 次"),
        ("0.1799", "1 in 6", "6 次里有 1 次"),
        ("0.18", "2 in 10", "10 次里有 2 次"),
        ("0.67236", "7 in 10", "10 次里有 7 次"),
        ("0.9499", "9 in 10", "10 次里有 9 次"),
        ("0.95", "more than 19 in 20", "20 次里超过 19 次"),
    ],
)
def test_chance_is_told_in_cases(share, english, chinese):
    assert formats.chance(Decimal(share), "en") == english
    assert formats.chance(Decimal(share), "zh-hans") == chinese


def test_a_month_and_the_word_of_a_currency():
    assert formats.month_short(date(2027, 3, 31), "en") == "Mar 2027"
    assert formats.month_short(date(2027, 3, 31), "zh-hans") == "2027-03"
    assert [formats.currency_word(language, "CNY") for language in ("en", "zh-hans")] == ["¥", "元"]
    assert formats.currency_word("en", "CHF") == "CHF"
    assert [formats.gap(language) for language in ("en", "zh-hans")] == [" ", ""]
