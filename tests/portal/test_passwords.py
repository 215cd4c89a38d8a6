import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["short12", "password123456", "x" * 5000])
def test_password_is_refused_before_anything_is_hashed(password):
    began = time.perf_counter()
    with pytest.raises(ValidationError):
        validate_password(password)
    assert time.perf_counter() - began < 0.1


def test_a_long_sentence_with_spaces_and_emoji_is_welcome():
    validate_password("correct horse battery staple 🐴 and some more words, 64 in all")


def test_length_may_reach_its_limit_and_no_further():
    validate_password("ab cd ef " * 14 + "ab")
    with pytest.raises(ValidationError) as refusal:
        validate_password("ab cd ef " * 14 + "abc")
    assert [error.code for error in refusal.value.error_list] == ["password_too_long"]
