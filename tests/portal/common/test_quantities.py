from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.common.quantities import (
    MAX_LENGTH,
    Problem,
    Quantity,
    UnreadableQuantityError,
    is_unknown,
    parse_money,
    parse_number,
    parse_person_days,
    parse_quantity,
    parse_share,
)

NO_NUMBERS = [
    "NaN",
    "sNaN",
    "nan",
    "Infinity",
    "-inf",
    "∞",
    "1e400",
    "1e-400",
    "1E5",
    "0x10",
    "1_000",
    "",
    " ",
    ".",
    "-",
    "+",
    "¥",
    "万",
    "k",
    "--5",
    "1.2.3",
    "12,00",
    "1,2000",
    "1234,567",
    "1,,000",
    "5 000 00",
    "1 2",
    "1\0",
    "1\x1b[0m",
    "1\u202e2",
    "٣",
    "三万",
    "about 5",
    "9" * 900,
    "9" * 5000,
    "0" * (MAX_LENGTH + 1),
]
READERS = [parse_number, parse_money, parse_share, parse_person_days, parse_quantity]


def problem_of(read: Callable[..., object], text: str, **options: object) -> Problem:
    with pytest.raises(UnreadableQuantityError) as caught:
        read(text, **options)
    return caught.value.code


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_refused_by_every_reader(read, text):
    assert problem_of(read, text) == Problem.UNREADABLE


@pytest.mark.parametrize("read", READERS)
@given(text=st.text(max_size=90))
def test_no_reader_ever_stumbles(read, text):
    with suppress(UnreadableQuantityError):
        read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("46", "46.00"),
        ("46.5", "46.50"),
        ("46.", "46.00"),
        (".5", "0.50"),
        ("+46", "46.00"),
        ("¥1,200.50", "1200.50"),
        ("￥1，200．50", "1200.50"),
        ("¥ 1 200", "1200.00"),
        ("1\u202f200\u202f000", "1200000.00"),
        ("120万", "1200000.00"),
        ("120 万元", "1200000.00"),
        ("1.28亿", "128000000.00"),
        ("1.28亿元", "128000000.00"),
        ("1.5 億", "150000000.00"),
        ("3百万", "3000000.00"),
        ("2千万元", "20000000.00"),
        ("5千", "5000.00"),
        ("1.5m", "1500000.00"),
        ("¥1.28 m", "1280000.00"),
        ("1.5 M", "1500000.00"),
        ("30k", "30000.00"),
        ("30K", "30000.00"),
        ("2 million yuan", "2000000.00"),
        ("2bn", "2000000000.00"),
        ("RMB 500", "500.00"),
        ("500 块钱", "500.00"),
        ("cny500", "500.00"),
        ("0.12345万", "1234.50"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("−0.00", "0.00"),
        ("10000000000000", "10000000000000.00"),
        ("10万亿", "10000000000000.00"),
    ],
)
def test_money_is_read_as_people_write_it(text, expected):
    assert str(parse_money(text)) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-0.01", Problem.NEGATIVE),
        ("−5万", Problem.NEGATIVE),
        ("0.001", Problem.TOO_PRECISE),
        ("1.005", Problem.TOO_PRECISE),
        ("0.1234567万", Problem.TOO_PRECISE),
        ("10000000000000.01", Problem.TOO_LARGE),
        ("99999亿万", Problem.UNREADABLE),
        ("9" * 60, Problem.TOO_LARGE),
        ("9" * 60 + "万亿", Problem.TOO_LARGE),
        ("$500", Problem.FOREIGN_CURRENCY),
        ("500 美元", Problem.FOREIGN_CURRENCY),
        ("500 EUR", Problem.FOREIGN_CURRENCY),
        ("HK$ 500", Problem.FOREIGN_CURRENCY),
        ("500%", Problem.UNREADABLE),
        ("14 person-days", Problem.UNREADABLE),
    ],
)
def test_money_says_what_is_wrong(text, problem):
    assert problem_of(parse_money, text) == problem


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [("$1,200", "USD", 1200), ("US$ 5", "USD", 5), ("€5", "EUR", 5), ("5 CHF", "CHF", 5), ("¥500", "JPY", 500)],
)
def test_money_is_read_in_the_currency_of_the_installation(text, currency, expected):
    assert parse_money(text, currency=currency) == expected


