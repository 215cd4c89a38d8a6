"""An invited engineer answers by the link in his mail: without a password, on nothing but his own cards."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.actions.person import deactivate
from portal.audit.models import AuditEntry
from portal.links.actions import issue, withdraw
from portal.links.models import SignedLink
from portal.notifications.actions import deliver
from projects.models import Project
from risks.actions.review import close_review
from risks.models import Assessment, Review, Risk
from tests.factories.accounts import AdminFactory
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db
ANSWER = {"probability": "0.30", "impact_days": "5"}


@pytest.fixture
def link(case):
    case.call(case.engineer, case.second)
    url = issue("risks.assess", case.invitation().pk, case.engineer, now=NOW)
    assert url is not None
    return url


def answer_every_card(client, link, case):
    for risk in (case.network, case.terminals):
        response = client.post(link, {"risk": risk.pk, **ANSWER})
    return response


def gone(client, link):
    """The heading of a dead link, however it is asked."""
    shown, sent = client.get(link), client.post(link, ANSWER)
    assert (shown.status_code, sent.status_code) == (HTTPStatus.GONE, HTTPStatus.GONE)
    return re.search("<h1>(.*?)</h1>", shown.content.decode())[1]


def test_all_cards_are_answered_without_a_password_and_then_the_link_is_spent(case, link):
    client = Client(enforce_csrf_checks=True)
    page = client.get(link)
    assert f'action="{link}"' in page.content.decode()
    token = {"csrfmiddlewaretoken": client.cookies["foresight-csrf"].value}

    first = client.post(link, {"risk": case.network.pk, **ANSWER, **token})
    last = client.post(link, {"risk": case.terminals.pk, "skip": "1", **token})

    assert (first["Location"], last["Location"]) == (link, reverse("links:done"))
    assert client.get(last["Location"]).status_code == HTTPStatus.OK
    assert gone(Client(), link) == "This link has done its work"
    assert Assessment.objects.filter(invitation__person=case.engineer).count() == 2
    assert SignedLink.objects.get().used_at is not None


def test_opening_changes_nothing_and_signs_nobody_in(client, case, link):
    before = AuditEntry.objects.count()

    for _robot in range(3):
        assert client.get(link).status_code == HTTPStatus.OK
        assert client.head(link).status_code == HTTPStatus.OK

    assert (AuditEntry.objects.count(), Session.objects.count(), Assessment.objects.count()) == (before, 0, 0)
    assert SignedLink.objects.get().used_at is None
    assert "foresight-session" not in client.cookies
    assert client.get("/").status_code == HTTPStatus.FOUND
    assert client.get(case.invitation().get_absolute_url()).status_code == HTTPStatus.FOUND


def test_a_card_by_link_is_his_and_the_audit_says_by_link(client, case, link):
    client.post(link, {"risk": case.network.pk, **ANSWER})

    entry = AuditEntry.objects.get(verb="risk.assessed")
    assert (entry.actor, entry.link_id) == (case.engineer, SignedLink.objects.get().pk)
    assert AuditEntry.objects.get(verb="review.called").link_id is None
    assert Session.objects.count() == 0


def test_whoever_is_signed_in_at_the_browser_has_no_part_in_it(client, case, link):
    client.force_login(case.colleague)

    client.post(link, {"risk": case.network.pk, **ANSWER})

    assert AuditEntry.objects.get(verb="risk.assessed").actor == case.engineer
    assert client.get("/").context["request"].user == case.colleague


def test_another_risk_is_added_by_link(client, case, link):
    page = client.get(f"{link}risk/")
    assert link in page.content.decode()

    answer = client.post(f"{link}risk/", {"event": "Printers jam"})

    assert answer.url == link
    assert Risk.objects.get(event="Printers jam").raised_by == case.engineer


def test_what_cannot_be_used_comes_back_with_what_was_touched(client, case, link):
    answer = client.post(link, {"risk": case.network.pk, "probability": "0.60"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["form"].errors == {"impact_days": ["Choose how many working days it would cost."]}
    assert SignedLink.objects.get().used_at is None


def test_no_link_of_the_page_needs_a_session(client, link):
    html = client.get(link).content.decode()

    body = html[html.index("<main") :]
    assert {href for href in re.findall(r'href="([^"#?]+)"', body) if href.startswith("/")} == {f"{link}risk/"}


@pytest.mark.parametrize("part", ["risks", "risk/x", "..%2f"])
def test_it_has_no_other_pages(client, link, part):
    assert client.get(f"{link}{part}/").status_code == HTTPStatus.NOT_FOUND


def test_an_unknown_link_leads_nowhere(client, link):
    assert gone(client, f"{link[:-2]}/") == "This link leads nowhere"
    assert gone(client, "/link/%00x/".replace("%00", "é")) == "This link leads nowhere"


def test_it_runs_out_after_seven_days(client, case, link):
    with time_machine.travel(NOW + timedelta(days=7, seconds=-1)):
        assert client.get(link).status_code == HTTPStatus.OK
    with time_machine.travel(NOW + timedelta(days=7)):
        assert gone(client, link) == "This link has run out"


def test_a_deactivated_person_has_none(client, case, link):
    deactivate(case.engineer, by=AdminFactory(), now=NOW)

    assert gone(client, link) == "This link is no longer good"
    assert Assessment.objects.count() == 0


def test_a_lost_right_ends_it(client, case, link):
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)
    case.project.members.filter(person=case.engineer).delete()

    assert gone(client, link) == "This link is no longer good"


def test_one_taken_back_is_dead(client, case, link):
    assert withdraw("risks.assess", case.invitation().pk, now=NOW, person=case.second) == 0
    assert withdraw("risks.assess", case.invitation().pk, now=NOW) == 1

    assert gone(client, link) == "This link was taken back"


def test_a_review_held_without_him_leaves_nothing_to_do(client, case, link):
    client.post(link, {"risk": case.network.pk, **ANSWER})
    close_review(Review.objects.get(), by=case.owner, now=NOW)

    assert gone(client, link) == "Nothing is left to do here"


def test_answering_ends_every_link_to_the_same_cards_but_nobody_elses(client, case, link):
    second_mail = issue("risks.assess", case.invitation().pk, case.engineer, now=NOW)
    others = issue("risks.assess", case.invitation(case.second).pk, case.second, now=NOW)

    answer_every_card(client, link, case)

    assert gone(client, second_mail) == "This link has done its work"
    assert client.get(others).status_code == HTTPStatus.OK


def test_a_card_sent_twice_is_one_answer(client, case, link):
    sent = {"risk": case.network.pk, **ANSWER, "_key": "k1"}

    assert [client.post(link, sent).status_code for _time in range(3)] == [302] * 3
    assert Assessment.objects.count() == 1


def test_nobody_gets_a_link_to_the_cards_of_another(case, link):
    assert issue("risks.assess", case.invitation().pk, case.second, now=NOW) is None
    assert issue("risks.accept", case.invitation().pk, case.second, now=NOW) is None


def test_the_table_opens_nothing(case, link):
    row = SignedLink.objects.get()
    token = link.split("/")[2]

    assert len(token) == 43
    assert token not in " ".join(str(getattr(row, field.attname)) for field in row._meta.concrete_fields)


def test_link_from_a_message_opens_without_a_password(client, case, settings):
    case.call()

    deliver(now=NOW.replace(hour=10))

    (message,) = (message for message in mail.outbox if message.to == [case.engineer.email])
    (url,) = re.findall(rf"{re.escape(settings.BASE_URL)}/link/\S+", str(message.body))
    assert "opens without a password and answers in your name" in message.body
    page = client.get(url.removeprefix(settings.BASE_URL))
    assert page.context["hand"].invitation == case.invitation()


def test_it_speaks_the_language_of_its_person(client, case, link):
    case.engineer.language = "zh-hans"
    case.engineer.save()

    page = client.get(link, headers={"accept-language": "en"})

    assert '<html lang="zh-Hans"' in page.content.decode()
