"""How a note or a vote belongs to somebody without anybody being able to say to whom. Pure.

A note carries a mark made of a key that only its writer's browser keeps; a vote carries a token made of a secret that
is destroyed when the votes are shown. Neither mark nor token can be turned back.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid

#: Fewer people than that: who wrote what can be guessed, and the page says so.
ENOUGH_WRITERS = 4


def new_secret() -> str:
    """A key for a browser, or the secret of a vote."""
    return secrets.token_hex(32)


def _keyed(secret: str, *parts: object) -> str:
    return hmac.new(secret.encode(), "\n".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()


def note_id(form_key: str, retro_id: int, person_id: int) -> uuid.UUID:
    """Random to everybody but the page that sends it: the same showing of a form makes one note, however often sent."""
    if not form_key:
        return uuid.uuid4()
    return uuid.UUID(_keyed(form_key, "note", retro_id, person_id)[:32], version=4)


def mark(browser_key: str, person_id: int, note: uuid.UUID) -> str:
    """What tells a browser, in the hands of the same person, that the note is its own."""
    return _keyed(browser_key, "mark", person_id, note)


def is_marked(marked: str, browser_key: str, person_id: int, note: uuid.UUID) -> bool:
    """Whether the mark was made with this key."""
    return bool(browser_key) and hmac.compare_digest(marked, mark(browser_key, person_id, note))


def vote_token(secret: str, person_id: int) -> str:
    """The same for all votes of a person in one retro, and nothing once the secret is gone."""
    return _keyed(secret, "vote", person_id)


def is_anonymous(writers: int) -> bool:
    """Whether enough people wrote that a note without a name has none."""
    return writers >= ENOUGH_WRITERS
