"""Who gets which answer from the API: as `table`, for every operation that programs can ask for.

An operation is named by its function. Whoever is not signed in gets 401, who may not see the thing 404.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.access.table import HIDDEN
from tests.access.world import READERS, SIGNED_IN, Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.access.world import World

NOT_SIGNED_IN = 401
REFUSED = 403
OWNER, LEAD, PARTNER, MEMBER = Actor.OWNER, Actor.APPROVER, Actor.PARTNER, Actor.MEMBER


@dataclass(frozen=True)
class Operation:
    """One of them: `done` is the answer to those readers whom `by` does not name. `body` is sent as JSON; `version` as
    `If-Match`, which is that of nothing, so that a deed which takes one is stale for those who may do it.
    """

    method: str = "GET"
    done: int = 200
    stage: str = "draft"
    args: tuple[Any, ...] = ()
    body: Any = None
    version: int | None = None
    by: Mapping[Actor, int] = field(default_factory=dict)
    readers: frozenset[Actor] = READERS

    def arguments(self, world: World) -> list[Any]:
        """Values of the address, as in `table`."""
        return [arg[1:] if arg.startswith("=") else world.things[arg] for arg in self.args]

    def expected(self, actor: Actor) -> int:
        """The answer to this actor, if he comes with his session or with a token that may change things."""
        if actor not in SIGNED_IN:
            return NOT_SIGNED_IN
        is_asked = actor == Actor.DELEGATE and self.stage in {"submitted", "twice"}
        if actor not in self.readers and not is_asked:
            return self.by.get(actor, HIDDEN)
        return self.by.get(actor, self.done)

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.version is None else {"if-match": f'"{self.version}"'}

    @property
    def is_reading(self) -> bool:
        return self.method == "GET"


def everybody(method: str = "GET", done: int = 200, **more: Any) -> Operation:
    """For everybody who is signed in."""
    return Operation(method, done, readers=SIGNED_IN, **more)


def of_project(*args: str, stage: str = "draft", **more: Any) -> Operation:
    """Reading something of a project, for its readers."""
    return Operation(args=("project", *args), stage=stage, **more)


def deed(
    method: str, *args: str, stage: str, done: int, who: frozenset[Actor] = frozenset({OWNER}), **more: Any
) -> Operation:
    """Doing something with a project: `done` is the answer to those who may, other readers may not."""
    more["by"] = dict.fromkeys(who, done) | more.get("by", {})
    return Operation(method, REFUSED, stage, ("project", *args), **more)


PITCHERS = (Actor.OWNER, Actor.OTHER_PM, Actor.APPROVER, Actor.OTHER_LEAD)

#: A version that nothing has.
OLD = 99_999


def draft(method: str, *args: str, done: int = 412, **more: Any) -> Operation:
    """A deed on the parts of a draft: stale, for the owner alone."""
    return deed(method, *args, stage="draft", done=done, version=OLD, **more)


def keepers(method: str, *args: str, done: int, **more: Any) -> Operation:
    """A deed with products and goals, which product managers and leads keep."""
    return everybody(method, REFUSED, args=args, by=dict.fromkeys(PITCHERS, done), **more)


def asking(method: str, *args: str, done: int, **more: Any) -> Operation:
    """A deed on the register while the project runs and a question waits for the lead."""
    return deed(method, *args, stage="asking", done=done, **more)


def invited(method: str, *args: str, done: int, **more: Any) -> Operation:
    """One's own cards: the engineer who is asked, and nobody for him."""
    return deed(method, "invitation", *args, stage="reviewing", done=done, who=frozenset({MEMBER}), **more)


NOBODY: frozenset[Actor] = frozenset()

