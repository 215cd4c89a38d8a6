"""`python -m tests.bench`: how fast the pages are, beside bare ones, on both databases, in a small and a large company."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench import table
from tools import postgres

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 100_000)
TIMES = 60
QUICK_SIZE, QUICK_TIMES = 300, 15


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SIZE} projects, few requests: a minute or two")
    parser.add_argument("--size", type=int, action="append", help=f"projects (default: {SIZES})")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append", help="default: both")
    parser.add_argument("--times", type=int, help=f"requests a page (default: {TIMES})")
    parser.add_argument("--port", type=int, default=8129)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    chosen = parser.parse_args()
    sizes = chosen.size or ([QUICK_SIZE] if chosen.quick else SIZES)
    times = chosen.times or (QUICK_TIMES if chosen.quick else TIMES)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="foresight-bench-") as folder:
        wanted = [(database, size) for database in chosen.database or ["postgresql", "sqlite"] for size in sizes]
        results = [run(database, size, times, chosen.port, Path(folder)) for database, size in wanted]
    words = " ".join(["make bench", *(f'ARGS="{" ".join(sys.argv[1:])}"' for _ in sys.argv[1:2])])
    text = table.written(results, words, minutes=(time.monotonic() - began) / 60)
    print(text)
    if chosen.write:
        table.put(ROOT / "docs" / "performance.md", text)


def run(database: str, size: int, times: int, port: int, folder: Path) -> dict[str, Any]:
    """One size on one database, in a process of its own, because Django knows one database."""
    print(f"── {database}, {size:,} projects ──", flush=True)
    if database == "sqlite":
        return measure(f"sqlite:///{folder}/{size}.sqlite3", size, times, port, folder)
    with postgres.server() as url, own_database(url, f"bench_{size}") as own:
        return measure(own, size, times, port, folder)


class own_database:  # noqa: N801 -- read as a word of the `with` it stands in
    """A database that goes when it has been measured."""

    def __init__(self, url: str, name: str) -> None:
        self.url, self.name = url, name

    def __enter__(self) -> str:
        self.do(f'DROP DATABASE IF EXISTS "{self.name}"', f'CREATE DATABASE "{self.name}"')
        return urlsplit(self.url)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        self.do(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def do(self, *statements: str) -> None:
        import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def measure(url: str, size: int, times: int, port: int, folder: Path) -> dict[str, Any]:
    out = folder / "found.json"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": str(folder),
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LOG_LEVEL": "ERROR",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "CELERY_BROKER_URL": "memory://",
    }
    arguments = [str(size), str(times), str(port), str(folder), str(out)]
    subprocess.run([sys.executable, "-m", "tests.bench.one", *arguments], env=environment, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(out.read_text())
    return found


if __name__ == "__main__":
    main()
