"""The board of a retro meeting: notes without a name, votes that nobody can trace, who was there."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from retros.enums import Lane, Voice

MAX_NOTE = 500


class Note(models.Model):
    """What somebody wrote. Nothing here says who or when: the id is random, and is the order too.

    `mark` shows a browser which notes are its own; it is made of a key that only that browser has, and differs from
    note to note, so that two notes of one person have nothing in common. `head` is the note it was grouped under;
    `vote_count` is empty until the votes are shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    retro = models.ForeignKey("retros.Retro", models.CASCADE, related_name="notes")
    lane = models.CharField(_("column"), max_length=10, choices=Lane)
    text = models.CharField(_("note"), max_length=MAX_NOTE)
    mark = models.CharField(max_length=64, editable=False)
    head = models.ForeignKey("self", models.SET_NULL, null=True, related_name="grouped")
    vote_count = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="note_lane_known"),
            at_most("text", MAX_NOTE, name="note_text_length"),
        ]

    def __str__(self) -> str:
        return self.text


class Vote(models.Model):
    """How many votes one token gave one note. Rows live until the votes are shown: then only the sums are left."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="votes")
    token = models.CharField(max_length=64)
    count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "token"], name="vote_once_a_note"),
            models.CheckConstraint(condition=Q(count__gte=1), name="vote_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.count}"


class Participant(models.Model):
    """A person of the meeting: whether he has said something (forgotten when the notes are shown), and was there."""

    retro = models.ForeignKey("retros.Retro", models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    voice = models.CharField(max_length=7, choices=Voice, default=Voice.SILENT, blank=True, editable=False)
    is_present = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["person__name", "person_id"]
        constraints = [
            models.UniqueConstraint(fields=["retro", "person"], name="participant_once"),
            models.CheckConstraint(condition=Q(voice__in=Voice.values), name="participant_voice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.retro_id} / {self.person_id}"