OF_RISKS: Mapping[str, Operation] = {
    "api:risks": everybody(),
    "api:risk_new": Operation("POST", 400, "asking", ("project",), body={"event": ""}),
    "api:risk": of_project("risk", stage="asking"),
    "api:risk_edit": asking("PATCH", "risk", done=412, version=OLD, body={"event": "The codes wear off"}),
    "api:risk_watch": asking("POST", "risk", done=200),
    "api:risk_occur": asking("POST", "risk", done=200, body={}),
    "api:plan_b_use": asking("POST", "risk", done=409),
    "api:risk_resolve": asking("POST", "risk", done=400, body={"outcome": ""}),
    "api:risk_close": asking("POST", "risk", done=400, body={"outcome": ""}),
    "api:mitigation_new": asking("POST", "risk", done=400, body={"deed": ""}),
    "api:mitigation_done": asking("POST", "risk", "mitigation", done=200, who=frozenset({OWNER, MEMBER})),
    "api:plan_b": asking("PUT", "risk", done=400, body={"deed": ""}),
    "api:acceptance": asking("PUT", "risk", done=400, who=frozenset({LEAD}), body={"reason": ""}),
    # ── reviews ─────────────────────────────────────────────────────────
    "api:reviews": of_project(stage="reviewing"),
    "api:review_call": asking("POST", done=400, body={"persons": []}),
    "api:review": of_project("review", stage="reviewing"),
    "api:review_show": deed("POST", "review", stage="reviewing", done=409),
    "api:review_move": deed("PUT", "review", stage="reviewing", done=400, body={"meets_on": ""}),
    "api:review_agree": deed("PUT", "review", "risk", stage="reviewing", done=400, body={"reason": ""}),
    "api:review_conclude": deed("POST", "review", stage="reviewing", done=400, body={"conclusion": ""}),
    "api:assessments": everybody(),
    "api:assessment": invited("GET", done=200),
    "api:assess": invited("PUT", "risk", done=400, body={"probability": "2"}),
    "api:assess_add": invited("POST", done=400, body={"event": ""}),
    "api:prompts_answer": invited("POST", done=200),
    # ── questions ───────────────────────────────────────────────────────
    "api:escalations": everybody(),
    "api:escalation_new": asking("POST", done=400, body={"question": ""}),
    "api:escalation": of_project("escalation", stage="asking"),
    "api:escalation_agree": asking("POST", "escalation", done=0, who=NOBODY, body={}),
    "api:escalation_up": asking("POST", "escalation", done=0, who=NOBODY, body={}),
    "api:escalation_decide": asking("POST", "escalation", done=400, who=frozenset({LEAD}), body={"option": None}),
    "api:escalation_counter": asking("POST", "escalation", done=400, who=frozenset({LEAD}), body={"way_title": ""}),
    "api:escalation_ratify": asking("POST", "escalation", done=409, who=frozenset({LEAD})),
    "api:escalation_dispute": asking("POST", "escalation", done=400, who=frozenset({LEAD}), body={"note": ""}),
    "api:escalation_report": asking("POST", "escalation", done=400, body={"note": ""}),
    "api:escalation_accept": asking("POST", "escalation", done=409),
    "api:escalation_reply": asking("POST", "escalation", done=400, body={"way_title": ""}),
    "api:escalation_apply": asking("POST", "escalation", done=409),
    "api:escalation_withdraw": asking("POST", "escalation", done=200, body={}),
}

DELEGATE, PEOPLE = Actor.DELEGATE, frozenset({OWNER, MEMBER, PARTNER})
TEAM, DECIDERS, ONLY_LEAD = frozenset({OWNER, MEMBER}), frozenset({LEAD, DELEGATE}), frozenset({LEAD})

OF_APPROVALS: Mapping[str, Operation] = {
    "api:approval": of_project("step", stage="submitted"),
    "api:approve_less": deed("POST", "step", stage="submitted", done=400, who=DECIDERS, body={"reason": ""}),
    "api:answer_less": deed("POST", "step", stage="offered", done=400, body={"answer": "no"}),
    "api:approval_ask_again": deed("POST", "step", stage="submitted", done=409),
    "api:approval_take": deed("POST", "step", stage="left", done=400, who=ONLY_LEAD, body={"why": ""}),
    "api:renewal": deed("POST", stage="void", done=412, version=OLD, body={"reason": "Late"}),
    "api:renewal_withdraw": deed("DELETE", stage="void", done=409),
    "api:early_start": deed("POST", stage="submitted", done=200, who=ONLY_LEAD),
    # ── documents and what is said of a draft ───────────────────────────
    "api:documents": of_project(),
    "api:link_new": deed("POST", stage="draft", done=400, who=PEOPLE, body={"url": "ftp:x", "title": "Count"}),
    "api:document_drop": deed("DELETE", "document", stage="draft", done=200),
    "api:sounding": deed("GET", stage="draft", done=200, who=TEAM),
    "api:comment_new": deed("POST", stage="draft", done=400, who=TEAM, body={"text": ""}),
    "api:comment_answer": deed("POST", "comment", stage="draft", done=200, body={}),
    "api:reader_new": deed("POST", stage="draft", done=400, body={"person": None}),
    "api:reader_drop": deed("DELETE", "reader", stage="draft", done=200),
    # ── metrics and follow-ups ──────────────────────────────────────────
    "api:metrics": everybody(),
    "api:metric": Operation(stage="asking", args=("metric",), readers=frozenset({OWNER})),
    "api:measurements": Operation(stage="asking", args=("metric",), readers=frozenset({OWNER})),
    "api:pledge": of_project(stage="asking"),
    "api:pledge_set": deed("PUT", stage="submitted", done=400, body={"target": ""}),
    "api:measure": asking("POST", done=400, who=frozenset({OWNER, PARTNER}), body={"measurements": []}),
    "api:follow_ups": everybody(),
    "api:follow_up": of_project("follow_up", stage="asking"),
    "api:follow_up_move": asking("POST", "follow_up", done=400, who=TEAM, body={"state": ""}),
    "api:follow_up_carry": asking("POST", "follow_up", done=400, who=TEAM, body={"due_on": ""}),
}

#: A retro with a board, its notes shown and the engineer alone there.
VOTING = "voting"

