"""Links of a purpose that nobody declares but this test: what holds for all of them."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from portal.links.actions import DeadLinkError, issue, open_link, spend_if_done, withdraw
from portal.links.enums import WhyDead
from portal.links.models import SignedLink
from portal.links.policy import DAYS
from portal.links.purposes import LinkPurpose
from portal.policy.store import change
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.projects import NOW

pytestmark = pytest.mark.django_db
THINGS: dict[int, Any] = {}
PROCESS = SimpleNamespace(
    link_purposes={
        "test.say": LinkPurpose(
            key="test.say",
            find=lambda pk, person: (
                THINGS.get(pk) if THINGS.get(pk, SimpleNamespace(of=None)).of == person.pk else None
            ),
            still_owed=lambda thing: thing.is_open,
            pages={},
        )
    }
)


@pytest.fixture(autouse=True)
def declared(settings):
    settings.PROCESS = f"{__name__}.PROCESS"


@pytest.fixture
def person():
    person = UserFactory()
    THINGS[7] = SimpleNamespace(of=person.pk, is_open=True)
    yield person
    THINGS.clear()


def token_of(url):
    return url.split("/")[2]


def why(token, now=NOW):
    with pytest.raises(DeadLinkError) as dead:
        open_link(token, now=now)
    return dead.value.why


def test_a_link_opens_its_thing_for_its_person_as_often_as_asked(person):
    token = token_of(issue("test.say", 7, person, now=NOW))

    for _time in range(2):
        link = open_link(token, now=NOW)
        assert (link.person, link.found, link.url("more")) == (person, THINGS[7], f"/link/{token}/more/")


def test_two_links_are_never_alike(person):
    assert len({issue("test.say", 7, person, now=NOW) for _time in range(5)}) == 5


@pytest.mark.parametrize(("purpose", "pk"), [("test.say", 8), ("test.unknown", 7)])
def test_none_is_given_out_for_what_he_cannot_do(person, purpose, pk):
    assert issue(purpose, pk, person, now=NOW) is None
    assert issue("test.say", 7, UserFactory(), now=NOW) is None
    assert SignedLink.objects.count() == 0


def test_it_is_spent_by_the_deed_and_by_nothing_else(person):
    token, other = (token_of(issue("test.say", 7, person, now=NOW)) for _time in range(2))
    assert spend_if_done(open_link(token, now=NOW), now=NOW) is False

    link = open_link(token, now=NOW)
    THINGS[7].is_open = False
    assert spend_if_done(link, now=NOW) is True

    assert (why(token), why(other)) == (WhyDead.USED, WhyDead.USED)


def test_the_days_are_policy_and_those_that_are_out_keep_theirs(person):
    early = token_of(issue("test.say", 7, person, now=NOW))
    change(DAYS, 2, by=AdminFactory(), now=NOW)
    late = token_of(issue("test.say", 7, person, now=NOW))

    in_three_days = NOW + timedelta(days=3)
    assert why(late, in_three_days) == WhyDead.EXPIRED
    assert open_link(early, now=in_three_days).person == person


def test_a_purpose_that_is_no_more_leaves_dead_links(person, settings):
    token = token_of(issue("test.say", 7, person, now=NOW))
    PROCESS.link_purposes, kept = {}, PROCESS.link_purposes
    assert why(token) == WhyDead.LOST
    PROCESS.link_purposes = kept


def test_one_taken_back_stays_so(person):
    token = token_of(issue("test.say", 7, person, now=NOW))
    assert (withdraw("test.say", 7, now=NOW), withdraw("test.say", 7, now=NOW)) == (1, 0)
    assert why(token) == WhyDead.WITHDRAWN


@pytest.mark.parametrize("reason", [*WhyDead])
def test_every_end_says_what_to_do(reason):
    assert reason.label
    assert reason.advice != reason.label
