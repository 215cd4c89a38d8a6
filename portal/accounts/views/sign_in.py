from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import sessions, setup
from portal.accounts.forms.own import SignInForm
from portal.accounts.http import safe_next
from portal.accounts.models import User
from portal.common.http import leave_to, page

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

log = structlog.get_logger(__name__)

#: A demo person has no password to look at, so this backend, which looks at one, only names him in the session.
BACKEND = "portal.accounts.backends.PersonBackend"


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    if setup.is_open():
        return redirect("accounts:setup")
    form = SignInForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            person = authenticate(request, **form.cleaned_data)
            if isinstance(person, User):
                _let_in(request, person)
                return leave_to(request, safe_next(request))
            log.info("sign-in refused")
            form.refuse()
    context = {
        "form": form,
        "next": safe_next(request),
        "people": _demo_people().select_related("department").prefetch_related("groups"),
    }
    return page(request, "accounts/sign_in.html", context, status=status)


@login_not_required
@require_POST
def sign_in_as(request: HttpRequest, pk: int) -> HttpResponse:
    person = _demo_people().filter(pk=pk).first()
    if person is None:
        raise Http404
    _let_in(request, person)
    return leave_to(request, safe_next(request))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = leave_to(request, "accounts:sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _let_in(request: HttpRequest, person: User) -> None:
    login(request, person, backend=BACKEND)
    sessions.begin(request, timezone.now())
    log.info("signed in", person=person.pk)


def _demo_people() -> QuerySet[User]:
    """Whoever may be signed in as by one click: people of the demo, which never leaves this machine."""
    return User.objects.active().filter(is_demo=True).order_by("pk")