OF_RETROS: Mapping[str, Operation] = {
    "api:retros": everybody(),
    "api:retro": of_project("retro", stage=VOTING),
    "api:retro_answers": of_project("retro", stage=VOTING),
    "api:retro_answer": deed("PUT", "retro", stage=VOTING, done=400, who=PEOPLE, version=0, body={}),
    "api:retro_day": deed("PUT", "retro", stage=VOTING, done=400, version=OLD, body={"planned_on": ""}),
    "api:retro_hold": deed("POST", "retro", stage=VOTING, done=409, body={}),
    "api:retro_waive": deed("POST", "retro", stage=VOTING, done=400, who=ONLY_LEAD, body={"reason": ""}),
    "api:board": of_project("retro", stage=VOTING),
    "api:note_new": deed("POST", "retro", stage=VOTING, done=400, who=PEOPLE, body={"lane": "helped", "text": ""}),
    "api:note_change": deed("PATCH", "retro", "note", stage=VOTING, done=0, who=NOBODY, body={"text": "Count"}),
    "api:note_drop": deed("DELETE", "retro", "note", stage=VOTING, done=0, who=NOBODY),
    "api:note_nothing": deed("POST", "retro", stage=VOTING, done=409, who=PEOPLE),
    "api:retro_phase": deed("POST", "retro", stage=VOTING, done=400, body={"to": "lunch"}),
    "api:retro_attendance": deed("PUT", "retro", stage=VOTING, done=200, body={"present": []}),
    "api:retro_join": deed("POST", "retro", stage=VOTING, done=200, who=PEOPLE),
    "api:note_vote": deed("PUT", "retro", "note", stage=VOTING, done=400, who=frozenset({MEMBER}), body={"count": -1}),
    "api:lesson_new": deed("POST", "retro", stage=VOTING, done=400, who=PEOPLE, body={"text": ""}),
    "api:lesson_drop": deed("DELETE", "retro", "lesson", stage=VOTING, done=200),
    "api:follow_up_new": deed("POST", "retro", stage=VOTING, done=400, body={"title": ""}),
    # ── lessons ─────────────────────────────────────────────────────────
    "api:lessons": everybody(),
    "api:lesson": Operation(stage=VOTING, args=("lesson",)),
    "api:lesson_adopt": Operation("POST", 400, VOTING, ("lesson",), body={"project": None}),
    "api:lesson_answer": deed("PUT", "lesson", stage=VOTING, done=400, body={"answer": "perhaps"}),
}

OPERATIONS: Mapping[str, Operation] = {
    **OF_RISKS,
    **OF_APPROVALS,
    **OF_RETROS,
    "api:description": everybody(),
    "api:me": everybody(),
    "api:people": everybody(),
    "api:obligations": everybody(),
    "api:search": everybody(),
    # ── projects ────────────────────────────────────────────────────────
    "api:projects": everybody(),
    "api:project_new": everybody("POST", REFUSED, body={"title": ""}, by=dict.fromkeys(PITCHERS, 400)),
    "api:project": of_project(),
    "api:project_move": deed(
        "POST", "=cancel", stage="draft", done=412, who=frozenset({OWNER, LEAD}), version=OLD, body={"note": "Why"}
    ),
    # ── the pitch ───────────────────────────────────────────────────────
    "api:pitch": of_project(),
    "api:pitch_save": draft("PATCH", body={"problem": "Nobody counts"}),
    "api:option_add": draft("POST", "=full"),
    "api:option_save": draft("PATCH", "=full", body={"summary": "By hand"}),
    "api:option_drop": draft("DELETE", "=full"),
    "api:option_prefer": draft("POST", "=full", done=200),  # it is asked for already
    "api:benefit_new": draft("POST", "=full", body={"label": "Fewer bags"}),
    "api:benefit_save": draft("PATCH", "=full", "benefit", body={"label": "Fewer bags"}),
    "api:benefit_remove": draft("DELETE", "=full", "benefit"),
    "api:cost_new": draft("POST", "=full", "=people", body={"person_days": "3"}),
    "api:cost_save": draft("PATCH", "=full", "line", body={"label": "Scanners"}),
    "api:cost_remove": draft("DELETE", "=full", "line"),
    # ── submissions ─────────────────────────────────────────────────────
    "api:submissions": of_project(stage="submitted"),
    "api:submission": of_project("number", stage="submitted"),
    "api:approvals": everybody(),
    "api:decide": deed(
        "POST",
        "step",
        stage="submitted",
        done=412,
        who=frozenset({LEAD, Actor.DELEGATE}),
        version=OLD,
        body={"decision": "declined", "reason": "No"},
    ),
    # ── products and goals ──────────────────────────────────────────────
    "api:products": everybody(),
    "api:product": everybody(args=("product",)),
    "api:product_new": keepers("POST", done=400, body={"name": ""}),
    "api:product_edit": keepers("PATCH", "product", done=412, version=OLD, body={"name": "Bags"}),
    "api:goals": everybody(),
    "api:goal": everybody(args=("goal",)),
    "api:goal_new": keepers("POST", done=400, body={"objective": ""}),
    "api:goal_edit": keepers("PATCH", "goal", done=412, version=OLD, body={"objective": "Fewer bags"}),
    "api:key_result_set": keepers("POST", "goal", done=400, body={}),
    "api:key_result_drop": keepers("DELETE", "goal", "=999", done=200),
}
