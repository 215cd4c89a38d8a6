"""What a person asks of a list again and again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_seen
from portal.common.constraints import at_most


class SavedView(models.Model):
    """A list as its person narrowed and sorted it, under a name. Private; one of each list may be its default.

    `page` is the name of the list's address, `query` what follows the question mark there, without any place in the list.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=40, validators=[check_seen])
    query = models.CharField(max_length=1000, blank=True)
    is_default = models.BooleanField(_("open the list with it"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "page", "name"],
                name="saved_view_named_once",
                violation_error_message=_("You have a view of this name already."),
            ),
            models.UniqueConstraint(
                fields=["person", "page"], condition=Q(is_default=True), name="saved_view_one_default"
            ),
            at_most("page", 60, name="saved_view_page_length"),
            at_most("name", 40, name="saved_view_name_length"),
            at_most("query", 1000, name="saved_view_query_length"),
        ]

    def __str__(self) -> str:
        return self.name
