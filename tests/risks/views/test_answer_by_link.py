"""A decider answers a question by the link in his mail: without a password, this question and no other."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.links.actions import issue
from portal.links.models import SignedLink
from portal.notifications.actions import deliver, sweep
from projects.models import Project
from risks.actions.agreement import report
from risks.enums import EscalationState, OptionKind
from risks.models import Escalation
from tests.factories.accounts import UserFactory
from tests.risks.conftest import NOW
from tests.risks.views.test_escalation import case, put

__all__ = ["case"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(case):
    case.lead.manager = UserFactory(name="Wang Hai", roles=[Role.LEAD])
    case.lead.save()
    return put(case)


@pytest.fixture
def link(case, asked):
    url = issue("risks.answer", asked.pk, case.lead, now=NOW)
    assert url is not None
    return url


def proposal(asked):
    return asked.options.get(kind=OptionKind.PROPOSAL)


def state_of(asked):
    return Escalation.objects.values_list("state", flat=True).get(pk=asked.pk)


def gone(link):
    shown, sent = Client().get(link), Client().post(link, {})
    assert (shown.status_code, sent.status_code) == (HTTPStatus.GONE, HTTPStatus.GONE)
    return re.search("<h1>(.*?)</h1>", shown.content.decode())[1]


def test_link_from_a_message_opens_without_a_password_and_is_spent_by_the_answer(case, asked, settings):
    deliver(now=NOW.replace(hour=10))
    (message,) = (message for message in mail.outbox if message.to == [case.lead.email])
    (url,) = re.findall(r"http\S+/link/\S+", str(message.body))
    link = url.removeprefix(settings.BASE_URL)
    client = Client(enforce_csrf_checks=True)

    for _robot in range(2):
        page = client.get(link)
    assert "May we scan by phone?" in page.content.decode()
    assert (state_of(asked), SignedLink.objects.filter(used_at=None).count()) == (EscalationState.WAITING, 1)
    sent = {
        "option": proposal(asked).pk,
        "note": "For two weeks",
        "csrfmiddlewaretoken": client.cookies["foresight-csrf"].value,
    }
    done = client.post(link, sent)

    assert done["Location"] == reverse("links:done")
    assert state_of(asked) == EscalationState.AGREED
    entry = AuditEntry.objects.get(verb="escalation.decided")
    assert (entry.actor, entry.link_id) == (case.lead, SignedLink.objects.get().pk)
    assert gone(link) == "This link has done its work"


def test_without_a_choice_it_comes_back_with_what_was_typed(client, asked, link):
    answer = client.post(link, {"note": "Yes, but only at night"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["form"].errors == {"option": ["Choose one of the ways out."]}
    assert "Yes, but only at night" in answer.content.decode()
    assert SignedLink.objects.get().used_at is None


def test_no_link_of_its_pages_needs_a_session(client, link):
    for part in ("", "counter/"):
        html = client.get(f"{link}{part}").content.decode()
        found = set(re.findall(r'href="(/[^"#?]*)"', html[html.index("<main") :]))
        assert all(href.startswith(link) for href in found)
        assert found


def test_another_way_is_proposed_by_link(client, case, asked, link):
    done = client.post(f"{link}counter/", {"way_title": "Rent two scanners", "way_cost_amount": "900"})

    assert done["Location"] == reverse("links:done")
    assert state_of(asked) == EscalationState.COUNTERED
    assert gone(link) == "This link has done its work"


def test_once_it_moved_up_the_link_of_the_one_before_is_dead_and_the_next_has_his_own(case, asked, link):
    later = asked.answer_by + timedelta(days=5)
    sweep(now=later)
    assert Escalation.objects.get().decider == case.lead.manager

    assert gone(link) == "This link is no longer good"
    assert issue("risks.answer", asked.pk, case.lead, now=later) is None
    assert issue("risks.answer", asked.pk, case.lead.manager, now=later) is not None


def test_what_was_written_down_in_his_name_is_confirmed_by_link(client, case, asked, link):
    report(asked, proposal(asked), note="On the phone", by=case.owner, now=NOW)

    assert client.get(link)["Location"] == f"{link}ratify/"
    assert client.get(f"{link}ratify/").status_code == HTTPStatus.OK
    # The page was open before it was written down: choosing is refused, and nothing is confirmed unseen.
    assert client.post(link, {"option": proposal(asked).pk}).status_code == HTTPStatus.CONFLICT
    done = client.post(f"{link}ratify/", {})

    assert done["Location"] == reverse("links:done")
    assert Escalation.objects.get().ratified_at is not None


def test_said_not_to_be_so_it_waits_for_him_and_the_link_goes_on(client, case, asked, link):
    report(asked, proposal(asked), note="On the phone", by=case.owner, now=NOW)

    assert client.post(f"{link}dispute/", {"note": "I said no"})["Location"] == link
    assert client.post(link, {"option": asked.options.get(kind=OptionKind.NOTHING).pk})["Location"] == reverse(
        "links:done"
    )
    assert state_of(asked) == EscalationState.APPLIED


def test_nothing_of_a_restricted_project_is_decided_by_link(case, asked, link):
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)

    assert gone(link) == "This link is no longer good"
    assert issue("risks.answer", asked.pk, case.lead, now=NOW) is None


def test_only_the_decider_gets_one_and_not_before_he_is_asked(case):
    private = put(case, counterpart=case.colleague, answer_on=NOW.date().replace(day=26))

    assert issue("risks.answer", private.pk, case.lead, now=NOW) is None
    assert issue("risks.answer", put(case).pk, case.owner, now=NOW) is None
