from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from portal.common.prepared import Prepared
from projects.models import Project
from projects.querysets import restricted_for
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.mark.parametrize("now", [NOW, NOW - timedelta(days=400)])
@pytest.mark.parametrize("person", [1, 2**40])
def test_it_is_the_query_that_is_made_anew(person, now):
    made = restricted_for(person, now).query

    sql, params = Prepared(restricted_for, person, now).as_sql(None, connection)

    assert (sql, params) == (f"({made.sql_with_params()[0]})", tuple(made.sql_with_params()[1]))


def test_it_stands_in_a_subquery_and_in_the_opposite():
    own, other = UserFactory(), UserFactory()
    mine, hidden = ProjectFactory(owner=own, is_restricted=True), ProjectFactory(owner=other, is_restricted=True)
    his = Q(pk__in=Prepared(restricted_for, own.pk, NOW))

    assert list(Project.objects.filter(his)) == [mine]
    assert list(Project.objects.exclude(his)) == [hidden]
    assert list(Project.objects.filter(pk__in=Project.objects.filter(his).values("pk"))) == [mine]
