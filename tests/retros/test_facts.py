from datetime import timedelta
from decimal import Decimal

import pytest

from projects.enums import ChangeKind, FollowUpState
from projects.models import BenefitLine, Change, DeferredItem, FollowUp
from retros.facts import facts_of
from risks.enums import PlanVerdict, RiskState
from risks.models import PlanB
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, TODAY, ProductFactory, ProjectFactory
from tests.factories.retros import HELD, BoardFactory
from tests.factories.risks import RiskFactory

pytestmark = pytest.mark.django_db


def promised(project, title, **more):
    return FollowUp.objects.create(
        project=project,
        title=title,
        owner=project.owner,
        due_on=TODAY,
        opened_by=project.owner,
        opened_at=NOW,
        **{"origin": "retro"} | more,
    )


def test_retro_opens_with_its_facts(client):
    """Nobody has to remember anything: dates, what moved, what happened, what is missing, and last time's promises."""
    retro = BoardFactory(
        project__product=ProductFactory(),
        project__baseline_launch_on=TODAY - timedelta(days=31),
        project__baseline_effort_days=Decimal(64),
        project__baseline_cost_amount=Decimal(38_000),
    )
    project = retro.project
    earlier = promised(ProjectFactory(product=project.product), "Freeze calendar", carried_over=2)
    change = Change.objects.create(
        project=project, number=1, kind=ChangeKind.DATE, before="2026-10-23", after="2026-11-05", reason="Printers",
        made_by=project.owner, made_at=NOW,
    )  # fmt: skip
    happened = RiskFactory(project=project, state=RiskState.RESOLVED, occurred_at=HELD, outcome="Two days lost")
    plan = PlanB.objects.create(
        risk=happened, trigger="x", deed="Print twice", decide_by=TODAY, owner=project.owner, cost_amount=1, days=1,
        made_by=project.owner, made_at=NOW, activated_at=NOW, verdict=PlanVerdict.GOOD,
    )  # fmt: skip
    unforeseen = RiskFactory(project=project, state=RiskState.OCCURRED, occurred_at=HELD, is_raised_in_flight=True)
    RiskFactory(project=project)
    left_out = DeferredItem.objects.create(
        project=project, title="Small hubs", owner=project.owner, due_on=TODAY, share=Decimal("0.12"),
        benefit_line=BenefitLine.objects.get(project=project), added_by=project.owner, added_at=NOW,
    )  # fmt: skip

    facts = facts_of(project, project.owner)

    assert (facts.changes, facts.happened, facts.left_out) == ([change], [happened, unforeseen], [left_out])
    assert facts.happened[0].plan_b == plan
    assert (facts.risks.foreseen, facts.risks.occurred, facts.risks.unforeseen) == (2, 1, 1)
    assert (facts.record.launch_drift_days, facts.record.benefit_kept) == (9, Decimal("0.88"))
    assert facts.open_before == [earlier]
    client.force_login(project.owner)
    page = client.get(retro.get_absolute_url()).content.decode()
    said = [
        "Freeze calendar",
        "carried over 2 times",
        "Printers",
        "Two days lost",
        "It worked as planned",
        "Small hubs",
    ]
    assert [words for words in said if words not in page] == []
    assert page.index("Freeze calendar") < page.index('scope="col" class="fs-n">Promised')


def test_only_what_is_open_from_earlier_retros_of_the_product_is_brought_up():
    product = ProductFactory()
    retro = BoardFactory(project__product=product)
    other = ProjectFactory(product=product)
    promised(other, "A condition", origin="condition")
    promised(other, "Done", state=FollowUpState.DONE)
    promised(ProjectFactory(product=ProductFactory()), "Another product")
    promised(ProjectFactory(product=product, is_restricted=True), "Hidden")
    promised(retro.project, "This retro's own")
    still_open = promised(other, "Doing", state=FollowUpState.DOING)

    assert facts_of(retro.project, retro.project.owner).open_before == [still_open]


def test_without_a_product_there_is_no_last_time():
    promised(ProjectFactory(product=None), "x")

    assert facts_of(ProjectFactory(product=None), UserFactory()).open_before == []


@pytest.mark.parametrize("rows", [1, 30])
def test_the_facts_cost_the_same_however_much_happened(django_assert_num_queries, rows):
    product = ProductFactory()
    project = ProjectFactory(product=product)
    other = ProjectFactory(product=product)
    for number in range(rows):
        promised(other, f"Promise {number}")
        RiskFactory(project=project, state=RiskState.OCCURRED, occurred_at=HELD)

    with django_assert_num_queries(7):
        facts = facts_of(project, project.owner)
        assert [str(item.owner) for item in facts.open_before] == [str(other.owner)] * rows
