"""The API as a whole: which app serves what, what it answers when something is wrong, and its published description."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from metrics.api import router as metrics
from portal.accounts.api import router as accounts
from portal.accounts.api_access import guarded
from portal.common.http import page
from portal.common.problems import answer_to
from portal.desk.api import router as desk
from portal.reference import sections_of
from projects.api import routers as projects
from retros.api import routers as retros
from risks.api import routers as risks

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja.operation import Operation

    from portal.accounts.http import PortalRequest

ROOT: Final = "api/v1/"
VERSION: Final = "1.0"
_ABOUT: Final = """What a person can do in the portal, a program can do in his name, by the same rules.

Send `Authorization: Bearer <token>`; tokens are made in the settings. Amounts are decimal strings, days and times ISO 8601.
Whatever cannot be done is answered in one shape (`ProblemShown`), whose `code` does not change."""
_SECURITY: Final = {
    "security": [{"token": []}, {"session": []}],
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": "foresight-session"},
        }
    },
}


class PortalAPI(NinjaAPI):
    """An operation is called by the name of its function, wherever that is written."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = PortalAPI(
    title="Foresight", version=VERSION, description=_ABOUT, docs_url=None, openapi_url=None, urls_namespace="api"
)
for router in (accounts, desk, *projects, metrics, *risks, *retros):
    api.add_router("", router)


def refused(_request: HttpRequest, error: Any) -> HttpResponse:
    """What an error is answered with; what nobody expected goes on to the page of the server's own errors."""
    answer = answer_to(error)
    if answer is None:
        raise error
    return answer


for kind in (Exception, Http404):  # ninja has an answer of its own to the latter
    api.add_exception_handler(kind, refused)


@lru_cache
def _described() -> dict[str, Any]:
    """The description, with its words still to be put into a language."""
    schema: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ROOT))
    schema["security"] = _SECURITY["security"]
    schema["components"] = {**schema["components"], **_SECURITY["components"]}  # type: ignore[dict-item] # both nested
    return schema


@require_safe
def description(_request: HttpRequest) -> HttpResponse:
    """OpenAPI, in English whoever asks."""
    with translation.override("en"):
        return JsonResponse(_described(), encoder=DjangoJSONEncoder)


@require_safe
def reference(request: PortalRequest) -> HttpResponse:
    """The same, for people to read."""
    limits = {"reads": settings.API_READS_A_MINUTE, "writes": settings.API_WRITES_A_MINUTE}
    return page(request, "api/reference.html", {"sections": sections_of(_described()), "limits": limits})


def addresses() -> list[URLPattern]:
    """Every address of the API, each behind its door."""
    served = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    for each in served:
        each.callback = guarded(each.callback)
    return [
        *served,
        path("openapi.json", guarded(description), name="description"),
        path("docs", reference, name="docs"),
    ]
