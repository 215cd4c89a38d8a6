"""The record of who did what, and the seals over it. Rows are added, never changed: a trigger refuses it, whoever asks."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from portal.audit.encoding import AuditEncoder
from portal.common.constraints import at_most


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Audit rows, in the order in which they were written."""

    def for_project(self, project_id: int) -> Self:
        return self.filter(project_id=project_id)


class AuditEntry(models.Model):
    """One deed: ids, not names, so that erasing a person leaves the record whole.

    Order is that of `id`, not of `at`, because clocks go back.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    project_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    #: The signed link by which the actor did it, without having signed in.
    link_id = models.BigIntegerField(null=True)
    #: The token of the program by which the actor did it.
    token_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True, encoder=AuditEncoder)
    after = models.JSONField(null=True, encoder=AuditEncoder)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["project_id", "id"], name="audit_by_project"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_by_subject"),
        ]
        constraints = [
            at_most("verb", 80, name="audit_verb_length"),
            at_most("subject_type", 80, name="audit_subject_type_length"),
            at_most("request_id", 64, name="audit_request_id_length"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class AuditSeal(models.Model):
    """One link of the chain over the entries: those after the last link up to `last_id`, by count and digest.

    `mac` covers everything here and the mac before it, under the key that `key_id` names. `marks` has one short digest a
    row, so that of a broken seal the row can be named. Written by `actions.seal` only.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    marks = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=16)
    mac = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"seal {self.number}"
