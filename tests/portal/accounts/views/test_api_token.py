"""One's own tokens, on their pages."""

from __future__ import annotations

import re

import pytest

from portal.accounts.enums import Role, Scope
from portal.accounts.models import ApiToken
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.programs import Program

pytestmark = pytest.mark.django_db
TOKENS = "/settings/tokens/"


def test_a_token_is_shown_once_and_comes_in(client, django_assert_num_queries):
    pm = UserFactory(roles=[Role.PM], site=SiteFactory())
    client.force_login(pm)

    made = client.post(f"{TOKENS}new/", {"name": "Report", "scope": "read", "days": "30"})
    text = re.search(r"fst_[\w-]+", made.text)[0]
    client.get(TOKENS)
    with django_assert_num_queries(4):  # session, person, desk, tokens
        listed = client.get(TOKENS)

    assert made.status_code == 201
    assert client.get("/api/v1/me", headers={"authorization": f"Bearer {text}"}).json()["id"] == pm.pk
    assert text not in listed.text
    assert f"…{text[-4:]}" in listed.text


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "a\u202eb"), ("scope", "admin"), ("days", "3650"), ("days", "")]
)
def test_what_a_token_cannot_be_is_refused_at_its_field(client, field, value):
    client.force_login(UserFactory())

    refused = client.post(f"{TOKENS}new/", {"name": "Report", "scope": "read", "days": "30"} | {field: value})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert not ApiToken.objects.exists()


def test_revoking_shuts_one_program_out_and_only_ones_own(client):
    person, other = UserFactory(), UserFactory()
    program, others = Program(person, Scope.READ), Program(other)
    client.force_login(person)
    own, foreign = (ApiToken.objects.get(person=one).pk for one in (person, other))

    answers = [client.post(f"{TOKENS}{pk}/revoke/").status_code for pk in (foreign, own, own)]

    assert answers == [404, 302, 404]
    assert (program.get("/me").status_code, others.get("/me").status_code) == (401, 200)
