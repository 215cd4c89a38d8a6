"""A large installation: the demo company, built by the product's own actions, and then copied many times.

A copy differs from the demo by nothing but its number: every id is moved by a stride, which also moves the ids that are
kept without a foreign key (what is owed, told and recorded is about), and names that have to be unique carry the number.
So whatever holds for what actions wrote holds for the copies. Ten copies share departments, products and goals, which
have a number of their own. In rows kept aside a mark stands for the number, in every text and in every id within JSON;
the database makes the copies of them itself, hundreds of thousands of rows with one statement for each table.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction

from metrics.models import Metric
from portal.accounts.models import Department, Holiday, Site, User
from portal.audit.models import AuditEntry, AuditSeal
from portal.backup.models import Backup
from portal.common.once import read_once
from portal.common.text import normalise
from portal.demo.build import build
from portal.demo.registers import lengthen
from portal.health.models import Pulse
from portal.notifications.models import Delivery, Obligation
from portal.policy.models import PolicyValue
from projects.business_inputs import canonical
from projects.models import (
    BusinessProcess,
    Feedback,
    Goal,
    KeyResult,
    Product,
    ProductModule,
    Project,
    RateCard,
    Submission,
)
from risks.models import Risk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from portal.demo.words import Language

#: Ids of a copy begin at its number times this; the demo itself stays below it.
STRIDE: Final = 10_000
DIGITS: Final = len(str(STRIDE)) - 1
#: Stand for the number of the copy, and for that of the house it belongs to. No text of the demo has them.
MARK: Final = 70707
HOUSE_MARK: Final = 80808
#: Of one company; a project has ten on average.
PROJECTS, RISKS = 30, 300
#: So many copies are made in one transaction, and so many share a house.
BATCH: Final = 100
SHARERS: Final = 10
COPY: Final = "n.k"
HOUSE: Final = f"(1 + (n.k - 1) / {SHARERS})"
#: Whether a copy is the first of its house.
FIRST: Final = f"(n.k - 1) %% {SHARERS} = 0"

#: One for the whole installation.
SHARED: Final[tuple[type[models.Model], ...]] = (
    Site,
    Holiday,
    PolicyValue,
    RateCard,
    Group,
    Permission,
    ContentType,
    AuditSeal,
    Backup,
    Pulse,
)
#: What several copies have in common: their house.
HOUSES: Final[tuple[type[models.Model], ...]] = (
    Department,
    Goal,
    KeyResult,
    Product,
    ProductModule,
    BusinessProcess,
    Feedback,
)
#: Ids that are kept without a foreign key.
LOOSE: Final[dict[type[models.Model], tuple[str, ...]]] = {
    AuditEntry: ("subject_id", "project_id"),
    Obligation: ("object_id", "project_id"),
    Delivery: ("object_id", "project_id"),
}
#: Whole numbers within JSON: ids of a copy, ids of its house, and what stays as it is.
IDS: Final = frozenset(
    [
        "approvers",
        "business_partner",
        "cost_line",
        "decider",
        "document",
        "facilitator",
        "head",
        "line",
        "manager",
        "metric",
        "option",
        "owner",
        "owner_id",
        "person",
        "persons",
        "project",
        "replaces",
        "risk",
        "review",
        "submission",
        "sponsor",
    ]
)
HOUSE_IDS: Final = frozenset(["department", "goal", "parent", "process", "product"])
FIGURES: Final = frozenset(
    ["accepted", "site", "conditions", "horizon_months", "lead_days", "notes", "number", "scale", "version"]
)


def labels(kinds: tuple[type[models.Model], ...]) -> str:
    """Their names in the record, for SQL."""
    return ", ".join(f"'{model._meta.label_lower}'" for model in kinds)


OF_HOUSE: Final = f"a.subject_type IN ({labels(HOUSES)})"


class ScaleError(Exception):
    """The demo has something of which the copies know nothing; the words say what."""


@read_once()
def seed(scale: int, *, language: Language, now: datetime, said: Callable[[str], None], risks: int = RISKS) -> None:
    """Fill an empty database with at least `scale` projects and, by default, ten times as many risks."""
    said("building the company that is copied")
    with transaction.atomic():
        lengthen(build(language=language, now=now), risks)
    copy(-(-scale // PROJECTS) - 1, said=said)


def copy(number: int, *, said: Callable[[str], None]) -> None:
    """So many copies of the company that is there."""
    tables = [Table(model) for model in copied_models()]
    with unhurried():
        Marked(tables).keep()
        for first in range(1, number + 1, BATCH):
            last = min(first + BATCH - 1, number)
            with transaction.atomic():
                for table in tables:
                    table.copy(first, last)
            said(f"{(last + 1) * PROJECTS:,} of {(number + 1) * PROJECTS:,} projects")
        finish(tables)


def copied_models() -> list[type[models.Model]]:
    """Every kind of row that the demo has, but for what all companies share."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if not issubclass(model, SHARED) and model._base_manager.exists()]


