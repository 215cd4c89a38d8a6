"""Reading: it changes nothing, asks nothing strange of the database, and answers every address whatever stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from django.urls import URLResolver, get_resolver

from tests.access.table import HIDDEN, TABLE
from tests.access.world import Actor, World
from tests.security.deeds import PAGES, each, url_of, writer_of
from tests.security.pages import Page
from tests.security.witness import ask, without_noise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = [pytest.mark.django_db, pytest.mark.proof]

#: What the addresses of these pages may ask for.
QUERIES: Mapping[str, tuple[str, ...]] = {
    "accounts:people": ("view", "q", "sort", "role", "department", "after", "before", "shown"),
    "accounts:sign_in": ("next",),
    "inbox": ("before",),
    "ledger": ("channel", "state", "to", "before"),
    "metrics:list": ("shown",),
    "project_activity": ("before",),
    "projects:all_follow_ups": (
        "view", "q", "sort", "product", "project", "origin", "state", "after", "before", "shown",
    ),
    "projects:estimates": ("source",),
    "projects:goals": ("quarter",),
    "projects:list": (
        "view", "q", "sort", "stage", "product", "goal", "owner", "department", "tier", "overdue", "after", "before",
        "shown",
    ),
    "projects:products": ("shown",),
    "retros:lessons": ("view", "q", "sort", "product", "kind", "tag", "after", "before", "shown"),
    "retros:list": ("shown",),
    "weekly": ("department", "projector", "week"),
    "weekly_report": ("week",),
    "risks:assess": ("risk",),
    "search": ("q",),
    "activity": ("before",),
    "projects:defer": ("line",),
    "projects:left_out": ("view",),
    "risks:escalate": ("line", "risk"),
    "risks:escalations": ("view",),
    "risks:list": (
        "view", "q", "sort", "project", "state", "level", "owner", "late", "phase", "product", "tag", "group", "cell",
        "after", "before", "shown",
    ),
}  # fmt: skip
QUERIES_OF_A_PAGE = 8
#: At most, each for a reason that stands in docs/architecture.md. That it is the same number for one row and for many is
#: tested beside each list.
QUERIES_OF: Mapping[str, int] = {
    "desk": 11,
    "health": 12,
    "owed": 9,
    "privacy:own_data": 47,
    "privacy:person_erase": 9,
    "project": 26,
    "projects:confirm": 9,
    "projects:decide": 19,
    "projects:decisions": 10,
    "projects:defer": 11,
    "projects:goal": 9,
    "projects:line_edit": 15,
    "projects:line_new": 12,
    "projects:lines_paste": 12,
    "projects:one_page": 18,
    "projects:pitch": 23,
    "projects:pitch_benefits": 14,
    "projects:pitch_costs": 15,
    "projects:pitch_options": 12,
    "projects:pitch_step": 19,
    "projects:product": 12,
    "projects:renew": 18,
    "projects:resources": 10,
    "projects:sounding": 13,
    "projects:submission": 10,
    "retros:board": 22,
    "retros:detail": 21,
    "retros:lessons": 9,
    "retros:minutes": 16,
    "risks:detail": 12,
    "risks:edit": 9,
    "risks:escalate": 11,
    "risks:list": 11,
    "risks:project": 15,
    "risks:review": 10,
    "risks:review_agree": 11,
    "risks:review_call": 10,
    "weekly_status": 16,
}
WHOLE = re.compile(r"<html\b")


def reader_of(name: str) -> Actor:
    row = TABLE[name]
    return next((actor for actor in (Actor.OWNER, *Actor) if row.expected(actor)["GET"] == 200), writer_of(row))


# ── reading changes nothing ─────────────────────────────────────────────


@each(PAGES)
def test_reading_writes_nothing(world: World, name: str) -> None:
    actor, url = reader_of(name), url_of(world, name)

    whole = ask(world, actor, "GET", url)
    part = ask(world, actor, "GET", url, headers={"hx-request": "true"})
    again = ask(world, actor, "GET", url, headers={"hx-request": "true", "hx-history-restore-request": "true"})

    assert (whole.writes, part.writes, again.writes) == ([], [], [])
    assert part.status == whole.status == again.status
    assert again.queries <= QUERIES_OF.get(name, QUERIES_OF_A_PAGE)
    if whole.status == 200 and whole.response["Content-Type"].startswith("text/html"):
        assert WHOLE.search(whole.text)
        assert without_noise(again.text) == without_noise(whole.text)


@pytest.mark.parametrize("world", ["complete"], indirect=True, scope="package")
def test_an_administrator_changes_nothing_by_reading_either(world: World) -> None:
    urls = [url_of(world, name) for name in PAGES if TABLE[name].expected(Actor.ADMIN)["GET"] == 200]

    assert [url for url in urls if ask(world, Actor.ADMIN, "GET", url).writes] == []


# ── whatever stands in the address ──────────────────────────────────────

STRANGE_NUMBERS = ("0", str(2**31), str(2**63), str(10**30), "9" * 900, "9" * 5000)
STRANGE_WORDS = (
    "%00",
    "%ED%A0%80",
    "%FF",
    "..%2F..%2Fetc%2Fpasswd",
    "%E2%80%AE",
    "x" * 5000,
    "{{7*7}}",
    "%25s",
    "a%0D%0ASet-Cookie:b",
)


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


@pytest.mark.parametrize("world", ["complete"], indirect=True, scope="package")
def test_no_number_in_a_path_breaks_it(world: World) -> None:
    for route in sorted(set(routes(get_resolver()))):
        for strange in STRANGE_NUMBERS:
            path = "/" + re.sub(r"<int:\w+>", strange, re.sub(r"<code:\w+>", f"P-{strange.zfill(4)}", route))
            path = re.sub(r"<str:\w+>", "start", path)
            if strange in path:
                assert ask(world, Actor.OWNER, "GET", path).status in {HIDDEN, 403, 405, 410}, path[:80]


@pytest.mark.parametrize("world", ["complete"], indirect=True, scope="package")
@pytest.mark.parametrize("word", STRANGE_WORDS)
def test_no_word_in_a_path_breaks_it(world: World, word: str) -> None:
    code = world.project.code
    for path in (f"/projects/{code}/move/{word}/", f"/password/reset/{word}/{word}/", f"/{word}/"):
        assert ask(world, Actor.OWNER, "GET", path).status in {HIDDEN, 410}, path[:80]


@pytest.mark.parametrize("world", ["complete"], indirect=True, scope="package")
def test_another_spelling_of_a_path_is_another_path(world: World) -> None:
    for name in ("project", "projects:pitch", "risks:detail", "retros:detail", "projects:list"):
        url = url_of(world, name)
        bare = ask(world, Actor.OWNER, "GET", url.rstrip("/"))
        assert (bare.status, bare.response["Location"]) == (301, url)
        for other in (url.upper(), url.replace("/P-0", "/p-0"), f"{url}/", f"{url}index.html", url + "%20"):
            if other != url:
                assert ask(world, Actor.OWNER, "GET", other).status == HIDDEN, other


def asked_by(world: World, name: str) -> set[str]:
    """The parameters that the page itself leads to or asks for."""
    url = url_of(world, name)
    page = Page(ask(world, reader_of(name), "GET", url).text, url)
    own = [urlsplit(link).query for link in page.links if urlsplit(link).path == url]
    return page.questions | {key for query in own for key, _value in parse_qsl(query)}


@each(sorted(name for name in PAGES if "project" not in TABLE[name].args))
def test_every_question_of_a_page_is_in_the_list(world: World, name: str) -> None:
    assert asked_by(world, name) <= set(QUERIES.get(name, ()))


STRANGE_VALUES = (
    "-1", str(2**63), "9" * 5000, "abc", "\u202e", "'; DROP TABLE projects_project; --", '"><script>alert(1)</script>',
    "%", "\\", "1.99999999999999999999", "1e400", "x" * 3000,
)  # fmt: skip
RAW = ("%00", "%ED%A0%80", "%FF%FE")


@each(QUERIES)
def test_no_question_breaks_a_page(world: World, name: str) -> None:
    url, actor = url_of(world, name), reader_of(name)
    for key in QUERIES[name]:
        for value in (*map(quote, STRANGE_VALUES), *RAW):
            answer = ask(world, actor, "GET", f"{url}?{key}={value}")

            assert answer.status in {200, 302, 400, HIDDEN, 414}, (key, value[:40])
            assert answer.writes == [], (key, value[:40])
            assert "<script>alert" not in answer.text, (key, value[:40])


#: By a hidden relation, by a lookup, by a field that nobody asked for, by another form of the answer.
NOT_ASKED_FOR = (
    "ordering=owner__password", "order_by=-owner__password", "sort=owner__email", "owner__email__startswith=a",
    "owner__password__contains=a", "project__is_restricted=1", "field=password", "fields=owner", "format=json",
    "page=0", "page_size=1000000000", "is_restricted=0", "pk__gt=0",
)  # fmt: skip


@each(sorted(set(QUERIES) - {"accounts:sign_in"}))
def test_what_a_list_does_not_understand_changes_nothing(world: World, name: str) -> None:
    url, actor = url_of(world, name), reader_of(name)
    plain = ask(world, actor, "GET", url)

    for question in ("&".join(NOT_ASKED_FOR), *NOT_ASKED_FOR[:2]):
        answer = ask(world, actor, "GET", f"{url}?{question}")
        assert answer.status == 400 or without_noise(answer.text) == without_noise(plain.text), question
