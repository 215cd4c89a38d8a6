"""Every address of the portal. Apps write whole paths, so that an address is found where it is served."""

from django.conf import settings
from django.urls import include, path, register_converter

from portal import api
from portal.common import views as common
from projects.converters import CodeConverter

register_converter(CodeConverter, "code")

urlpatterns = [
    path("", include("portal.accounts.urls")),
    path("", include("portal.links.urls")),
    path("", include("portal.desk.urls")),
    path("", include("portal.privacy.urls")),
    path("", include("projects.urls")),
    path("", include("risks.urls")),
    path("", include("retros.urls")),
    path("", include("metrics.urls")),
    path(api.ROOT, include((api.addresses(), "api"))),
    path("health/live", common.live, name="live"),
    path("health/ready", common.ready, name="ready"),
    path("robots.txt", common.robots, name="robots"),
]
if settings.DEBUG:
    urlpatterns += [path("styleguide/", common.styleguide, name="styleguide")]

handler400 = "portal.common.views.bad_request"
handler403 = "portal.common.views.forbidden"
handler404 = "portal.common.views.not_found"
handler500 = "portal.common.views.server_error"
