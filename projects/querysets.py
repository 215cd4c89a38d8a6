"""What may be seen, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.accounts.models import Delegation, User
from portal.accounts.querysets import reports_of
from portal.common.prepared import Prepared
from projects.enums import OptionKind, Stage, StepState

if TYPE_CHECKING:
    from datetime import datetime

    from projects.models import Option, Project


def restricted_for(pk: int, now: datetime) -> models.QuerySet[Project, Any]:
    """The restricted projects of which the person is part, which belong to his line, whose draft he was asked to read, or
    whose approver he stands in for at this moment, as long as that approver's step waits.
    """
    person, line = User(pk=pk), reports_of(User(pk=pk))
    # By their names, because models stand above their querysets.
    members = apps.get_model("projects", "ProjectMember")._base_manager.all()
    readers = apps.get_model("projects", "DraftReader")._base_manager.filter(project__stage=Stage.DRAFT).order_by()
    steps = apps.get_model("projects", "ApprovalStep")._base_manager.order_by()
    absent = Delegation.objects.standing_in(person, now).values("person")
    found: models.QuerySet[Project] = apps.get_model("projects", "Project")._base_manager.filter(
        Q(owner=person)
        | Q(business_partner=person)
        | Q(sponsor=person)
        | Q(pk__in=members.filter(person=person).values("project"))
        | Q(pk__in=readers.filter(person=person).values("project"))
        | Q(pk__in=steps.filter(approver=person).values("submission__project"))
        | Q(pk__in=steps.filter(approver__in=absent, state=StepState.PENDING).values("submission__project"))
        | Q(owner_id__in=line)
        | Q(pk__in=members.filter(person_id__in=line).values("project")),
        is_restricted=True,
    )
    return found.order_by().values("pk")


def waits_for(user: User) -> Q:
    """Approval steps that the user can decide now: his own, and those of whom he stands in for but on his own pitch."""
    absent = Delegation.objects.standing_in(user, timezone.now()).values("person")
    for_others = Q(approver__in=absent) & ~Q(submission__project__owner=user)
    return Q(state=StepState.PENDING) & (Q(approver=user) | for_others)


def to_take_over(user: User) -> Q:
    """Steps that wait for somebody who left, or is late and named no stand-in, and that the user may take over."""
    now = timezone.now()
    stood_in_for = Delegation.objects.ahead(now).filter(starts_at__lte=now).values("person")
    gone = Q(approver__is_active=False)
    away = Q(submission__reply_by__lt=now) & ~Q(approver__in=stood_in_for)
    his = Q() if user.is_admin else Q(approver__manager=user)
    return Q(state=StepState.PENDING) & (gone | away) & his & ~Q(approver=user) & ~Q(submission__project__owner=user)


def his_restricted(user: User) -> Prepared:
    """Ids of the restricted projects that the person may see."""
    # By the clock, because a queryset is asked in the middle of others, which know no `now`.
    return Prepared(restricted_for, user.pk, timezone.now())


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects."""

    def visible_to(self, user: User) -> Self:
        """Open projects, and the restricted ones that are his to know."""
        return self.filter(Q(is_restricted=False) | Q(pk__in=his_restricted(user)))

    def with_health(self) -> Self:
        """As `last_health` how each stood when its owner last confirmed a week; empty before that."""
        weeks = self.model._default_manager.filter(pk=OuterRef("pk")).order_by("-weekly_statuses__week_on")
        last = Subquery(weeks.values("weekly_statuses__health")[:1])
        return self.annotate(last_health=Coalesce(last, Value("")))

    def with_part(self, user: User) -> Self:
        """Those in which the person has a part himself."""
        parts = Q(owner=user) | Q(business_partner=user) | Q(sponsor=user)
        return self.filter(parts | Q(pk__in=self.model._default_manager.filter(members__person=user).values("pk")))

    def touch(self, pk: int) -> None:
        """Hold one project until the transaction ends: what every action of a project begins with."""
        self.filter(pk=pk).update(sequence=F("sequence") + 1)

    def running(self) -> Self:
        """Everything that is neither over nor refused."""
        return self.exclude(stage__in=[Stage.CLOSED, Stage.CANCELLED, Stage.DECLINED])


_Row = TypeVar("_Row", bound=models.Model)


class OfVisibleProjectQuerySet(models.QuerySet[_Row]):
    """Rows that are seen exactly by those who see their project (`project` foreign key)."""

    def visible_to(self, user: User) -> Self:
        projects = self.model._meta.get_field("project").related_model
        # By the few that are hidden: among the ids of all that are open a large register would be looked up.
        restricted = projects._base_manager.filter(pk=OuterRef("project"), is_restricted=True)  # type: ignore[union-attr] # a project
        return self.filter(~Exists(restricted.exclude(pk__in=his_restricted(user))), project__isnull=False)


class LineQuerySet(OfVisibleProjectQuerySet[_Row]):
    """Lines of a pitch. The low-cost option has those of the full one that it neither replaces nor leaves out."""

    def of_option(self, option: Option) -> Self:
        """The lines that an option is reckoned with, inherited ones included."""
        own = Q(option=option, is_left_out=False)
        if option.kind != OptionKind.LOW_COST:
            return self.filter(own)
        full = Q(option__project=option.project_id, option__kind=OptionKind.FULL)
        return self.filter(own | full & ~Q(replaced_by__option=option))

    def in_force(self, project: Project) -> Self:
        """The lines of the preferred option: what is asked for, granted and measured."""
        own = Q(option__is_preferred=True, is_left_out=False)
        full = Q(option__kind=OptionKind.FULL, option__is_preferred=False)
        return self.filter(own | full & ~Q(replaced_by__option__is_preferred=True), project=project)


class OpenQuerySet(models.QuerySet[_Row]):
    """Rows of the company, such as products and goals."""

    def visible_to(self, user: User) -> Self:  # noqa: ARG002 -- the question every queryset answers
        """All of them: everybody who is signed in may read what the company works for."""
        return self.all()
