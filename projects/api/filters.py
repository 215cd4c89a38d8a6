"""What may be asked of lists that the pages show whole, or by other means than a filter."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.names import folded
from portal.common.api_lists import WholeFilter
from portal.common.lists import ListFilter
from portal.common.menus import MenuField
from portal.common.sorting import Sort, read_whole
from projects.enums import StepState
from projects.models import Goal, Product
from projects.quarters import is_quarter
from projects.querysets import to_take_over, waits_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from projects.models import ApprovalStep


class SubmissionFilter(WholeFilter):
    """Submissions of a project, the latest first."""

    url_name = "api:submissions"
    sorts = {"number": Sort(_("Number"), "number", read_whole, starts_down=True)}
    default_sort = "-number"


class ApprovalFilter(ListFilter):
    """Steps that wait for the reader, that he decided, or that he may take over."""

    url_name = "projects:approvals"
    views = {
        "waiting": pgettext_lazy("approvals", "Waiting for me"),
        "decided": pgettext_lazy("approvals", "Decided by me"),
        "to_take": pgettext_lazy("approvals", "To take over"),
    }
    default_view = "waiting"
    sorts = {"reply_by": Sort(_("Answer by"), F("submission__reply_by"), datetime.fromisoformat)}
    default_sort = "reply_by"

    def fits(self, rows: QuerySet[ApprovalStep]) -> QuerySet[ApprovalStep]:
        for word in folded(self.cleaned_data["q"]).split():
            rows = rows.filter(submission__project__search_text__contains=word)
        return rows

    def in_view(self, rows: QuerySet[ApprovalStep]) -> QuerySet[ApprovalStep]:
        if self.chosen_view == "waiting":
            return rows.filter(waits_for(self.reader))
        if self.chosen_view == "to_take":
            return rows.filter(to_take_over(self.reader))
        own = Q(approver=self.reader) | Q(decided_by=self.reader)
        return rows.filter(own).exclude(state__in=[StepState.PENDING, StepState.WAITING, StepState.VOID])


class ProductFilter(WholeFilter):
    """Products by name, goal and words."""

    url_name = "projects:products"
    sorts = {"name": Sort(pgettext_lazy("product", "Name"), "name")}
    default_sort = "name"
    menus = ("goal",)

    goal = MenuField(Goal.objects.all(), name="objective", label=_("Goal"))

    def fits(self, rows: QuerySet[Product]) -> QuerySet[Product]:
        chosen = self.cleaned_data
        for word in folded(chosen["q"]).split():
            rows = rows.filter(search_text__contains=word)
        return rows.filter(goal=chosen["goal"]) if chosen["goal"] else rows


class GoalFilter(WholeFilter):
    """Goals by quarter and words."""

    url_name = "projects:goals"
    sorts = {
        "quarter": Sort(_("Quarter"), "quarter", starts_down=True),
        "objective": Sort(_("Objective"), "objective"),
    }
    default_sort = "-quarter"
    unseen = ("quarter",)

    quarter = forms.CharField(label=_("Quarter"), max_length=7, required=False)

    def clean_quarter(self) -> str:
        quarter: str = self.cleaned_data["quarter"]
        if quarter and not is_quarter(quarter):
            raise forms.ValidationError(_("Write a quarter such as 2026 Q4."))
        return quarter

    def fits(self, rows: QuerySet[Goal]) -> QuerySet[Goal]:
        chosen = self.cleaned_data
        for word in chosen["q"].split():
            rows = rows.filter(objective__icontains=word)
        return rows.filter(quarter=chosen["quarter"]) if chosen["quarter"] else rows
