import pytest

from portal.accounts.enums import Role
from portal.accounts.models import User
from projects.enums import Part, Stage
from projects.models import ProjectMember
from risks.permissions import (
    can_accept,
    can_assess,
    can_keep_register,
    can_raise,
    can_report,
    can_tick_off,
    can_use_plan_b,
)
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory
from tests.factories.risks import InvitationFactory, MitigationFactory, PlanBFactory, RiskFactory
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """One for each part; the risk, its plan and its mitigation are owned by different ones."""
    manager, dotted = UserFactory(), UserFactory()
    owner = UserFactory(roles=[Role.PM], manager=manager, dotted_manager=dotted)
    return {
        "owner": owner,
        "manager": manager,
        "dotted": dotted,
        "risk_owner": UserFactory(),
        "plan_owner": UserFactory(),
        "mitigation_owner": UserFactory(),
        "engineer": UserFactory(roles=[Role.ENGINEER]),
        "lead": UserFactory(roles=[Role.LEAD]),
        "admin": UserFactory(roles=[Role.ADMIN]),
        "colleague": UserFactory(roles=[Role.PM]),
    }


def who(people, rule):
    return {name for name, person in people.items() if rule(person)}


def test_who_may_do_what(people):
    risk = RiskFactory(project=ProjectFactory(owner=people["owner"]), owner=people["risk_owner"])
    plan = PlanBFactory(risk=risk, owner=people["plan_owner"])
    mitigation = MitigationFactory(risk=risk, owner=people["mitigation_owner"])
    invitation = InvitationFactory(review__project=risk.project, person=people["engineer"])

    assert who(people, lambda person: can_keep_register(person, risk.project)) == {"owner"}
    assert who(people, lambda person: can_report(person, risk)) == {"owner", "risk_owner"}
    assert who(people, lambda person: can_use_plan_b(person, plan)) == {"owner", "plan_owner"}
    assert who(people, lambda person: can_tick_off(person, mitigation)) == {"owner", "mitigation_owner"}
    assert who(people, lambda person: can_assess(person, invitation)) == {"engineer"}
    assert who(people, lambda person: can_accept(person, risk)) == {"lead", "manager", "dotted"}


def test_a_lead_does_not_sign_for_a_risk_he_owns_or_a_project_he_runs(people):
    own_risk = RiskFactory(project=ProjectFactory(owner=people["owner"]), owner=people["lead"])
    own_project = RiskFactory(project=ProjectFactory(owner=people["lead"]), owner=people["owner"])

    assert "lead" not in who(people, lambda person: can_accept(person, own_risk))
    assert "lead" not in who(people, lambda person: can_accept(person, own_project))


def test_who_may_raise(people):
    draft = ProjectFactory(owner=people["owner"], business_partner=people["colleague"], stage=Stage.DRAFT)
    ProjectMember.objects.create(project=draft, person=people["engineer"], part=Part.MEMBER, since=NOW)
    running = ProjectFactory(owner=people["owner"], stage=Stage.IN_DELIVERY)
    hidden = ProjectFactory(owner=people["owner"], stage=Stage.IN_DELIVERY, is_restricted=True)

    assert who(people, lambda person: can_raise(person, draft)) == {"owner", "colleague", "engineer"}
    assert who(people, lambda person: can_raise(person, running)) == set(people)
    assert who(people, lambda person: can_raise(person, hidden)) == {"owner", "manager", "dotted"}


def test_who_left_may_do_nothing(people):
    risk = RiskFactory(project=ProjectFactory(owner=people["owner"], stage=Stage.IN_DELIVERY))
    plan, mitigation = PlanBFactory(risk=risk), MitigationFactory(risk=risk)
    invitation = InvitationFactory(review__project=risk.project, person=people["engineer"])
    User.objects.update(is_active=False)
    gone = {name: User.objects.get(pk=person.pk) for name, person in people.items()}

    rules = (
        lambda person: can_raise(person, risk.project),
        lambda person: can_keep_register(person, risk.project),
        lambda person: can_report(person, risk),
        lambda person: can_use_plan_b(person, plan),
        lambda person: can_tick_off(person, mitigation),
        lambda person: can_assess(person, invitation),
        lambda person: can_accept(person, risk),
    )
    assert [who(gone, rule) for rule in rules] == [set()] * len(rules)
