"""Read how earlier estimates fared, from a CSV or XLSX file."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from portal.common.exports import guarded
from portal.common.sheets import MAX_BYTES, BadCell, Sheet, UnreadableSheetError, read
from projects.actions.history import import_history
from projects.history_file import NAMES, HistoryFile, NoColumnError, NoUnitError, Unit, layout_of, read_history

#: So many bad cells are named one by one; who has more mends the file, not the cells.
MOST_NAMED = 50
LONGEST_SOURCE = 60
LONGEST_DAY = 24


class Command(BaseCommand):
    help = "Keep how earlier estimates fared: one line for each task or project, with estimated and actual effort."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV in any encoding, or XLSX")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"the column that holds a field ({', '.join(NAMES)}), where its name is not known",
        )
        parser.add_argument("--unit", choices=[*Unit], help="what effort is counted in, where the head does not say")
        parser.add_argument("--hours-per-day", default="8", help="hours of a working day (8)")
        parser.add_argument("--source", help="under which name it is kept (that of the file)")
        parser.add_argument("--skip-bad", action="store_true", help="keep the good lines, write the others to a file")
        parser.add_argument("--rejected", type=Path, help="where they are written (FILE.rejected.csv)")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        sheet = self.sheet_of(file)
        found = self.history_of(sheet, options)
        rejected = {cell.row for cell in found.bad}
        if found.bad and not options["skip_bad"]:
            self.name(found.bad)
            raise CommandError(f"Nothing was imported: {len(rejected)} of {len(sheet.rows)} lines cannot be used.")
        source = str(options["source"] or file.stem)[:LONGEST_SOURCE]
        batch = import_history(found.work.values(), source=source, rejected=len(rejected), now=timezone.now())
        if rejected:
            written = options["rejected"] or file.with_name(f"{file.name}.rejected.csv")
            write_rejected(written, sheet, found.bad)
            self.stdout.write(f"{len(rejected)} lines were rejected: see {written}")
        self.stdout.write(
            f"{batch.created} imported, {len(found.work) - batch.created} known already,"
            f" {len(found.unfinished)} not finished."
        )

    def sheet_of(self, file: Path) -> Sheet:
        try:
            if file.stat().st_size > MAX_BYTES:
                raise CommandError(f"{file} is larger than {MAX_BYTES // 2**20} MB.")
            return read(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except UnreadableSheetError as error:
            raise CommandError(f"{file} is no table that can be read: {error.code.replace('_', ' ')}.") from error

    def history_of(self, sheet: Sheet, options: dict[str, Any]) -> HistoryFile:
        try:
            layout = layout_of(
                sheet,
                named=named_columns(options["map"]),
                unit=Unit(options["unit"]) if options["unit"] else None,
                hours_per_day=hours(options["hours_per_day"]),
            )
        except NoColumnError as error:
            raise CommandError(
                f"No column for {', '.join(error.fields)} among: {', '.join(error.head)}. Name it with --map FIELD=COLUMN."
            ) from error
        except NoUnitError as error:
            raise CommandError(f"Does “{error.column}” count hours or days? Say it with --unit.") from error
        return read_history(sheet, layout)

    def name(self, bad: Sequence[BadCell]) -> None:
        for cell in bad[:MOST_NAMED]:
            self.stderr.write(f"line {cell.row}, column {cell.column}: {cell.value!r}, expected {cell.expected}")
        if len(bad) > MOST_NAMED:
            self.stderr.write(f"… and {len(bad) - MOST_NAMED} more")


def named_columns(pairs: Iterable[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for pair in pairs:
        name, is_there, column = pair.partition("=")
        if not is_there or name not in NAMES:
            raise CommandError(f"--map takes FIELD=COLUMN, with a field of {', '.join(NAMES)}; not “{pair}”.")
        named[name] = column
    return named


def hours(text: str) -> Decimal:
    try:
        given = Decimal(text)
    except InvalidOperation:
        given = Decimal(0)
    if not (given.is_finite() and 0 < given <= LONGEST_DAY):
        raise CommandError("--hours-per-day takes a number from 1 to 24.")
    return given


def write_rejected(file: Path, sheet: Sheet, bad: Sequence[BadCell]) -> None:
    """The lines as they were, each with what is wrong; a spreadsheet that opens them reckons nothing."""
    why: dict[int, list[str]] = {}
    for cell in bad:
        why.setdefault(cell.row, []).append(f"{cell.column}: {cell.expected}")
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*map(guarded, sheet.head), "rejected because"])
        for row in sheet.rows:
            if row.number in why:
                cells = [row.cell(index) for index in range(len(sheet.head))]
                writer.writerow([*map(guarded, cells), "; ".join(why[row.number])])
