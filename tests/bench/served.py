"""What gunicorn serves while it is measured: the portal, and beside it the floor. Each answer says what it took."""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from portal.wsgi import application as portal
from tests.bench.floor import Floor

FLOOR = "/floor/"
#: Milliseconds of a processor that this process spent on the answer; a busy machine does not lengthen them.
SPENT = "X-Spent"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    began = time.thread_time()
    head: list[Any] = []
    serve: Any = floor().serve if environ["PATH_INFO"].startswith(FLOOR) else portal
    body: Iterable[bytes] = serve(environ, lambda status, headers, *_error: head.extend([status, headers]))
    spent = 1000 * (time.thread_time() - began)
    start_response(head[0], [*head[1], (SPENT, f"{spent:.3f}")])
    return body


def floor() -> Floor:
    return Floor.load(Path(os.environ["BENCH_FLOOR"]))
