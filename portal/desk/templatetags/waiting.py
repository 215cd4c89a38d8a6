"""What waits for somebody, in one line, for pages of apps that know nothing of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.notifications.summaries import tasks_for

if TYPE_CHECKING:
    from portal.accounts.models import User

register = template.Library()


@register.simple_tag
def what_waits(person: User) -> str:
    """The most urgent task in its own words, and how many more there are."""
    tasks = tasks_for(person, timezone.now())
    if not tasks:
        return _("Nothing waits")
    more = len(tasks) - 1
    first = str(tasks[0].task.sentence)
    return first + (ngettext(", and %(count)d more", ", and %(count)d more", more) % {"count": more} if more else "")
