"""Two hundred who send their requests byte by byte, to the portal behind nginx with the configuration that is shipped."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.processes.running import free_port, is_machine_free, served
from tools import proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.processes.running import Variables

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
SLOW = 200
#: Neither ends: of the one the head, of the other the body.
UNFINISHED = (
    b"GET /login/ HTTP/1.1\r\nHost: localhost\r\nX-More: ",
    b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\nemail=",
)

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.one_database, pytest.mark.timeout(180)]


@pytest.fixture(autouse=True)
def _nginx() -> None:
    if missing := proxy.missing():
        words = f"{' and '.join(missing)} not found: {proxy.BY_HAND}"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)


def configuration(folder: Path, port: int, own: int) -> str:
    """The shipped file, with the places of this test."""
    text = SHIPPED.read_text()
    places = {
        "server unix:/run/foresight/web.sock": f"server 127.0.0.1:{port}",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ": f"listen 127.0.0.1:{own} ",
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "server_name foresight.example.com": "server_name localhost",
        "/etc/ssl/foresight": str(folder),
        "/var/log/nginx": str(folder),
    }
    for shipped, here in places.items():
        assert shipped in text
        text = text.replace(shipped, here)
    head = (
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{ worker_connections 1024; }}\n"
    )
    if os.geteuid() == 0:
        head = "user root;\n" + head  # whom the folder belongs to
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return head + "http {\n" + "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds) + text + "}\n"


@contextmanager
def behind_nginx(folder: Path, port: int) -> Iterator[int]:
    own = free_port()
    (folder / "nginx.conf").write_text(configuration(folder, port, own))
    names = ["-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*certificate, *names], check=True, capture_output=True)
    command = ["nginx", "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(command)
    try:
        end = time.monotonic() + 30
        while True:
            try:
                connected(own, folder).close()
                break
            except OSError:
                assert time.monotonic() < end, (folder / "error.log").read_text()
                time.sleep(0.1)
        yield own
    finally:
        process.terminate()
        process.wait(20)


def connected(port: int, folder: Path) -> ssl.SSLSocket:
    trust = ssl.create_default_context(cafile=folder / "fullchain.pem")
    return trust.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname="localhost")


def answer(port: int, folder: Path) -> tuple[bytes, float]:
    """The first line of what is said, and after how many seconds."""
    began = time.monotonic()
    with connected(port, folder) as asking:
        asking.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        said = asking.recv(4096)
    return said.split(b"\r\n")[0], time.monotonic() - began


def test_two_hundred_who_send_byte_by_byte_keep_nobody_waiting(web_variables: Variables, tmp_path: Path) -> None:
    port = free_port()
    with served(web_variables, tmp_path, port), behind_nginx(tmp_path, port) as own, ExitStack() as open_ones:
        slow = [open_ones.enter_context(connected(own, tmp_path)) for _ in range(SLOW)]
        for number, one in enumerate(slow):
            one.sendall(UNFINISHED[number % 2])
        found = []
        for _time in range(10):
            for one in slow:
                with suppress(OSError):  # nginx cuts off whose head takes more than ten seconds
                    one.sendall(b"x")
            found.append(answer(own, tmp_path))
            time.sleep(0.2)

    assert {line for line, _seconds in found} == {b"HTTP/1.1 200 OK"}
    assert max(seconds for _line, seconds in found) < (1 if is_machine_free() else 10)
