"""Where the server may listen: a free port, and never beyond this machine by accident."""

import socket
from typing import Final

from portal.env import is_loopback

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
