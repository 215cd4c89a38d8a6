"""Who owes what, who hears what; and the two runs that turn rows into messages."""

from portal.notifications.actions.mail import deliver
from portal.notifications.actions.news import announce, mark_read
from portal.notifications.actions.obligations import owe, settle
from portal.notifications.actions.reminders import sweep
from portal.notifications.actions.team import tell_managers
from portal.notifications.actions.ways_out import answer_extension, ask_extension, pick_time

__all__ = [
    "announce",
    "answer_extension",
    "ask_extension",
    "deliver",
    "mark_read",
    "owe",
    "pick_time",
    "settle",
    "sweep",
    "tell_managers",
]
