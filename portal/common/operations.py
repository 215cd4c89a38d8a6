"""What migrations do beside what Django offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django.core.management import CommandError
from django.db.migrations import AddConstraint
from django.db.models import BooleanField, ExpressionWrapper

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState
    from django.db.models import CheckConstraint, Q

NAMED: Final = 20


class AddCheck(AddConstraint):
    """A CHECK for a table that may have rows: those that break it are named first, because the database names none."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        condition = cast("Q", cast("CheckConstraint", self.constraint).condition)
        kept = ExpressionWrapper(condition, output_field=BooleanField())
        rows = model._base_manager.using(schema_editor.connection.alias).annotate(is_kept=kept).filter(is_kept=False)
        if rows.exists():
            raise CommandError(self._words(model._meta.db_table, rows))
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def _words(self, table: str, rows: Any) -> str:
        ids = ", ".join(map(str, rows.order_by("pk").values_list("pk", flat=True)[:NAMED]))
        return (
            f"{rows.count()} rows of {table} break the new rule {self.constraint.name}: id {ids}. This migration has changed "
            "nothing. Mend these rows with the version that ran before, then migrate again."
        )
