"""The chain over the audit: what it covers, what it finds, and that rows which commit late are not skipped."""

import random
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier, Event, Thread
from time import sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from portal.audit import actions
from portal.audit.actions import record, seal
from portal.audit.chain import COLUMNS, key_id, line_of
from portal.audit.chain import LATER as LATER_COLUMNS
from portal.audit.encoding import canonical
from portal.audit.horizon import settled_id
from portal.audit.models import AuditEntry, AuditSeal
from portal.audit.summaries import BrokenChainError, unsealed_since, verify
from portal.audit.triggers import lifted
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def person():
    return UserFactory()


def deeds(person, count=1):
    return [record("deed", person, by=person, now=NOW, after={"n": n, "share": 1e2}).pk for n in range(count)]


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def broken():
    with pytest.raises(BrokenChainError) as refused:
        verify()
    return str(refused.value)


def test_what_was_sealed_before_tokens_were_named_still_reads_the_same():
    before = (7, NOW, 1, None, "deed", "accounts.user", 1, None, "", None, None, None)

    assert len(before) == len(COLUMNS) - LATER_COLUMNS
    assert line_of(before) == line_of((*before, None)) == canonical(list(before)).encode()
    assert line_of((*before, 9)) == canonical([*before, 9]).encode()


def test_batches_are_chained_and_the_tail_is_known(person, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 2)
    rows = deeds(person, 5)
    assert unsealed_since() == NOW
    assert seal(now=LATER) == 5
    assert seal(now=LATER) == 0
    seals = list(AuditSeal.objects.all())
    assert [(one.number, one.first_id, one.last_id, one.count) for one in seals] == [
        (1, rows[0], rows[1], 2),
        (2, rows[2], rows[3], 2),
        (3, rows[4], rows[4], 1),
    ]
    assert [one.previous for one in seals] == ["", seals[0].mac, seals[1].mac]
    assert unsealed_since() is None

    deeds(person)
    found = verify(expected_head=f"2:{seals[1].mac}")
    assert (found.seals, found.entries, found.head) == (3, 5, f"3:{seals[2].mac}")
    assert (found.unsealed, found.unsealed_since) == (1, NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_auditentry SET verb = 'other' WHERE id = {row}", "Row {row} was changed (seal 1)."),
        ("UPDATE audit_auditentry SET token_id = 9 WHERE id = {row}", "Row {row} was changed (seal 1)."),
        ("DELETE FROM audit_auditentry WHERE id = {row}", "Row {row} is missing (seal 1)."),
        (
            (
                "INSERT INTO audit_auditentry (id, at, verb, subject_type, subject_id, request_id)"
                " SELECT {gap}, at, verb, subject_type, subject_id, request_id FROM audit_auditentry WHERE id = {row}"
            ),
            "Row {gap} was added after seal 1 was set over its place.",
        ),
        ("UPDATE audit_auditseal SET count = 9 WHERE number = 2", "Seal 2 was changed."),
        ("UPDATE audit_auditseal SET marks = '[]' WHERE number = 1", "Seal 1 was changed."),
        ("DELETE FROM audit_auditseal WHERE number = 1", "Seal 1 is missing."),
    ],
)
def test_the_first_thing_that_is_wrong_is_named(person, statement, words):
    first, row, last = deeds(person, 3)
    with lifted(connection):
        run(f"DELETE FROM audit_auditentry WHERE id = {first}")  # noqa: S608 -- a number that was given out and never used
    seal(now=LATER)
    deeds(person)
    seal(now=LATER)
    names = {"row": row, "gap": first}
    with lifted(connection):
        run(statement.format(**names))
    assert broken() == words.format(**names)
    assert last > row


def test_a_chain_that_was_cut_is_found_by_the_head_noted_elsewhere(person):
    deeds(person)
    seal(now=LATER)
    assert verify().seals == 1
    with pytest.raises(BrokenChainError, match="No seal is 2:ab"):
        verify(expected_head="2:ab")


