from decimal import Decimal

import pytest
from django.utils import translation

from risks.models import Risk
from risks.templatetags.risks import axis, sentence


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [(500, "500", "500"), (20_000, "20 k", "2 万"), (1_250_000, "1.25 m", "125 万"), (320_000_000, "320 m", "3.2 亿")],
)
def test_an_amount_fits_under_its_column(amount, english, chinese):
    with translation.override("en"):
        assert axis(Decimal(amount)) == english
    with translation.override("zh-hans"):
        assert axis(Decimal(amount)) == chinese


@pytest.mark.parametrize(
    ("cause", "effect", "words"),
    [
        ("", "", ""),
        ("Old routers.", "", "Cause: Old routers."),
        ("", "Nothing is scanned", "Effect: Nothing is scanned."),
        ("Old routers", "nothing is scanned", "Cause: Old routers. Effect: nothing is scanned."),
    ],
)
def test_cause_and_effect_as_far_as_they_are_known(cause, effect, words):
    assert sentence(Risk(cause=cause, event="Hubs offline", effect=effect)) == words
