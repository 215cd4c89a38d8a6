from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from portal.audit.actions import record
from portal.audit.models import AuditEntry
from portal.audit.triggers import install, lifted, remove
from tests.factories.accounts import UserFactory

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def entry(db):
    return record("deed", UserFactory(), by=None, now=NOW)


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET verb = 'other'",
        "UPDATE audit_auditentry SET actor_id = NULL",
        "DELETE FROM audit_auditentry",
        "DELETE FROM audit_auditentry WHERE verb = 'deed'",
    ],
)
def test_raw_sql_cannot_change_an_entry(entry, statement):
    with pytest.raises(IntegrityError, match="audit rows are never"):
        run(statement)
    assert AuditEntry.objects.get().verb == "deed"


@pytest.mark.parametrize(
    "conflict",
    [
        "INSERT INTO audit_auditentry SELECT * FROM audit_auditentry WHERE true ON CONFLICT (id) DO UPDATE SET verb = 'other'",
        pytest.param(
            "INSERT OR REPLACE INTO audit_auditentry SELECT * FROM audit_auditentry",
            marks=pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own"),
        ),
    ],
)
def test_a_row_cannot_be_replaced_by_inserting_it_again(entry, conflict):
    with pytest.raises(IntegrityError, match="audit rows are never"):
        run(conflict)


def test_the_orm_cannot_either(entry):
    entry.verb = "other"
    for deed in (entry.save, entry.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(verb="")):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert AuditEntry.objects.get().verb == "deed"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
@pytest.mark.django_db(transaction=True)
def test_truncate_is_refused():
    record("deed", UserFactory(), by=None, now=NOW)
    for statement in ("TRUNCATE audit_auditentry", "TRUNCATE audit_auditentry, accounts_user CASCADE"):
        with pytest.raises(IntegrityError):
            run(statement)


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_tables_of_tests_and_leaves_the_triggers():
    record("deed", UserFactory(), by=None, now=NOW)
    call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.count() == 0
    record("deed", UserFactory(), by=None, now=NOW)
    with pytest.raises(IntegrityError):
        run("DELETE FROM audit_auditentry")


@pytest.mark.django_db
def test_flush_is_refused_where_rows_are_real(settings, entry):
    settings.AUDIT_MAY_BE_FLUSHED = False
    with pytest.raises(CommandError):
        call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_triggers_come_back_after_an_error_and_can_be_removed_and_set_again():
    record("deed", UserFactory(), by=None, now=NOW)
    with pytest.raises(RuntimeError), lifted(connection):
        raise RuntimeError
    with connection.schema_editor() as editor:
        remove(None, editor)
    run("UPDATE audit_auditentry SET verb = 'other'")
    with connection.schema_editor() as editor:
        install(None, editor)
    with pytest.raises(IntegrityError):
        run("UPDATE audit_auditentry SET verb = 'third'")
