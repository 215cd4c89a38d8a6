"""For administrators, whether everything runs; for a monitoring system, the same as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from portal.accounts.permissions import ADMINS_MAY, require
from portal.celery import app
from portal.common.http import page
from portal.desk import health_words
from portal.desk.health import facts
from portal.desk.health_metrics import exposition

if TYPE_CHECKING:
    from django.http import HttpRequest

    from portal.accounts.http import PortalRequest


@require_safe
def health(request: PortalRequest) -> HttpResponse:
    require(request.user.is_admin, ADMINS_MAY)
    lines = health_words.lines(facts(timezone.now()), broker_answers=broker_answers())
    return page(
        request, "desk/health.html", {"lines": lines, "heading": health_words.heading(lines), "place": "policy"}
    )


def broker_answers(url: str | None = None) -> bool:
    """Whether messages can be handed over now; waits a second at most."""
    try:
        with app.connection_for_write(url) as connection:
            connection.ensure_connection(max_retries=0, timeout=settings.CELERY_BROKER_CONNECTION_TIMEOUT)
    except (OperationalError, OSError):
        return False
    return True


@never_cache
@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format, for whoever brings the token; without METRICS_TOKEN there is no such page."""
    wanted = settings.METRICS_TOKEN
    if not wanted or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {wanted}"):
        raise Http404
    body = exposition(facts(timezone.now()))
    return HttpResponse(body, content_type="text/plain; version=0.0.4; charset=utf-8")
