from dataclasses import dataclass

import pytest
from django.urls import path

from portal.common import navigation
from portal.common.navigation import PLACES, order_for, stops


@dataclass
class Person:
    roles: tuple[str, ...] = ()


def view(_request):
    raise AssertionError


urlpatterns = [
    path("", view, name="desk"),
    path("process/", view, name="process"),
    path("inbox/", view, name="inbox"),
]


@pytest.fixture(autouse=True)
def _urls(settings):
    settings.ROOT_URLCONF = "tests.portal.common.test_navigation"


@pytest.mark.parametrize("roles", [(), ("pm",), ("engineer",), ("lead",), ("admin",), ("admin", "lead"), ("unknown",)])
def test_nothing_is_hidden_by_role(roles):
    assert set(order_for(Person(roles))) == set(PLACES)
    assert order_for(Person(roles))[0] == "desk"


@pytest.mark.parametrize(
    ("roles", "second"),
    [
        (("pm",), "projects"),
        (("engineer",), "projects"),
        (("lead",), "decisions"),
        (("admin",), "people"),
        (("pm", "lead"), "decisions"),
    ],
)
def test_the_order_is_that_of_the_role(roles, second):
    assert order_for(Person(roles))[1] == second


def test_a_place_without_a_page_is_left_out():
    assert [stop.place.key for stop in stops(Person(("pm",)), "/")] == ["desk", "inbox", "process"]
    assert navigation.address("portfolio") == ""


@pytest.mark.parametrize(
    ("where", "current", "expected"),
    [
        ("/", "", ["desk"]),
        ("/inbox/", "", ["inbox"]),
        ("/inbox/older/7/", "", ["inbox"]),
        ("/elsewhere/", "", []),
        ("/elsewhere/", "process", ["process"]),
    ],
)
def test_a_page_belongs_to_the_place_its_address_begins_with(where, current, expected):
    found = stops(Person(), where, current=current)
    assert [stop.place.key for stop in found if stop.is_current] == expected


def test_every_place_says_what_it_is_for():
    assert [place.key for place in PLACES.values() if not str(place.purpose).endswith(".")] == []
