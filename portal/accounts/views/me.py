from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.actions.person import PREFERENCES, change_preferences
from portal.accounts.enums import Theme
from portal.accounts.forms.own import LookForm, PreferencesForm
from portal.accounts.http import safe_next
from portal.accounts.models import Delegation
from portal.accounts.sessions import sign_ins_of
from portal.common.http import attempt, leave_to, page
from portal.common.navigation import stops
from portal.common.theme import WISH_COOKIE

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from portal.accounts.http import PortalRequest

A_YEAR = 365 * 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: PortalRequest) -> HttpResponse:
    person, now = request.user, timezone.now()
    initial = {name: getattr(person, name) for name in PREFERENCES}
    form = PreferencesForm(request.POST or None, person=person, initial=initial)
    status: HTTPStatus | None = HTTPStatus.OK
    if request.method == "POST":
        status = attempt(form, lambda: change_preferences(person, by=person, now=now, **form.cleaned_data))
        if status is None:
            with translation.override(form.cleaned_data["language"]):
                messages.success(request, _("Saved."))
            return _remembering(leave_to(request, "accounts:settings"), form.cleaned_data)
    context = {
        "form": form,
        "sign_ins": sign_ins_of(person, request.session, now),
        "person": person,
        "delegations": list(Delegation.objects.of(person, now)),
        "may_delegate": True,
    }
    return page(request, "accounts/settings.html", context, status=status)


@require_POST
def session_end(request: PortalRequest) -> HttpResponse:
    own = sign_ins_of(request.user, request.session, timezone.now())
    handle = request.POST.get("handle", "")
    ended = [one.key for one in own if not one.is_this and handle in {one.handle, "others"}]
    if not ended:
        raise Http404
    Session.objects.filter(session_key__in=ended).delete()
    messages.success(request, _("Signed out there."))
    return leave_to(request, "accounts:settings")


@require_safe
def more(request: PortalRequest) -> HttpResponse:
    return page(request, "accounts/more.html", {"places": stops(request.user, request.path), "themes": Theme.choices})


@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    form = LookForm(request.POST)
    wishes = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    if wishes and request.user.is_authenticated:
        change_preferences(request.user, by=request.user, now=timezone.now(), **wishes)
    return _remembering(leave_to(request, safe_next(request)), wishes)


def _remembering(response: HttpResponse, wishes: dict[str, object]) -> HttpResponse:
    """Let the pages that know nobody, such as this one's failure, look alike."""
    for cookie, wish in ((settings.LANGUAGE_COOKIE_NAME, "language"), (WISH_COOKIE, "theme")):
        if wish in wishes:
            response.set_cookie(
                cookie, str(wishes[wish]), max_age=A_YEAR, secure=settings.TLS, httponly=True, samesite="Lax"
            )
    return response
