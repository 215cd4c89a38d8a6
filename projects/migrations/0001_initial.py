import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import portal.accounts.names
import portal.common.money
import portal.common.validators
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_role_groups"),
        ("accounts", "__first__"),
        ("metrics", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", models.CharField(max_length=7, verbose_name="quarter")),
                ("objective", models.CharField(max_length=160, verbose_name="objective")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "ordering": ["-quarter", "objective"],
                "constraints": [
                    models.UniqueConstraint(fields=("quarter", "objective"), name="goal_once_a_quarter"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("quarter"), 7
                        ),
                        name="goal_quarter_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("objective"), 160
                        ),
                        name="goal_objective_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("purpose", models.CharField(blank=True, max_length=300, verbose_name="purpose")),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="projects.goal",
                        verbose_name="goal",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("name"), 80
                        ),
                        name="product_name_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("purpose"), 300
                        ),
                        name="product_purpose_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "title",
                    models.CharField(
                        max_length=120, validators=[portal.accounts.names.check_seen], verbose_name="title"
                    ),
                ),
                (
                    "problem",
                    models.TextField(
                        blank=True,
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="problem and approach",
                    ),
                ),
                ("is_restricted", models.BooleanField(default=False, verbose_name="restricted to its people")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("in_delivery", "In delivery"),
                            ("launched", "Launched"),
                            ("closed", "Closed"),
                            ("declined", "Declined"),
                            ("deferred", "Deferred"),
                            ("on_hold", "On hold"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                (
                    "held_from",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("in_delivery", "In delivery"),
                            ("launched", "Launched"),
                            ("closed", "Closed"),
                            ("declined", "Declined"),
                            ("deferred", "Deferred"),
                            ("on_hold", "On hold"),
                            ("cancelled", "Cancelled"),
                        ],
                        editable=False,
                        max_length=12,
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("light", "Light"), ("standard", "Standard"), ("major", "Major")],
                        default="light",
                        editable=False,
                        max_length=8,
                        verbose_name="tier",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("sequence", models.PositiveBigIntegerField(default=0, editable=False)),
                (
                    "wanted_on",
                    models.DateField(
                        blank=True,
                        null=True,
                        validators=[portal.common.validators.check_plan_day],
                        verbose_name="wanted by",
                    ),
                ),
                ("needs_permit", models.BooleanField(default=False, verbose_name="needs a special permit")),
                ("is_reversible", models.BooleanField(default=True, verbose_name="can be undone")),
                ("crosses_departments", models.BooleanField(default=False, verbose_name="touches other departments")),
                (
                    "net_benefit_amount",
                    portal.common.money.MoneyField(
                        allow_negative=True, blank=True, null=True, verbose_name="net benefit"
                    ),
                ),
                (
                    "effort_days",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name="effort"),
                ),
                ("cost_amount", portal.common.money.MoneyField(blank=True, null=True, verbose_name="cost")),
                (
                    "exposure_amount",
                    portal.common.money.MoneyField(blank=True, null=True, verbose_name="risk exposure"),
                ),
                ("exposure_p80_amount", portal.common.money.MoneyField(blank=True, null=True)),
                ("mitigation_amount", portal.common.money.MoneyField(blank=True, null=True)),
                ("exposure_at", models.DateTimeField(blank=True, null=True)),
                (
                    "planned_launch_on",
                    models.DateField(
                        blank=True,
                        null=True,
                        validators=[portal.common.validators.check_plan_day],
                        verbose_name="launch",
                    ),
                ),
                ("baseline_launch_on", models.DateField(blank=True, null=True, verbose_name="launch as approved")),
                ("baseline_effort_days", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                ("baseline_cost_amount", portal.common.money.MoneyField(blank=True, null=True)),
                ("baseline_benefit_amount", portal.common.money.MoneyField(allow_negative=True, blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("launched_at", models.DateTimeField(blank=True, null=True)),
                (
                    "launch_kind",
                    models.CharField(
                        blank=True, choices=[("pilot", "Pilot"), ("gradual", "Gradual"), ("full", "Full")], max_length=8
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                (
                    "business_partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnered_projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="business partner",
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="projects.goal",
                        verbose_name="goal",
                    ),
                ),
                (
                    "nothing_deferred_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="projects.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsored_projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sponsor",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        models.F("stage"), models.OrderBy(models.F("id"), descending=True), name="project_stage_recent"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "draft",
                                    "submitted",
                                    "approved",
                                    "in_delivery",
                                    "launched",
                                    "closed",
                                    "declined",
                                    "deferred",
                                    "on_hold",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="project_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["light", "standard", "major"])), name="project_tier_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held_from", ""), ("stage", "on_hold"), _connector="OR"),
                        name="project_held_from_only_on_hold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "on_hold"), _negated=True),
                            ("held_from__in", ["approved", "in_delivery"]),
                            _connector="OR",
                        ),
                        name="project_on_hold_knows_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["launched", "closed"]), _negated=True),
                            ("launched_at__isnull", False),
                            _connector="OR",
                        ),
                        name="project_launched_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("effort_days__gte", 0)), name="project_effort_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("launch_kind__in", ["", "pilot", "gradual", "full"])),
                        name="project_launch_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("title"), 120
                        ),
                        name="project_title_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("problem"), 4000
                        ),
                        name="project_problem_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("member", "Member"), ("assessor", "Assessor")], max_length=8, verbose_name="part"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="projects.project"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("project", "person", "part"), name="project_member_once"),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["member", "assessor"])), name="project_member_part_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StageChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "transition",
                    models.CharField(
                        choices=[
                            ("submit", "Submit"),
                            ("withdraw", "Withdraw"),
                            ("ask_back", "Ask back"),
                            ("decline", "Decline"),
                            ("defer", "Defer"),
                            ("revise", "Revise"),
                            ("approve", "Approve"),
                            ("start", "Start delivery"),
                            ("hold", "Put on hold"),
                            ("resume", "Resume"),
                            ("launch", "Launch"),
                            ("roll_back", "Roll back"),
                            ("close", "Close"),
                            ("cancel", "Cancel"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "from_stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("in_delivery", "In delivery"),
                            ("launched", "Launched"),
                            ("closed", "Closed"),
                            ("declined", "Declined"),
                            ("deferred", "Deferred"),
                            ("on_hold", "On hold"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_stage",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("in_delivery", "In delivery"),
                            ("launched", "Launched"),
                            ("closed", "Closed"),
                            ("declined", "Declined"),
                            ("deferred", "Deferred"),
                            ("on_hold", "On hold"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stage_changes", to="projects.project"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "transition__in",
                                [
                                    "submit",
                                    "withdraw",
                                    "ask_back",
                                    "decline",
                                    "defer",
                                    "revise",
                                    "approve",
                                    "start",
                                    "hold",
                                    "resume",
                                    "launch",
                                    "roll_back",
                                    "close",
                                    "cancel",
                                ],
                            )
                        ),
                        name="stage_change_transition_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "from_stage__in",
                                [
                                    "draft",
                                    "submitted",
                                    "approved",
                                    "in_delivery",
                                    "launched",
                                    "closed",
                                    "declined",
                                    "deferred",
                                    "on_hold",
                                    "cancelled",
                                ],
                            ),
                            (
                                "to_stage__in",
                                [
                                    "draft",
                                    "submitted",
                                    "approved",
                                    "in_delivery",
                                    "launched",
                                    "closed",
                                    "declined",
                                    "deferred",
                                    "on_hold",
                                    "cancelled",
                                ],
                            ),
                        ),
                        name="stage_change_stages_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 1000
                        ),
                        name="stage_change_note_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BenefitLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="benefit_lines", to="projects.project"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=1)),
                (
                    "unit_benefit_amount",
                    portal.common.money.MoneyField(blank=True, null=True, verbose_name="unit benefit"),
                ),
                (
                    "reach",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="reach a month",
                    ),
                ),
                ("reach_unit", models.CharField(blank=True, max_length=40, verbose_name="unit of reach")),
                (
                    "probability",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="probability",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("measured", "Measured"),
                            ("analogous", "Analogous case"),
                            ("peer", "Peer figure"),
                            ("judgement", "Judgement"),
                        ],
                        default="judgement",
                        max_length=10,
                        verbose_name="basis",
                    ),
                ),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="evidence")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "position"), name="benefit_line_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("probability__gte", 0), ("probability__lte", 1)),
                        name="benefit_line_probability_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reach__gte", 0)), name="benefit_line_reach_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["measured", "analogous", "peer", "judgement"])),
                        name="benefit_line_basis_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reach_unit"), 40
                        ),
                        name="benefit_line_reach_unit_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("evidence"), 300
                        ),
                        name="benefit_line_evidence_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[("people", "People"), ("material", "Material"), ("permit", "Special permit")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=120, verbose_name="what for")),
                (
                    "person_days",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="person-days",
                    ),
                ),
                ("unit_amount", portal.common.money.MoneyField(blank=True, null=True, verbose_name="rate")),
                ("amount", portal.common.money.MoneyField(verbose_name="amount")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cost_lines", to="projects.project"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "position"), name="cost_line_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("person_days__gte", 0)), name="cost_line_days_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["people", "material", "permit"])), name="cost_line_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "people"), _negated=True), ("person_days__isnull", False), _connector="OR"
                        ),
                        name="cost_line_people_have_days",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("label"), 120
                        ),
                        name="cost_line_label_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("content", models.TextField(editable=False)),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for a decision"),
                            ("approved", "Approved"),
                            ("asked_back", "Asked back"),
                            ("deferred", "Not this period"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("light", "Light"), ("standard", "Standard"), ("major", "Major")], max_length=8
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("reply_by", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="submissions", to="projects.project"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["project", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"), name="submission_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")), fields=("project",), name="submission_one_pending"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["pending", "approved", "asked_back", "deferred", "declined", "withdrawn"])
                        ),
                        name="submission_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "pending")),
                            models.Q(models.Q(("state", "pending"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="submission_decided_has_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Not his turn yet"),
                            ("pending", "Waiting for a decision"),
                            ("approved", "Approved"),
                            ("asked_back", "Asked back"),
                            ("deferred", "Not this period"),
                            ("declined", "Declined"),
                            ("void", "Not needed any more"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                (
                    "return_on",
                    models.DateField(
                        blank=True,
                        null=True,
                        validators=[portal.common.validators.check_plan_day],
                        verbose_name="look at it again on",
                    ),
                ),
                (
                    "approver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="projects.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "position"), name="approval_step_position_once"),
                    models.UniqueConstraint(fields=("submission", "approver"), name="approval_step_approver_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("submission",),
                        name="approval_step_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["waiting", "pending", "approved", "asked_back", "deferred", "declined", "void"],
                            )
                        ),
                        name="approval_step_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("state__in", ("waiting", "pending", "void")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("waiting", "pending", "void")), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="approval_step_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 1000
                        ),
                        name="approval_step_reason_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("people", "People"), ("material", "Material"), ("permit", "Special permit")],
                        max_length=8,
                    ),
                ),
                (
                    "person_days",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                ("amount", portal.common.money.MoneyField(blank=True, null=True)),
                ("granted_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="projects.project"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="projects.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "kind"), name="grant_once_a_kind"),
                    models.CheckConstraint(
                        condition=models.Q(("person_days__isnull", False), ("amount__isnull", False), _connector="OR"),
                        name="grant_gives_something",
                    ),
                    models.CheckConstraint(condition=models.Q(("person_days__gte", 0)), name="grant_days_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["people", "material", "permit"])), name="grant_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MetricPledge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("metric_version", models.PositiveIntegerField()),
                (
                    "baseline_numerator",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="numerator",
                    ),
                ),
                (
                    "baseline_denominator",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="denominator",
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="target",
                    ),
                ),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "metric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="metrics.metric",
                        verbose_name="metric",
                    ),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pledge", to="projects.project"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("baseline_denominator__gt", 0)), name="pledge_denominator_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("baseline_numerator__gte", 0)), name="pledge_numerator_not_negative"
                    ),
                    models.CheckConstraint(condition=models.Q(("target__gte", 0)), name="pledge_target_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostActual",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(validators=[portal.common.validators.check_plan_day], verbose_name="as of")),
                (
                    "person_days",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="person-days",
                    ),
                ),
                ("amount", portal.common.money.MoneyField(verbose_name="money")),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "cost_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="actuals", to="projects.costline"
                    ),
                ),
            ],
            options={
                "ordering": ["as_of", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("cost_line", "as_of"), name="cost_actual_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("person_days__gte", 0)), name="cost_actual_days_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("date", "Launch date"), ("scope", "Scope"), ("budget", "Budget")], max_length=6
                    ),
                ),
                ("before", models.CharField(max_length=200)),
                ("after", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=1000, verbose_name="reason")),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="projects.project"
                    ),
                ),
            ],
            options={
                "ordering": ["project", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"), name="change_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["date", "scope", "budget"])), name="change_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("before"), 200
                        ),
                        name="change_before_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("after"), 200
                        ),
                        name="change_after_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 1000
                        ),
                        name="change_reason_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeferredItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160, verbose_name="what is left out")),
                ("due_on", models.DateField(validators=[portal.common.validators.check_plan_day], verbose_name="by")),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=7,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(1),
                        ],
                        verbose_name="takes away",
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "benefit_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deferred_items",
                        to="projects.benefitline",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deferred_items",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share__gte", 0), ("share__lte", 1)), name="deferred_item_share_is_a_share"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("title"), 160
                        ),
                        name="deferred_item_title_length",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.CharField(
                        choices=[("retro", "Retro"), ("condition", "Condition of approval")], max_length=16
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="what")),
                ("due_on", models.DateField(validators=[portal.common.validators.check_plan_day], verbose_name="by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("doing", "Doing"),
                            ("done", "Done"),
                            ("effective", "Effective"),
                            ("not_effective", "Not effective"),
                            ("dropped", "Dropped"),
                        ],
                        default="open",
                        editable=False,
                        max_length=13,
                    ),
                ),
                ("carried_over", models.PositiveSmallIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_ups",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follow_ups", to="projects.project"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "doing", "done", "effective", "not_effective", "dropped"])
                        ),
                        name="follow_up_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["retro", "condition"])), name="follow_up_origin_known"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("title"), 200
                        ),
                        name="follow_up_title_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 500
                        ),
                        name="follow_up_note_length",
                    ),
                ],
            },
        ),
    ]
