"""One restricted project, everybody who may come to it, and one of each thing that an address can name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.urls import reverse

from portal.accounts.actions.api_token import make_token
from portal.accounts.actions.delegation import delegate
from portal.accounts.actions.person import deactivate
from portal.accounts.enums import Role, Scope
from portal.accounts.models import SavedView
from portal.links.actions import issue
from portal.notifications.actions import owe
from portal.notifications.models import Extension, Obligation
from projects.actions.change import change_launch_date
from projects.actions.deferred import defer_scope
from projects.actions.documents import add_file
from projects.actions.follow_ups import open_follow_up
from projects.actions.knowledge import add_part, give_feedback
from projects.actions.less import approve_for_less
from projects.actions.project import add_person
from projects.actions.sounding import comment_draft, invite_reader
from projects.actions.stage import move
from projects.enums import DocumentKind, Part, Stage, Tier
from projects.lifecycle import Transition
from projects.models import (
    ApprovalStep,
    BenefitLine,
    BusinessProcess,
    CostLine,
    Feedback,
    Product,
    ProductModule,
    Project,
)
from retros.actions.board import set_attendance, show_notes, write_note
from retros.actions.outcome import add_lesson
from retros.enums import Lane
from retros.models import Note, Retro
from risks.actions.answer import mitigate, set_plan_b
from risks.actions.escalation import Way, escalate
from risks.actions.occurrence import occur
from risks.actions.review import call_review
from risks.actions.risk import raise_risk
from risks.models import Escalation, Review, ReviewInvitation, Risk
from tests.access.visitor import Visitor
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.metrics import MetricFactory
from tests.factories.projects import NOW, TODAY, approved, cast, draft, in_delivery, launched, prepared, submitted

if TYPE_CHECKING:
    from portal.accounts.models import User


class Actor(StrEnum):
    """Who comes."""

    ANONYMOUS = "anonymous"
    DEACTIVATED = "deactivated"
    OUTSIDER = "outsider"
    MEMBER = "member"
    OWNER = "owner"
    OTHER_PM = "other_pm"
    APPROVER = "approver"
    OTHER_LEAD = "other_lead"
    PARTNER = "partner"
    ADMIN = "admin"
    LINK_HOLDER = "link_holder"
    DELEGATE = "delegate"


#: Who sees a restricted project: its people, its approver, the line above its owner.
READERS = frozenset({Actor.MEMBER, Actor.OWNER, Actor.APPROVER, Actor.PARTNER})
SIGNED_IN = frozenset(Actor) - {Actor.ANONYMOUS, Actor.DEACTIVATED, Actor.LINK_HOLDER}


@dataclass
class World:
    """The actors and the restricted project, at the stage that an address needs."""

    actors: dict[Actor, User]
    project: Project
    things: dict[str, Any] = field(default_factory=dict)
    visitors: dict[Actor, Visitor] = field(default_factory=dict)
    #: What its tests found out about it and need again.
    picture: Any = None
    forms: dict[str, Any] = field(default_factory=dict)

    def visitor(self, actor: Actor) -> Visitor:
        """The actor at a browser."""
        return self.visitors[actor]


def build(stage: str) -> World:
    """`stage` is one of the project's stages, one in between (`prepared`, `reviewing`, …), or `complete`."""
    people = cast()
    actors: dict[Actor, User] = {
        Actor.OUTSIDER: UserFactory(roles=[Role.ENGINEER], site=people.site),
        Actor.MEMBER: people.engineer,
        Actor.OWNER: people.pm,
        Actor.OTHER_PM: UserFactory(roles=[Role.PM], site=people.site),
        Actor.APPROVER: people.lead,
        Actor.OTHER_LEAD: UserFactory(roles=[Role.LEAD], site=people.site),
        Actor.PARTNER: people.partner,
        Actor.ADMIN: AdminFactory(site=people.site),
        Actor.DEACTIVATED: UserFactory(roles=[Role.LEAD], site=people.site),
        Actor.DELEGATE: UserFactory(site=people.site),
    }
    deactivate(actors[Actor.DEACTIVATED], by=actors[Actor.ADMIN], now=NOW)
    for away, stand_in in ((Actor.OUTSIDER, Actor.OTHER_PM), (Actor.APPROVER, Actor.DELEGATE)):
        who = actors[away]
        delegate(who, actors[stand_in], starts_on=TODAY, ends_on=TODAY, reason="Leave", by=who, now=NOW)
    MetricFactory(owner=people.pm)  # everybody's, beside the one that the restricted project defines for itself
    project = STAGES[stage](people)
    assert project.product
    describe(project.product, people.pm)
    world = World(actors, Project.objects.get(pk=project.pk))
    gather(world)
    world.visitors = {actor: Visitor(actors.get(actor)) for actor in Actor}
    if world.things["link"] is not None:  # whoever has opened one is signed in nowhere
        world.visitors[Actor.LINK_HOLDER].follow(reverse("links:open", args=[world.things["link"]]))
    return world


