import socket

import pytest

from portal.serving import ServingError, address, check_bind, free_port, is_free


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
