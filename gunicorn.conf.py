"""How gunicorn serves the portal. `gunicorn portal.wsgi` reads it by itself; its command line overrules it."""

import os
import sys
from typing import Any

import django
from django.conf import settings
from gunicorn.arbiter import Arbiter
from gunicorn.http import wsgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()  # a wrong setting stops the server here, once, with its one line

from portal.serving import ServingError, check_bind, check_database, demo_is_loaded  # noqa: E402 -- needs the settings

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(os.cpu_count() or 1, 8))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
limit_request_line = 4094
limit_request_fields = 50
limit_request_field_size = 8190
control_socket_disable = True
logconfig_dict: dict[str, Any] = settings.LOGGING


class SilentResponse(wsgi.Response):
    """An answer that does not name its server."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


wsgi.Response = SilentResponse


def on_starting(server: Arbiter) -> None:
    """Refuse to start on an address that others can reach, unless that is safe."""
    hosts = [address[0] for address in server.cfg.address if isinstance(address, tuple)]
    try:
        check_database()
        for host in hosts:
            check_bind(host, tls=settings.TLS, plain_http_allowed=settings.ALLOW_PLAIN_HTTP, demo=demo_is_loaded())
    except ServingError as error:
        sys.exit(str(error))
