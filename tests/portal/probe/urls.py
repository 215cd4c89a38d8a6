"""A small portal for the tests of the frame: its own pages, and views that do each thing a view can do."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse, HttpResponseGone
from django.urls import include, path
from django.views.decorators.http import require_POST

from portal.accounts.actions.person import change_preferences
from portal.accounts.http import post_once
from portal.accounts.models import Site
from portal.common import views as common
from portal.common.errors import GateError, IllegalStateError, Reason, StaleObjectError
from portal.common.forms import PortalForm
from portal.common.http import leave_to, page


class NoteForm(PortalForm):
    name = forms.CharField(max_length=80)
    text = forms.CharField(widget=forms.Textarea)


def desk(request):
    return page(request, "probe/page.html", {"heading": "Desk"})


def notes(request):
    """Writes a site per note, because a site needs nothing else."""
    form = NoteForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST":

        def write():
            site = Site.objects.create(name=form.cleaned_data["name"], country="CN")
            if site.name == "illegal":
                raise IllegalStateError("Not now.")
            messages.success(request, "Noted.")
            return f"/notes/?made={site.pk}"

        answer = post_once(request, form, write)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    return page(request, "probe/notes.html", {"form": form}, status=status, fragment="probe/_notes.html")


def raise_(error):
    def view(_request):
        raise error() if isinstance(error, type) else error

    return view


def stale(request):
    raise StaleObjectError(request.user)


def moved(request):
    change_preferences(request.user, by=request.user, now=request.user.created_at, language="en")
    return leave_to(request, "desk")


REASONS = (
    Reason("answers", "Two risks have no answer", "/risks/"),
    Reason("target", "The metric has no target", "/metrics/"),
)

urlpatterns = [
    path("", include("portal.accounts.urls")),
    path("", include("portal.privacy.urls")),
    path("", desk, name="desk"),
    path("notes/", notes, name="notes"),
    path("moved/", moved),
    path("health/live", common.live, name="live"),
    path("health/ready", common.ready, name="ready"),
    path("robots.txt", common.robots, name="robots"),
    path("styleguide/", common.styleguide, name="styleguide"),
    path("probe/400/", raise_(BadRequest)),
    path("probe/403/", raise_(PermissionDenied("Only the owner can start delivery. The owner is Lin Yue."))),
    path("probe/404/", raise_(Http404)),
    path("probe/405/", require_POST(desk)),
    path("probe/409/", raise_(IllegalStateError("It is closed already."))),
    path("probe/gate/", raise_(GateError(REASONS))),
    path("probe/stale/", stale),
    path("probe/410/", lambda _request: HttpResponseGone()),
    path("probe/500/", raise_(RuntimeError("SELECT secret FROM settings"))),
    path("probe/503/", raise_(OperationalError("connection refused"))),
    path("probe/text/", lambda _request: HttpResponse("plain", content_type="text/plain; charset=utf-8")),
]
handler400 = "portal.common.views.bad_request"
handler403 = "portal.common.views.forbidden"
handler404 = "portal.common.views.not_found"
handler500 = "portal.common.views.server_error"
