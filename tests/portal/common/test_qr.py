import re

from portal.common.qr import QUIET, code_of

ADDRESS = "https://foresight.example.com/projects/P-0042/reviews/3/answer/"


def squares(code):
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", code.path)}


def test_a_code_has_its_three_corners_and_a_white_edge():
    code = code_of(ADDRESS)
    dark, last = squares(code), code.size - QUIET - 1

    for x, y in ((QUIET, QUIET), (last - 6, QUIET), (QUIET, last - 6)):
        assert {(x + step, y) for step in range(7)} <= dark
    assert min(min(place) for place in dark) == QUIET
    assert max(max(place) for place in dark) == last


def test_another_address_is_another_code():
    assert code_of(ADDRESS).path != code_of(ADDRESS.replace("42", "43")).path
