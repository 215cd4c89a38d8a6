"""Whatever is typed into a box: refused beside it with what was typed, or kept exactly. Never half, never an error of ours."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from portal.accounts.names import normal_name, normal_number
from tests.access.table import TO_SIGN_IN
from tests.security.deeds import ANSWERED, NAMES, deed, each, forms_of
from tests.security.pages import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.access.world import World
    from tests.security.deeds import Deed
    from tests.security.pages import Control
    from tests.security.witness import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.proof]

NUL = "5\0"
#: No figure of a plan, and what breaks programs that read figures. Single fields are tried with more of them.
FIGURES = ("NaN", "-Infinity", "1e400", "1e-400", "-0.01", str(10**30), "9" * 5000, NUL)
#: No day of a plan, and what overflows when zones are reckoned.
DAYS = ("0001-01-01", "9999-12-31", "2026-02-30", "3026-01-01", "9" * 900, "2026-12-01\0")
#: What a way out of a question changes may be less than nothing: cheaper, or with less benefit.
SIGNED = ("_cost_amount", "_benefit_amount")
#: Nothing that a menu offers, and numbers that no database holds.
CHOICES = ("zzz", "-1", str(2**63), "9" * 5000, "1\0")
ZALGO = "Z" + "\u0336\u0489\u030d\u0347" * 1250


def too_long(limit: int) -> Sequence[str]:
    """More than a box takes, counted in characters whatever each of them is made of."""
    return ("a\0b", "x" * (limit + 1), "\U0001f600" * (limit + 1), ZALGO if limit < len(ZALGO) else "", "<" * 100_000)


def bad_values(control: Control) -> Sequence[str]:
    if control.kind == Kind.TEXT:
        assert control.limit is not None, f"{control.name} takes texts of any length"
        return too_long(control.limit)
    if control.kind == Kind.TICK:
        return CHOICES if control.options not in (["on"], ["true"]) else ()
    if control.kind == Kind.FIGURE and control.name.endswith(SIGNED):
        return [figure for figure in FIGURES if figure != "-0.01"]
    return {Kind.FIGURE: FIGURES, Kind.DAY: DAYS, Kind.CHOICE: CHOICES}.get(control.kind, ())


def rounds(one: Deed) -> Iterator[dict[str, str]]:
    """In each round every box holds a bad value of its kind."""
    by_box = {control.name: bad_values(control) for control in one.form.controls}
    for turn in range(max(map(len, by_box.values()), default=0)):
        bad = {name: values[turn] for name, values in by_box.items() if turn < len(values) and values[turn]}
        if bad:
            yield bad


def refused(answer: Answer) -> set[str]:
    """The boxes that the forms of the page find fault with."""
    return {
        form[name].html_name
        for form in forms_of(answer)
        if form.is_bound
        for name in form.errors
        if name in form.fields
    }


def comes_back(one: Deed, answer: Answer, sent: Mapping[str, Any]) -> dict[str, str]:
    """What was typed and does not stand in its box any more."""
    form = Page(answer.text, one.page_url).form_to(one.url)
    shown = {control.name: control.value for control in form.controls} if form else {}
    typed = [control.name for control in one.form.of_kind(Kind.TEXT, Kind.FIGURE, Kind.DAY)]
    return {name: sent[name][:40] for name in typed if "\0" not in sent[name] and shown.get(name) != sent[name]}


@each(NAMES)
def test_what_no_box_can_mean_is_refused_beside_it(world: World, name: str) -> None:
    one = deed(world, name)
    for bad in rounds(one):
        sent = one.valid() | bad
        answer = one.send(sent)
        told = {box: value[:20] for box, value in bad.items()}

        assert answer.is_refusal, (answer.status, told)
        assert not answer.has_changed, told
        assert set(bad) - refused(answer) == set(), told
        assert comes_back(one, answer, sent) == {}, told


# ── what no box shows ───────────────────────────────────────────────────

#: A draft is saved as one types: what is not understood stays as it was saved last.
SAVES_WHAT_IS_UNDERSTOOD = frozenset({"projects:pitch_save", "projects:pitch_step", "projects:submit"})
UNSEEN = (str(2**63), "9" * 5000, "\u202e\0")


@each(NAMES)
def test_what_stands_behind_the_page_may_be_anything(world: World, name: str) -> None:
    one = deed(world, name)
    behind = [control.name for control in one.form.of_kind(Kind.HIDDEN, Kind.BUTTON)]
    seen_before = dict.fromkeys((box for box in behind if box.startswith("initial-")), "x\0")
    others = sorted(set(behind) - set(seen_before))
    for bad in ({box: value} for box in others for value in UNSEEN):
        judge(one, one.send(one.valid() | bad), bad)
    if seen_before:
        judge(one, one.send(one.valid() | seen_before), seen_before)


def judge(one: Deed, answer: Answer, sent: object) -> None:
    """Done, or refused with nothing done."""
    assert answer.status < 500, sent
    assert one.name in SAVES_WHAT_IS_UNDERSTOOD or not (answer.is_refusal and answer.has_changed), sent


@each(NAMES)
def test_a_body_of_another_kind_does_nothing(world: World, name: str) -> None:
    one = deed(world, name)
    for kind, body in OTHER_BODIES if name == "projects:new" else OTHER_BODIES[:2]:
        answer = one.send(body, content_type=kind)

        judge(one, answer, body)
        assert kind.startswith((FORM, "multipart/")) or not answer.has_changed, body


FORM = "application/x-www-form-urlencoded"
OTHER_BODIES = (
    ("application/json", b'{"title": NaN, "deed": null}'),
    (FORM, b"title=caf\xe9&deed=\xff\xfe&note=%ff&reason=%00"),
    (FORM, b""),
    (FORM, b"\xef\xbb\xbftitle=x"),
    (FORM, b"title=" + b"%" * 5000),
    (f"{FORM}; charset=utf-7", b"title=+AG8-"),
    (f"{FORM}; charset=nonsense", b"title=x"),
    ("application/json", b"null"),
    ("application/json", b"[" * 5000),
    ("text/plain", b"title=x"),
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=title\r\n\r\nx"),
    ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="title"; filename="a\x00b"\r\n\r\nx\r\n--x--'),
    ("", b"title=x"),
    ("application/xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
)  # fmt: skip


# ── what a box keeps ────────────────────────────────────────────────────

#: Joined emoji, marks on a letter, a turn of the direction, no width at all: written by people, and kept as they are.
WRITTEN = "\U0001f469\u200d\U0001f469\u200d\U0001f467 e\u0301 \u05e9\u05dc\u05d5\u05dd \u202eabc\u202c \u200b%s %(x)s {0} {{7*7}} \\ ' \" <b>"


def texts_in(value: object) -> Iterator[str]:
    """The text of a column; of the record and of a frozen pitch, which are JSON, each text in it."""
    if isinstance(value, str) and value.startswith('{"'):
        value = json.loads(value)
    value = getattr(value, "obj", value)  # as psycopg wraps it
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)


@each(sorted(set(NAMES) - set(ANSWERED)))
def test_free_text_is_kept_exactly(world: World, name: str) -> None:
    one = deed(world, name)
    boxes = {control.name: control.limit or 0 for control in one.form.of_kind(Kind.TEXT)}
    for make in (
        lambda limit: "\U0001f600" * limit,
        lambda limit: ZALGO[:limit],
        lambda limit: WRITTEN[:limit].strip(),
    ):
        typed = {box: make(limit) for box, limit in boxes.items()}
        answer = one.send(one.valid() | typed)
        while answer.is_refusal and typed.keys() & (named := refused(answer)):
            judge(one, answer, typed)  # names take nothing that cannot be seen, and have one spelling
            typed = {box: text for box, text in typed.items() if box not in named}
            answer = one.send(one.valid() | typed)
        assert answer.status == TO_SIGN_IN
        written = [text for _sql, values in answer.writes for value in values or () for text in texts_in(value)]
        assert [
            box for box, text in typed.items() if not {text, normal_name(text), normal_number(text)} & {*written}
        ] == []


@pytest.mark.parametrize("world", ["draft"], indirect=True, scope="package")
@pytest.mark.parametrize("piece", ["<", "&", "9", ",", "1e", "%", " ", "万", "/", "http://", "\u0336", "\u202e"])
def test_a_flood_of_anything_is_refused_without_reckoning(world: World, piece: str) -> None:
    one = deed(world, "projects:pitch_save")
    flood = piece * (20_000 // len(piece))
    boxes = one.form.of_kind(Kind.TEXT, Kind.FIGURE, Kind.DAY)

    began = time.process_time()
    answer = one.send(one.valid() | {control.name: flood for control in boxes})

    assert time.process_time() - began < 2
    assert answer.status == 422
