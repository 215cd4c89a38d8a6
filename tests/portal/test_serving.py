import socket

import pytest
from django.utils import timezone

from portal.accounts.enums import Role
from portal.policy.models import PolicyValue
from portal.serving import ServingError, address, check_bind, demo_is_loaded, free_port, is_free, welcome
from tests.factories.accounts import UserFactory


@pytest.fixture
def taken():
    """A port that something listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_leads_to_the_next_free_one(taken):
    assert not is_free("127.0.0.1", taken)
    found = free_port("127.0.0.1", taken)
    assert found > taken
    assert is_free("127.0.0.1", found)


def test_no_free_port_says_how_to_name_another(monkeypatch):
    monkeypatch.setattr("portal.serving.is_free", lambda _host, _port: False)
    with pytest.raises(ServingError, match="make run PORT=9000"):
        free_port("127.0.0.1", 8000)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
@pytest.mark.parametrize("demo", [True, False])
def test_this_machine_is_always_allowed(host, demo):
    check_bind(host, tls=False, plain_http_allowed=False, demo=demo)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "", "foresight.example.com"])
@pytest.mark.parametrize(
    ("tls", "plain", "demo", "allowed"),
    [
        (False, False, False, False),
        (True, False, False, True),
        (False, True, False, True),
        (True, True, True, False),
    ],
)
def test_others_are_reached_only_by_tls_or_on_purpose_and_never_with_the_demo(host, tls, plain, demo, allowed):
    if allowed:
        check_bind(host, tls=tls, plain_http_allowed=plain, demo=demo)
    else:
        with pytest.raises(ServingError):
            check_bind(host, tls=tls, plain_http_allowed=plain, demo=demo)


def test_address_can_be_typed_into_a_browser():
    assert address("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert address("::1", 8001) == "http://[::1]:8001"


# These functions close the connection, because the server forks after asking: so the rows must be committed.
@pytest.mark.django_db(transaction=True)
def test_an_empty_installation_is_no_demo_and_says_how_the_first_person_comes_in():
    assert not demo_is_loaded()
    (line,) = welcome("http://127.0.0.1:8000")
    assert line.startswith("Nobody is here yet. Open http://127.0.0.1:8000/setup/ and type this code once: ")


@pytest.mark.django_db(transaction=True)
def test_people_of_the_demo_are_seen_and_offered_by_name_and_role():
    UserFactory(name="Lin Yue", roles=[Role.PM], is_demo=True)
    UserFactory(name="Somebody else")
    assert demo_is_loaded()
    assert [line.split("  ")[:2] for line in welcome("http://127.0.0.1:8000")] == [
        ["Sign in with one click as"],
        ["", "Lin Yue"],
    ]


@pytest.mark.django_db(transaction=True)
def test_a_deactivated_person_of_the_demo_opens_no_door_but_the_mark_of_the_installation_stays():
    UserFactory(is_demo=True, is_active=False)
    assert not demo_is_loaded()
    assert welcome("http://127.0.0.1:8000") == []
    PolicyValue.objects.create(key="installation.demo", value=True, changed_at=timezone.now())
    assert demo_is_loaded()
