"""What says more than a pitch should repeat: links to documents, and files kept here."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_seen
from portal.common.constraints import at_most
from projects.enums import DocumentKind
from projects.querysets import OfVisibleProjectQuerySet


def place_of(_document: Any, _name: str) -> str:
    """Where a file lies: under a random name without an ending, so that nothing on disk is of a stranger's choosing."""
    return f"documents/{uuid4().hex}"


class Document(models.Model):
    """A link (`url`) or a file, never both. `name` is the cleaned name that a file came with and is saved under."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=8, choices=DocumentKind, default=DocumentKind.OTHER)
    title = models.CharField(_("title"), max_length=120, validators=[check_seen])
    url = models.CharField(
        _("address"),
        max_length=500,
        blank=True,
        validators=[
            URLValidator(schemes=["https"], message=_("Write an address that begins with https://.")),
            check_seen,
        ],
    )
    file = models.FileField(upload_to=place_of, max_length=60, blank=True, editable=False)
    name = models.CharField(max_length=120, blank=True, editable=False)
    size = models.PositiveIntegerField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    #: When it was taken away, where a submission was frozen with it and still leads to it.
    dropped_at = models.DateTimeField(null=True, editable=False)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") & ~Q(file="") & ~Q(name="") & Q(size__gt=0)
                | ~Q(url="") & Q(file="", name="", size=None),
                name="document_link_or_file",
            ),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="document_kind_known"),
            at_most("title", 120, name="document_title_length"),
            at_most("url", 500, name="document_url_length"),
            at_most("name", 120, name="document_name_length"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it is read: the link itself, or the file as a download."""
        return self.url or reverse("projects:document", args=[self.project_id, self.pk])
