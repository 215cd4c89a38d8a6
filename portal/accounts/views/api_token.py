"""One's own tokens for programs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.actions.api_token import make_token, revoke_token
from portal.accounts.forms.api_token import TokenForm
from portal.accounts.models import ApiToken
from portal.common.http import attempt, leave_to, page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest


@require_safe
def tokens(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    own = list(ApiToken.objects.kept().filter(person=request.user))
    good = sum(not token.is_over(now) for token in own)
    return page(request, "accounts/tokens.html", {"tokens": own, "now": now, "good": good})


@sensitive_variables("text")
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: PortalRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if request.method != "POST":
        return page(request, "accounts/token_new.html", {"form": form})
    made: list[tuple[ApiToken, str]] = []
    status = attempt(form, lambda: made.append(make_token(**form.cleaned_data, by=request.user, now=timezone.now())))
    if status is not None:
        return page(request, "accounts/token_new.html", {"form": form}, status=status)
    (token, text), *_rest = made
    # Answered in place and kept nowhere: whoever goes back or on has seen it once.
    return page(request, "accounts/token_made.html", {"token": token, "text": text}, status=HTTPStatus.CREATED)


@require_POST
def token_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.kept().filter(person=request.user), pk=pk)
    revoke_token(token, by=request.user, now=timezone.now())
    messages.success(request, _("Revoked: nothing comes in with it any more."))
    return leave_to(request, "accounts:tokens")
