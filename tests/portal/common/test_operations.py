"""A rule for a table that has rows already."""

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from portal.accounts.models import Site
from portal.common.operations import AddCheck
from tests.factories.accounts import SiteFactory

pytestmark = pytest.mark.django_db(transaction=True)
RULE = AddCheck("site", models.CheckConstraint(condition=~models.Q(name="Nowhere"), name="site_is_somewhere"))


def add():
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    RULE.state_forwards("accounts", after)
    with connection.schema_editor(atomic=True) as editor:
        RULE.database_forwards("accounts", editor, before, after)
    return before, after


def test_rows_that_break_a_new_rule_are_named_before_anything_is_changed():
    wrong, right = SiteFactory(name="Nowhere"), SiteFactory(name="Here")

    with pytest.raises(CommandError, match=rf"^1 rows of accounts_site break the new rule .*: id {wrong.pk}\. This"):
        add()

    assert Site.objects.filter(pk__in=[wrong.pk, right.pk]).update(country="DE") == 2
    Site.objects.filter(pk=right.pk).update(name="Nowhere too")  # which the rule would allow
    wrong.delete()
    before, after = add()
    try:
        with pytest.raises(IntegrityError), transaction.atomic():
            SiteFactory(name="Nowhere")
    finally:
        with connection.schema_editor(atomic=True) as editor:
            RULE.database_backwards("accounts", editor, after, before)
    SiteFactory(name="Nowhere").delete()
