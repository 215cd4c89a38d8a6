"""One picture per word: the icon of each thing, by its name in our language. All are bootstrap-icons."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ICONS: Mapping[str, str] = {
    "acceptance": "pen",
    "agreement": "patch-check",
    "answer": "reply",
    "approval": "check2-square",
    "assessment": "clipboard-check",
    "business_partner": "person-vcard",
    "business_process": "diagram-3",
    "cancelled": "slash-circle",
    "change": "arrow-left-right",
    "closed": "check2-all",
    "copy": "clipboard",
    "cost": "cash-stack",
    "decision": "check2-square",
    "deferred_scope": "box-seam",
    "delegate": "person-up",
    "desk": "inbox",
    "device": "laptop",
    "done": "check-lg",
    "early_start": "fast-forward",
    "escalation": "chat-square-quote",
    "export": "download",
    "failure": "exclamation-octagon",
    "follow_up": "check2-circle",
    "goal": "bullseye",
    "hash": "fingerprint",
    "history": "clock-history",
    "language": "translate",
    "launch": "rocket-takeoff",
    "lesson": "lightbulb",
    "library": "book",
    "link": "link-45deg",
    "me": "person",
    "measurement": "123",
    "metric": "graph-up",
    "mitigation": "shield-check",
    "money": "cash-stack",
    "more": "grid",
    "new": "plus-lg",
    "news": "info-circle",
    "on_hold": "pause",
    "password": "key",
    "people": "person-workspace",
    "permit": "file-earmark-lock",
    "pitch": "file-earmark-text",
    "plan_b": "signpost-split",
    "policy": "sliders",
    "print": "printer",
    "product": "window-stack",
    "project": "kanban",
    "projector": "easel",
    "raise": "flag",
    "reminder": "bell",
    "resources": "person-workspace",
    "restricted": "lock",
    "retro": "arrow-counterclockwise",
    "review": "people",
    "risk": "shield-exclamation",
    "search": "search",
    "sign_out": "box-arrow-right",
    "snooze": "alarm",
    "somebody_faster": "people",
    "sponsor": "award",
    "stale": "arrow-repeat",
    "submission": "snow",
    "theme": "circle-half",
    "waiting": "hourglass",
    "weekly": "calendar-week",
}


def icon_class(name: str) -> str:
    """The class of bootstrap-icons; a name that is none of our words is taken as theirs."""
    return f"bi-{ICONS.get(name, name)}"