def describe(product: Product, by: User) -> None:
    """One of everything that a product's page names."""
    add_part(ProductModule, product, name="Scanning", by=by, now=NOW)
    process = add_part(BusinessProcess, product, name="Hand back the bags", by=by, now=NOW)
    give_feedback(product, text="Nobody knows where", source="A visit", heard_on=TODAY, process=process, by=by, now=NOW)


def _restricted(people: Any) -> Project:
    return draft(people, is_restricted=True)


def _member_of(project: Project, people: Any) -> Project:
    """The engineer has a part before the review asks him, and commented on the draft; a file is attached."""
    add_person(project, people.engineer, Part.MEMBER, by=people.pm, now=NOW)
    invite_reader(project, people.engineer, by=people.pm, now=NOW)
    comment_draft(project, "Which bags?", step="benefits", by=people.engineer, now=NOW)
    file = ContentFile(b"hub,bags\nLyon,7\n", name="count.csv")
    add_file(project, file, title="The count", kind=DocumentKind.DATA, by=people.pm, now=NOW)
    return project


def _reviewing(people: Any) -> Project:
    project = approved(_member_of(_restricted(people), people))
    raise_risk(project, event="The codes wear off", by=people.pm, now=NOW)
    call_review(project, [people.engineer], by=people.pm, now=NOW)
    return project


def _delivering(people: Any) -> Project:
    project = in_delivery(_member_of(_restricted(people), people), people)
    risk = Risk.objects.filter(project=project).earliest("pk")
    mitigate(risk, deed="Coat them", owner=people.engineer, due_on=TODAY + timedelta(days=9), by=people.pm, now=NOW)
    set_plan_b(
        risk,
        trigger="One in ten unreadable",
        deed="Print them twice",
        decide_by=TODAY + timedelta(days=9),
        owner=people.pm,
        cost_amount=Decimal(100),
        days=Decimal(1),
        by=people.pm,
        now=NOW,
    )
    defer_scope(
        project,
        title="The small hubs",
        owner=people.pm,
        due_on=TODAY + timedelta(days=30),
        benefit_line=BenefitLine.objects.get(project=project),
        share=Decimal("0.1"),
        by=people.pm,
        now=NOW,
    )
    open_follow_up(
        project,
        title="Count again",
        owner=people.engineer,
        due_on=TODAY + timedelta(days=30),
        origin="retro",
        by=people.pm,
        now=NOW,
    )
    return project


def _twice(people: Any) -> Project:
    """Submitted, taken back, and submitted again."""
    project = submitted(_member_of(_restricted(people), people))
    project = move(project, Transition.WITHDRAW, by=people.pm, now=NOW)
    return submitted(project)


def _offered(people: Any) -> Project:
    """Its approver would give less than is asked for."""
    project = submitted(_member_of(_restricted(people), people))
    step = ApprovalStep.objects.get(submission__project=project)
    caps = {CostLine.objects.get(project=project).pk: Decimal(8)}
    approve_for_less(step, kind="full", caps=caps, reason="One hub first", by=people.lead, now=NOW)
    return Project.objects.get(pk=project.pk)


def _void(people: Any) -> Project:
    """The launch has moved beyond what the approval bears."""
    project = Project.objects.get(pk=_delivering(people).pk)
    later = TODAY + timedelta(days=200)
    change_launch_date(project, launch_on=later, reason="Late", version=project.version, by=people.pm, now=NOW)
    return project


def _left(people: Any) -> Project:
    """Submitted to somebody below the lead, who left before he answered."""
    project = submitted(_member_of(_restricted(people), people))
    gone = UserFactory(site=people.site, manager=people.lead, is_active=False)
    ApprovalStep.objects.filter(submission__project=project).update(approver=gone)
    return project


def _occurred(people: Any) -> Project:
    project = _delivering(people)
    occur(Risk.objects.filter(project=project).earliest("pk"), by=people.pm, now=NOW)
    return project


def _asking(people: Any) -> Project:
    return _asked(_delivering(people), people)


def _asked(project: Project, people: Any) -> Project:
    """A question waits for the line above the owner."""
    escalate(
        project,
        question="May the small hubs wait?",
        proposal=Way("Bring them in spring", days=2),
        decider=people.lead,
        answer_on=TODAY + timedelta(days=2),
        by=people.pm,
        now=NOW,
    )
    return project


def _launched(people: Any) -> Project:
    project = launched(_member_of(_restricted(people), people), people)
    add_lesson(Retro.objects.get(project=project), text="Count first", by=people.pm, now=NOW)
    return project


def _collecting(people: Any) -> Project:
    """Its retro is a meeting, for which the engineer has written a note."""
    project = _launched(people)
    Retro.objects.filter(project=project).update(tier=Tier.STANDARD)
    retro = Retro.objects.get(project=project)
    write_note(retro, lane=Lane.HELPED, text="The count", browser_key="0" * 64, by=people.engineer, now=NOW)
    return project


