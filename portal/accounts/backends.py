"""Who is behind a session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from portal.accounts.models import User


class PersonBackend(ModelBackend):
    """Signs people in by password, and finds the person of a session with all that every page asks of him."""

    def get_user(self, user_id: Any) -> User | None:
        person = User.objects.of_session(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
