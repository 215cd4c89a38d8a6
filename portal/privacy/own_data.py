"""What the portal keeps of a person and what he wrote, for himself to read: every table once, by his own rows and columns.

A row that is his may hold what others wrote (an answer to his comment, the project around his risk): of each table only the
columns named here are given, and of other people their ids alone.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps

from portal.audit.encoding import AuditEncoder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from portal.accounts.models import User

#: Table, the column that makes a row his, and what of it is given.
OWN: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("accounts.User", "pk"): (
        "email", "name", "nickname", "staff_number", "department_id", "skill", "manager_id", "dotted_manager_id", "site_id",
        "language", "time_zone", "theme", "wants_inbox", "wants_mail", "quiet_from", "quiet_until", "is_quiet_at_noon",
        "is_active", "created_at", "last_login",
    ),
    ("accounts.Delegation", "person"): ("delegate_id", "starts_at", "ends_at", "reason", "ended_at"),
    ("accounts.Delegation", "delegate"): ("person_id", "starts_at", "ends_at", "ended_at"),
    ("accounts.ApiToken", "person"): ("name", "scope", "created_at", "expires_at", "used_at", "revoked_at"),
    ("accounts.Department", "head"): ("name",),
    ("accounts.SavedView", "person"): ("page", "name", "query", "is_default"),
    ("audit.AuditEntry", "actor"): ("at", "verb", "subject_type", "subject_id", "project_id", "on_behalf_of_id"),
    ("audit.AuditEntry", "on_behalf_of"): ("at", "verb", "subject_type", "subject_id", "project_id", "actor_id"),
    ("links.SignedLink", "person"): ("purpose", "object_id", "created_at", "expires_at", "used_at", "withdrawn_at"),
    ("notifications.Obligation", "person"): (
        "kind", "object_id", "project_id", "opened_at", "due_at", "snoozes", "noticed_at", "settled_at",
    ),
    ("notifications.Extension", "obligation__person"): ("until", "reason", "asked_at", "is_granted", "answered_at"),
    ("notifications.Delivery", "person"): (
        "event", "object_id", "project_id", "channel", "state", "why", "created_at", "sent_at", "read_at",
    ),
    ("metrics.Metric", "owner"): ("name",),
    ("metrics.Measurement", "recorded_by"): ("metric_id", "period_on", "segment", "recorded_at"),
    ("projects.Project", "owner"): ("title", "stage", "created_at"),
    ("projects.ProjectMember", "person"): ("project_id", "part", "since"),
    ("projects.StageChange", "actor"): ("project_id", "transition", "at", "note"),
    ("projects.Change", "made_by"): ("project_id", "kind", "reason", "made_at"),
    ("projects.DraftReader", "person"): ("project_id", "invited_at"),
    ("projects.DraftComment", "author"): ("project_id", "at", "step", "text"),
    ("projects.Submission", "submitted_by"): ("project_id", "number", "state", "submitted_at"),
    ("projects.ApprovalStep", "decided_by"): ("submission_id", "state", "decided_at", "reason", "conditions", "return_on"),
    ("projects.EarlyStart", "allowed_by"): ("project_id", "allowed_at", "most_days", "until_on"),
    ("projects.Grant", "granted_by"): ("project_id", "kind", "person_days", "amount", "granted_at"),
    ("projects.FiguresAnswer", "by"): ("project_id", "at", "note"),
    ("projects.CostActual", "recorded_by"): ("cost_line_id", "as_of", "person_days", "amount", "recorded_at"),
    ("projects.DeferredItem", "added_by"): ("project_id", "title", "due_on", "added_at"),
    ("projects.Document", "added_by"): ("project_id", "kind", "title", "url", "name", "added_at"),
    ("projects.Feedback", "written_by"): ("product_id", "text", "step", "source", "heard_on", "written_at"),
    ("projects.FollowUp", "owner"): ("project_id", "title", "due_on", "state", "note", "opened_at", "closed_at"),
    ("projects.WeeklyStatus", "confirmed_by"): ("project_id", "week_on", "health", "line", "confirmed_at"),
    ("risks.Risk", "raised_by"): ("project_id", "cause", "event", "effect", "raised_at"),
    ("risks.RiskEvent", "actor"): ("risk_id", "from_state", "to_state", "at", "note"),
    ("risks.Mitigation", "added_by"): ("risk_id", "deed", "due_on", "added_at", "done_at"),
    ("risks.PlanB", "made_by"): ("risk_id", "trigger", "deed", "decide_by", "made_at"),
    ("risks.Acceptance", "signed_by"): ("risk_id", "reason", "signed_at", "until"),
    ("risks.EscalationEvent", "actor"): ("escalation_id", "deed", "at", "note"),
    ("risks.EscalationOption", "added_by"): ("escalation_id", "title", "days", "added_at"),
    ("risks.ReviewInvitation", "person"): ("review_id", "state", "answered_at", "has_attended"),
    ("risks.Assessment", "invitation__person"): ("risk_id", "probability", "impact_days", "note"),
    ("risks.AgreedEstimate", "set_by"): ("review_id", "risk_id", "probability", "impact_days", "reason", "set_at"),
    ("retros.Participant", "person"): ("retro_id", "is_present"),
    ("retros.RetroAnswer", "person"): ("retro_id", "went_well", "was_hard", "do_next", "answered_at"),
    ("retros.Lesson", "written_by"): ("project_id", "text", "applies_when", "cause", "written_at"),
    ("retros.LessonUse", "answered_by"): ("lesson_id", "project_id", "answer", "note", "answered_at"),
}  # fmt: skip
#: Columns that name a person and give him nothing to read here: what he did by them is in the audit rows above.
NAMED_ONLY: Final = frozenset(
    {
        "accounts.Delegation.made_by", "accounts.FormKey.person", "accounts.User.manager", "accounts.User.dotted_manager",
        "accounts.ApiPace.person",
        "notifications.Extension.decider", "policy.PolicyValue.changed_by", "projects.ApprovalStep.approver",
        "projects.ApprovalStep.taken_from", "projects.BusinessProcess.updated_by", "projects.DeferredItem.owner",
        "projects.FollowUp.opened_by", "projects.Goal.owner", "projects.Goal.updated_by", "projects.HistoryImport.imported_by",
        "projects.Product.owner", "projects.Product.updated_by", "projects.ProductModule.confirmed_by",
        "projects.ProductModule.updated_by", "projects.Project.business_partner", "projects.Project.nothing_deferred_by",
        "projects.Project.sponsor", "projects.Project.updated_by", "projects.ProjectOrigin.imported_by",
        "projects.RateCard.set_by", "retros.Retro.closed_by", "retros.Retro.facilitator", "risks.Escalation.agreed_with",
        "risks.Escalation.asked_by", "risks.Escalation.counterpart", "risks.Escalation.decider",
        "risks.Escalation.reported_by", "risks.EscalationEvent.person", "risks.Mitigation.owner", "risks.PlanB.owner",
        "risks.Review.called_by", "risks.Review.concluded_by", "risks.Review.facilitator", "risks.Risk.owner",
        "risks.Risk.updated_by",
    }
)  # fmt: skip


def own_data(person: User) -> dict[str, list[dict[str, Any]]]:
    """By table and column; anonymous notes and votes are nobody's, so they are not here."""
    found: dict[str, list[dict[str, Any]]] = {}
    for (label, column), columns in OWN.items():
        rows = apps.get_model(label)._base_manager.filter(**{column: person.pk}).order_by("pk")
        found[f"{label} {column}"] = list(rows.values("pk", *columns))
    found["roles"] = [{"role": role} for role in sorted(person.roles)]
    return found


def archive_of(person: User, *, now: datetime) -> bytes:
    """The same as a zip with one JSON file."""
    words = {"person": person.pk, "as_of": now, "data": own_data(person)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("own-data.json", json.dumps(words, cls=AuditEncoder, ensure_ascii=False, indent=1))
    return packed.getvalue()
