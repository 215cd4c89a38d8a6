"""A mail server on loopback that keeps what it is given, slowly enough that a worker can be killed in the middle."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)


@dataclass
class Kept:
    """Recipient and Message-ID of each mail, in the order of arrival."""

    mails: list[tuple[str, str]] = field(default_factory=list)
    pause: float = 0.02


class Conversation(socketserver.StreamRequestHandler):
    """Just enough SMTP for Django's client."""

    server: MailSink

    def handle(self) -> None:
        self.say("220 sink")
        recipient = ""
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                recipient = line.split(b"<")[1].split(b">")[0].decode()
                self.say("250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                self.keep(recipient)
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def keep(self, recipient: str) -> None:
        body = b""
        for line in self.rfile:
            if line == b".\r\n":
                break
            body += line
        found = MESSAGE_ID.search(body)
        time.sleep(self.server.kept.pause)
        self.server.kept.mails.append((recipient, found[1].decode() if found else ""))
        self.say("250 kept")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class MailSink(socketserver.ThreadingTCPServer):
    """Use it as a context; `port` says where it listens."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.kept = Kept()
        self.port: int = self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed in the middle is what the test is about."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
