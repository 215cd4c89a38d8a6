"""What people type for a figure: `120万`, `1.5m`, `1,200`, `15%`, `3人月`, `1,200 bags lost`. Pure.

Each reader returns a Decimal (or raises UnreadableQuantityError, which says what was wrong and leaves the words to the
form). Only plain digits are numbers here: no exponents, no NaN, no infinity, so nothing short can grow large.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.common.amounts import EXACT, MAX_AMOUNT, PLACES
from portal.common.text import has_control_characters, has_invisible_characters

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH = 80
SHARE_PLACES = 6
MAX_PERSON_DAYS = Decimal(100_000)
MAX_REACH = Decimal(10**11)
MAX_UNIT_LENGTH = 40
#: A person-month has this many person-days, and a person-week this many.
DAYS_PER_MONTH = Decimal(20)
DAYS_PER_WEEK = Decimal(5)


class Problem(StrEnum):
    """Why a figure could not be read."""

    UNREADABLE = "unreadable"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    TOO_PRECISE = "too_precise"
    FOREIGN_CURRENCY = "foreign_currency"
    UNIT_MISSING = "unit_missing"


class UnreadableQuantityError(ValueError):
    """What was typed is not such a figure; `code` says why."""

    def __init__(self, code: Problem) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of something that is counted: 1,200 bags lost."""

    amount: Decimal
    unit: str


# The words for "I do not know", as typed. Not knowing is an answer; it is never zero.
_UNKNOWN = frozenset(
    {
        "?",
        "don't know",
        "not known",
        "not known yet",
        "tbd",
        "unknown",
        "不清楚",
        "不知道",
        "尚未知",
        "待定",
        "未知",
        "还不知道",
    }
)
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?"
    r"(?P<digits>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?P<rest>.*)"
)
_DIGIT = re.compile("[0-9]")
_FRACTION = re.compile(r"([0-9]{1,9}) ?(?:/|in) ?([0-9]{1,9})")
_POWERS: Mapping[str, int] = {
    "万亿": 12,
    "千万": 7,
    "百万": 6,
    "十万": 5,
    "亿": 8,
    "億": 8,
    "万": 4,
    "萬": 4,
    "千": 3,
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "mio": 6,
    "mn": 6,
    "bn": 9,
    "k": 3,
    "m": 6,
    "b": 9,
}
# 千 before a measure is part of it (千克, 千米), and a Latin magnitude ends with its word: "5 months" are no millions.
_MAGNITUDE = re.compile(
    r" ?(?P<name>万亿|千万|百万|十万|亿|億|万|萬|千(?![克米瓦焦卡])"
    r"|(?:thousand|million|billion|mio|mn|bn|k|m|b)(?![a-z0-9]))",
    re.IGNORECASE,
)
_LOOSE_LETTER = re.compile(r" (?:mn|bn|k|m|b)(?![a-z0-9])", re.IGNORECASE)
_CURRENCY_WORDS: Mapping[str, tuple[str, ...]] = {
    "CNY": ("人民币", "块钱", "yuan", "rmb", "cny", "元", "块", "¥"),
    "USD": ("dollars", "dollar", "us$", "usd", "美元", "$"),
    "EUR": ("euros", "euro", "eur", "欧元", "€"),
    "GBP": ("pounds", "pound", "gbp", "英镑", "£"),
    "JPY": ("yen", "jpy", "日元", "円", "¥"),
    "HKD": ("hk$", "hkd", "港币", "港元", "$"),
}
_PERCENT: Mapping[str, int] = {"%": -2, "percent": -2, "per cent": -2, "‰": -3, "成": -1}
_DAYS_IN: Mapping[str, Decimal] = dict.fromkeys(
    ("", "d", "day", "days", "pd", "person-day", "person-days", "人天", "个人天", "人日", "天", "工作日", "个工作日"),
    Decimal(1),
) | dict.fromkeys(("w", "week", "weeks", "pw", "person-week", "person-weeks", "人周", "周"), DAYS_PER_WEEK)
_MONTHS = frozenset({"month", "months", "pm", "person-month", "person-months", "人月", "个人月", "个月", "月"})


def is_unknown(text: str) -> bool:
    """Whether somebody says that he does not know: nothing at all, or a word for it."""
    plain = _plain(text)
    return not plain or plain in _UNKNOWN


def parse_number(
    text: str, *, places: int = PLACES, maximum: Decimal = MAX_AMOUNT, may_be_negative: bool = False
) -> Decimal:
    """A number with an optional magnitude: `1,200`, `12万`, `1.5 m`. Never rounded, refused where it is too fine."""
    return _checked(_magnified(_plain(text)), places=places, maximum=maximum, may_be_negative=may_be_negative)


def parse_money(
    text: str, *, currency: str = "CNY", maximum: Decimal = MAX_AMOUNT, may_be_negative: bool = False
) -> Decimal:
    """An amount in the installation's currency: `¥1,200.50`, `120万`, `1.28亿元`, `30k`.

    Never rounded: more than two decimals of the result are refused (`0.12345万` is 1,234.50 and fine). An amount marked
    with another currency is refused rather than read as ours.
    """
    amount = _magnified(_without_currency(_plain(text), currency))
    return _checked(amount, places=PLACES, maximum=maximum, may_be_negative=may_be_negative)


