"""Every address that takes a form: where its form stands, who may send it, and the form itself as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.forms import BaseForm
from django.urls import reverse

from portal.common.fields import FigureFormField
from tests.access.table import HIDDEN, NOT_ALLOWED, TABLE, TO_SIGN_IN, Row
from tests.access.world import SIGNED_IN, Actor, World
from tests.security.pages import Form, Kind, Page, filled
from tests.security.witness import Answer, ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RETRO_DEEDS = (
    "answer", "lesson", "lesson_drop", "follow_up", "day", "hold", "waive",
    "note", "nothing", "phase", "join", "attendance", "vote",
)  # fmt: skip
#: The page that a form stands on, where that is not its own address.
STANDS_ON: Mapping[str, str] = {
    "inbox_read": "inbox",
    "view_drop": "view_edit",
    "accounts:delegation_end": "accounts:person",
    "accounts:person_deactivate": "accounts:person",
    "accounts:token_revoke": "accounts:tokens",
    "accounts:sign_out": "accounts:settings",
    "accounts:look": "accounts:more",
    "projects:feedback_drop": "projects:product",
    "projects:carry_over": "projects:follow_up",
    "projects:goal_carry_over": "projects:goal",
    "projects:module_confirm": "projects:product",
    "projects:module_drop": "projects:module",
    "projects:process_drop": "projects:process",
    "projects:key_result_set": "projects:goal",
    "projects:pitch_save": "projects:pitch",
    "projects:option_save": "projects:pitch_options",
    "projects:option_add": "projects:pitch_options",
    "projects:line_remove": "projects:pitch_costs",
    "projects:confirm_ask": "projects:pitch",
    "projects:pitch_copy": "projects:pitch",
    "projects:document_drop": "projects:documents",
    "projects:file_add": "projects:documents",
    "projects:link_add": "projects:documents",
    "projects:sounding_invite": "projects:sounding",
    "projects:sounding_end": "projects:sounding",
    "projects:comment_resolve": "projects:sounding",
    "projects:submit": "projects:pitch",
    "projects:measure": "projects:metric",
    "projects:record_actual": "projects:resources",
    "projects:settle_deferred": "projects:defer",
    "projects:take_step": "projects:decide",
    "risks:mitigation_done": "risks:detail",
    "risks:activate": "risks:detail",
    "risks:review_close": "risks:project",
} | {f"retros:{deed}": "retros:detail" for deed in RETRO_DEEDS}
#: Doors that need more than a signed-in person: a demo, a link, an empty portal, a second session. Tested beside them.
DOORS = frozenset(
    {
        "accounts:sign_in_as",
        "accounts:password_reset_confirm",
        "accounts:setup",
        "accounts:session_end",
        "links:open",
        "links:part",
    }
)
#: A button that shows in another state of its page, and no box.
WITHOUT_FORM = frozenset(
    {
        "accounts:person_reactivate", "held_mail", "privacy:person_erase", "projects:ask_again", "projects:key_result_drop", "projects:nothing_deferred",
        "projects:line_restore", "projects:option_deed",
        "retros:group", "retros:lesson_answer", "retros:lesson_page", "retros:minutes_mail",
        "retros:note_change", "retros:note_drop", "retros:topic",
    }
)  # fmt: skip
#: Where the form of an address shows at another stage than the one that the access table asks it in.
SHOWS_AT = {"inbox_read": "in_delivery", "risks:review_call": "prepared"}

#: Refused whatever is sent, or answered without leading on: another password, a gate, an address that nobody has.
ANSWERED: Mapping[str, int] = {
    "accounts:password_change": 422,
    "accounts:password_reset": 200,
    "accounts:sign_in": 422,
    "accounts:token_new": 201,
    "owed_more": 422,
    "privacy:person_erase": 409,
    "projects:ask_again": 409,
    "projects:file_add": 422,
    "projects:import": 422,
    "projects:lines_paste": 422,
    "projects:nothing_deferred": 409,
    "projects:pitch_paste": 200,
    "retros:hold": 409,
    "retros:lesson_answer": 422,
    "retros:lesson_page": 422,
    "retros:minutes_mail": 409,
    "retros:note_change": 403,
    "retros:note_drop": 403,
    "retros:topic": 409,
    "risks:bulk": 422,
    "risks:review_close": 409,
}

#: What is chosen otherwise than the first of a menu: a metric of one's own, nobody to settle it with, conditions.
CHOSEN: Mapping[str, dict[str, str]] = {
    "projects:link_add": {"url": "https://docs.example.com/count"},
    "accounts:delegation_new": {"starts_on": "2027-03-01", "ends_on": "2027-03-05"},
    "held_mail": {"deed": "release"},
    "owed_time": {"day": "2026-11-24"},
    "projects:carry_over": {"due_on": "2027-03-01"},
    "projects:metric": {"metric": ""},
    "retros:group": {"head": ""},
    "retros:lesson_answer": {"answer": "", "note": ""},
    "projects:for_less": {"cap_1": "8"},
    "risks:escalate": {"counterpart": ""},
    "risks:review_call": {"facilitator": ""},
    "risks:review_conclude": {"conclusion": "conditions"},
    "risks:review_move": {"facilitator": ""},
}

NAMES = sorted(name for name, row in TABLE.items() if row.post is not None and name not in DOORS)
PAGES = sorted(name for name, row in TABLE.items() if row.get is not None and name not in DOORS)


@dataclass
class Deed:
    """An address with its form, in the hands of somebody who may send it."""

    name: str
    world: World
    actor: Actor
    url: str
    page_url: str
    form: Form

    @property
    def done(self) -> int:
        """The status of a valid sending."""
        return ANSWERED.get(self.name, TO_SIGN_IN)

    def valid(self) -> dict[str, Any]:
        return {**filled(self.form), **CHOSEN.get(self.name, {})}

    def send(self, data: Any, **more: Any) -> Answer:
        return ask(self.world, self.actor, "POST", self.url, data, **more)


def stage_of(name: str) -> str:
    return SHOWS_AT.get(name, TABLE[name].stage)


def each(names: Iterable[str]) -> pytest.MarkDecorator:
    """A test for each address, in the world of its stage."""
    cases = [pytest.param(stage_of(name), name, id=name) for name in names]
    return pytest.mark.parametrize(("world", "name"), cases, indirect=["world"], scope="package")


def writer_of(row: Row) -> Actor:
    """Somebody who may send it, and if possible one whom it asks for something: signing in asks only who is not."""
    answers = {
        actor: row.expected(actor)["POST"] for actor in (Actor.OWNER, *Actor) if row.is_public or actor in SIGNED_IN
    }
    able = {actor: answer for actor, answer in answers.items() if answer not in {403, HIDDEN, NOT_ALLOWED}}
    return next((actor for actor, answer in able.items() if answer != TO_SIGN_IN), next(iter(able), Actor.OWNER))


def url_of(world: World, name: str) -> str:
    return reverse(name, args=TABLE[name].arguments(world))


def deed(world: World, name: str) -> Deed:
    """The deed with its form as the page shows it."""
    if name not in world.forms:
        world.forms[name] = find_deed(world, name)
    found: Deed = world.forms[name]
    return found


def forms_of(answer: Answer) -> list[BaseForm]:
    """The forms that a page was made with, those of the rows of a table too."""
    contexts = answer.response.context or ()
    values = [value for context in contexts for layer in getattr(context, "dicts", ()) for value in layer.values()]
    rows = [getattr(row, "form", None) for value in values if isinstance(value, list) for row in value]
    return [value for value in (*values, *rows) if isinstance(value, BaseForm)]


def find_deed(world: World, name: str) -> Deed:
    row = TABLE[name]
    actor, url = writer_of(row), url_of(world, name)
    page_name = STANDS_ON.get(name, name)
    if name in WITHOUT_FORM:
        return Deed(name, world, actor, url, url, Form("", [url]))
    page_url = reverse(page_name, args=row.arguments(world)[: len(TABLE[page_name].args)])
    answer = ask(world, actor, "GET", page_url)
    form = Page(answer.text, page_url).form_to(url)
    assert form is not None, f"{page_url} has no form for {url}"
    figures = {
        bound[field].html_name
        for bound in forms_of(answer)
        for field in bound.fields
        if isinstance(bound.fields[field], FigureFormField)
    }
    for control in form.of_kind(Kind.TEXT):
        control.kind = Kind.FIGURE if control.name in figures else Kind.TEXT
    return Deed(name, world, actor, url, page_url, form)
