"""Tables as people have them: CSV in whatever encoding, XLSX, or cells copied from a spreadsheet.

Every cell comes out as text. A file is judged before it is unpacked: how large it is, and how large it would become.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import openpyxl
from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from portal.common.dates import in_range
from portal.common.exports import guarded
from portal.common.text import has_control_characters, has_invisible_characters, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.utils.functional import _StrOrPromise

MAX_BYTES: Final = 10 * 2**20
MAX_UNPACKED: Final = 100 * 2**20
#: What a spreadsheet packs shrinks to a tenth; a bomb to a thousandth.
MAX_SHRINKAGE: Final = 200
MAX_MEMBERS: Final = 500
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 20_000
_ZIP: Final = b"PK\x03\x04"
#: Where UTF-8 fails: what spreadsheets in China and in the West write.
_ENCODINGS: Final = ("gb18030", "big5", "cp1252")
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T].*)?")
_SAMPLE: Final = 64 * 2**10


class Trouble(StrEnum):
    """Why a table could not be read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    TOO_MANY_ROWS = "too_many_rows"
    CELL_TOO_LONG = "cell_too_long"


class UnreadableSheetError(ValueError):
    """This is no table we can read; `code` says why."""

    def __init__(self, code: Trouble) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `number` is that of the file, where the head is 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int | None) -> str:
        """The text of a column; empty where the line is shorter or the column is none."""
        return self.cells[index].strip() if index is not None and index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A head and the lines below it."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that cannot be used, and what was expected there."""

    row: int
    column: str
    value: str
    expected: _StrOrPromise


def columns_of(head: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where each field stands, by the first of its names that the head has; in any case, with or without spaces."""
    places = {bare(name): index for index, name in reversed([*enumerate(head)])}
    found = {field: next((places[name] for name in known if name in places), None) for field, known in names.items()}
    return {field: index for field, index in found.items() if index is not None}


def bare(name: str) -> str:
    """A name of a column as it is compared: letters and digits alone."""
    return "".join(character for character in normalise(name) if character.isalnum())


class Cells:
    """The cells of one line by field, and what is wrong with them."""

    def __init__(self, row: Row, head: Sequence[str], columns: Mapping[str, int]) -> None:
        self.row, self.head, self.columns = row, head, columns
        self.bad: list[BadCell] = []

    def text(self, name: str) -> str:
        return self.row.cell(self.columns.get(name))

    def refuse(self, name: str, expected: _StrOrPromise) -> None:
        column = self.head[self.columns[name]] if name in self.columns else name
        self.bad.append(BadCell(self.row.number, column, self.text(name), expected))

    def short(self, name: str, longest: int, *, is_needed: bool = False) -> str:
        """A text on one line, of which everything can be seen."""
        text = self.text(name)
        is_odd = has_control_characters(text, allowed="") or has_invisible_characters(text)
        if (is_needed and not text) or len(text) > longest or is_odd:
            self.refuse(name, _("a text of 1 to %s characters") % longest)
        return text

    def day(self, name: str) -> date | None:
        """A day, or None where the cell is empty."""
        text = self.text(name)
        if not text:
            return None
        day = day_of(text)
        if day is None:
            self.refuse(name, _("a day such as 2026-11-25"))
        return day


def day_of(text: str) -> date | None:
    """The day of a cell, as spreadsheets and people write it with the year first; None where it is none."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    try:
        return in_range(date(year, month, day))
    except ValueError:
        return None


def read(data: bytes) -> Sheet:
    """The table of a file, told by its first bytes and not by its name. Raises UnreadableSheetError."""
    if len(data) > MAX_BYTES:
        raise UnreadableSheetError(Trouble.TOO_LARGE)
    return _sheet(_of_workbook(data)) if data.startswith(_ZIP) else read_text(decoded(data))


def read_text(text: str) -> Sheet:
    """The table of a text: commas, semicolons, or the tabs that come with copied cells."""
    if "\x00" in text:
        raise UnreadableSheetError(Trouble.UNREADABLE)
    head = text.lstrip().partition("\n")[0]
    delimiter = max("\t,;", key=head.count)
    try:
        return _sheet(csv.reader(io.StringIO(text), delimiter=delimiter, strict=delimiter != "\t"))
    except csv.Error as error:
        raise UnreadableSheetError(Trouble.UNREADABLE) from error


def decoded(data: bytes) -> str:
    """The text of a file whose encoding nobody tells."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Only lines that could tell: the rest is the same in all of them.
        telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
        best = from_bytes(telling, cp_isolation=list(_ENCODINGS)).best()
        return data.decode(best.encoding if best else "cp1252", "replace")


def _sheet(lines: Iterable[Sequence[str]]) -> Sheet:
    head: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        cells = tuple(map(unguarded, line))
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise UnreadableSheetError(Trouble.TOO_MANY_ROWS)
        if any(len(cell) > MAX_CELL for cell in cells):
            raise UnreadableSheetError(Trouble.CELL_TOO_LONG)
        if not any(cell.strip() for cell in cells):
            continue
        if head:
            rows.append(Row(number, cells))
        else:
            head = tuple(cell.strip() for cell in cells)
    if not rows:
        raise UnreadableSheetError(Trouble.EMPTY)
    return Sheet(head, tuple(rows))


def unguarded(cell: str) -> str:
    """The text without the apostrophe that an export of ours put in front of it."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell


def _of_workbook(data: bytes) -> Iterator[Sequence[str]]:
    """The first sheet. Formulas come as what they last showed; links to other files are left alone."""
    _weigh(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for line in book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS + 1):
            cells = [_text(value) for value in line]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except UnreadableSheetError:
        raise
    except (InvalidFileException, zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, OSError) as error:
        raise UnreadableSheetError(Trouble.UNREADABLE) from error
    except Exception as error:  # its XML is refused by as many errors as there are ways to write it
        raise UnreadableSheetError(Trouble.UNREADABLE) from error


def _weigh(data: bytes) -> None:
    """Refuse what would unpack into more than a table can be, by what the archive says of itself and by its shrinkage."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableSheetError(Trouble.UNREADABLE) from error
    unpacked = sum(member.file_size for member in members)
    shrunk = any(member.file_size > MAX_SHRINKAGE * max(member.compress_size, 1) for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or shrunk:
        raise UnreadableSheetError(Trouble.TOO_LARGE)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
