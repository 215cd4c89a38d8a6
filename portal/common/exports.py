"""A list as a file: CSV, written out while it is read, or XLSX with typed cells.

The rows are those of the list, in its order, read page by page so that a long one needs no more memory than a short
one. No cell is ever a formula: a text that a spreadsheet would reckon with is kept a text.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, Generic, TypeVar

import structlog
from django.http import Http404, StreamingHttpResponse
from django.utils import timezone, translation
from xlsxwriter import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.http import HttpRequest, HttpResponseBase
    from django.utils.functional import _StrOrPromise
    from xlsxwriter.format import Format

log = structlog.get_logger(__name__)

CSV: Final = "csv"
XLSX: Final = "xlsx"
FORMS: Final = (CSV, XLSX)
#: Excel reads UTF-8 only where this stands first.
_MARK: Final = "\ufeff"
#: What a spreadsheet takes for the beginning of a formula, in any width.
_FORMULA: Final = "=+-@|%＝＋－＠｜％"
_GUARD: Final = "'"
#: No wider than this, or a long text makes a column that nobody scrolls.
_WIDEST: Final = 60
_XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_PIECE: Final = 64 * 1024

RowT = TypeVar("RowT")


class Kind(Enum):
    """What a column holds, and how a spreadsheet shows it."""

    TEXT = ""
    MONEY = "#,##0.00"
    NUMBER = "#,##0.##"
    SHARE = "0.######%"
    DAY = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column: its head, how it is read from a row, and what it holds. What is not known yet is an empty cell."""

    head: _StrOrPromise
    read: Callable[[RowT], Any]
    kind: Kind = Kind.TEXT
    width: int = 14


@dataclass(frozen=True, slots=True)
class Sheet(Generic[RowT]):
    """What is written: the rows come in pages, each read when it is needed."""

    name: str
    columns: Sequence[Column[RowT]]
    pages: Iterable[Sequence[RowT]]


def exported(request: HttpRequest, form: str, sheet: Sheet[RowT]) -> HttpResponseBase:
    """The sheet as a download in the reader's language."""
    if form not in FORMS:
        raise Http404
    log.info("exported", list=sheet.name, form=form, person=getattr(request.user, "pk", None))
    name = f"{sheet.name}-{timezone.localdate().isoformat()}.{form}"
    if form == CSV:
        response = StreamingHttpResponse(
            csv_lines(sheet, translation.get_language() or "en"), content_type="text/csv; charset=utf-8"
        )
    else:
        response = StreamingHttpResponse(read_out(xlsx_file(sheet)), content_type=_XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def guarded(text: str) -> str:
    """A text that no spreadsheet reckons with. One apostrophe more in front, which an import takes away again."""
    bare = text.lstrip()
    is_formula = bare[:1] and bare[0] in _FORMULA
    return _GUARD + text if is_formula or text[:1] in {"\t", "\r", "\n", _GUARD} else text


# ── CSV ─────────────────────────────────────────────────────────────────


def csv_lines(sheet: Sheet[RowT], language: str) -> Iterator[str]:
    """The file, a page of rows at a time. Words are those of `language`: the request is over when they are written."""
    with translation.override(language):
        head = _lines([[guarded(str(column.head)) for column in sheet.columns]])
    yield _MARK + head
    for page in sheet.pages:
        with translation.override(language):
            text = _lines([[_csv_cell(column.read(row)) for column in sheet.columns] for row in page])
        yield text


def _lines(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | date):
        return str(value)
    return guarded(str(value))


# ── XLSX ────────────────────────────────────────────────────────────────


def xlsx_file(sheet: Sheet[RowT]) -> IO[bytes]:
    """The file, written row by row to disk; it goes when it is closed."""
    out = TemporaryFile()  # noqa: SIM115 -- whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        page = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = [book.add_format({"num_format": column.kind.value}) for column in sheet.columns]
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, min(column.width, _WIDEST))
        page.freeze_panes(1, 0)
        for number, column in enumerate(sheet.columns):
            page.write_string(0, number, str(column.head), bold)
        line = 0
        for rows in sheet.pages:
            for row in rows:
                line += 1
                for number, column in enumerate(sheet.columns):
                    _write(page, line, number, column.read(row), formats[number])
        page.autofilter(0, 0, line, len(sheet.columns) - 1)
    out.seek(0)
    return out


def read_out(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; after the last one it is gone."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _write(page: Any, line: int, number: int, value: Any, look: Format) -> None:
    """Numbers and days as such, everything else as the text it is."""
    if value is None:
        return
    if isinstance(value, Decimal | int):
        page.write_number(line, number, value, look)
    elif isinstance(value, date):
        page.write_datetime(line, number, value, look)
    else:
        page.write_string(line, number, str(value))