class unhurried:  # noqa: N801 -- read as a word of the `with` it stands in
    """Meanwhile this connection has no limit of time and, where it may, looks up no foreign key: in the copies each id is
    moved as the row is that it names, and a test looks them all up.
    """

    def __enter__(self) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
                if cursor.fetchone() == (True,):
                    cursor.execute("SET session_replication_role = replica")

    def __exit__(self, *_: object) -> None:
        if connection.vendor == "postgresql" and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
                cursor.execute("RESET session_replication_role")


class Table:
    """One table: how each of its columns is copied from the rows kept aside."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = model._meta.concrete_fields
        self.name = connection.ops.quote_name(model._meta.db_table)
        self.aside = connection.ops.quote_name(f"seed_{model._meta.db_table}")

    def keep_aside(self) -> None:
        """The rows of the demo, in a table that goes with the connection."""
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {self.aside} AS SELECT * FROM {self.name}")  # noqa: S608 -- our names

        if self.model is AuditEntry:  # what all companies share was made once
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {self.aside} WHERE subject_type IN ({labels(SHARED)})")  # noqa: S608 -- our names

    def mark(self, pk: Any, changes: dict[str, Any]) -> None:
        """Write into a row that is kept aside."""
        by_name = {field.name: field for field in self.fields}
        values = {by_name[name]: value for name, value in changes.items()}
        columns = ", ".join(f"{quoted(field)} = %s" for field in values)
        given = [field.get_db_prep_save(value, connection) for field, value in values.items()]
        key = self.model._meta.pk
        assert key is not None  # noqa: S101 -- every table of ours has one
        name, place = quoted(key), key.get_db_prep_save(pk, connection)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {self.aside} SET {columns} WHERE {name} = %s", [*given, place])  # noqa: S608 -- our names

    def copy(self, first: int, last: int) -> None:
        """Copies number `first` to `last` of every row."""
        columns = ", ".join(map(quoted, self.fields))
        values = ", ".join(self.expression(field) for field in self.fields)
        numbers = "WITH RECURSIVE n(k) AS (SELECT %s UNION ALL SELECT k + 1 FROM n WHERE k < %s)"
        rows = f"{self.aside} a CROSS JOIN n WHERE {self.condition()} ORDER BY n.k"
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {self.name} ({columns}) {numbers} SELECT {values} FROM {rows}", [first, last])  # noqa: S608 -- our names

    def condition(self) -> str:
        """Which copies have a row: what belongs to a house is there once for all who share it."""
        if issubclass(self.model, HOUSES):
            return FIRST
        return f"({FIRST} OR NOT {OF_HOUSE})" if self.model is AuditEntry else "1 = 1"

    def expression(self, field: models.Field[Any, Any]) -> str:
        """What stands in a column of copy `n.k`."""
        column = f"a.{quoted(field)}"
        target = (field.remote_field.model if field.remote_field else None) or (
            self.model if field.primary_key else None
        )
        if target is not None:
            return column if issubclass(target, SHARED) else moved(column, target)
        if field.name in LOOSE.get(self.model, ()):
            number = f"CASE WHEN {OF_HOUSE} THEN {HOUSE} ELSE {COPY} END" if field.name == "subject_id" else COPY
            return f"{column} + {STRIDE} * {number}"
        if field.name == "digest" and self.model is Submission:
            return hashed(numbered("a.content"))
        return in_words(field, column)


def quoted(field: models.Field[Any, Any]) -> str:
    """The column of a field, as SQL names it."""
    return connection.ops.quote_name(str(field.column))


def in_words(field: models.Field[Any, Any], column: str) -> str:
    """A column that is no id."""
    if isinstance(field, models.JSONField) and connection.vendor == "postgresql":
        return f"CAST({numbered(f'CAST({column} AS text)')} AS jsonb)"
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return numbered(column) if is_text else column


def hashed(text: str) -> str:
    """What `digest_of` makes of a text."""
    return f"SHA256({text})" if connection.vendor == "sqlite" else f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


def moved(column: str, target: type[models.Model]) -> str:
    """An id in the copy; one that is drawn by lot is drawn again, the same each time."""
    if not is_lot(target):
        return f"{column} + {STRIDE} * {HOUSE if issubclass(target, HOUSES) else COPY}"
    lot = f"MD5(CAST({column} AS text) || CAST({COPY} AS text))"
    return f"CAST({lot} AS uuid)" if connection.vendor == "postgresql" else lot


def numbered(text: str) -> str:
    """A text with the numbers in the place of the marks."""
    return f"REPLACE(REPLACE({text}, '{MARK}', CAST({COPY} AS text)), '{HOUSE_MARK}', CAST({HOUSE} AS text))"


class Marked:
    """The rows kept aside, with `MARK` wherever a copy has its number."""

    def __init__(self, tables: list[Table]) -> None:
        self.tables = {table.model: table for table in tables}
        #: What a text is in the copies, where a whole text within JSON is one of them.
        self.words: dict[str, str] = {}

    def keep(self) -> None:
        for table in self.tables.values():
            top = table.model._base_manager.aggregate(top=models.Max("pk"))["top"] if not is_lot(table.model) else 0
            if top >= STRIDE:
                raise ScaleError(f"{table.model.__name__} has ids from {STRIDE} on")
            table.keep_aside()
        self.mark_names()
        self.mark_submissions()
        self.mark_record()

    def mark_names(self) -> None:
        """What has to be unique, and what people read in long lists; what is searched follows."""
        for person in User.objects.all():
            name, _, host = person.email.partition("@")
            person.email = self.word(person.email, f"{name}.{MARK}@{host}")
            person.staff_number = person.staff_number and self.word(
                person.staff_number, f"{person.staff_number}-{MARK}"
            )
            person.refresh_search_text()
            # Nobody but the first twelve is offered at the door.
            self.write(person, "email", "staff_number", "search_text", is_demo=False)
        for department in Department.objects.all():
            department.name = self.word(department.name, mark=HOUSE_MARK)
            self.write(department, "name")
        for goal in Goal.objects.all():
            self.word(str(goal), mark=HOUSE_MARK)  # by which what is frozen names it
            goal.objective = self.word(goal.objective, mark=HOUSE_MARK)
            self.write(goal, "objective")
        for metric in Metric.objects.all():
            metric.name = self.word(metric.name)
            self.write(metric, "name", name_key=normalise(metric.name))
        for product in Product.objects.all():
            product.name = self.word(product.name, mark=HOUSE_MARK)
            self.write(product, "name", name_key=normalise(product.name), search_text=product.searched())
        for project in Project.objects.all():
            project.title = self.word(project.title)
            self.write(project, "title", search_text=project.searched())
        for risk in Risk.objects.all():
            risk.event = self.word(risk.event)
            self.write(risk, "event", search_text=risk.searched())

    def mark_submissions(self) -> None:
        """What was frozen names the project and its people; the hash is made by the database, of the copied text."""
        for submission in Submission.objects.all():
            texts = {name: getattr(submission, name) for name in ("content", "less")}
            changed = {name: canonical(self.within(json.loads(text))) for name, text in texts.items() if text}
            self.tables[Submission].mark(submission.pk, changed)

    def mark_record(self) -> None:
        """Before and after of every deed."""
        for entry in AuditEntry.objects.iterator():
            sides = {name: getattr(entry, name) for name in ("before", "after")}
            changed = {name: self.within(side) for name, side in sides.items() if side}
            if changed:
                self.tables[AuditEntry].mark(entry.pk, changed)

    def word(self, text: str, marked: str = "", *, mark: int = MARK) -> str:
        """The text as it is in the copies."""
        if str(MARK) in text or str(HOUSE_MARK) in text:
            raise ScaleError(f"“{text}” has the mark of the copies")
        return self.words.setdefault(text, marked or f"{text} {mark}")

    def write(self, row: models.Model, *names: str, **others: Any) -> None:
        self.tables[type(row)].mark(row.pk, {name: getattr(row, name) for name in names} | others)

    def within(self, value: Any, key: str = "") -> Any:
        """JSON as it is in the copies."""
        if isinstance(value, dict):
            return {name: self.within(each, key if name == "id" else name) for name, each in value.items()}
        if isinstance(value, list):
            return [self.within(each, key) for each in value]
        if isinstance(value, str):
            return self.words.get(value, value)
        if isinstance(value, bool) or not isinstance(value, int) or key not in IDS | HOUSE_IDS:
            return value
        return int(f"{HOUSE_MARK if key in HOUSE_IDS else MARK}{value:0{DIGITS}d}")


def is_lot(model: type[models.Model]) -> bool:
    """Whether its ids are drawn by lot."""
    return isinstance(model._meta.pk, models.UUIDField)


def finish(tables: list[Table]) -> None:
    """The next row gets the next free id, and the planner knows how much there is."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables]):
            cursor.execute(sql)
        for table in tables:
            cursor.execute(f"DROP TABLE {table.aside}")
        cursor.execute("ANALYZE")
