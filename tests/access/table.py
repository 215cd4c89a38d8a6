"""Who gets which answer, for every address: the committed table that the suite holds the portal against.

A restricted project in the stage that the address needs; POST carries `data` (nothing, unless said otherwise). Readers
are its people, its approver and the line above its owner; for everybody else it does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.access.world import READERS, SIGNED_IN, Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.access.world import World

NOT_ALLOWED = 405
TO_SIGN_IN = 302
HIDDEN = 404


@dataclass(frozen=True)
class Row:
    """One address. `get` and `post` are answers for readers (None: the method is not served); `by` says who differs."""

    get: int | None = 200
    post: int | None = None
    stage: str = "draft"
    args: tuple[Any, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    get_by: Mapping[Actor, int] = field(default_factory=dict)
    post_by: Mapping[Actor, int] = field(default_factory=dict)
    readers: frozenset[Actor] = READERS
    is_public: bool = False
    others: int = HIDDEN

    @property
    def names_data(self) -> bool:
        """Whether the answer depends on rows: those are also tried on PostgreSQL."""
        return bool(self.args)

    def arguments(self, world: World) -> list[Any]:
        """Values of the address: a name of the world's things, or a literal that starts with `=`."""
        return [arg[1:] if arg.startswith("=") else world.things[arg] for arg in self.args]

    def expected(self, actor: Actor) -> dict[str, int]:
        if not self.is_public and actor not in SIGNED_IN:
            return dict.fromkeys(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"), TO_SIGN_IN)
        get = self.answer(actor, self.get, self.get_by)
        refused = dict.fromkeys(("PUT", "PATCH", "DELETE", "OPTIONS"), NOT_ALLOWED)
        return {"GET": get, "HEAD": get, "POST": self.answer(actor, self.post, self.post_by)} | refused

    def answer(self, actor: Actor, usual: int | None, by: Mapping[Actor, int]) -> int:
        if usual is None:
            return NOT_ALLOWED
        # Who stands in for the approver sees the project as long as it waits for that decision.
        is_asked = actor == Actor.DELEGATE and self.stage in {"submitted", "twice"}
        if actor not in self.readers and not is_asked:
            return by.get(actor, self.others)
        return by.get(actor, usual)


def everybody(get: int | None = 200, post: int | None = None, **more: Any) -> Row:
    """A page of no project: for everybody who is signed in."""
    return Row(get, post, readers=SIGNED_IN, **more)


def public(get: int | None = 200, post: int | None = None, **more: Any) -> Row:
    """A page that needs no signing in."""
    return Row(get, post, readers=frozenset(Actor), is_public=True, **more)


def of_project(*args: str, stage: str, get: int | None = 200, post: int | None = None, **more: Any) -> Row:
    """A page of a project, for its readers."""
    return Row(get, post, stage=stage, args=("project", *args), **more)


def deed(*args: str, stage: str, done: int, by: frozenset[Actor] = frozenset({Actor.OWNER}), **more: Any) -> Row:
    """A deed: some may (`done` is their answer), other readers may not. Without `get` it has no page of its own."""
    more.setdefault("get", None)
    return of_project(*args, stage=stage, post=403, post_by=dict.fromkeys(by, done), **more)


def form_page(*args: str, stage: str, done: int, by: frozenset[Actor] = frozenset({Actor.OWNER}), **more: Any) -> Row:
    """A deed with a page for those alone who may do it."""
    return deed(*args, stage=stage, done=done, by=by, get=403, get_by=dict.fromkeys(by, 200), **more)


OWNER, MEMBER, LEAD, PARTNER = Actor.OWNER, Actor.MEMBER, Actor.APPROVER, Actor.PARTNER


def only(*who: Actor) -> frozenset[Actor]:
    """These and nobody else."""
    return frozenset(who)


PITCHERS = only(Actor.OWNER, Actor.OTHER_PM, Actor.APPROVER, Actor.OTHER_LEAD)
PITCH_PAGE = dict.fromkeys(PITCHERS, 200)
PITCH_DEED = dict.fromkeys(PITCHERS, 422)


def keepers(*args: str, has_page: bool = True, done: int = 422) -> Row:
    """A deed with products and goals, which are everybody's to read and for product managers and leads to keep."""
    return Row(
        get=403 if has_page else None,
        post=403,
        readers=SIGNED_IN,
        stage="draft",
        args=args,
        get_by=PITCH_PAGE,
        post_by=dict.fromkeys(PITCHERS, done),
    )


ADMIN = Actor.ADMIN
#: The things of the world name the outsider.
HIS_OWN_PAGE = dict.fromkeys((Actor.OUTSIDER, ADMIN), 200)


def administration(*args: str, get: int | None = 403, done: int = 422, **more: Any) -> Row:
    """What administrators keep; `get` is what the others see."""
    shown = {} if get is None else {ADMIN: 200}
    return everybody(get=get, post=403, args=args, get_by=shown, post_by={ADMIN: done}, **more)


TABLE: Mapping[str, Row] = {
    # ── no project ──────────────────────────────────────────────────────
    "desk": everybody(),
    "inbox": everybody(),
    "inbox_read": everybody(get=None, post=302),
    "process": everybody(),
    "ledger": everybody(get=403, get_by={ADMIN: 200}),
    "held_mail": administration(get=None, done=302, data={"deed": "release"}),
    "ahead": everybody(get=403, get_by={ADMIN: 200}),
    "health": everybody(get=403, get_by={ADMIN: 200}),
    "metrics": public(get=404),
    "team": everybody(),
    "owed": Row(args=("owed",), readers=only(Actor.OWNER)),
    "owed_time": Row(post=422, args=("owed",), readers=only(Actor.OWNER)),
    "owed_more": Row(post=422, args=("owed",), readers=only(Actor.OWNER)),
    "extension": Row(post=422, args=("extension",), readers=only(LEAD)),
    "search": everybody(),
    "activity": everybody(),
    "view_new": everybody(post=422, args=("=projects:list",)),
    "view_edit": Row(post=422, args=("view",), readers=only(Actor.OWNER)),
    "view_drop": Row(get=None, post=302, args=("view",), readers=only(Actor.OWNER)),
    "live": public(),
    "ready": public(),
    "robots": public(),
    "links:open": public(stage="reviewing", args=("link",), post=422),
    "links:part": public(stage="reviewing", args=("link", "=risk"), post=422),
    "links:done": public(),
    "accounts:sign_in": public(post=422, get_by=dict.fromkeys(SIGNED_IN, 302), post_by=dict.fromkeys(SIGNED_IN, 302)),
    "accounts:sign_in_as": public(get=None, post=404, args=("=1",)),
    "accounts:sign_out": public(get=None, post=302),
    "accounts:look": public(get=None, post=302),
    "accounts:more": everybody(),
    "accounts:password_reset": public(post=200),
    "accounts:password_reset_confirm": public(get=410, post=410, args=("=x", "=y")),
    "accounts:settings": everybody(post=422),
    "accounts:password_change": everybody(post=422),
    "accounts:tokens": everybody(),
    "accounts:token_new": everybody(post=422),
    "accounts:token_revoke": Row(get=None, post=302, args=("token",), readers=only(Actor.OWNER)),
    "api:docs": everybody(),
    "accounts:session_end": everybody(get=None, post=404),
    "accounts:setup": public(get=404, post=404),
    "accounts:people": everybody(),
    "accounts:people_pick": everybody(get=400),
    "accounts:person": administration("person", get=200),
    "accounts:person_new": administration(),
    "accounts:person_deactivate": administration("person", get=None, done=302),
    "accounts:person_reactivate": administration("person", get=None, done=302),
    "privacy:person_erase": administration("person", done=409),
    "privacy:own_data": everybody(),
    "accounts:delegation_new": everybody(
        get=403, post=403, args=("person",), get_by=HIS_OWN_PAGE, post_by=dict.fromkeys(HIS_OWN_PAGE, 422)
    ),
    "accounts:delegation_end": everybody(
        get=None, post=403, args=("person", "delegation"), post_by=dict.fromkeys(HIS_OWN_PAGE, 302)
    ),
    "accounts:organisation": everybody(),
    "accounts:department_new": administration(),
    "accounts:department": administration("department", done=302),
    "accounts:site_new": administration(),
    "accounts:site": administration("site", get=200),
    "policy": administration(get=200, data={"key": "risks.appetite"}),
    "metrics:list": everybody(),
    "metrics:detail": Row(stage="prepared", args=("metric",), readers=frozenset({Actor.OWNER})),
    "projects:list": everybody(),
    "projects:import": administration(),
    "projects:export": everybody(args=("=csv",)),
    "projects:approvals": everybody(),
    "projects:new": Row(get=403, post=403, readers=SIGNED_IN, get_by=PITCH_PAGE, post_by=PITCH_DEED),
    "projects:products": everybody(),
    "projects:product": everybody(args=("product",)),
    "projects:product_new": keepers(),
    "projects:product_edit": keepers("product"),
    "projects:module_new": keepers("product"),
    "projects:module": keepers("product", "module"),
    "projects:module_confirm": keepers("product", "module", has_page=False, done=302),
    "projects:module_drop": keepers("product", "module", has_page=False, done=302),
    "projects:process_new": keepers("product"),
    "projects:process": keepers("product", "process"),
    "projects:process_drop": keepers("product", "process", has_page=False, done=302),
    "projects:feedback_new": everybody(post=422, args=("product",)),
    "projects:feedback_drop": keepers("product", "feedback", has_page=False, done=302),
    "projects:estimates": everybody(),
    "projects:goals": everybody(),
    "projects:goal": everybody(args=("goal",)),
    "projects:goal_new": keepers(),
    "projects:goal_edit": keepers("goal"),
    "projects:key_result_set": keepers("goal", has_page=False),
    "projects:key_result_drop": keepers("goal", "=999", has_page=False, done=302),
    "projects:goal_carry_over": keepers("goal", has_page=False, done=302),
    "risks:list": everybody(),
    "risks:raise": everybody(post=422),
    "risks:export": everybody(args=("=csv",)),
    "risks:bulk": everybody(post=422),
    "risks:escalations": everybody(),
    "projects:left_out": everybody(),
    "weekly": everybody(),
    "weekly_report": everybody(),
    "retros:list": everybody(),
    "retros:lessons": everybody(),
    "retros:lesson_page": Row(200, 422, stage="launched", args=("lesson",)),
    "retros:pitch_lessons": of_project(stage="draft"),
    "retros:lesson_answer": deed("lesson", stage="launched", done=422),
    # ── a project ───────────────────────────────────────────────────────
    "project": of_project(stage="in_delivery"),
    "project_activity": of_project(stage="in_delivery"),
    "projects:pitch": of_project(stage="draft"),
    "projects:pitch_save": deed(stage="draft", done=422),
    "projects:pitch_step": form_page("=product", stage="draft", done=422),
    "projects:pitch_options": of_project(stage="draft", get=403, get_by={OWNER: 200}),
    "projects:pitch_benefits": of_project(stage="draft", get=403, get_by={OWNER: 200}),
    "projects:pitch_costs": of_project(stage="draft", get=403, get_by={OWNER: 200}),
    "projects:option_save": deed("=full", stage="draft", done=422),
    "projects:option_add": deed("=nothing", stage="draft", done=302),
    "projects:option_deed": deed("=full", "=prefer", stage="draft", done=302),
    "projects:line_new": form_page("=full", "=benefits", stage="draft", done=422),
    "projects:line_edit": form_page("=full", "=costs", "line", stage="draft", done=422),
    "projects:line_remove": deed("=full", "=costs", "line", stage="draft", done=302),
    "projects:line_restore": deed("=full", "=costs", "line", stage="draft", done=302),
    "projects:confirm": form_page(stage="draft", by=only(PARTNER), done=422),
    "projects:confirm_ask": deed(stage="draft", done=302),
    "projects:documents": of_project(stage="draft"),
    "projects:document": of_project("document", stage="draft"),
    "projects:document_drop": deed("document", stage="draft", done=302),
    "projects:link_add": deed(stage="draft", by=only(OWNER, MEMBER, PARTNER), done=422),
    "projects:file_add": deed(stage="draft", by=only(OWNER, MEMBER, PARTNER), done=422),
    "projects:sounding": form_page(stage="draft", by=only(OWNER, MEMBER), done=422),
    "projects:sounding_invite": deed(stage="draft", done=422),
    "projects:sounding_end": deed("reader", stage="draft", done=302),
    "projects:comment_resolve": deed("comment", stage="draft", done=302),
    "projects:lines_paste": form_page("=full", "=benefits", stage="draft", done=422),
    "projects:pitch_paste": form_page(stage="draft", done=422),
    "projects:pitch_copy": deed(stage="submitted", by=only(OWNER, LEAD), done=302),
    "projects:rates": everybody(post=403, post_by={ADMIN: 422}),
    "projects:submit": deed(stage="draft", done=422),
    "projects:submission": of_project("number", stage="submitted"),
    "projects:one_page": of_project("number", stage="submitted"),
    "projects:difference": of_project("=2", "=1", stage="twice"),
    "projects:decisions": of_project(stage="submitted"),
    "projects:early_start": form_page(stage="submitted", by=only(LEAD), done=302),
    "projects:for_less": form_page("step", stage="submitted", by=only(LEAD, Actor.DELEGATE), done=422),
    "projects:answer_less": deed("step", stage="offered", get=200, done=422),
    "projects:ask_again": deed("step", stage="submitted", done=409),
    "projects:take_step": deed("step", stage="left", by=only(LEAD), done=422),
    "projects:decide": deed("step", stage="submitted", get=200, by=only(LEAD, Actor.DELEGATE), done=422),
    "projects:renew": deed(stage="void", get=200, done=422),
    "projects:move": form_page("=hold", stage="approved", done=422),
    "projects:metric": deed(stage="approved", get=200, done=422),
    "projects:measure": deed(stage="in_delivery", by=only(OWNER, PARTNER), done=422),
    "projects:resources": of_project(stage="in_delivery"),
    "projects:record_actual": deed("line", stage="in_delivery", done=422),
    "projects:change": deed(stage="in_delivery", get=200, done=422),
    "projects:defer": deed(stage="in_delivery", get=200, done=422),
    "projects:decide_deferred": form_page("item", stage="in_delivery", done=422),
    "projects:nothing_deferred": deed(stage="in_delivery", done=409),
    "projects:settle_deferred": deed("item", stage="in_delivery", done=302),
    "projects:follow_ups": of_project(stage="in_delivery"),
    "projects:follow_up": deed("follow_up", stage="in_delivery", get=200, by=only(OWNER, MEMBER), done=422),
    "projects:carry_over": deed("follow_up", stage="in_delivery", by=only(OWNER, MEMBER), done=422),
    "projects:all_follow_ups": everybody(),
    # ── its risks ───────────────────────────────────────────────────────
    "risks:project": of_project(stage="in_delivery"),
    "risks:raise_line": of_project(stage="in_delivery", post=422),
    "risks:new": of_project(stage="in_delivery", post=422),
    "risks:detail": of_project("risk", stage="in_delivery"),
    "risks:edit": form_page("risk", stage="in_delivery", done=422),
    "risks:line": form_page("risk", stage="in_delivery", done=422),
    "risks:mitigate": form_page("risk", stage="in_delivery", done=422),
    "risks:mitigation_done": deed("risk", "mitigation", stage="in_delivery", by=only(OWNER, MEMBER), done=302),
    "risks:plan_b": form_page("risk", stage="in_delivery", done=422),
    "risks:activate": deed("risk", stage="occurred", done=302),
    "risks:accept": form_page("risk", stage="in_delivery", by=only(LEAD), done=422),
    "risks:occur": form_page("risk", stage="in_delivery", done=302),
    "risks:resolve": form_page("risk", stage="occurred", done=422),
    "risks:close": form_page("risk", stage="in_delivery", done=422),
    "risks:review_call": form_page(stage="approved", done=422),
    "risks:review": of_project("review", stage="reviewing"),
    "risks:review_answer": of_project("review", stage="reviewing", get=302),
    "risks:review_move": form_page("review", stage="reviewing", done=422),
    "risks:review_agree": form_page("review", "risk", stage="prepared", done=422),
    "risks:review_conclude": form_page("review", stage="prepared", done=422),
    "risks:review_room": of_project("review", stage="reviewing"),
    "risks:review_minutes": of_project("review", stage="reviewing"),
    "risks:review_close": deed("review", stage="reviewing", done=409),
    "risks:assess": form_page("invitation", stage="reviewing", by=only(MEMBER), done=422),
    "risks:assess_add": form_page("invitation", stage="reviewing", by=only(MEMBER), done=422),
    "weekly_status": deed(stage="in_delivery", get=200, done=422),
    # ── its questions ───────────────────────────────────────────────────
    "risks:escalate": form_page(stage="in_delivery", done=422),
    "risks:escalation": of_project("escalation", stage="asking"),
    "risks:escalation_deed": form_page("escalation", "=decide", stage="asking", by=only(LEAD), done=422),
    # ── its retro ───────────────────────────────────────────────────────
    "retros:project": of_project(stage="launched", get=302),
    "retros:detail": of_project("retro", stage="launched"),
    "retros:answer": deed("retro", stage="launched", by=only(OWNER, MEMBER, PARTNER), done=422),
    "retros:lesson": deed("retro", stage="launched", by=only(OWNER, MEMBER, PARTNER), done=422),
    "retros:lesson_drop": deed("retro", "lesson", stage="launched", done=302),
    "retros:follow_up": deed("retro", stage="launched", done=422),
    "retros:day": deed("retro", stage="launched", done=422),
    "retros:hold": deed("retro", stage="launched", done=409),
    "retros:waive": deed("retro", stage="launched", by=only(LEAD), done=422),
    "retros:minutes": of_project("retro", stage="launched"),
    "retros:minutes_mail": deed("retro", stage="launched", done=409),
    "retros:board": of_project("retro", stage="voting"),
    "retros:note": deed("retro", stage="collecting", by=only(OWNER, MEMBER, PARTNER), done=422),
    "retros:nothing": deed("retro", stage="collecting", by=only(OWNER, MEMBER, PARTNER), done=302),
    # Nobody has the key of the browser that wrote it.
    "retros:note_change": of_project("retro", "note", stage="collecting", get=None, post=403),
    "retros:note_drop": of_project("retro", "note", stage="collecting", get=None, post=403),
    "retros:phase": deed("retro", stage="voting", done=422),
    "retros:join": deed("retro", stage="voting", by=only(OWNER, MEMBER, PARTNER), done=302),
    "retros:attendance": deed("retro", stage="voting", done=302),
    "retros:vote": deed("retro", "note", stage="voting", by=only(MEMBER), done=422),
    "retros:group": deed("retro", "note", stage="voting", done=302),
    "retros:topic": deed("retro", "note", stage="voting", done=409),
}
