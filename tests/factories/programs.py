"""A program that asks the API in somebody's name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from portal.accounts.actions.api_token import make_token
from portal.accounts.enums import Scope

if TYPE_CHECKING:
    from portal.accounts.models import User


class Program:
    """It sends JSON and shows a token, by default one that may change things."""

    def __init__(self, person: User, scope: Scope = Scope.WRITE) -> None:
        _token, self.text = make_token(name="Program", scope=scope, days=9, by=person, now=timezone.now())
        self.client = Client(headers={"authorization": f"Bearer {self.text}"})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """`if_match="…"` and the like are headers; a body that is text is sent as it is."""
        sent = body if isinstance(body, str | bytes) else "" if body is None else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"/api/v1{path}", sent, content_type="application/json", headers=named)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PUT", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, **headers)
