"""A light project in the middle of its life, and the people around it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import time_machine

from portal.accounts.enums import Role
from portal.accounts.models import User
from projects.enums import Stage
from projects.models import Project
from risks.actions.meeting import Outcome, conclude_review
from risks.actions.review import Answer, Meeting, assess, call_review, close_review
from risks.actions.risk import raise_risk
from risks.enums import Conclusion, ReviewKind
from risks.models import Review, ReviewInvitation, Risk
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Monday, 10:00 at the site.
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
#: Tuesday, 14:30 at the site.
TOMORROW = Meeting(datetime(2026, 11, 24, 6, 30, tzinfo=UTC), "Room 3.12")


@dataclass
class Case:
    """An approved project with two risks listed."""

    project: Project
    owner: User
    engineer: User
    second: User
    lead: User
    colleague: User
    network: Risk
    terminals: Risk

    def call(self, *engineers: User, meeting: Meeting | None = None, kind: str = ReviewKind.TECHNICAL) -> Review:
        persons = engineers or [self.engineer]
        return call_review(self.project, persons, kind=kind, meeting=meeting, by=self.owner, now=NOW)

    def meet(self, *engineers: User, kind: str = ReviewKind.TECHNICAL) -> Review:
        """A meeting with answers of all invited, shown."""
        persons = engineers or (self.engineer,)
        review = self.call(*persons, meeting=TOMORROW, kind=kind)
        for person in persons:
            self.answer_all(person=person)
        return close_review(review, by=self.owner, now=NOW)

    def passed(self, *engineers: User, kind: str = ReviewKind.TECHNICAL) -> Review:
        return conclude_review(self.meet(*engineers, kind=kind), Outcome(Conclusion.PASSED), by=self.owner, now=NOW)

    def third(self) -> User:
        """One more engineer; asked again, the same."""
        found = User.objects.filter(email="third@example.com").first()
        return found or UserFactory(name="Qian Mo", email="third@example.com", roles=[Role.ENGINEER])

    def invitation(self, person: User | None = None) -> ReviewInvitation:
        return ReviewInvitation.objects.select_related("review__project", "person").get(
            review__held_at=None, person=person or self.engineer
        )

    def answer_all(self, chance: str = "0.3", days: int = 5, *, person: User | None = None) -> None:
        """Every card that is left, with the same figures."""
        engineer = person or self.engineer
        invitation = self.invitation(engineer)
        for risk in Risk.objects.filter(project=self.project).open().order_by("pk"):
            assess(invitation, risk, Answer(Decimal(chance), Decimal(days)), by=engineer, now=NOW)

    def reviewed(self) -> None:
        self.call()
        self.answer_all()
        self.network.refresh_from_db()
        self.terminals.refresh_from_db()


@pytest.fixture(autouse=True)
def monday() -> "Iterator[None]":
    """The day the words of these tests are told on."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def case(db: None) -> Case:
    return make_case()


def make_case(stage: Stage = Stage.APPROVED) -> Case:
    lead = UserFactory(name="Zhou Min", roles=[Role.LEAD])
    owner = UserFactory(name="Lin Yue", roles=[Role.PM], manager=lead)
    project = ProjectFactory(title="Shelf placement check", owner=owner, stage=stage)
    return Case(
        project=project,
        owner=owner,
        engineer=UserFactory(name="Chen Siyuan", roles=[Role.ENGINEER]),
        second=UserFactory(name="Wu Di", roles=[Role.ENGINEER]),
        lead=lead,
        colleague=UserFactory(name="Li Ran", roles=[Role.PM]),
        network=raise_risk(project, event="Night hubs lose the network", cause="Old routers", by=owner, now=NOW),
        terminals=raise_risk(project, event="Terminals come late", effect="Launch slips", by=owner, now=NOW),
    )
