"""How figures, money and days are written for a reader of a language. Pure: the language and today are arguments.

Tabular figures with commas, a true minus, half-width digits and one space before a Chinese unit. What is exact shows
all its digits; the `_short` forms show as many as the eye takes in. Not known is words, never zero.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from portal.common.amounts import EXACT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from portal.common.quantities import Quantity

DAYS_CALLED_BY_WEEKDAY = 7
SHORT_DIGITS = 3
UNCERTAIN_DIGITS = 2
#: A chance is told as one of some cases below SELDOM, as some of ten above; never as less than RARE or more than SURE.
RARE, SELDOM, SURE = Decimal("0.01"), Decimal("0.18"), Decimal("0.95")
CASES = 10

_SYMBOLS: Mapping[str, str] = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}
_WORDS: Mapping[str, str] = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
    "HKD": "港元",
}
_STEPS = ((Decimal(10**9), "bn"), (Decimal(10**6), "m"))
_STEPS_ZH = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def unknown(language: str) -> str:
    """What stands where a figure is missing."""
    return "尚未知" if _is_chinese(language) else "not known yet"


def number(value: Decimal | int) -> str:
    """Exact, with thousands set apart: 1,200.5."""
    figure = Decimal(value)
    text = f"{abs(figure):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"−{text}" if figure < 0 else text


def money(amount: Decimal | None, language: str, currency: str = "CNY") -> str:
    """Exact: ¥76,960 or 76,960 元; cents only where there are any, and then both."""
    if amount is None:
        return unknown(language)
    return _with_currency(_cents(amount), "", language, currency)


def money_short(amount: Decimal | None, language: str, digits: int = SHORT_DIGITS, currency: str = "CNY") -> str:
    """For the eye: ¥1.28 m, ¥690,000, 128 万元, 1.2 亿元; with `digits=2` as rough as an uncertain figure is."""
    if amount is None:
        return unknown(language)
    rough = _significant(amount, digits)
    for step, word in _STEPS_ZH if _is_chinese(language) else _STEPS:
        if abs(rough) >= step:
            return _with_currency(number(rough / step), word, language, currency)
    return _with_currency(_cents(rough), "", language, currency)


def money_range(
    low: Decimal, high: Decimal, language: str, digits: int = UNCERTAIN_DIGITS, currency: str = "CNY"
) -> str:
    """From one to the other: ¥37,000 to ¥120,000, 60 万元至 210 万元."""
    ends = (money_short(end, language, digits, currency) for end in (low, high))
    return ("至 " if _is_chinese(language) else " to ").join(ends)


def percent(share: Decimal | None, language: str = "en") -> str:
    """Exact, from a share: 0.15 is 15%."""
    return unknown(language) if share is None else f"{number(share.scaleb(2, EXACT))}%"


def percent_short(share: Decimal | None, language: str = "en", rounding: str = ROUND_HALF_UP) -> str:
    """For the eye, from a share: 344%, 3.4%, 0.34%. "Pays if at least" rounds up, or it would promise too much."""
    if share is None:
        return unknown(language)
    value = share.scaleb(2, EXACT)
    return f"{number(_significant(value, UNCERTAIN_DIGITS, rounding, keep_integers=True))}%"


def chance(share: Decimal, language: str) -> str:
    """How often, in cases one can picture: 1 in 9, 4 in 10; 9 次里有 1 次. Never surer than many draws can be."""
    chinese = _is_chinese(language)
    if share < RARE:
        return "100 次里不到 1 次" if chinese else "less than 1 in 100"
    if share >= SURE:
        return "20 次里超过 19 次" if chinese else "more than 19 in 20"
    once = share < SELDOM
    cases = int((1 / share).to_integral_value(ROUND_HALF_UP)) if once else CASES
    often = 1 if once else int((share * CASES).to_integral_value(ROUND_HALF_UP))
    return f"{cases} 次里有 {often} 次" if chinese else f"{often} in {cases}"


def days(value: Decimal | int | None, language: str) -> str:
    """An effort: 14 person-days, 14 人天."""
    return _counted(value, language, "person-day", "人天")


def working_days(value: Decimal | int | None, language: str) -> str:
    """A span of the calendar: 3 working days, 3 个工作日."""
    return _counted(value, language, "working day", "个工作日")


def months(value: Decimal | int | None, language: str) -> str:
    """A span, to a tenth: 2.7 months, 2.7 个月."""
    rough = None if value is None else Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _counted(rough, language, "month", "个月")


def quantity(value: Quantity | None, language: str) -> str:
    """A number and what is counted: 1,200 bags lost."""
    return unknown(language) if value is None else f"{number(value.amount)} {value.unit}"


def date_short(day: date | None, language: str, today: date) -> str:
    """In lists: Wed 25 Nov within a week, else 15 Jan; 11-25 周三, 01-15. The year only when it is not this one."""
    if day is None:
        return unknown(language)
    is_near = abs((day - today).days) <= DAYS_CALLED_BY_WEEKDAY
    if _is_chinese(language):
        weekday = f" {_WEEKDAYS_ZH[day.weekday()]}" if is_near else ""
        year = "" if day.year == today.year else f"{day.year}-"
        return f"{year}{day:%m-%d}{weekday}"
    weekday = f"{_WEEKDAYS[day.weekday()]} " if is_near else ""
    return weekday + date_long(day, language, today)


def date_long(day: date | None, language: str, today: date) -> str:
    """In sentences: 25 Nov, 11 月 25 日; the year only when it is not this one."""
    if day is None:
        return unknown(language)
    is_this_year = day.year == today.year
    if _is_chinese(language):
        return ("" if is_this_year else f"{day.year} 年 ") + f"{day.month} 月 {day.day} 日"
    return f"{day.day} {_MONTHS[day.month - 1]}" + ("" if is_this_year else f" {day.year}")


def month_short(day: date, language: str) -> str:
    """A month of the calendar: Mar 2027, 2027-03."""
    return f"{day:%Y-%m}" if _is_chinese(language) else f"{_MONTHS[day.month - 1]} {day.year}"


def gap(language: str) -> str:
    """Between two sentences: a Chinese full stop brings its own."""
    return "" if _is_chinese(language) else " "


def currency_word(language: str, currency: str = "CNY") -> str:
    """What the amounts of a table are in: ¥, 元."""
    return (_WORDS if _is_chinese(language) else _SYMBOLS).get(currency, currency)


def _is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def _counted(value: Decimal | int | None, language: str, word: str, chinese: str) -> str:
    if value is None:
        return unknown(language)
    if _is_chinese(language):
        return f"{number(value)} {chinese}"
    return f"{number(value)} {word}" if abs(value) == 1 else f"{number(value)} {word}s"


def _cents(amount: Decimal) -> str:
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"−{text}" if amount < 0 else text


def _with_currency(text: str, step: str, language: str, currency: str) -> str:
    if _is_chinese(language):
        word = _WORDS.get(currency)
        return f"{text} {step}{word}" if word else " ".join(filter(None, (text, step, currency)))
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    figure = f"−{symbol}{text[1:]}" if text.startswith("−") else f"{symbol}{text}"
    return f"{figure} {step}" if step else figure


def _significant(value: Decimal, digits: int, rounding: str = ROUND_HALF_UP, *, keep_integers: bool = False) -> Decimal:
    """Round to so many digits; with `keep_integers` never before the point."""
    exponent = value.adjusted() - digits + 1
    if keep_integers:
        exponent = min(exponent, 0)
    return value.quantize(Decimal(1).scaleb(exponent), rounding, EXACT) if value else value
