import pytest
from django.utils import translation

from projects.enums import CostKind, PitchKind
from projects.templates_by_kind import TEMPLATES


def words_of(template):
    return [template.unit, *template.benefits, *template.hints.values(), *(words for _kind, words in template.costs)]


@pytest.mark.parametrize("kind", PitchKind)
def test_a_template_names_and_never_reckons(kind):
    template = TEMPLATES[kind]
    assert set(template.hints) == {"unit_benefit_amount", "reach", "probability"}
    assert {cost for cost, _words in template.costs} <= set(CostKind)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said = "".join(map(str, words_of(template)))
            assert not any(character.isdigit() for character in said)
            assert all(len(str(words)) <= 120 for words in template.benefits)
            assert len(str(template.unit)) <= 40
