import pytest

from portal.lockout import address_of, name_tried


@pytest.mark.parametrize("written", ["lin@example.com", " LIN@Example.com ", "ｌｉｎ@example.com"])
def test_every_spelling_of_a_name_counts_as_one(rf, written):
    request = rf.post("/login/", {"username": written})
    assert name_tried(request, None) == "lin@example.com"
    assert name_tried(None, {"username": written}) == "lin@example.com"
    assert name_tried(None, {"email": written}) == "lin@example.com"


def test_a_name_of_a_megabyte_is_cut():
    assert len(name_tried(None, {"username": "x" * 1_000_000})) == 254


@pytest.mark.parametrize(
    ("trusted", "named", "address"),
    [
        (False, "10.1.1.1", "192.0.2.7"),
        (True, "10.1.1.1", "10.1.1.1"),
        (True, "6.6.6.6, 10.1.1.1", "10.1.1.1"),
        (True, "2001:DB8::7", "2001:db8::7"),
        (True, "<script>", None),
        (True, "", None),
    ],
)
def test_behind_a_proxy_of_ours_the_address_it_names_last_counts(rf, settings, trusted, named, address):
    settings.TRUST_FORWARDED_FOR = trusted
    request = rf.get("/", headers={"x-forwarded-for": named}, REMOTE_ADDR="192.0.2.7")
    assert address_of(request) == address


def test_over_a_socket_there_is_no_address(rf):
    assert address_of(rf.get("/", REMOTE_ADDR="")) is None
