"""Which projects a list shows: everything is in the address, and only what is named here is understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import Department, User
from portal.accounts.names import folded
from portal.accounts.querysets import departments_below
from portal.common.forms import PortalForm
from portal.common.lists import ListFilter
from portal.common.menus import MenuField
from portal.common.sorting import Sort, read_amount, read_day, read_whole
from portal.notifications.models import Obligation
from projects.converters import numbered
from projects.enums import MAIN_LINE, FollowUpState, Stage, Tier
from projects.models import FollowUp, Goal, Product, Project
from projects.models.follow_up import ORIGINS
from projects.quarters import is_quarter

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import QueryDict

    from projects.querysets import ProjectQuerySet

#: The stages in the order of the way, for a list that is sorted by them; those off it come last.
ON_THE_WAY = Case(
    *(When(stage=stage, then=Value(place)) for place, stage in enumerate(MAIN_LINE)),
    default=Value(len(MAIN_LINE)),
    output_field=IntegerField(),
)


#: So many people of a name are looked up one by one.
MOST_OWNERS = 500


class ProjectFilter(ListFilter):
    """The address of the list of projects."""

    url_name = "projects:list"
    views = {
        "mine": pgettext_lazy("projects", "Mine"),
        "running": pgettext_lazy("projects", "Running"),
        "all": pgettext_lazy("projects", "All"),
    }
    default_view = "running"
    sorts = {
        "recent": Sort(pgettext_lazy("projects", "Latest"), "pk", read_whole, starts_down=True),
        "title": Sort(_("Project"), "title"),
        "stage": Sort(_("Stage"), ON_THE_WAY, read_whole),
        "owner": Sort(_("Owner"), "owner__name"),
        "benefit": Sort(_("Net benefit"), "net_benefit_amount", read_amount, is_nullable=True, starts_down=True),
        "launch": Sort(_("Launch"), Coalesce("planned_launch_on", "wanted_on"), read_day, is_nullable=True),
    }
    default_sort = "-recent"
    export_name = "projects:export"
    menus = ("stage", "product", "goal", "owner", "department", "tier", "overdue")
    search_label = _("Search projects")
    hint = _("Title, number, name of the owner")

    stage = forms.MultipleChoiceField(label=_("Stage"), choices=Stage.choices, required=False)
    product = MenuField(Product.objects.all(), label=_("Product"))
    goal = MenuField(Goal.objects.all(), name="objective", label=_("Goal"))
    owner = MenuField(User.objects.all(), label=_("Owner"))
    department = MenuField(Department.objects.all(), label=_("Department"))
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, required=False)
    overdue = forms.BooleanField(label=_("Something overdue"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = Project.objects.visible_to(self.reader).order_by().values("owner")
        self.fields["owner"].queryset = User.objects.filter(pk__in=owners)

    def fits(self, rows: ProjectQuerySet) -> ProjectQuerySet:
        chosen = self.cleaned_data
        if chosen["q"]:
            rows = rows.filter(matches(chosen["q"]))
        if chosen["stage"]:
            rows = rows.filter(stage__in=chosen["stage"])
        for name in ("product", "goal", "owner", "tier"):
            if chosen[name]:
                rows = rows.filter(**{name: chosen[name]})
        if chosen["department"]:
            rows = rows.filter(owner__department_id__in=departments_below(chosen["department"]))
        if chosen["overdue"]:
            rows = rows.filter(pk__in=projects_late(self.reader, self.now))
        return rows

    def in_view(self, rows: ProjectQuerySet) -> ProjectQuerySet:
        return rows.filter(self.condition(self.chosen_view))

    def condition(self, view: str) -> Q:
        """What a view holds."""
        if view == "mine":
            return Q(owner=self.reader)
        if view == "running":
            return ~Q(stage__in=[Stage.CLOSED, Stage.CANCELLED, Stage.DECLINED])
        return Q()

    def waiting_for_reader(self) -> Q:
        """Those about which the reader owes something."""
        owed = Obligation.objects.open().owed_by(self.reader).filter(project_id__isnull=False)
        return Q(pk__in=owed.order_by().values("project_id"))


def projects_late(reader: User, now: datetime) -> QuerySet[Obligation, Any]:
    """Ids of the projects about which somebody owes something that is past its date, as far as the reader is shown it."""
    late = Obligation.objects.open().shown_to(reader).filter(due_at__lt=now, project_id__isnull=False)
    return late.order_by().values("project_id")


def matches(text: str) -> Q:
    """A number as people say it (P-0042, 42), words of the title, or a name of the owner; one query for the owners."""
    title, people, words = Q(), User.objects.all(), folded(text).split()
    if not words:
        return Q(pk=numbered(text))
    for word in words:
        title &= Q(search_text__contains=word)
        people = people.filter(search_text__contains=word)
    # Their ids, because no index is found by an “or” over two tables; not where the word is in every other name.
    found = list(people.order_by().values_list("pk", flat=True)[: MOST_OWNERS + 1])
    owners: Any = found if len(found) <= MOST_OWNERS else people.order_by().values("pk")
    return title | Q(owner__in=owners) | Q(pk=numbered(text))


class StepFilter(PortalForm):
    """How many rows the reader has seen already."""

    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    @property
    def start(self) -> int:
        return self.cleaned_data["shown"] or 0


class SourceFilter(PortalForm):
    """Where the record of finished work comes from."""

    source = forms.CharField(max_length=60, required=False)

    def __init__(self, data: QueryDict, *, known: Collection[str]) -> None:
        super().__init__(data)
        self.known = known

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"]
        if source and source not in self.known:
            raise forms.ValidationError(_("Nothing is known from there."))
        return source


class QuarterFilter(PortalForm):
    """Which quarter."""

    quarter = forms.CharField(max_length=7, required=False)

    def clean_quarter(self) -> str:
        quarter: str = self.cleaned_data["quarter"]
        if quarter and not is_quarter(quarter):
            raise forms.ValidationError(_("Write a quarter such as 2026 Q4."))
        return quarter


class FollowUpFilter(ListFilter):
    """The address of the list of follow-ups. What is late is shown to who owes it and to who owns the project."""

    url_name = "projects:all_follow_ups"
    views = {
        "mine": pgettext_lazy("follow-ups", "Mine"),
        "projects": pgettext_lazy("follow-ups", "Of my projects"),
        "overdue": pgettext_lazy("follow-ups", "Past their date"),
        "open": pgettext_lazy("follow-ups", "Open"),
        "all": pgettext_lazy("follow-ups", "All"),
    }
    default_view = "mine"
    sorts = {
        "due": Sort(_("By"), "due_on", read_day),
        "title": Sort(_("What"), "title"),
        "carried": Sort(_("Carried over"), "carried_over", read_whole, starts_down=True),
    }
    default_sort = "due"
    menus = ("product", "project", "origin", "state")
    search_label = _("Search follow-ups")
    hint = _("Words of what will be done")

    product = MenuField(Product.objects.all(), label=_("Product"))
    project = MenuField(Project.objects.none(), name="title", label=_("Project"))
    origin = forms.ChoiceField(label=_("From"), choices=[*ORIGINS.items()], required=False)
    state = forms.MultipleChoiceField(label=_("State"), choices=FollowUpState.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(self.now)
        seen = FollowUp.objects.visible_to(self.reader).order_by()
        fields = self.fields
        fields["product"].offer = Product.objects.filter(pk__in=seen.values("project__product"))
        fields["project"].queryset = Project.objects.visible_to(self.reader)
        fields["project"].offer = Project.objects.filter(pk__in=seen.filter(self.near).values("project"))

    @property
    def near(self) -> Q:
        """His own, and those of his projects."""
        return Q(owner=self.reader) | Q(project__owner=self.reader)

    def fits(self, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        chosen = self.cleaned_data
        for word in chosen["q"].split():
            rows = rows.filter(title__icontains=word)
        for name, path in {"product": "project__product", "project": "project", "origin": "origin"}.items():
            if chosen[name]:
                rows = rows.filter(**{path: chosen[name]})
        return rows.filter(state__in=chosen["state"]) if chosen["state"] else rows

    def condition(self, view: str) -> Q:
        """What a view holds."""
        still_open = Q(state__in=[FollowUpState.OPEN, FollowUpState.DOING])
        return {
            "mine": Q(owner=self.reader) & still_open,
            "projects": Q(project__owner=self.reader) & still_open,
            "overdue": self.near & still_open & Q(due_on__lt=self.today),
            "open": still_open,
            "all": Q(),
        }[view]

    def in_view(self, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        return rows.filter(self.condition(self.chosen_view))