def _voting(people: Any) -> Project:
    """The notes are shown, and the engineer alone is there."""
    project = _collecting(people)
    retro = show_notes(Retro.objects.get(project=project), by=people.pm, now=NOW)
    set_attendance(retro, [people.engineer], by=people.pm, now=NOW)
    return project


def _complete(people: Any) -> Project:
    """One of everything: launched, with what was listed on the way, and a retro with its lesson."""
    project = _delivering(people)
    project = move(Project.objects.get(pk=project.pk), Transition.LAUNCH, by=people.pm, now=NOW)
    add_lesson(Retro.objects.get(project=project), text="Count first", by=people.pm, now=NOW)
    Note.objects.create(retro=Retro.objects.get(project=project), lane=Lane.HELPED, text="The count", mark="0" * 64)
    return _asked(project, people)


STAGES = {
    Stage.DRAFT: lambda people: _member_of(_restricted(people), people),
    Stage.SUBMITTED: lambda people: submitted(_member_of(_restricted(people), people)),
    Stage.APPROVED: lambda people: approved(_member_of(_restricted(people), people)),
    "reviewing": _reviewing,
    "prepared": lambda people: prepared(_member_of(_restricted(people), people), people),
    Stage.IN_DELIVERY: _delivering,
    "twice": _twice,
    "offered": _offered,
    "void": _void,
    "left": _left,
    "occurred": _occurred,
    "asking": _asking,
    Stage.LAUNCHED: _launched,
    "collecting": _collecting,
    "voting": _voting,
    "complete": _complete,
}


def gather(world: World) -> None:
    """What the addresses name, where it exists at this stage."""
    project = world.project
    world.things = {
        "project": project.pk,
        "person": world.actors[Actor.OUTSIDER].pk,
        "delegation": _pk(world.actors[Actor.OUTSIDER].delegations),
        "department": world.actors[Actor.OWNER].department_id,
        "site": world.actors[Actor.OUTSIDER].site_id,
        "number": 1,
        "step": _pk(ApprovalStep.objects.filter(submission__project=project)),
        "line": _pk(CostLine.objects.filter(project=project)),
        "benefit": _pk(BenefitLine.objects.filter(project=project)),
        "document": _pk(project.documents),
        "reader": _pk(project.draft_readers),
        "comment": _pk(project.draft_comments),
        "item": _pk(project.deferred_items),
        "follow_up": _pk(project.follow_ups),
        "risk": _pk(Risk.objects.filter(project=project)),
        "escalation": _pk(Escalation.objects.filter(project=project)),
        "review": _pk(Review.objects.filter(project=project)),
        "invitation": _pk(ReviewInvitation.objects.filter(review__project=project)),
        "link": _token(world.actors[Actor.MEMBER], project),
        "mitigation": _pk(_first_risk(project).mitigations) if _first_risk(project) else None,
        "retro": _pk(Retro.objects.filter(project=project)),
        "lesson": _pk(project.lessons),
        "note": _pk(Note.objects.filter(retro__project=project)),
        "product": project.product_id,
        "module": _pk(ProductModule.objects.filter(product=project.product)),
        "process": _pk(BusinessProcess.objects.filter(product=project.product)),
        "feedback": _pk(Feedback.objects.filter(product=project.product)),
        "goal": project.goal_id,
        "metric": project.pledge.metric_id if hasattr(project, "pledge") else None,
        "owed": (owed := _owed(world)).pk,
        "extension": _extension(owed).pk,
        "token": make_token(name="Own", scope=Scope.READ, days=9, by=world.actors[Actor.OWNER], now=NOW)[0].pk,
        "view": SavedView.objects.create(person=world.actors[Actor.OWNER], page="projects:list", name="Own").pk,
    }


def _owed(world: World) -> Obligation:
    """Something of the project that its owner owes in every stage, as far as the pages ask."""
    project, owner = world.project, world.actors[Actor.OWNER]
    return owe("prepare", project.pk, owner, due_at=NOW, now=NOW, project_id=project.pk)


def _extension(owed: Obligation) -> Extension:
    manager = owed.person.manager
    assert manager is not None
    return Extension.objects.create(
        obligation=owed, until=date(2026, 12, 31), reason="Wait", decider=manager, asked_at=NOW
    )


def _token(person: User, project: Project) -> str | None:
    """Of a link to the cards that wait for the person, if any do."""
    invitation = ReviewInvitation.objects.filter(review__project=project, person=person).first()
    link = issue("risks.assess", invitation.pk, person, now=NOW) if invitation else None
    return link.rstrip("/").rpartition("/")[2] if link else None


def _first_risk(project: Project) -> Risk | None:
    return Risk.objects.filter(project=project).order_by("pk").first()


def _pk(rows: Any) -> Any:
    first = rows.order_by("pk").first()
    return None if first is None else first.pk
