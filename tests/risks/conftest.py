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
from risks.actions.review import Answer, assess, call_review
from risks.actions.risk import raise_risk
from risks.models import Review, ReviewInvitation, Risk
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Monday, 10:00 at the site.
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


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

    def call(self, *engineers: User) -> Review:
        return call_review(self.project, engineers or [self.engineer], by=self.owner, now=NOW)

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
