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

OPERATIONS: Mapping[str, Operation] = {
    "api:description": everybody(),
    "api:me": everybody(),
    "api:people": everybody(),
    "api:projects": everybody(),
    "api:project_new": everybody("POST", REFUSED, body={"title": ""}, by=dict.fromkeys(PITCHERS, 400)),
    "api:project": of_project(),
}