def test_money_of_another_installation_is_foreign():
    assert problem_of(parse_money, "¥500", currency="USD") == Problem.FOREIGN_CURRENCY
    assert problem_of(parse_money, "hk$500", currency="USD") == Problem.FOREIGN_CURRENCY


@pytest.mark.parametrize("text", ["-¥5", "¥-5", "- 5", "-5元", "−5"])
def test_money_may_be_negative_where_that_is_allowed(text):
    assert parse_money(text, may_be_negative=True) == -5


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=Decimal(10**13)))
def test_money_is_read_back_exactly_as_written(amount):
    assert parse_money(f"¥{amount:,}") == amount
    assert parse_money(str(amount)) == amount
    assert parse_money(f"{amount / 10000:f}万元") == amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15%", "0.15"),
        ("15 %", "0.15"),
        ("１５％", "0.15"),
        ("15", "0.15"),
        ("0.15", "0.15"),
        (".15", "0.15"),
        ("0.15%", "0.0015"),
        ("1", "0.01"),
        ("1.5", "0.015"),
        ("1%", "0.01"),
        ("100", "1"),
        ("100%", "1"),
        ("0", "0"),
        ("-0", "0"),
        ("0.999999", "0.999999"),
        ("15 percent", "0.15"),
        ("15 per cent", "0.15"),
        ("3‰", "0.003"),
        ("3成", "0.3"),
        ("1/7", "0.142857"),
        ("1 in 4", "0.25"),
        ("0/7", "0"),
    ],
)
def test_share_is_read_as_people_write_it(text, expected):
    assert parse_share(text) == Decimal(expected)
    assert parse_share(text).as_tuple().exponent == -6


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-0.01", Problem.NEGATIVE),
        ("-15%", Problem.NEGATIVE),
        ("1.0000001", Problem.TOO_PRECISE),
        ("0.1234567", Problem.TOO_PRECISE),
        ("12.34567%", Problem.TOO_PRECISE),
        ("101", Problem.TOO_LARGE),
        ("100.01%", Problem.TOO_LARGE),
        ("8/7", Problem.TOO_LARGE),
        ("1/0", Problem.TOO_LARGE),
        ("0/0", Problem.UNREADABLE),
        ("50/50", Problem.UNREADABLE),
        ("15 pd", Problem.UNREADABLE),
        ("5 or so", Problem.UNREADABLE),
        ("15%%", Problem.UNREADABLE),
        ("15k", Problem.UNREADABLE),
        ("1/7/8", Problem.UNREADABLE),
    ],
)
def test_share_says_what_is_wrong(text, problem):
    assert problem_of(parse_share, text) == problem


@given(st.decimals(min_value=0, max_value=1, places=6))
def test_share_is_read_back_exactly_as_written(share):
    assert parse_share(f"{share * 100:f}%") == share


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14", "14"),
        ("14.5", "14.5"),
        ("14 pd", "14"),
        ("14pd", "14"),
        ("14 person-days", "14"),
        ("1 person-day", "1"),
        ("14 Person Days", "14"),
        ("14 man-days", "14"),
        ("14 days", "14"),
        ("14d", "14"),
        ("2人天", "2"),
        ("2 人日", "2"),
        ("2天", "2"),
        ("3 个工作日", "3"),
        ("1 person-week", "5"),
        ("2周", "10"),
        ("3人月", "60"),
        ("3个人月", "60"),
        ("0.7 person-months", "14"),
        ("0.7 person months", "14"),
        ("1 pm", "20"),
        ("0.3333 person-months", "6.67"),
        ("1,200", "1200"),
        ("0", "0"),
        ("100000", "100000"),
    ],
)
def test_effort_is_read_as_people_write_it(text, expected):
    assert parse_person_days(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("14 pd or so", Problem.UNREADABLE),
        ("14 bags", Problem.UNREADABLE),
        ("3m", Problem.UNREADABLE),
        ("2 hours", Problem.UNREADABLE),
        ("-1", Problem.NEGATIVE),
        ("-1 pm", Problem.NEGATIVE),
        ("14.005", Problem.TOO_PRECISE),
        ("100000.01", Problem.TOO_LARGE),
        ("5001 person-months", Problem.TOO_LARGE),
        ("9" * 70 + " pm", Problem.TOO_LARGE),
    ],
)
def test_effort_says_what_is_wrong(text, problem):
    assert problem_of(parse_person_days, text) == problem


