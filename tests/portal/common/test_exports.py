import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.common.exports import Column, Kind, Sheet, csv_lines, exported, guarded, xlsx_file

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "   =1",
    "\u3000=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "|calc",
    "%0A",
    "'=1",
    '=HYPERLINK("http://x")',
    "http://example.com",
    "{=1}",
    "a\x07b",
    'a,b\r\n"c"',
]  # fmt: skip
COLUMNS: tuple[Column[Any], ...] = (
    Column("=Head", lambda row: row[0]),
    Column("Money", lambda row: row[1], Kind.MONEY),
    Column("Day", lambda row: row[2], Kind.DAY),
    Column("Share", lambda row: row[3], Kind.SHARE),
)


def sheet(*rows):
    return Sheet("things", COLUMNS, iter([list(rows)]))


def row(text="x", money=None, day=None, share=None):
    return (text, money, day, share)


def csv_rows(*rows):
    text = "".join(csv_lines(sheet(*rows), "en"))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def cells(*rows):
    with xlsx_file(sheet(*rows)) as written:
        return list(load_workbook(written).active.iter_rows())


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(text):
    [head, [written, *_]] = csv_rows(row(text))
    assert head[0] == "'=Head"
    if text not in {"http://example.com", "{=1}", "a\x07b", 'a,b\r\n"c"'}:
        assert written == "'" + text
    else:
        assert written == text

    [[title, *_], [cell, *_]] = cells(row(text))
    assert (title.data_type, cell.data_type) == ("s", "s")
    assert cell.hyperlink is None


@given(st.text())
def test_the_guard_is_undone_exactly(text):
    kept = guarded(text)
    assert (kept.removeprefix("'")) == text


def test_money_days_and_shares_are_what_they_are_and_the_unknown_is_empty():
    known = row("x", Decimal("-1234.50"), date(2026, 11, 28), Decimal("0.3"))

    assert csv_rows(known, row())[1:] == [["x", "-1234.50", "2026-11-28", "0.3"], ["x", "", "", ""]]
    [_, typed, unknown] = cells(known, row())
    assert [cell.value for cell in typed[1:]] == [-1234.5, typed[2].value, 0.3]
    assert typed[2].value.date() == date(2026, 11, 28)
    assert [cell.data_type for cell in typed] == ["s", "n", "d", "n"]
    assert [cell.value for cell in unknown[1:]] == [None, None, None]


def test_pages_are_read_one_after_the_other():
    read = []

    def pages():
        for number in range(3):
            read.append(number)
            yield [row(str(number))]

    lines = csv_lines(Sheet("things", COLUMNS, pages()), "en")
    next(lines)
    assert read == []
    next(lines)
    assert read == [0]


def test_only_two_forms_are_known(rf: RequestFactory):
    request = rf.get("/")
    request.user = None  # type: ignore[assignment] # nobody is asked for
    with pytest.raises(Http404):
        exported(request, "pdf", sheet())