def test_the_key_changes_and_older_seals_are_checked_by_the_older_key(person, settings):
    old = settings.AUDIT_KEY
    deeds(person)
    seal(now=LATER)
    settings.AUDIT_KEY = "another-key-of-some-length-0123456789-0123456789-abc"
    deeds(person)
    seal(now=LATER)
    assert broken() == f"Seal 1 was made with the key {key_id(old)}, which is not here: name it in AUDIT_KEY_FALLBACKS."
    settings.AUDIT_KEY_FALLBACKS = [old]
    assert verify().seals == 2


def test_the_command_says_what_stands_and_exits_with_1_where_it_does_not(person):
    deeds(person, 2)
    seal(now=LATER)
    deeds(person)
    said = StringIO()
    call_command("verify_audit", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0] == "2 rows under 1 seals are as they were written."
    assert re.fullmatch(r"Head \(note it elsewhere\): 1:[0-9a-f]{64}", lines[1])
    assert re.fullmatch(r"1 rows are not sealed yet, the oldest for [\d,]+ seconds\.", lines[2])
    with pytest.raises(CommandError, match="No seal is 7:aa"):
        call_command("verify_audit", head="7:aa")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditseal SET count = 9",
        "DELETE FROM audit_auditseal",
        "INSERT INTO audit_auditseal SELECT * FROM audit_auditseal WHERE true ON CONFLICT (number) DO UPDATE SET count = 9",
    ],
)
def test_seals_are_never_changed_by_sql(person, statement):
    deeds(person)
    seal(now=LATER)
    with pytest.raises(IntegrityError, match="audit seals are never"):
        run(statement)
    assert verify().seals == 1


def test_seals_are_never_changed_by_the_orm(person):
    deeds(person)
    seal(now=LATER)
    one = AuditSeal.objects.get()
    one.count = 9
    for deed in (one.save, one.delete, AuditSeal.objects.all().delete, lambda: AuditSeal.objects.update(count=9)):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert verify().entries == 1


def in_a_thread(deed):
    def run_and_close():
        try:
            deed()
        finally:
            connections.close_all()

    thread = Thread(target=run_and_close)
    thread.start()
    return thread


@pytest.mark.race
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_commits_late_is_waited_for(person):
    """Its id is the smaller one: a chain that had gone past it would never cover it."""
    written, may_commit = Event(), Event()

    def slow():
        with transaction.atomic():
            record("slow", person, by=None, now=NOW)
            written.set()
            may_commit.wait(20)

    thread = in_a_thread(slow)
    written.wait(20)
    record("quick", person, by=None, now=NOW)
    assert settled_id(patience=0.2) is None
    assert AuditSeal.objects.count() == 0
    may_commit.set()
    thread.join()
    assert seal(now=LATER) == 2
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["slow", "quick"]
    assert verify().entries == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_writers_at_once_and_two_sealers_leave_a_whole_chain(person):
    """R-10: some give up, some take long, ids commit out of order; each row that stands is sealed once."""
    begin, over = Barrier(8), Event()

    def writer(number):
        begin.wait()
        chance = random.Random(number)  # noqa: S311 -- not for secrets
        for _n in range(7):
            try:
                with transaction.atomic():
                    record("deed", person, by=person, now=NOW)
                    sleep(chance.random() / 50)
                    if chance.random() < 0.2:
                        raise InterruptedError  # noqa: TRY301 -- rolled back: its id is never used
            except InterruptedError:
                pass

    def sealer():
        while not over.is_set():
            seal(now=LATER)

    sealers = [in_a_thread(sealer) for _ in range(2)]
    writers = [in_a_thread(lambda number=number: writer(number)) for number in range(8)]
    for thread in writers:
        thread.join()
    over.set()
    for thread in sealers:
        thread.join()
    seal(now=LATER)
    found = verify()
    assert (found.entries, found.unsealed) == (AuditEntry.objects.count(), 0)
