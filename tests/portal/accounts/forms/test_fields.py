import re

import pytest
from django import forms

from portal.accounts.forms import fields
from portal.accounts.forms.fields import PersonField
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


class Asking(forms.Form):
    person = PersonField(empty_label="Nobody", required=False)


def menu(form: forms.Form) -> tuple[list[str], list[str], bool]:
    """The names in it, those that are chosen, and whether it says that there are more."""
    text = str(form["person"])
    names = re.findall(r"<option[^>]*>([^<]*)</option>", text)
    return names, re.findall(r"<option[^>]* selected>([^<]*)</option>", text), "data-further" in text


@pytest.fixture
def colleagues(monkeypatch):
    monkeypatch.setattr(fields, "MOST_CHOICES", 2)
    return [UserFactory(name=name, department=None) for name in ("Ann", "Bo", "Cem")]


def test_a_short_menu_holds_everybody(colleagues):
    colleagues.pop().delete()

    assert menu(Asking()) == (["Nobody", "Ann", "Bo"], ["Nobody"], False)


def test_a_long_menu_ends_and_says_so(colleagues):
    assert menu(Asking()) == (["Nobody", "Ann", "Bo"], ["Nobody"], True)


@pytest.mark.parametrize("sent", [False, True])
def test_whoever_stands_there_is_in_a_long_menu(colleagues, sent):
    form = Asking({"person": str(colleagues[2].pk)}) if sent else Asking(initial={"person": colleagues[2].pk})

    assert menu(form) == (["Nobody", "Ann", "Bo", "Cem"], ["Cem"], True)


def test_whoever_is_beyond_the_end_of_the_menu_may_be_chosen(colleagues):
    form = Asking({"person": str(colleagues[2].pk)})

    assert form.is_valid()
    assert form.cleaned_data == {"person": colleagues[2]}


@pytest.mark.parametrize("sent", ["x", "9" * 30, "-1", "4 "])
def test_what_is_no_colleague_adds_nothing_to_the_menu(colleagues, sent):
    form = Asking({"person": sent})

    assert not form.is_valid()
    assert menu(form)[0] == ["Nobody", "Ann", "Bo"]
