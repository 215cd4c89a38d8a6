from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts.actions.password import set_password
from portal.accounts.forms.own import ChangePasswordForm, NewPasswordForm, ResetForm
from portal.accounts.models import User
from portal.accounts.tasks import queue_password_link
from portal.common.http import attempt, leave_to, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from portal.accounts.http import PortalRequest

#: The token moves from the address into the session, or the address would carry it to wherever a link on the page leads.
IN_SESSION: Final = "password_reset_token"
NO_TOKEN: Final = "set-password"  # noqa: S105 -- a word in an address


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: PortalRequest) -> HttpResponse:
    person = request.user
    form = ChangePasswordForm(request.POST or None, person=person)
    status: HTTPStatus | None = HTTPStatus.OK
    if request.method == "POST":
        if (
            form.is_valid()
            and authenticate(request, email=person.email, password=form.cleaned_data["old_password"]) is None
        ):
            # The same door as signing in: wrong passwords count, and too many lock it.
            form.add_error("old_password", _("This is not the password you use now."))
        status = attempt(form, lambda: _set(request, person, form.cleaned_data["new_password"]))
        if status is None:
            messages.success(request, _("Your password is changed; you are signed out everywhere else."))
            return leave_to(request, "accounts:settings")
    return page(request, "accounts/password_change.html", {"form": form}, status=status)


def _set(request: HttpRequest, person: User, password: str) -> None:
    set_password(person, password, by=person, now=timezone.now(), keep=request.session.session_key)
    update_session_auth_hash(request, person)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = User.objects.active().filter(email=form.cleaned_data["email"]).first()
        if person is not None:
            queue_password_link(person.pk)
        return page(request, "accounts/password_reset_sent.html")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, "accounts/password_reset.html", {"form": form}, status=status)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset_confirm(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    person = _person_of(uid)
    if person is not None and token != NO_TOKEN and default_token_generator.check_token(person, token):
        request.session[IN_SESSION] = token
        return redirect("accounts:password_reset_confirm", uid, NO_TOKEN)
    kept = request.session.get(IN_SESSION, "")
    if person is None or token != NO_TOKEN or not default_token_generator.check_token(person, kept):
        return page(request, "accounts/password_reset_gone.html", status=HTTPStatus.GONE)
    form = NewPasswordForm(request.POST or None, person=person)
    status: HTTPStatus | None = HTTPStatus.OK
    if request.method == "POST":
        status = attempt(
            form, lambda: set_password(person, form.cleaned_data["new_password"], by=person, now=timezone.now())
        )
        if status is None:
            # It may be one of those that have just ended, and could not be saved.
            request.session.flush()
            messages.success(request, _("Your password is set. Sign in with it."))
            return redirect("accounts:sign_in")
    return page(request, "accounts/password_reset_confirm.html", {"form": form, "person": person}, status=status)


def _person_of(uid: str) -> User | None:
    try:
        return User.objects.active().filter(pk=int(urlsafe_base64_decode(uid))).first()
    except (ValueError, OverflowError, ValidationError):
        return None
