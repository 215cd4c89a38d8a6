"""A retro is owed, not offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from projects.enums import Tier
from retros.enums import COLLECTING, UNSETTLED, RetroState
from retros.querysets import RetroQuerySet

if TYPE_CHECKING:
    from datetime import date

MAX_ANSWER = 2000


class Retro(models.Model):
    """Owed since launch (or since a cancellation after approval); the owner of the project sees that it is held.

    `due_on` never moves; `planned_on` is the day the owner picked for it. `tier` is that of the project when it became
    owed: light is three questions answered apart, else it is a meeting with a board. `pulse` moves with everything that
    others see on the board, and is what their pages poll for. Written by `retros.actions` only.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="retros")
    state = models.CharField(max_length=10, choices=RetroState, default=RetroState.OWED, editable=False)
    tier = models.CharField(max_length=8, choices=Tier, default=Tier.LIGHT, editable=False)
    owed_since = models.DateTimeField()
    due_on = models.DateField()
    planned_on = models.DateField(null=True, blank=True)
    begins_at = models.TimeField(_("begins at"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("facilitator")
    )
    pulse = models.PositiveIntegerField(default=0, editable=False)
    are_votes_shown = models.BooleanField(default=False, editable=False)
    #: While votes are hidden it turns a person into the token of his votes; emptied for good when they are shown.
    vote_secret = models.CharField(max_length=64, blank=True, editable=False)
    #: How many people wrote, known once the notes are shown; who they were is forgotten then.
    writer_count = models.PositiveSmallIntegerField(null=True, editable=False)
    topic = models.ForeignKey("retros.Note", models.SET_NULL, null=True, related_name="+", editable=False)
    follow_ups = models.ManyToManyField("projects.FollowUp", related_name="+")
    is_nothing_to_do = models.BooleanField(_("nothing to do"), default=False)
    held_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    waived_because = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RetroQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project"], condition=Q(state__in=UNSETTLED), name="retro_one_unsettled"),
            models.CheckConstraint(condition=Q(state__in=RetroState.values), name="retro_state_known"),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="retro_tier_known"),
            models.CheckConstraint(
                condition=Q(are_votes_shown=False) | Q(vote_secret=""), name="retro_shown_votes_have_no_secret"
            ),
            at_most("place", 200, name="retro_place_length"),
            models.CheckConstraint(
                condition=~Q(state=RetroState.HELD) | Q(held_at__isnull=False), name="retro_held_has_date"
            ),
            models.CheckConstraint(
                condition=~Q(state=RetroState.WAIVED) | ~Q(waived_because=""), name="retro_waived_has_reason"
            ),
            at_most("waived_because", 500, name="retro_waived_because_length"),
        ]

    def __str__(self) -> str:
        return str(self.project)

    def get_absolute_url(self) -> str:
        return reverse("retros:detail", args=[self.project_id, self.pk])

    @property
    def is_settled(self) -> bool:
        """Held or waived: nothing is written any more."""
        return self.state not in UNSETTLED

    @property
    def is_held(self) -> bool:
        return self.state == RetroState.HELD

    @property
    def is_waived(self) -> bool:
        return self.state == RetroState.WAIVED

    @property
    def is_board(self) -> bool:
        """A meeting with notes and votes, not three questions answered apart."""
        return self.tier != Tier.LIGHT

    @property
    def is_major(self) -> bool:
        """Causes and what the lessons cost are asked for too."""
        return self.tier == Tier.MAJOR

    @property
    def is_collecting(self) -> bool:
        """Notes are written, each apart."""
        return self.state in COLLECTING

    @property
    def is_voting(self) -> bool:
        """Notes are shown, votes are not."""
        return self.state == RetroState.DISCUSSING and not self.are_votes_shown

    @property
    def is_discussing(self) -> bool:
        """Notes and votes are shown, lessons and follow-ups are written."""
        return self.state == RetroState.DISCUSSING and self.are_votes_shown

    @property
    def wanted_on(self) -> date:
        """The day it is reckoned with: the picked one, else the day it is due."""
        return self.planned_on or self.due_on


class RetroAnswer(models.Model):
    """One person's answers to the three questions, written apart from the others'."""

    retro = models.ForeignKey(Retro, models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    went_well = models.TextField(_("What went well, and should be kept?"), max_length=MAX_ANSWER)
    was_hard = models.TextField(_("What was harder than it had to be, and at which step?"), max_length=MAX_ANSWER)
    do_next = models.TextField(_("What would you do differently next time?"), max_length=MAX_ANSWER)
    version = models.PositiveIntegerField(default=1, editable=False)
    answered_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["retro", "person"], name="retro_answer_once"),
            at_most("went_well", MAX_ANSWER, name="retro_answer_went_well_length"),
            at_most("was_hard", MAX_ANSWER, name="retro_answer_was_hard_length"),
            at_most("do_next", MAX_ANSWER, name="retro_answer_do_next_length"),
        ]

    def __str__(self) -> str:
        return f"{self.retro_id} / {self.person_id}"
