"""How a view answers: where it leads after a deed, how a deed's refusal lands on its form, page or fragment."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from portal.common.errors import (
    GateError,
    InvalidInputError,
    KeyReuseError,
    PortalError,
    Reason,
    StaleObjectError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse

    from portal.common.forms import PortalForm, SavedBy


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page; a page restored from history is asked for whole."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx and not htmx.history_restore_request)


def leave_to(request: HttpRequest, to: Model | str) -> HttpResponse:
    """Lead to another page: htmx would follow a 302 itself and swap the whole page into the form."""
    url = resolve_url(to)
    return HttpResponseClientRedirect(url) if is_htmx(request) else redirect(url)


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int | None = None,
    fragment: str = "",
) -> HttpResponse:
    """The page, or where htmx asks and the view has one, the fragment of it."""
    chosen = fragment if fragment and is_htmx(request) else template
    return render(request, chosen, dict(context or {}), status=status)


def attempt(form: PortalForm, deed: Callable[[], object], *, saved_by: SavedBy | None = None) -> HTTPStatus | None:
    """Run the deed of a form if the form is valid. None when it is done; else the status to answer with, and the form
    says why: beside its fields (422), as a conflict to resolve, a list of missing conditions or in words (409).

    `deed` takes nothing: write `lambda: actions.rename(project, **form.cleaned_data, by=request.user, now=now)`.
    """
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        deed()
    except InvalidInputError as error:
        for field, words in error.errors.items():
            form.add_error(field if field in form.fields else None, words)
        return HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleObjectError as error:
        form.meet(error.obj, saved_by)
        form.add_error(None, error.message)
    except GateError as error:
        form.reasons = error.reasons
        form.add_error(None, error.message)
    except KeyReuseError as error:
        form.reasons = (Reason("already_sent", _("See what it made"), error.location),)
        form.add_error(None, error.message)
    except PortalError as error:
        form.add_error(None, error.message)
    else:
        return None
    return HTTPStatus.CONFLICT