def parse_share(text: str) -> Decimal:
    """A probability as a share of 1, with at most six decimals: `15%`, `15` and `0.15` are all 0.15.

    With a sign it is what the sign says. A bare number below 1 is a share, from 1 up it is per cent, since people who
    mean certainty write 100%: so a bare `1` is 1 %. `1/7` and `1 in 7` are rounded to the six decimals.
    """
    plain = _plain(text)
    if fraction := _FRACTION.fullmatch(plain):
        part, whole = Decimal(fraction[1]), Decimal(fraction[2])
        if part > whole:
            raise UnreadableQuantityError(Problem.TOO_LARGE)
        # "50/50" is said for a half, and 0/0 for nothing at all: neither is certainty.
        if part == whole:
            raise UnreadableQuantityError(Problem.UNREADABLE)
        return (part / whole).quantize(Decimal(1).scaleb(-SHARE_PLACES), ROUND_HALF_UP)
    number, rest = _number(plain)
    unit = rest.strip()
    if unit and unit not in _PERCENT:
        raise UnreadableQuantityError(Problem.UNREADABLE)
    if unit or number >= 1:
        number = number.scaleb(_PERCENT[unit or "%"], EXACT)
    return _checked(number, places=SHARE_PLACES, maximum=Decimal(1))


def parse_person_days(
    text: str, *, days_per_month: Decimal = DAYS_PER_MONTH, maximum: Decimal = MAX_PERSON_DAYS
) -> Decimal:
    """An effort in person-days: `14`, `14 pd`, `2人天`, `1 person-week`, `3人月`, `0.7 person-months`.

    A bare number is days. Days have two decimals at most; weeks and months are rounded to them.
    """
    number, rest = _number(_plain(text))
    unit = re.sub(r"^(?:person|man)[ -]", "person-", rest.strip())
    if unit in _MONTHS:
        number = _to_places(EXACT.multiply(number, days_per_month), PLACES)
    elif (days := _DAYS_IN.get(unit)) is not None:
        number = EXACT.multiply(number, days)
    else:
        raise UnreadableQuantityError(Problem.UNREADABLE)
    return _checked(number, places=PLACES, maximum=maximum)


def parse_quantity(text: str, *, places: int = PLACES, maximum: Decimal = MAX_REACH) -> Quantity:
    """A number and what is counted: `1,200 bags lost`, `1200个袋子`, `12万单`, `1.5m orders`.

    The unit is kept as it was typed, with single spaces. k, m and bn count only close to the number: `200 m of shelf`
    are metres.
    """
    number, rest = _number(_shown(text))
    if not _LOOSE_LETTER.match(rest):
        number, rest = _with_magnitude(number, rest)
    unit = rest.strip()
    if not unit:
        raise UnreadableQuantityError(Problem.UNIT_MISSING)
    # Digits in a word that touches the number are no unit: 1e400, 0x10.
    is_slip = rest[0] != " " and _DIGIT.search(unit)
    if is_slip or not unit[0].isalpha() or len(unit) > MAX_UNIT_LENGTH:
        raise UnreadableQuantityError(Problem.UNREADABLE)
    return Quantity(_checked(number, places=places, maximum=maximum), unit)


def _shown(text: str) -> str:
    """NFKC, single spaces, a plain minus; what is too long or hides something is unreadable."""
    if len(text) > MAX_LENGTH or has_control_characters(text) or has_invisible_characters(text):
        raise UnreadableQuantityError(Problem.UNREADABLE)
    return " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())


def _plain(text: str) -> str:
    return _shown(text).casefold()


def _number(shown: str) -> tuple[Decimal, str]:
    found = _NUMBER.fullmatch(shown)
    if found is None:
        raise UnreadableQuantityError(Problem.UNREADABLE)
    return Decimal(found["sign"] + found["digits"].replace(",", "").replace(" ", "")), found["rest"]


def _with_magnitude(number: Decimal, rest: str) -> tuple[Decimal, str]:
    found = _MAGNITUDE.match(rest)
    if found is None:
        return number, rest
    return number.scaleb(_POWERS[found["name"].casefold()], EXACT), rest[found.end() :]


def _magnified(plain: str) -> Decimal:
    number, rest = _with_magnitude(*_number(plain))
    if rest.strip():
        raise UnreadableQuantityError(Problem.UNREADABLE)
    return number


def _without_currency(plain: str, currency: str) -> str:
    own = (*_CURRENCY_WORDS.get(currency, ()), currency.casefold())
    foreign = {word for words in _CURRENCY_WORDS.values() for word in words} - set(own)
    if any(word in plain for word in foreign):
        raise UnreadableQuantityError(Problem.FOREIGN_CURRENCY)
    sign = plain[:1] if plain.startswith(("+", "-")) else ""
    body = plain.removeprefix(sign).strip()
    for word in own:
        body = body.removeprefix(word).removesuffix(word).strip()
    return sign + body


def _to_places(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)


def _checked(number: Decimal, *, places: int, maximum: Decimal, may_be_negative: bool = False) -> Decimal:
    if number < 0 and not may_be_negative:
        raise UnreadableQuantityError(Problem.NEGATIVE)
    if abs(number) > maximum:
        raise UnreadableQuantityError(Problem.TOO_LARGE)
    fixed = _to_places(number, places)
    if fixed != number:
        raise UnreadableQuantityError(Problem.TOO_PRECISE)
    return abs(fixed) if fixed.is_zero() else fixed
