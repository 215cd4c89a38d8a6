import pytest

from portal.lockout import name_tried


@pytest.mark.parametrize("written", ["lin@example.com", " LIN@Example.com ", "ｌｉｎ@example.com"])
def test_every_spelling_of_a_name_counts_as_one(rf, written):
    request = rf.post("/login/", {"username": written})
    assert name_tried(request, None) == "lin@example.com"
    assert name_tried(None, {"username": written}) == "lin@example.com"
    assert name_tried(None, {"email": written}) == "lin@example.com"


def test_a_name_of_a_megabyte_is_cut():
    assert len(name_tried(None, {"username": "x" * 1_000_000})) == 254
