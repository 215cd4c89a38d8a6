"""What gunicorn serves while it is measured: the portal, and beside it the floor."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from portal.wsgi import application as portal
from tests.bench.floor import Floor

FLOOR = "/floor/"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    if environ["PATH_INFO"].startswith(FLOOR):
        return Floor.load(Path(os.environ["BENCH_FLOOR"])).serve(environ, start_response)
    return portal(environ, start_response)
