"""Django's sentences as a Chinese reader gets them; a release of Django that words one anew fails here."""

import pytest
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from portal.accounts.models import User

PERSON = User(name="林悦出门办事", email="linyue.long@company.example")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (forms.CharField(), "", "这一项要填。"),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "请从列表里选，没有“b”这一项。"),
        (forms.ModelChoiceField(User.objects.none()), "x", "请从列表里选。"),
        (forms.IntegerField(), "x", "请写整数。"),
        (forms.EmailField(), "x", "邮箱写得不对，应该像 name@company.com 这样。"),
        (forms.CharField(max_length=2), "一二三", "最多 2 个字，现在有 3 个。"),
        (forms.CharField(), "a\0", "里面有看不见的空字符，请重新输入。"),
    ],
)
def test_a_field_refuses_in_our_words(field, typed, words):
    with override("zh-hans"):
        with pytest.raises(ValidationError) as refused:
            field.clean(typed)
        assert refused.value.messages == [words]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("xq7 Vw", ["密码太短，至少 12 个字符。"]),
        ("1q2w3e4r5t6y", ["这个密码太常见了，换一个吧。"]),
        ("linyue.long@company.example", ["密码和邮箱太像了。"]),
    ],
)
def test_a_password_is_refused_in_our_words(password, words):
    with override("zh-hans"):
        with pytest.raises(ValidationError) as refused:
            validate_password(password, PERSON)
        assert refused.value.messages == words
