"""How a project of the demo company went: what its builder needs to tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.demo.boards import Noted
    from portal.demo.cases import ProjectCase
    from portal.demo.questions import Asked
    from portal.demo.words import Say
    from projects.enums import Health


@dataclass(frozen=True, slots=True)
class Past:
    """How a project went. Days are working days: `ago` since its pitch, `work` from start to launch.

    `used` is the share of the planned effort; `measured` numerator and denominator after launch; `said` what the
    engineer answered at the retro (went well, was hard, do next), `board` what was written for it where it is a meeting;
    `week` how the owner told the last one; `why` the reason of an end before the launch.
    """

    case: ProjectCase
    ago: int
    work: int = 0
    used: str = "1"
    happened: bool = False
    measured: tuple[str, str] | None = None
    said: tuple[Say, Say, Say] | None = None
    lesson: Say | None = None
    applies: Say | None = None
    promised: Say | None = None
    why: Say | None = None
    board: Sequence[Noted] = ()
    week: tuple[Health, Say] | None = None
    asked: Asked | None = None
