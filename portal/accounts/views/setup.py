from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts import setup
from portal.accounts.actions.password import create_first_admin
from portal.accounts.enums import Language
from portal.accounts.forms.own import FirstAdminForm
from portal.common.http import attempt, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_admin(request: HttpRequest) -> HttpResponse:
    if not setup.is_open():
        raise Http404
    form = FirstAdminForm(request.POST or None)
    status: HTTPStatus | None = HTTPStatus.OK
    if request.method == "POST":
        status = attempt(form, lambda: _create(form))
        if status is None:
            messages.success(request, _("You are the first here. Sign in with what you typed."))
            return redirect("accounts:sign_in")
    return page(request, "accounts/setup.html", {"form": form}, status=status)


def _create(form: FirstAdminForm) -> None:
    spoken = translation.get_language()
    create_first_admin(
        form.cleaned_data["email"],
        form.cleaned_data["name"],
        form.cleaned_data["new_password"],
        language=spoken if spoken in Language.values else Language.EN,
        now=timezone.now(),
    )
