"""Which risks: open, above the line, without an answer; which escalations, and who may know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.accounts.models import Delegation
from portal.notifications.models import Obligation
from projects.enums import Stage
from projects.models import Project
from projects.querysets import OfVisibleProjectQuerySet
from risks.enums import HAPPENED, OPEN_STATES, UNSETTLED, EscalationState

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from portal.accounts.models import User
    from risks.models import Escalation, ReviewInvitation, Risk

#: Stages of a project that has ended; its register stays as it was.
OVER = (Stage.CLOSED, Stage.CANCELLED, Stage.DECLINED)
#: What a list sorts by: the expected loss in minor units, and below every amount what is not known yet.
RANK = Coalesce(F("exposure_amount"), Value(-1), output_field=BigIntegerField())
#: The greatest expected loss first; of equal ones the latest.
GREATEST_FIRST = (RANK.desc(), F("id").desc())


class RiskQuerySet(OfVisibleProjectQuerySet["Risk"]):
    """Risks; seen by those who see the project."""

    def open(self) -> Self:
        """Those that can still happen."""
        return self.filter(state__in=OPEN_STATES)

    def happened(self) -> Self:
        """Those that came true, settled or not."""
        return self.filter(state__in=HAPPENED)

    def above(self, line: Decimal) -> Self:
        """Those whose expected loss is over the appetite."""
        return self.filter(exposure_amount__gt=line)

    def with_answer(self, today: date) -> Self:
        """Adds `is_answered`: by a mitigation, a plan B, or an acceptance that is still valid on the day."""
        mitigations = self.model._meta.get_field("mitigations").related_model
        answer = (
            Exists(mitigations._default_manager.filter(risk=OuterRef("pk")))
            | Q(plan_b__isnull=False)
            | Q(acceptance__until__gte=today)
        )
        # Without the Case a risk with no acceptance would be neither answered nor not: its day compares as unknown.
        return self.annotate(is_answered=Case(When(answer, then=True), default=False))

    def without_answer(self, today: date) -> Self:
        """Those nobody has answered, or whose acceptance has run out."""
        return self.with_answer(today).filter(is_answered=False)

    def unsettled(self, line: Decimal, today: date) -> Self:
        """What the owner still owes the register: a figure, or an answer to what is above the line."""
        return self.with_answer(today).filter(Q(exposure_amount=None) | Q(exposure_amount__gt=line, is_answered=False))

    def answer_late(self, line: Decimal, now: datetime, today: date) -> Self:
        """Open ones of which an answer is past its day: one that is due, a mitigation, or the choice of plan B."""
        mitigations = self.model._meta.get_field("mitigations").related_model
        undone = mitigations._default_manager.filter(risk=OuterRef("pk"), done_at=None, due_on__lt=today)
        owed = Obligation.objects.open().filter(kind="value_risks", due_at__lt=now).order_by().values("object_id")
        lacking = Q(project__in=owed) & (Q(exposure_amount=None) | Q(exposure_amount__gt=line, is_answered=False))
        unchosen = Q(plan_b__decide_by__lt=today, plan_b__activated_at=None)
        return self.open().of_running_projects().with_answer(today).filter(Exists(undone) | lacking | unchosen)

    def of_running_projects(self) -> Self:
        """Without those that a closed or cancelled project left behind."""
        return self.exclude(project__stage__in=OVER)

    def in_hands_of(self, user: User) -> Self:
        """Those the person owns, or whose project is his."""
        rows = self.model._default_manager.order_by().values("pk")
        # Not as one condition with an “or” over two tables: no index is found by that.
        return self.filter(pk__in=rows.filter(owner=user).union(rows.filter(project__owner=user)))


class InvitationQuerySet(models.QuerySet["ReviewInvitation"]):
    """Invitations; seen by those who see the project."""

    def visible_to(self, user: User) -> Self:
        return self.filter(review__project__in=Project.objects.visible_to(user))


class EscalationQuerySet(OfVisibleProjectQuerySet["Escalation"]):
    """Questions put to a decider."""

    def visible_to(self, user: User) -> Self:
        """Those of visible projects; what stands between two people in private is seen by these two alone."""
        private = Q(asked_at=None, state__in=[EscalationState.OPEN, EscalationState.WITHDRAWN])
        theirs = Q(asked_by=user) | Q(counterpart=user) | Q(project__owner=user)
        return super().visible_to(user).filter(~private | theirs)

    def unsettled(self) -> Self:
        """Those about which somebody still has to do something."""
        return self.filter(state__in=UNSETTLED)

    def waiting_for(self, user: User) -> Self:
        """Those that wait for a word of this person now, or of somebody for whom he stands in."""
        absent = Delegation.objects.standing_in(user, timezone.now()).values("person")
        his = Q(decider=user) | (Q(decider__in=absent) & ~Q(project__owner=user))
        reported = Q(state=EscalationState.AGREED, reported_by__isnull=False, ratified_at=None)
        return self.filter(
            Q(state=EscalationState.OPEN, counterpart=user)
            | ((Q(state=EscalationState.WAITING) | reported) & his)
            | Q(state=EscalationState.COUNTERED, project__owner=user)
            | (
                Q(state=EscalationState.AGREED, project__owner=user)
                & (Q(reported_by=None) | Q(ratified_at__isnull=False))
            )
        )
