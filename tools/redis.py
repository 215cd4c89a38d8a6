"""A real Redis for the proof: a throw-away server on loopback that keeps nothing."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final, Self

from tools import debian

BY_HAND: Final = "apt-get update && apt-get install -y redis-server"


def missing() -> list[str]:
    return [] if shutil.which("redis-server") else ["redis-server"]


def install() -> None:
    debian.install(missing(), "for the proof with a real queue")


class Server:
    """May be stopped and started again on the same port; as a context it ends with the block."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"redis://127.0.0.1:{port}/0"
        self.folder = Path(tempfile.mkdtemp(prefix="redis-"))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it accepts connections."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
