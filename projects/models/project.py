"""A project, the people in it, and the history of its stages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_seen, folded
from portal.common.constraints import at_most
from portal.common.money import MoneyField
from portal.common.validators import check_plan_day
from projects.enums import IN_MOTION, LaunchKind, Part, PitchKind, Stage, Tier
from projects.lifecycle import Transition
from projects.querysets import ProjectQuerySet

if TYPE_CHECKING:
    from datetime import date, datetime


class Project(models.Model):
    """The work, from draft to closed. Every field is written by `projects.actions` only.

    `version` moves when a person's edit is saved (stale edits lose by it); `sequence` moves with every write to the
    project or anything that belongs to it, and is the lock that gates are judged under.
    """

    title = models.CharField(_("title"), max_length=120, validators=[check_seen])
    problem = models.TextField(
        _("problem and approach"), max_length=4000, blank=True, validators=[MaxLengthValidator(4000)]
    )
    product = models.ForeignKey(
        "projects.Product", models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("product")
    )
    goal = models.ForeignKey(
        "projects.Goal", models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("goal")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_projects", verbose_name=_("owner")
    )
    business_partner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partnered_projects",
        verbose_name=_("business partner"),
    )
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sponsored_projects",
        verbose_name=_("sponsor"),
    )
    site = models.ForeignKey("accounts.Site", models.PROTECT, related_name="+", verbose_name=_("site"))
    process = models.ForeignKey(
        "projects.BusinessProcess",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("business process"),
    )
    #: The template it was begun with; what it names are offers, and the hints beside empty boxes.
    template = models.CharField(_("kind"), max_length=9, choices=PitchKind, blank=True, editable=False)
    is_in_scope = models.BooleanField(_("in the scope of the product"), null=True, blank=True)
    is_reusable = models.BooleanField(_("can be used again elsewhere"), null=True, blank=True)
    fits_roadmap = models.BooleanField(_("lies on the way of the roadmap"), null=True, blank=True)
    screening_note = models.CharField(_("why all the same"), max_length=300, blank=True)
    is_restricted = models.BooleanField(_("restricted to its people"), default=False)

    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.DRAFT, editable=False)
    held_from = models.CharField(max_length=12, choices=Stage, blank=True, editable=False)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier, default=Tier.LIGHT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    sequence = models.PositiveBigIntegerField(default=0, editable=False)

    wanted_on = models.DateField(_("wanted by"), null=True, blank=True, validators=[check_plan_day])
    needs_permit = models.BooleanField(_("needs a special permit"), default=False)
    is_reversible = models.BooleanField(_("can be undone"), default=True)
    crosses_departments = models.BooleanField(_("touches other departments"), default=False)

    #: What the lists show and sort by; the pitch actions keep them in step with the lines.
    net_benefit_amount = MoneyField(_("net benefit"), null=True, blank=True, allow_negative=True)
    effort_days = models.DecimalField(_("effort"), max_digits=8, decimal_places=2, null=True, blank=True)
    cost_amount = MoneyField(_("cost"), null=True, blank=True)

    #: Pushed down by the risk register, in its own transaction.
    exposure_amount = MoneyField(_("risk exposure"), null=True, blank=True)
    exposure_p80_amount = MoneyField(null=True, blank=True)
    mitigation_amount = MoneyField(null=True, blank=True)
    exposure_at = models.DateTimeField(null=True, blank=True)

    #: There after `with_health`.
    last_health: str

    planned_launch_on = models.DateField(_("launch"), null=True, blank=True, validators=[check_plan_day])
    baseline_launch_on = models.DateField(_("launch as approved"), null=True, blank=True)
    baseline_effort_days = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    baseline_cost_amount = MoneyField(null=True, blank=True)
    baseline_benefit_amount = MoneyField(null=True, blank=True, allow_negative=True)
    nothing_deferred_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: Since when what was approved no longer is what is being done; empty again with the new approval.
    approval_void_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    launched_at = models.DateTimeField(null=True, blank=True)
    launch_kind = models.CharField(max_length=8, choices=LaunchKind, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="project_stage_known"),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="project_tier_known"),
            models.CheckConstraint(
                condition=Q(held_from="") | Q(stage=Stage.ON_HOLD), name="project_held_from_only_on_hold"
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ON_HOLD) | Q(held_from__in=[Stage.APPROVED, Stage.IN_DELIVERY]),
                name="project_on_hold_knows_source",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.LAUNCHED, Stage.CLOSED]) | Q(launched_at__isnull=False),
                name="project_launched_has_date",
            ),
            models.CheckConstraint(condition=Q(effort_days__gte=0), name="project_effort_not_negative"),
            models.CheckConstraint(
                condition=Q(launch_kind__in=["", *LaunchKind.values]), name="project_launch_kind_known"
            ),
            models.CheckConstraint(condition=Q(template__in=["", *PitchKind.values]), name="project_template_known"),
            at_most("title", 120, name="project_title_length"),
            at_most("problem", 4000, name="project_problem_length"),
            at_most("screening_note", 300, name="project_screening_note_length"),
        ]
        indexes = [
            models.Index(F("stage"), F("id").desc(), name="project_stage_recent"),
            # The few that are hidden from most: asked of wherever rows of projects are read.
            models.Index(fields=["id"], condition=Q(is_restricted=True), name="project_restricted"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("project", args=[self.pk])

    def searched(self, **changed: Any) -> str:
        """What a search looks in, as it will be after the change; whoever writes title or problem keeps it."""
        return folded(" ".join(changed.get(name, getattr(self, name)) for name in ("title", "problem")))

    @property
    def code(self) -> str:
        """The number people say: P-0042."""
        return f"P-{self.pk:04d}"

    def local_day(self, now: datetime) -> date:
        """The calendar day at the project's site."""
        return self.site.today(now)

    @property
    def is_draft(self) -> bool:
        return self.stage == Stage.DRAFT

    @property
    def is_in_motion(self) -> bool:
        """Between approval and launch: where risks happen, dates move and plan B is used."""
        return self.stage in IN_MOTION


class ProjectMember(models.Model):
    """A person with a part in the project beside owner, business partner and sponsor."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    part = models.CharField(_("part"), max_length=8, choices=Part)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "person", "part"], name="project_member_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="project_member_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.get_part_display()})"


class StageChange(models.Model):
    """History: one row for every transition made. `actor` is empty where policy itself acted."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stage_changes")
    transition = models.CharField(max_length=10, choices=Transition)
    from_stage = models.CharField(max_length=12, choices=Stage)
    to_stage = models.CharField(max_length=12, choices=Stage)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(transition__in=Transition.values), name="stage_change_transition_known"),
            models.CheckConstraint(
                condition=Q(from_stage__in=Stage.values, to_stage__in=Stage.values), name="stage_change_stages_known"
            ),
            at_most("note", 1000, name="stage_change_note_length"),
        ]

    def __str__(self) -> str:
        return f"{self.from_stage} → {self.to_stage}"
