"""What is known of a product: its modules, the business processes it serves, and what its users say."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.core.validators import MaxLengthValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_name, check_seen
from portal.common.constraints import at_most
from portal.common.validators import check_plan_day
from projects.querysets import OpenQuerySet

#: A description that nobody confirmed for so long is said to be old.
CONFIRMED_FOR: Final = timedelta(days=180)
#: What people write in front of a step: `1.`, `2、`, `-`, `•`.
NUMBERING: Final = re.compile(r"^\s*(?:\d+\s*[.、)）．]|[-–•*])\s*")


class ProductPart(models.Model):
    """A described part of a product, which several people may edit; each kind has a `name`.

    Written by `actions.knowledge` only.
    """

    product = models.ForeignKey("projects.Product", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(editable=False)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = OpenQuerySet.as_manager()

    class Meta:
        abstract = True


class ProductModule(ProductPart):
    """A part of the system with the document that describes it; `confirmed_on` is when somebody last said it is true."""

    name = models.CharField(_("name"), max_length=80, validators=[check_name])
    summary = models.CharField(_("what it does"), max_length=300, blank=True, validators=[check_seen])
    switches = models.CharField(_("switches"), max_length=300, blank=True, validators=[check_seen])
    document_url = models.CharField(
        _("document"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    confirmed_on = models.DateField(editable=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="module_once_a_product"),
            at_most("name", 80, name="module_name_length"),
            at_most("summary", 300, name="module_summary_length"),
            at_most("switches", 300, name="module_switches_length"),
            at_most("document_url", 500, name="module_document_url_length"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:product', args=[self.product_id])}#modules"

    def is_old(self, today: date) -> bool:
        """Whether the description should be looked at again before it is believed."""
        return today - self.confirmed_on > CONFIRMED_FOR


class BusinessProcess(ProductPart):
    """What the business does with the product, step by step; `monthly_volume` is None while nobody counted."""

    name = models.CharField(_("name"), max_length=120, validators=[check_name])
    steps = models.TextField(_("steps"), max_length=2000, blank=True, validators=[MaxLengthValidator(2000)])
    roles = models.CharField(_("roles"), max_length=300, blank=True, validators=[check_seen])
    monthly_volume = models.DecimalField(
        _("times a month"), max_digits=12, decimal_places=0, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    exceptions = models.TextField(_("exceptions"), max_length=1000, blank=True, validators=[MaxLengthValidator(1000)])

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="process_once_a_product"),
            models.CheckConstraint(condition=Q(monthly_volume__gte=0), name="process_volume_not_negative"),
            at_most("name", 120, name="process_name_length"),
            at_most("steps", 2000, name="process_steps_length"),
            at_most("roles", 300, name="process_roles_length"),
            at_most("exceptions", 1000, name="process_exceptions_length"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:product', args=[self.product_id])}#processes"

    @property
    def step_lines(self) -> list[str]:
        """The steps, one a line, without the numbers and dashes that people write in front."""
        return [step for line in self.steps.splitlines() if (step := NUMBERING.sub("", line).strip())]


class Feedback(models.Model):
    """What a user said, where in the work it happened and where it was heard. A pitch names it as evidence.

    Written by `actions.knowledge` only, and never rewritten: it is a quotation.
    """

    product = models.ForeignKey("projects.Product", models.CASCADE, related_name="feedback")
    process = models.ForeignKey(
        BusinessProcess, models.SET_NULL, null=True, blank=True, related_name="feedback", verbose_name=_("process")
    )
    text = models.CharField(_("what was said"), max_length=500, validators=[check_seen])
    step = models.CharField(_("at which step"), max_length=120, blank=True, validators=[check_seen])
    source = models.CharField(_("where it was heard"), max_length=120, validators=[check_seen])
    heard_on = models.DateField(_("when"), validators=[check_plan_day])
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    written_at = models.DateTimeField(editable=False)

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering = ["-heard_on", "-pk"]
        verbose_name_plural = "feedback"
        constraints = [
            at_most("text", 500, name="feedback_text_length"),
            at_most("step", 120, name="feedback_step_length"),
            at_most("source", 120, name="feedback_source_length"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:product', args=[self.product_id])}#feedback"