def test_effort_takes_the_month_of_the_policy():
    assert parse_person_days("2人月", days_per_month=Decimal("21.75")) == Decimal("43.5")


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("1,200 bags lost", 1200, "bags lost"),
        ("1200个袋子", 1200, "个袋子"),
        ("12万单", 120_000, "单"),
        ("1.2 万 单", 12_000, "单"),
        ("1.5m orders", 1_500_000, "orders"),
        ("1.5M Orders", 1_500_000, "Orders"),
        ("30k parcels", 30_000, "parcels"),
        ("2 million  orders", 2_000_000, "orders"),
        ("5 months", 5, "months"),
        ("200 m of shelf", 200, "m of shelf"),
        ("200 m", 200, "m"),
        ("3 千克", 3, "千克"),
        ("3千单", 3000, "单"),
        ("0.5 incidents", "0.5", "incidents"),
        ("1 200 Bags", 1200, "Bags"),
        ("7 bags", 7, "bags"),
        ("0 bags", 0, "bags"),
    ],
)
def test_reach_is_read_with_what_is_counted(text, amount, unit):
    assert parse_quantity(text) == Quantity(Decimal(amount), unit)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1200", Problem.UNIT_MISSING),
        ("12万", Problem.UNIT_MISSING),
        ("1.5m", Problem.UNIT_MISSING),
        ("bags", Problem.UNREADABLE),
        ("1200 %", Problem.UNREADABLE),
        ("12,00 bags", Problem.UNREADABLE),
        ("5 " + "x" * 41, Problem.UNREADABLE),
        ("5 ba\u200bgs", Problem.UNREADABLE),
        ("-5 bags", Problem.NEGATIVE),
        ("0.125 bags", Problem.TOO_PRECISE),
        ("100000000000.01 bags", Problem.TOO_LARGE),
    ],
)
def test_reach_says_what_is_wrong(text, problem):
    assert problem_of(parse_quantity, text) == problem


def test_reach_takes_the_places_it_is_given():
    assert parse_quantity("0.125 bags", places=3) == Quantity(Decimal("0.125"), "bags")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("1,200", {}, "1200.00"),
        ("12万", {}, "120000.00"),
        ("0.5", {"places": 1}, "0.5"),
        ("-3", {"may_be_negative": True}, "-3.00"),
        ("20", {"maximum": Decimal(20), "places": 0}, "20"),
    ],
)
def test_number_is_read_within_its_limits(text, options, expected):
    assert str(parse_number(text, **options)) == expected


def test_number_says_which_limit_it_breaks():
    assert problem_of(parse_number, "0.5", places=0) == Problem.TOO_PRECISE
    assert problem_of(parse_number, "21", maximum=Decimal(20)) == Problem.TOO_LARGE
    assert problem_of(parse_number, "-21", maximum=Decimal(20), may_be_negative=True) == Problem.TOO_LARGE


@pytest.mark.parametrize(
    "text", ["", "  ", "?", "？", "Unknown", "not known yet", "未知", "尚未知", "还不知道", "待定", " TBD "]
)
def test_not_knowing_is_understood(text):
    assert is_unknown(text)


@pytest.mark.parametrize("text", ["0", "0%", "-", "n/a", "none", "15%", "知道"])
def test_a_figure_or_a_slip_is_not_taken_for_not_knowing(text):
    assert not is_unknown(text)
