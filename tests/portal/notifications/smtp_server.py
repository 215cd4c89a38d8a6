"""A mail server that behaves as badly as it is told to; it speaks just enough SMTP for smtplib."""

import socketserver
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from email.message import Message

#: Asked with the recipient; an answer other than None is given in place of "250".
Judge = Callable[[str], str | None]


class _Conversation(socketserver.StreamRequestHandler):
    server: "MailServer"

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        with suppress(ConnectionError, ValueError):
            self.talk()

    def talk(self) -> None:
        self.server.connections += 1
        if self.server.is_silent:
            self.server.stopped.wait()
            return
        self.say(self.server.greeting)
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].rpartition(">")[0]
                judged = self.server.judge(recipient)
                if judged == "hang":
                    self.server.stopped.wait()
                    return
                if judged == "drop":
                    return
                self.say(judged or "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                self.take(recipient)
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, recipient: str) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        with self.server.lock:
            self.server.taken.append((recipient, message_from_bytes(b"".join(lines))))


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it takes in `taken`; `judge`, `greeting` and `is_silent` say how it treats its clients."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        self.taken: list[tuple[str, Message]] = []
        self.judge: Judge = lambda _recipient: None
        self.greeting = "220 ready"
        self.is_silent = False
        self.connections = 0
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        super().__init__(("127.0.0.1", 0), _Conversation)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _message in self.taken]


@contextmanager
def running() -> Any:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            server.shutdown()
            thread.join()
