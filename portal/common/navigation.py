"""The places of the portal: which exist, and in which order each role meets them. Nothing is hidden by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.utils.functional import _StrPromise

    class Person(Protocol):
        """Whoever is signed in, as far as the frame asks."""

        @property
        def roles(self) -> Collection[str]:
            """What the person may do by trade."""
            ...


#: So many places fit on the rail above New, Search and More.
ON_THE_RAIL = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A page that answers one question; `purpose` is the line that stands beside it on the page of all pages."""

    key: str
    url_name: str
    icon: str
    name: _StrPromise
    purpose: _StrPromise


@dataclass(frozen=True, slots=True)
class Stop:
    """A place as the rail shows it to one person on one page."""

    place: Place
    url: str
    is_current: bool


PLACES: Mapping[str, Place] = {
    place.key: place
    for place in (
        Place("desk", "desk", "desk", pgettext_lazy("place", "Desk"), _("What waits for you, most urgent first.")),
        Place("projects", "projects:list", "project", pgettext_lazy("place", "Projects"), _("Every project you may see, and whose turn it is.")),
        Place("risks", "risks:list", "risk", pgettext_lazy("place", "Risks"), _("What may go wrong, how much it costs, and the answer to it.")),
        Place("retros", "retros:list", "retro", pgettext_lazy("place", "Retros"), _("Retrospectives that are owed, planned and held.")),
        Place("follow_ups", "projects:all_follow_ups", "follow_up", pgettext_lazy("place", "Follow-ups"), _("What was promised in retros, approvals and lessons, and how it went on.")),
        Place("lessons", "retros:lessons", "lesson", pgettext_lazy("place", "Lessons"), _("What earlier projects would do differently.")),
        Place("decisions", "projects:approvals", "decision", pgettext_lazy("place", "Decisions"), _("Pitches and questions that wait for a yes or a no.")),
        Place("escalations", "risks:escalations", "escalation", pgettext_lazy("place", "Questions"), _("What somebody cannot settle alone, with a proposal, and who answers it.")),
        Place("weekly", "weekly", "weekly", pgettext_lazy("place", "Weekly"), _("What changed since last week, red first, and what is to be decided.")),
        Place("goals", "projects:goals", "goal", pgettext_lazy("place", "Goals"), _("What each quarter is for, and how far it is reached.")),
        Place("products", "projects:products", "product", pgettext_lazy("place", "Products"), _("Every internal system: what it is for, whom to ask, what is planned.")),
        Place("left_out", "projects:left_out", "deferred_scope", pgettext_lazy("place", "Left out"), _("What did not come with a launch: who brings it, and by when.")),
        Place("metrics", "metrics:list", "metric", pgettext_lazy("place", "Metrics"), _("How each number is reckoned, and what came in.")),
        Place("estimates", "projects:estimates", "history", pgettext_lazy("place", "Estimates"), _("How earlier estimates fared, by size and by kind of work.")),
        Place("activity", "activity", "history", pgettext_lazy("place", "Activity"), _("What happened lately in the projects you have a part in.")),
        Place("inbox", "inbox", "reminder", pgettext_lazy("place", "Inbox"), _("News and reminders sent to you.")),
        Place("process", "process", "business_process", pgettext_lazy("place", "Process"), _("What each step of a project demands and brings about.")),
        Place("people", "accounts:people", "people", pgettext_lazy("place", "People"), _("Who works here, in which department, and who leads whom.")),
        Place("policy", "policy", "policy", pgettext_lazy("place", "Policy"), _("What the company decided: thresholds, rates and days to answer.")),
    )
}  # fmt: skip

#: The wish of each role; what has no page yet is passed over, and the rail shows the first six that have one.
ORDERS: Mapping[str, Sequence[str]] = {
    "lead": ("desk", "decisions", "projects", "risks", "weekly", "retros", "goals", "products", "metrics", "lessons", "escalations", "left_out", "follow_ups", "estimates", "activity", "inbox", "process", "people", "policy"),
    "pm": ("desk", "projects", "risks", "retros", "goals", "weekly", "products", "metrics", "lessons", "decisions", "escalations", "left_out", "follow_ups", "estimates", "activity", "inbox", "process", "people", "policy"),
    "engineer": ("desk", "projects", "risks", "retros", "lessons", "products", "goals", "metrics", "decisions", "escalations", "weekly", "left_out", "follow_ups", "estimates", "activity", "inbox", "process", "people", "policy"),
    "admin": ("desk", "people", "policy", "process", "projects", "risks", "retros", "products", "goals", "metrics", "lessons", "decisions", "escalations", "weekly", "left_out", "follow_ups", "estimates", "activity", "inbox"),
}  # fmt: skip
WITHOUT_A_ROLE = (
    "desk", "projects", "products", "metrics", "lessons", "left_out", "activity", "inbox", "process", "goals", "risks", "retros", "decisions", "escalations",
    "weekly", "follow_ups", "estimates", "people", "policy",
)  # fmt: skip


def address(url_name: str) -> str:
    """Where a page is, or nothing while it is not built."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _first_part(path: str) -> str:
    return path.strip("/").split("/", 1)[0]


def order_for(person: Person) -> Sequence[str]:
    """The keys of all places in the order of the person's role; who has several meets the deciding one first."""
    return next((order for role, order in ORDERS.items() if role in person.roles), WITHOUT_A_ROLE)


def stops(person: Person, path: str, *, current: str = "") -> list[Stop]:
    """Every existing place in the person's order. A page belongs to the place its address starts with, unless it says
    by `current` that it belongs to another.
    """
    found = ((PLACES[key], address(PLACES[key].url_name)) for key in order_for(person))
    return [
        Stop(place, url, place.key == current if current else _first_part(url) == _first_part(path))
        for place, url in found
        if url
    ]
