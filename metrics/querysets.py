"""Which metrics, and what each showed last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

if TYPE_CHECKING:
    from portal.accounts.models import User


class MetricQuerySet(models.QuerySet["Metric"]):  # type: ignore[name-defined] # noqa: F821 -- the model imports this module
    """Metrics."""

    def visible_to(self, user: User) -> Self:
        """The open ones, and the restricted ones that are the user's own."""
        return self.filter(Q(is_restricted=False) | Q(owner=user))

    def open(self) -> Self:
        """Those that everybody who is signed in may read."""
        return self.filter(is_restricted=False)

    def with_latest(self) -> Self:
        """Adds `latest_id`, the last measurement of the whole (of no single segment)."""
        measurements = self.model._meta.get_field("measurements").related_model
        last = measurements._default_manager.filter(metric=OuterRef("pk"), segment="").order_by("-period_on")
        return self.annotate(latest_id=Subquery(last.values("pk")[:1]))
