"""One reading of the policy for each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.policy.store import read_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class PolicyMiddleware:
    """Whatever a request asks of the policy costs one query, and all answers are of the same moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with read_once():
            return self.get_response(request)
