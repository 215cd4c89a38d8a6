"""Who is behind a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend

from portal.accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class PersonBackend(ModelBackend):
    """Signs people in by password, and finds the person of a session with all that every page asks of him."""

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        person = User.objects.of_session(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
