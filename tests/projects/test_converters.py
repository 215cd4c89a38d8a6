import re

import pytest

from projects.converters import CodeConverter


@pytest.mark.parametrize(("code", "pk"), [("P-0001", 1), ("P-0042", 42), ("P-9999", 9999), ("P-10000", 10000)])
def test_code_and_number_are_two_ways_to_write_one_thing(code, pk):
    assert CodeConverter().to_python(code) == pk
    assert CodeConverter().to_url(pk) == code
    assert re.fullmatch(CodeConverter.regex, code)


@pytest.mark.parametrize(
    "code", ["P-1", "P-042", "P-00042", "p-0042", "0042", "P-", "P-0042 ", "P-" + "9" * 19, "P-٠٠٤٢"]
)
def test_other_spellings_lead_nowhere(code):
    assert re.fullmatch(CodeConverter.regex, code) is None
