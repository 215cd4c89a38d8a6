"""`manage.py import_history`: all or nothing, or the good lines and a file with the others."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import AuditEntry
from projects.history import by_size, fared
from projects.models import HistoryImport, PastEstimate
from projects.summaries import past_work
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[4] / "shared" / "data"
GOOD = "task,kind,estimated_hours,actual_hours,started_on\nA-1,Bug,8,12,2026-01-05\nA-2,Build,16,8,\n"


@pytest.fixture
def write(tmp_path):
    def write(text, name="tasks.csv"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def run(file, *options):
    out, errors = StringIO(), StringIO()
    call_command("import_history", str(file), *options, stdout=out, stderr=errors)
    return out.getvalue()


def refusal(file, *options):
    errors = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_history", str(file), *options, stdout=StringIO(), stderr=errors)
    assert PastEstimate.objects.count() == HistoryImport.objects.count() == 0
    return str(refused.value), errors.getvalue().splitlines()


def kept():
    return list(PastEstimate.objects.values_list("source", "key", "kind", "estimated_days", "actual_days"))


def test_hours_become_days_and_the_run_is_on_record(write):
    assert run(write(GOOD)) == "2 imported, 0 known already, 0 not finished.\n"

    assert kept() == [
        ("tasks", "A-1", "Bug", Decimal(1), Decimal("1.5")),
        ("tasks", "A-2", "Build", Decimal(2), Decimal(1)),
    ]
    entry = AuditEntry.objects.get(verb="history.imported")
    assert (entry.actor, entry.after) == (None, {"source": "tasks", "created": 2, "rejected": 0})


def test_read_again_it_adds_nothing_but_what_is_new(write):
    run(write(GOOD))
    assert run(write(f"{GOOD}A-3,Bug,4,4,\n")) == "1 imported, 2 known already, 0 not finished.\n"
    assert PastEstimate.objects.count() == 3


def test_chinese_heads_and_days(write):
    run(write("任务编号,类别,预估人天,实际人天\nA-1,缺陷,2,3\n"))
    assert kept() == [("tasks", "A-1", "缺陷", Decimal(2), Decimal(3))]


def test_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Project", "Estimated hours", "Actual hours"])
    book.active.append(["P-1", 40, 60.4])
    book.save(tmp_path / "old.xlsx")

    run(tmp_path / "old.xlsx", "--source", "tracker", "--hours-per-day", "4")
    assert kept() == [("tracker", "P-1", "", Decimal(10), Decimal("15.1"))]


def test_columns_of_other_names_are_told(write):
    file = write("ticket,guess,spent\nA-1,1,2\n")
    words, _lines = refusal(file)
    assert words == (
        "No column for key, estimated, actual among: ticket, guess, spent. Name it with --map FIELD=COLUMN."
    )
    named = ("--map", "key=ticket", "--map", "estimated=guess", "--map", "actual=spent")
    assert refusal(file, *named)[0] == "Does “guess” count hours or days? Say it with --unit."
    run(file, *named, "--unit", "days")
    assert kept() == [("tasks", "A-1", "", Decimal(1), Decimal(2))]


def test_one_bad_line_of_many_stops_all_and_is_named(write):
    text = GOOD + "A-3,Bug,minus,8,2026-13-01\nA-4,Bug,8,0,\n,Bug,8,8,\n"

    words, lines = refusal(write(text))

    assert words == "Nothing was imported: 3 of 5 lines cannot be used."
    assert lines == [
        "line 4, column started_on: '2026-13-01', expected a day such as 2026-11-25",
        "line 4, column estimated_hours: 'minus', expected a number greater than 0",
        "line 5, column actual_hours: '0', expected a number greater than 0",
        "line 6, column task: '', expected a text of 1 to 80 characters",
    ]


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-1", "1e400", "1e-400", "1,2", "0.0000001", "9" * 30, "１e5"])
def test_figures_that_nobody_can_mean(write, figure):
    _words, lines = refusal(write(f'task;estimated_hours;actual_hours\nA-1;"{figure}";8\n'))
    assert lines == [f"line 2, column estimated_hours: {figure!r}, expected a number greater than 0"]


def test_the_good_lines_are_kept_and_the_others_written_down(write, tmp_path):
    file = write('task,estimated_hours,actual_hours\nA-1,8,8\n"=cmd|x",-8,8\n')

    said = run(file, "--skip-bad")

    rejected = tmp_path / "tasks.csv.rejected.csv"
    assert said == f"1 lines were rejected: see {rejected}\n1 imported, 0 known already, 0 not finished.\n"
    assert rejected.read_text(encoding="utf-8-sig").splitlines() == [
        "task,estimated_hours,actual_hours,rejected because",
        "'=cmd|x,'-8,8,estimated_hours: a number greater than 0",
    ]
    assert HistoryImport.objects.get().rejected == 1


def test_lines_of_one_task_are_one_piece_of_work_if_they_agree(write):
    head = "TaskNumber,ProjectCode,HoursEstimate,HoursActual\n"
    run(write(f"{head}1,P,8,8\n1,P,8,8\n"))
    assert kept() == [("tasks", "1", "", Decimal(1), Decimal(1))]
    PastEstimate.objects.all().delete()
    HistoryImport.objects.all().delete()

    _words, lines = refusal(write(f"{head}1,P,8,8\n1,P,8,9\n"))
    assert lines == ["line 3, column TaskNumber: '1', expected the same figures as in an earlier line: 1 and 1 days"]


def test_what_is_not_finished_says_nothing(write):
    said = run(write("task,status,estimated_hours,actual_hours\n1,Finished,8,8\n2,CANCELLED,8,\n3,进行中,8,2\n"))
    assert said == "1 imported, 0 known already, 2 not finished.\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--map", "speed=x"], "--map takes FIELD=COLUMN"),
        (["--map", "key"], "--map takes FIELD=COLUMN"),
        (["--map", "kind=nothing"], "No column for kind"),
        (["--hours-per-day", "0"], "--hours-per-day takes a number from 1 to 24"),
        (["--hours-per-day", "NaN"], "--hours-per-day takes a number from 1 to 24"),
    ],
)
def test_options_that_cannot_be(write, options, words):
    assert refusal(write(GOOD), *options)[0].startswith(words)


def test_a_file_that_is_no_table(write, tmp_path):
    assert refusal(tmp_path / "nothing.csv")[0].endswith("cannot be read: No such file or directory")
    assert refusal(write("task"))[0].endswith("is no table that can be read: empty.")


def test_real_tasks_fare_as_published():
    file = REAL / "sip-tasks.csv"
    if not file.exists():
        pytest.skip(f"{file} is not there")

    assert run(file) == "10022 imported, 0 known already, 244 not finished.\n"

    past = past_work(UserFactory())
    every, sizes = fared(past), by_size(past)
    assert (every.n, every.median, every.p80) == (10022, 1.0, pytest.approx(1.45, abs=0.005))
    # Published for up to 8 and up to 40 hours; above, a class of ours is narrower.
    assert (sizes[0].n, sizes[0].median) == (8032, 1.0)
    assert (sizes[1].n, sizes[1].median) == (1603, pytest.approx(0.8125))


def test_real_projects_are_taken_as_they_are():
    file = REAL / "sip-projects.csv"
    if not file.exists():
        pytest.skip(f"{file} is not there")

    assert run(file) == "20 imported, 0 known already, 0 not finished.\n"
    assert PastEstimate.objects.get(key="PC18").estimated_days == Decimal("2940.301250")


def test_one_bad_line_of_a_thousand_stops_all(write):
    lines = [f"B-{number},Bug,8,8,\n" for number in range(999)]
    text = GOOD + "".join([*lines[:500], "B-x,Bug,8,never,\n", *lines[500:]])

    words, named = refusal(write(text))

    bad = len(GOOD.splitlines()) + 501
    assert named == [f"line {bad}, column actual_hours: 'never', expected a number greater than 0"]
    assert words == f"Nothing was imported: 1 of {bad + 498} lines cannot be used."
    assert kept() == []
