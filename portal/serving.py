"""Where the server may listen: a free port, and never beyond this machine by accident."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, connection
from django.urls import reverse

from portal import database
from portal.accounts import setup
from portal.accounts.models import User
from portal.common.schema import misfit
from portal.env import is_loopback
from portal.policy.models import PolicyValue

if TYPE_CHECKING:
    from django.db.models import QuerySet

PORTS_TRIED: Final = 50


class ServingError(Exception):
    """The server must not or cannot listen there; the words say why and what to do."""


def check_bind(host: str, *, tls: bool, plain_http_allowed: bool, demo: bool) -> None:
    """Refuse an address that others can reach, while the demo is loaded or passwords would cross the wire in the clear."""
    if is_loopback(host):
        return
    if demo:
        raise ServingError(
            f"The demo is loaded, and anybody may sign in as one of its people: it does not listen on {host}. "
            "Use an empty database: set DATABASE_URL or VAR_DIR, and DEMO=0."
        )
    if not tls and not plain_http_allowed:
        raise ServingError(
            f"Listening on {host} without TLS would send passwords in the clear. "
            "Set BASE_URL=https://… behind a proxy with TLS (or, knowing what you do, ALLOW_PLAIN_HTTP=true)."
        )


def check_database() -> None:
    """Refuse to serve from a SQLite file that is not there, and from tables of another age than this code."""
    if words := database.missing() or misfit():
        raise ServingError(words)


def is_free(host: str, port: int) -> bool:
    """Say whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def free_port(host: str, wanted: int) -> int:
    """Return the wanted port, or the next one that is free."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        if is_free(host, port):
            return port
    raise ServingError(
        f"No free port from {wanted} to {wanted + PORTS_TRIED - 1} on {host}. Name another: make run PORT=9000"
    )


def address(host: str, port: int) -> str:
    """Return the address to type into a browser."""
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{port}"


def demo_is_loaded() -> bool:
    """Say whether people of the demo live in the database, who need no password to sign in."""
    try:
        return _demo_users().exists() or PolicyValue.objects.filter(key="installation.demo", value=True).exists()
    except DatabaseError as error:
        raise ServingError(
            f"The tables of the database are not there yet ({str(error).strip().splitlines()[0]}). Mend it: python manage.py migrate"
        ) from error
    finally:
        connection.close()  # gunicorn forks after asking, and a connection must not be shared


def welcome(url: str) -> list[str]:
    """Return what a person at the console needs to come in: the people of the demo, or the code that makes the first one."""
    try:
        if setup.is_open():
            return [
                f"Nobody is here yet. Open {url}{reverse('accounts:setup')} and type this code once: {setup.code()}"
            ]
        people = list(_demo_users().prefetch_related("groups"))
    finally:
        connection.close()
    lines = [f"  {user.name:<16} {', '.join(sorted(str(role.label) for role in user.roles))}" for user in people]
    return ["Sign in with one click as", *lines] if lines else []


def _demo_users() -> QuerySet[User]:
    return User.objects.filter(is_demo=True, is_active=True).order_by("pk")
