"""Who owes what, who hears what; and the two runs that turn rows into messages."""

from portal.notifications.actions.mail import deliver
from portal.notifications.actions.news import announce, mark_read
from portal.notifications.actions.obligations import owe, settle
from portal.notifications.actions.reminders import sweep

__all__ = ["announce", "deliver", "mark_read", "owe", "settle", "sweep"]
