"""A file opened in a spreadsheet that reckons: no cell of it is a formula. It wants LibreOffice, and is skipped without."""

import shutil
import subprocess

import pytest
from openpyxl import load_workbook

from portal.common.exports import Column, Sheet, csv_lines, xlsx_file

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(300), pytest.mark.one_database]

BEGINNINGS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "  =", "＝", "＋", "－", "＠", "|", "%", "'=")
HOSTILE = [
    f"{first}{rest}" for first in BEGINNINGS for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")')
]


def sheet():
    columns: tuple[Column[str], ...] = (Column("=1+1", lambda row: row), Column("name", lambda row: f"{row} of Li Ran"))
    return Sheet("risks", columns, [HOSTILE])


@pytest.fixture(scope="module")
def soffice():
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("no LibreOffice (Debian: apt-get install --no-install-recommends libreoffice-calc)")
    return found


def opened(soffice, path, folder):
    """The cells as LibreOffice has them, saved anew by it."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    out = folder / "out"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", out, path]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return [cell for row in load_workbook(out / f"{path.stem}.xlsx").active.iter_rows() for cell in row]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(soffice, tmp_path, form):
    path = tmp_path / f"risks.{form}"
    if form == "csv":
        path.write_text("".join(csv_lines(sheet(), "en")), encoding="utf-8", newline="")
    else:
        with xlsx_file(sheet()) as file:
            path.write_bytes(file.read())

    cells = opened(soffice, path, tmp_path)

    assert len(cells) == 2 * (len(HOSTILE) + 1)
    assert [cell.value for cell in cells if cell.data_type != "s"] == []


def test_the_check_sees_a_formula(soffice, tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text("head\n=1+1\n")

    assert [cell.data_type for cell in opened(soffice, path, tmp_path)] == ["s", "f"]
