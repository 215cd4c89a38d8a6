"""Web server and worker side by side, until Ctrl-C."""

import os
import shlex
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from typing import Any, Final

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from honcho import manager as honcho_manager

from portal import env
from portal.serving import ServingError, address, check_bind, check_database, demo_is_loaded, free_port, welcome

START_LIMIT: Final = 60
STOP_LIMIT: Final = 20


class Command(BaseCommand):
    help = "Run gunicorn and one Celery worker with its beat. For one machine; a bigger installation starts them apart."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=env.number("PORT", 8000, minimum=1, maximum=65535))

    def handle(self, *args: Any, **options: Any) -> None:
        host, wanted = options["host"], options["port"]
        try:
            check_database()
            demo = demo_is_loaded()
            check_bind(host, tls=settings.TLS, plain_http_allowed=settings.ALLOW_PLAIN_HTTP, demo=demo)
            port = free_port(host, wanted)
        except ServingError as error:
            raise CommandError(str(error)) from error
        if port != wanted:
            self.stdout.write(f"- port {wanted} is taken: using {port}")
        threading.Thread(target=self.announce, args=(host, port), daemon=True).start()
        sys.exit(supervise(host, port))

    def announce(self, host: str, port: int) -> None:
        """Say where the portal is, as soon as it answers."""
        if not wait_until_open(host, port, seconds=START_LIMIT):
            return
        url = address(host, port)
        lines = ["", f"Foresight is up: {url}", *welcome(url)]
        self.stdout.write("\n".join([*lines, "Ctrl-C ends it.", ""]))
        self.stdout.flush()


def supervise(host: str, port: int) -> int:
    """Run both processes until one ends or a signal comes; then end the other. Returns the exit code."""
    variables = dict(os.environ)
    if env.raw("BASE_URL") is None:
        variables["BASE_URL"] = address("127.0.0.1", port)  # links in mails lead to the port really used
    web = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{host}:{port}"]
    worker = [sys.executable, "-m", "celery", "-A", "portal", "--quiet", "worker", "--beat", "--pool", "solo"]
    worker += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    honcho_manager.KILL_WAIT = STOP_LIMIT  # the worker looks up only every few seconds
    manager = honcho_manager.Manager()
    for name, command in (("web", web), ("worker", worker)):
        manager.add_process(name, f"exec {shlex.join(command)}", env=variables, cwd=str(settings.BASE_DIR))
    # A closed terminal must not leave the two running alone.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    stopped_by_a_signal = manager.returncode in {130, 143}
    return 0 if stopped_by_a_signal else int(manager.returncode or 0)


def wait_until_open(host: str, port: int, *, seconds: float) -> bool:
    """Say whether something accepts connections there in time."""
    reachable = "127.0.0.1" if host in {"0.0.0.0", ""} else host.strip("[]")  # noqa: S104 -- compared, not bound
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection((reachable, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
