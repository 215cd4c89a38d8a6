"""The one-time code of a first start. Derived from the secret key, so that nothing is stored and every process of an
installation knows the same one; it opens nothing once there is a person.
"""

from __future__ import annotations

import base64
from typing import Final

from django.utils.crypto import constant_time_compare, salted_hmac

from portal.accounts.models import User

GROUP: Final = 5
GROUPS: Final = 4


def is_open() -> bool:
    """Whether nobody is there yet to sign in."""
    return not User.objects.exists()


def code() -> str:
    """Four groups of five letters and digits: 100 bits, read out or typed without mistaking one for another."""
    digest = salted_hmac("portal.accounts.setup", "the first person", algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()
    return "-".join(letters[start : start + GROUP] for start in range(0, GROUP * GROUPS, GROUP))


def is_code(typed: str) -> bool:
    """Whether this is the code, in whatever case and grouping."""
    bare = "".join(character for character in typed.upper() if character.isalnum())
    return constant_time_compare(bare, code().replace("-", ""))
