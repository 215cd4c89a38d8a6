"""While a review is open nobody sees another's figures: not on a page, not in a count, not in the audit or the activity."""

import json
import re
from decimal import Decimal

import pytest
from django.core import serializers
from django.urls import reverse

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.notifications.models import Delivery
from projects.models import Project
from risks.actions.review import Answer, assess
from risks.models import Review, Risk, RiskEvent
from tests.factories.accounts import UserFactory
from tests.risks.conftest import NOW, TOMORROW
from tests.security.witness import without_noise

pytestmark = pytest.mark.django_db

#: Figures and words that occur nowhere else.
SECRETS = ("77%", "0.77", "77", "4321", "Zanzibar")
ANSWER = Answer(Decimal("0.77"), Decimal(4321), note="Zanzibar")
OTHER = Answer(Decimal("0.77"), Decimal(4321), note="Zanzibar")


def pages_of(case):
    risk = case.network
    return [
        reverse("desk"),
        reverse("risks:list"),
        reverse("project", args=[case.project.pk]),
        reverse("project_activity", args=[case.project.pk]),
        reverse("risks:project", args=[case.project.pk]),
        risk.get_absolute_url(),
        reverse("risks:edit", args=[case.project.pk, risk.pk]),
        *review_pages(case),
        reverse("risks:assess", args=[case.project.pk, case.invitation(case.second).pk]),
    ]


def review_pages(case):
    args = [case.project.pk, Review.objects.get().pk]
    return [
        *(reverse(f"risks:{name}", args=args) for name in ("review", "review_room", "review_minutes", "review_move")),
        reverse("risks:review_conclude", args=args),
        reverse("risks:review_agree", args=[*args, case.network.pk]),
    ]


@pytest.fixture
def half_answered(case):
    """One engineer has answered everything, the other nothing."""
    case.call(case.engineer, case.second)
    for risk in (case.network, case.terminals):
        assess(case.invitation(), risk, ANSWER, by=case.engineer, now=NOW)
    return case


def shown_to(client, person, url):
    client.force_login(person)
    # The main part alone, without what is made up anew for each answer: a secret may stand in that by chance.
    html = without_noise(client.get(url).content.decode())
    return html.partition('id="main"')[2].partition("</main>")[0]


@pytest.mark.parametrize("who", ["owner", "second", "lead", "colleague", "admin"])
def test_no_page_shows_anything_of_it_to_anybody_else(client, half_answered, who):
    case = half_answered
    person = UserFactory(roles=[Role.ADMIN]) if who == "admin" else getattr(case, who)

    for url in pages_of(case):
        html = shown_to(client, person, url)
        assert [secret for secret in ("77%", "4321", "Zanzibar") if secret in html] == [], url


def test_pages_are_the_same_whatever_was_answered(client, case):
    """Two runs that differ in the answers alone differ nowhere."""
    case.call(case.engineer, case.second)
    assess(case.invitation(), case.network, Answer(Decimal("0.03"), Decimal(0)), by=case.engineer, now=NOW)
    urls = pages_of(case)[1:-1]
    low = [shown_to(client, case.owner, url) for url in urls]
    case.network.assessments.update(probability=Decimal("0.9"), impact_days=Decimal(20), note="Zanzibar")
    high = [shown_to(client, case.owner, url) for url in urls]

    assert strip_keys(low) == strip_keys(high)


def strip_keys(pages):
    """Without what is random on every page: the keys of forms and the tokens of the session."""
    return [re.sub(r'name="(_key|csrfmiddlewaretoken)" value="[^"]*"', "", page) for page in pages]


def test_no_row_but_the_assessment_itself_holds_it(half_answered):
    rows = [*AuditEntry.objects.all(), *Delivery.objects.all(), *Risk.objects.all(), *RiskEvent.objects.all()]
    text = json.dumps(json.loads(serializers.serialize("json", [*rows, *Project.objects.all()])), ensure_ascii=False)

    assert [secret for secret in ("0.77", "4321", "Zanzibar") if secret in text] == []


def test_the_register_counts_nothing_of_it(half_answered):
    risk = Risk.objects.get(pk=half_answered.network.pk)

    assert (risk.probability, risk.impact_days, risk.exposure_amount, risk.version) == (None, None, None, 1)
    project = Project.objects.get(pk=half_answered.project.pk)
    assert (project.exposure_amount, project.exposure_p80_amount) == (None, None)


@pytest.mark.parametrize("who", ["owner", "second", "third", "lead", "admin"])
def test_a_meeting_in_which_all_but_one_answered_shows_nothing_to_who_has_not(client, case, who):
    """Also not to the owner who runs it, nor by what the pages count."""
    case.call(case.engineer, case.third(), case.second, meeting=TOMORROW)
    for person in (case.engineer, case.third()):
        for risk in (case.network, case.terminals):
            assess(case.invitation(person), risk, ANSWER, by=person, now=NOW)
    people = {"admin": lambda: UserFactory(roles=[Role.ADMIN]), "third": case.third}
    person = people[who]() if who in people else getattr(case, who)

    found = {
        secret
        for url in pages_of(case)
        for secret in SECRETS[:1] + SECRETS[3:]
        if secret in shown_to(client, person, url)
    }

    # The third has answered himself: he sees how far the answers lie apart, with no name.
    assert found == ({"77%", "Zanzibar"} if who == "third" else set())


def test_the_order_of_what_is_shown_says_nothing_of_who_came_first(client, case):
    """Whoever answers first or last: figures and notes are sorted, the pages are the same."""
    case.call(case.engineer, case.second, case.third(), meeting=TOMORROW)
    for person, chance, note in ((case.engineer, "0.9", "Zebra"), (case.second, "0.03", "Antelope")):
        for risk in (case.network, case.terminals):
            answer = Answer(Decimal(chance), Decimal(5), note=note)
            assess(case.invitation(person), risk, answer, by=person, now=NOW)

    html = shown_to(client, case.engineer, Review.objects.get().get_absolute_url())

    assert html.index("Antelope") < html.index("Zebra")


def test_after_it_is_held_everybody_sees_the_middle_and_no_name_beside_it(client, half_answered):
    case = half_answered
    for risk in (case.network, case.terminals):
        assess(case.invitation(case.second), risk, OTHER, by=case.second, now=NOW)

    html = shown_to(client, case.colleague, case.network.get_absolute_url())

    assert "77%" in html
    assert "Zanzibar" in html
    assert "Chen Siyuan" not in html
    assert "Wu Di" not in html


def test_what_one_engineer_said_is_still_seen_by_himself(client, half_answered):
    case = half_answered

    html = shown_to(client, case.engineer, case.invitation().get_absolute_url())

    assert "77%" in html
