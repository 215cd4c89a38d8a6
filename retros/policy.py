"""What a company sets for its retros: until when they are owed, and how far ahead a day may be picked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.policy.store import Setting

GROUP = "retros"

RETRO_DAYS = Setting(
    key="retros.due_days",
    default=10,
    label=_("Working days from launch to the retro"),
    help=_("Reckoned by the days off of the project's site; the same after a cancellation."),
    group=GROUP,
    minimum=1,
    maximum=60,
)
ANSWER_DAYS = Setting(
    key="retros.answer_days",
    default=5,
    label=_("Working days for the answers of the others"),
    help=_("Members and assessors are asked to write theirs before the owner holds the retro."),
    group=GROUP,
    minimum=1,
    maximum=60,
)
PICK_DAYS = Setting(
    key="retros.pick_days",
    default=10,
    label=_("How far ahead the owner may pick the day of a retro"),
    help=_("In working days from today; the day it is due stays beside it."),
    group=GROUP,
    minimum=1,
    maximum=60,
)
VOTES = Setting(
    key="retros.votes",
    default=5,
    label=_("Votes of each person on a retro board"),
    help=_("They say what is talked about first; totals stay hidden until the facilitator shows them."),
    group=GROUP,
    minimum=1,
    maximum=20,
)
RELEVANCE = Setting(
    key="retros.lesson_words",
    default=2,
    label=_("Words that a lesson shares with a major pitch before it must be answered"),
    help=_("At most three lessons are asked, those with most in common; with less in common they are only shown."),
    group=GROUP,
    minimum=1,
    maximum=50,
)

SETTINGS = (RETRO_DAYS, ANSWER_DAYS, PICK_DAYS, VOTES, RELEVANCE)
