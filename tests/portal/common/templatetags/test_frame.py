import json
import re
from html import unescape

import pytest

from portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ObligationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]


@pytest.fixture
def lin(client):
    person = UserFactory(name="Lin Yue", roles=[Role.PM])
    client.force_login(person)
    return person


def test_a_page_has_its_language_title_landmarks_and_one_heading(client, lin):
    page = client.get("/more/").text
    assert page.startswith('<!doctype html>\n<html lang="en"')
    assert "<title>More · Foresight</title>" in page
    assert [page.count(part) for part in ("<h1>", "<main", "<nav", 'class="fs-skip" href="#main"')] == [1, 1, 1, 1]


def test_htmx_is_bound_as_a_strict_policy_wants_it(client, lin):
    page = client.get("/").text
    config = json.loads(unescape(re.findall(r'name="htmx-config" content="([^"]+)"', page)[0]))
    assert {
        name: config[name]
        for name in ("allowEval", "allowScriptTags", "historyCacheSize", "includeIndicatorStyles", "selfRequestsOnly")
    } == {
        "allowEval": False,
        "allowScriptTags": False,
        "historyCacheSize": 0,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
    }
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w{64}\"\}'", page)


def test_the_rail_marks_where_the_reader_is(client, lin):
    rail = client.get("/").text.partition("<nav")[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"( aria-current="page")?', rail) == [
        ("/", ' aria-current="page"'),
        ("/people/", ""),
        ("/more/", ""),
    ]


def test_the_number_on_the_desk_counts_what_waits_for_the_reader(client, lin):
    assert "fs-count" not in client.get("/").text
    ObligationFactory.create_batch(2, person=lin)
    ObligationFactory()
    assert '<span class="fs-count">2<span class="visually-hidden"> waiting</span></span>' in client.get("/").text


def test_the_demo_says_so_to_its_people_only(client, lin):
    assert "fs-demo" not in client.get("/").text
    client.force_login(UserFactory(is_demo=True))
    assert '<div class="fs-demo" role="region" aria-label="Demo">' in client.get("/").text


def test_what_is_done_is_a_toast_and_what_wants_attention_stands_in_the_flow(client, lin):
    client.post("/settings/", {"language": "en", "theme": "light"})
    page = client.get("/settings/").text
    assert re.search(r'<div class="fs-toast" role="status"><div><i [^>]*></i> Saved\.</div>', page)
    assert "fs-toast" not in client.get("/settings/").text


def test_a_page_without_scripts_still_leads_everywhere(client, lin):
    page = client.get("/more/").text
    without = re.sub(r"<script.*?</script>|<template.*?</template>", "", page, flags=re.DOTALL)
    assert re.findall(r'href="#"', without) == []
