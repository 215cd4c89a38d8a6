from portal.desk.process_words import BRINGS_ABOUT, DEMANDS
from projects.lifecycle import process


def names(functions):
    return {function.__name__ for function in functions}


def test_every_gate_of_every_tier_has_words_and_no_words_lack_a_gate():
    listed = [names(gates) for rules in process().rules.values() for gates in rules.gates.values()]
    assert set().union(*listed) == set(DEMANDS)


def test_every_consequence_has_words_and_no_words_lack_a_consequence():
    listed = [names(rules.consequences) for rules in process().rules.values()]
    assert set().union(*listed) == set(BRINGS_ABOUT)
