import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from portal.common import sheets
from portal.common.sheets import Row, Sheet, Trouble, UnreadableSheetError, columns_of, read, read_text

TABLE = "项目,预估工时\n门店,12\n"


def workbook(*lines, **extra):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    if not extra:
        return stream.getvalue()
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in extra.items():
            archive.writestr(name, data)
    return stream.getvalue()


def code_of(data):
    with pytest.raises(UnreadableSheetError) as refused:
        read(data) if isinstance(data, bytes) else read_text(data)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encoding_is_found_out(encoding):
    long_enough = TABLE + "".join(f"门店货架检查第{number}期，配送站点盘点,{number + 1}\n" for number in range(9))
    assert read(long_enough.encode(encoding)).head == ("项目", "预估工时")
    assert read(long_enough.encode(encoding)).rows[0] == Row(2, ("门店", "12"))


def test_a_western_file_is_not_taken_for_chinese():
    text = "task,note\n" + "".join(f"{n},Gebühr für Prüfung, geändert\n".replace(", ", "; ") for n in range(20))
    assert read(text.encode("cp1252")).rows[0].cells == ("0", "Gebühr für Prüfung; geändert")


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\r\n1\t2\r\n", "\n\na,b\n\n1,2\n,\n"])
def test_the_delimiter_is_found_out_and_empty_lines_are_none(text):
    sheet = read_text(text)
    assert (sheet.head, [row.cells for row in sheet.rows]) == (("a", "b"), [("1", "2")])


def test_a_workbook_gives_what_its_cells_show():
    half_past_eight = datetime(2026, 11, 25, 8, 30)  # noqa: DTZ001 -- a cell knows no zone
    data = workbook(["a", "b", "c", "d"], [12.0, 1.5, date(2026, 11, 25), half_past_eight], [None, None, "x"])
    assert read(data) == Sheet(
        ("a", "b", "c", "d"),
        (Row(2, ("12", "1.5", "2026-11-25", "2026-11-25 08:30:00")), Row(3, ("", "", "x"))),
    )


@pytest.mark.parametrize(
    ("cell", "text"), [("'=1+1", "=1+1"), ("''tis", "'tis"), ("'tis", "'tis"), ("' -3", " -3"), ("=1", "=1")]
)
def test_what_an_export_guarded_is_as_it_was(cell, text):
    assert read_text(f"a;b\n{cell};1").rows[0].cells[0] == text


def test_a_cell_that_is_not_there_is_empty():
    row = Row(2, ("a ",))
    assert (row.cell(0), row.cell(7), row.cell(None)) == ("a", "", "")


@pytest.mark.parametrize("data", [b"", "", "a,b\n", "\n \n", workbook(["a", "b"])])
def test_nothing_below_the_head_is_empty(data):
    assert code_of(data) == Trouble.EMPTY


@pytest.mark.parametrize("data", [b"PK\x03\x04 no archive", "a,b\n1,\x00", workbook(["a"])[:-40]])
def test_what_is_no_table_is_said(data):
    assert code_of(data) == Trouble.UNREADABLE


def test_an_archive_that_is_no_workbook_is_no_table():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert code_of(stream.getvalue()) == Trouble.UNREADABLE


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert code_of(workbook(["a"], [1], **{"xl/bomb.xml": b"0" * (30 * 2**20)})) == Trouble.TOO_LARGE
    assert code_of(workbook(["a"], [1], **{f"xl/{n}.xml": b"" for n in range(600)})) == Trouble.TOO_LARGE
    assert code_of(b"a," * (6 * 2**20)) == Trouble.TOO_LARGE


def test_entities_are_not_unfolded():
    plain = workbook(["a"], [1])
    stream = io.BytesIO()
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, laughs if name.endswith("sheet1.xml") else source.read(name))
    assert code_of(stream.getvalue()) == Trouble.UNREADABLE


def test_more_than_anybody_means_is_refused(monkeypatch):
    assert code_of("a\n" + "x" * 20_001) == Trouble.CELL_TOO_LONG
    assert code_of(",".join(["a"] * 201) + "\n1") == Trouble.TOO_MANY_ROWS
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert code_of("a\n1\n2\n3\n") == Trouble.TOO_MANY_ROWS


def test_a_column_is_found_in_any_spelling_the_most_telling_name_first():
    head = ("Project Code", "Task_Number", "HOURS estimate", "预估 工时", "Task_Number")
    names = {"key": ("tasknumber", "projectcode"), "estimated": ("预估工时",), "kind": ("kind",)}
    assert columns_of(head, names) == {"key": 1, "estimated": 3}
