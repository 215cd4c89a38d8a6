"""What may be asked of lists that the pages show whole, or by other means than a filter."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.names import folded
from portal.common.api_lists import WholeFilter
from portal.common.lists import ListFilter
from portal.common.sorting import Sort, read_whole
from projects.models import Project
from risks.enums import InvitationState
from risks.filters import RiskFilter

if TYPE_CHECKING:
    from risks.querysets import EscalationQuerySet, InvitationQuerySet


class RegisterFilter(RiskFilter):
    """The register as its page asks for it, but never summed."""

    group = None  # type: ignore[assignment] # so Django takes a field away from a subclass


class ReviewFilter(WholeFilter):
    """Reviews of a project, the latest first."""

    url_name = "api:reviews"
    sorts = {"called": Sort(_("Called"), "pk", read_whole, starts_down=True)}
    default_sort = "-called"


class InvitationFilter(ListFilter):
    """Reviews that the reader is asked in."""

    url_name = "api:assessments"
    views = {"waiting": _("Waiting for me"), "all": pgettext_lazy("list", "All")}
    default_view = "waiting"
    sorts = {"asked": Sort(_("Called"), "pk", read_whole, starts_down=True)}
    default_sort = "-asked"

    def fits(self, rows: InvitationQuerySet) -> InvitationQuerySet:
        for word in folded(self.cleaned_data["q"]).split():
            rows = rows.filter(review__project__search_text__contains=word)
        return rows

    def in_view(self, rows: InvitationQuerySet) -> InvitationQuerySet:
        if self.chosen_view == "all":
            return rows
        return rows.filter(state=InvitationState.INVITED, review__held_at=None)


class EscalationFilter(ListFilter):
    """Questions, as the page has them in its tabs, and those that are settled."""

    url_name = "risks:escalations"
    views = {
        "waiting": _("Waiting for me"),
        "mine": _("Put by me"),
        "projects": _("Of my projects"),
        "open": _("All open ones"),
        "all": pgettext_lazy("list", "All"),
    }
    default_view = "waiting"
    sorts = {
        "answer_by": Sort(_("Answer by"), "answer_by", datetime.fromisoformat),
        "raised": Sort(_("Raised"), "pk", read_whole, starts_down=True),
    }
    default_sort = "answer_by"

    def fits(self, rows: EscalationQuerySet) -> EscalationQuerySet:
        for word in self.cleaned_data["q"].split():
            rows = rows.filter(question__icontains=word)
        return rows

    def in_view(self, rows: EscalationQuerySet) -> EscalationQuerySet:
        if self.chosen_view == "waiting":
            return rows.waiting_for(self.reader)
        if self.chosen_view == "mine":
            return rows.unsettled().filter(asked_by=self.reader)
        if self.chosen_view == "projects":
            return rows.filter(project__in=Project.objects.with_part(self.reader))
        return rows.unsettled() if self.chosen_view == "open" else rows
