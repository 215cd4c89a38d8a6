"""Which risks a list shows: everything is in the address, and only what is named here is understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.names import folded
from portal.common import formats
from portal.common.amounts import rounded
from portal.common.components import Facet
from portal.common.lists import ListFilter
from portal.common.menus import MenuField, WordMenuField
from portal.common.sorting import Sort, read_amount, read_share, read_whole
from portal.common.written import comma
from portal.policy.store import value
from projects.enums import Stage
from projects.models import Product, Project
from risks import policy
from risks.enums import RiskState
from risks.exposure import CHANCES
from risks.lines import money
from risks.matrix import edges_of
from risks.models import Risk, RiskTag
from risks.querysets import RANK
from risks.summaries import in_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from risks.querysets import RiskQuerySet


class Phase(TextChoices):
    """Where the project stands that the risk belongs to."""

    BEFORE = "before", _("Before delivery")
    DURING = "during", _("During delivery")
    AFTER = "after", _("After launch")


class Level(TextChoices):
    """How the expected loss stands to the line."""

    ABOVE = "above", _("Above the line")
    NEAR = "near", _("From half the line on")
    SMALL = "small", _("Below half the line")
    UNKNOWN = "unknown", _("No figure yet")


class Group(TextChoices):
    """By what the list is summed."""

    PROJECT = "project", _("Project")
    PRODUCT = "product", _("Product")
    OWNER = "owner", _("Owner")
    STATE = "state", _("State")
    TAG = "tag", _("Tag")


STAGES: Mapping[str, Sequence[Stage]] = {
    Phase.BEFORE: (Stage.DRAFT, Stage.SUBMITTED, Stage.DEFERRED, Stage.DECLINED, Stage.APPROVED),
    Phase.DURING: (Stage.IN_DELIVERY, Stage.ON_HOLD, Stage.CANCELLED),
    Phase.AFTER: (Stage.LAUNCHED, Stage.CLOSED),
}
_CODE = re.compile(r"p-0*([0-9]{1,18})", re.IGNORECASE)


class RiskFilter(ListFilter):
    """The address of the register."""

    url_name = "risks:list"
    views = {
        "mine": pgettext_lazy("risks", "Mine"),
        "open": pgettext_lazy("risks", "Open"),
        "above": pgettext_lazy("risks", "Above the line"),
        "unanswered": pgettext_lazy("risks", "Without an answer"),
        "happened": pgettext_lazy("risks", "Occurred"),
        "all": pgettext_lazy("risks", "All"),
    }
    default_view = "open"
    sorts = {
        "exposure": Sort(_("Exposure"), RANK, read_whole, starts_down=True),
        "chance": Sort(_("Chance"), "probability", read_share, is_nullable=True, starts_down=True),
        "impact": Sort(_("If it happens"), "impact_amount", read_amount, is_nullable=True, starts_down=True),
        "event": Sort(_("Risk"), "event"),
        "owner": Sort(_("Owner, next date"), "owner__name"),
    }
    default_sort = "-exposure"
    export_name = "risks:export"
    menus = ("project", "state", "level", "owner", "late", "phase", "product", "tag")
    arrangement = ("group",)
    unseen = ("cell",)
    search_label = _("Search risks")
    hint = _("Cause, event or effect")

    project = MenuField(Project.objects.none(), name="title", label=_("Project"))
    state = forms.MultipleChoiceField(label=_("State"), choices=RiskState.choices, required=False)
    level = forms.ChoiceField(label=_("Exposure"), choices=Level.choices, required=False)
    owner = MenuField(User.objects.all(), label=_("Owner"))
    late = forms.BooleanField(label=_("Answer overdue"), required=False)
    phase = forms.ChoiceField(label=_("Phase"), choices=Phase.choices, required=False)
    product = MenuField(Product.objects.all(), label=_("Product"))
    tag = WordMenuField(label=_("Tag"), max_length=30)
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices, required=False)
    cell = forms.RegexField(r"\A[0-4][0-4]\Z", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(self.now)
        self.line: Decimal = value(policy.APPETITE)
        seen = Risk.objects.visible_to(self.reader).order_by()
        fields = self.fields
        fields["project"].queryset = projects = Project.objects.visible_to(self.reader)
        # A menu of all projects would be longer than anybody reads: the search box finds the others by their number.
        fields["project"].offer = (
            projects.running().filter(Q(owner=self.reader) | Q(members__person=self.reader)).distinct()
        )
        fields["owner"].offer = User.objects.filter(pk__in=seen.values("owner"))
        fields["tag"].offer = RiskTag.objects.filter(risk__in=seen).values("name").distinct()

    @property
    def chosen_cell(self) -> tuple[int, int] | None:
        cell = self.cleaned_data["cell"]
        return (int(cell[0]), int(cell[1])) if cell else None

    @property
    def group_name(self) -> str:
        """By what the list is summed, in words."""
        return str(Group(self.cleaned_data["group"]).label)

    def fits(self, rows: RiskQuerySet) -> RiskQuerySet:
        """Those that fit the words and the filters, wherever they lie in the matrix."""
        chosen = self.cleaned_data
        for word in folded(chosen["q"]).split():
            rows = rows.filter(matches(word))
        for name, path in {"project": "project", "owner": "owner", "product": "project__product"}.items():
            if chosen[name]:
                rows = rows.filter(**{path: chosen[name]})
        if chosen["state"]:
            rows = rows.filter(state__in=chosen["state"])
        if chosen["phase"]:
            rows = rows.filter(project__stage__in=STAGES[chosen["phase"]])
        if chosen["level"]:
            rows = rows.filter(self.of_level(chosen["level"]))
        if chosen["tag"]:
            rows = rows.filter(pk__in=RiskTag.objects.filter(name=chosen["tag"]).values("risk"))
        return rows.answer_late(self.line, self.now, self.today) if chosen["late"] else rows

    def of_level(self, level: str) -> Q:
        """How the expected loss stands to the line."""
        line, half = self.line, rounded(self.line / 2)
        return {
            Level.ABOVE: Q(exposure_amount__gt=line),
            Level.NEAR: Q(exposure_amount__gte=half, exposure_amount__lte=line),
            Level.SMALL: Q(exposure_amount__lt=half),
            Level.UNKNOWN: Q(exposure_amount=None),
        }[Level(level)]

    def in_view(self, rows: RiskQuerySet) -> RiskQuerySet:
        """The risks of the view, and of the cell where one is chosen."""
        chosen = view_of(self.chosen_view, rows, self)
        return in_cell(chosen, *self.chosen_cell, self.line) if self.chosen_cell else chosen

    def facets(self) -> list[Facet]:
        """A chosen cell of the matrix stands in the filter bar, so that it can be taken away."""
        facets = super().facets()
        return [*facets, self._cell_facet(*self.chosen_cell)] if self.chosen_cell else facets

    def _cell_facet(self, row: int, column: int) -> Facet:
        lower, upper = edges_of(column, self.line)
        words = _("up to %(upper)s") if upper is not None else _("above %(lower)s")
        impact = words % {"upper": money(upper), "lower": money(lower)}
        chance = formats.percent(CHANCES[row], get_language() or "en")
        return Facet(_("Cell"), value=f"{chance}{comma()}{impact}", url=self.address(cell=""))


def matches(word: str) -> Q:
    """A word of cause, event or effect, or the number of the project as people say it."""
    found = Q(search_text__contains=word)
    code = _CODE.fullmatch(word)
    return found | Q(project=int(code[1])) if code else found


def view_of(view: str, rows: RiskQuerySet, asked: RiskFilter) -> RiskQuerySet:
    """What a view holds."""
    if view == "all":
        return rows
    if view == "happened":
        return rows.happened()
    still_open = rows.open().of_running_projects()
    if view == "mine":
        return still_open.in_hands_of(asked.reader)
    if view == "above":
        return still_open.above(asked.line)
    if view == "unanswered":
        return still_open.above(asked.line).without_answer(asked.today)
    return still_open
