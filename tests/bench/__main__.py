"""`python -m tests.bench`: how fast the pages are, beside bare ones, on both databases, in a small and a large company."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
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
    parser.add_argument(
        "--keep", type=Path, help="a folder where what is filled stays, so that it is measured again; without a sweep"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    chosen = parser.parse_args()
    sizes = chosen.size or ([QUICK_SIZE] if chosen.quick else SIZES)
    times = chosen.times or (QUICK_TIMES if chosen.quick else TIMES)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="foresight-bench-") as folder:
        bench = Bench(chosen.keep.resolve() if chosen.keep else Path(folder), times, chosen.port, bool(chosen.keep))
        bench.folder.mkdir(exist_ok=True)
        wanted = [(database, size) for database in chosen.database or ["postgresql", "sqlite"] for size in sizes]
        results = [bench.run(database, size) for database, size in wanted]
    words = " ".join(["make bench", *(f'ARGS="{" ".join(sys.argv[1:])}"' for _ in sys.argv[1:2])])
    text = table.written(results, words, minutes=(time.monotonic() - began) / 60)
    print(text)
    if chosen.write:
        table.put(ROOT / "docs" / "performance.md", text)


@dataclass(frozen=True)
class Bench:
    """Where it is filled, how often each page is asked and on which port; whether what is filled is kept."""

    folder: Path
    times: int
    port: int
    is_kept: bool

    def run(self, database: str, size: int) -> dict[str, Any]:
        """One size on one database, in a process of its own, because Django knows one database."""
        print(f"── {database}, {size:,} projects ──", flush=True)
        if database == "sqlite":
            return self.measure(f"sqlite:///{self.folder}/{size}.sqlite3", size)
        with postgres.server() as url, own_database(url, f"bench_{size}", is_kept=self.is_kept) as own:
            return self.measure(own, size)

    def measure(self, url: str, size: int) -> dict[str, Any]:
        out = self.folder / "found.json"
        (self.folder / "static").mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "VAR_DIR": str(self.folder),
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "LOG_LEVEL": "ERROR",
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "CELERY_BROKER_URL": "memory://",
        }
        numbers = [size, self.times, self.port, int(self.is_kept)]
        arguments = [*map(str, numbers), str(self.folder), str(out)]
        subprocess.run([sys.executable, "-m", "tests.bench.one", *arguments], env=environment, check=True, cwd=ROOT)
        found: dict[str, Any] = json.loads(out.read_text())
        return found


class own_database:  # noqa: N801 -- read as a word of the `with` it stands in
    """A database that goes when it has been measured, unless it is kept for the next time."""

    def __init__(self, url: str, name: str, *, is_kept: bool = False) -> None:
        self.url, self.name, self.is_kept = url, name, is_kept

    def __enter__(self) -> str:
        if not self.is_kept:
            self.do(f'DROP DATABASE IF EXISTS "{self.name}"')
        if not self.is_there():
            self.do(f'CREATE DATABASE "{self.name}"')
        return urlsplit(self.url)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *_: object) -> None:
        if not self.is_kept:
            self.do(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def is_there(self) -> bool:
        return self.do(f"SELECT FROM pg_database WHERE datname = '{self.name}'") > 0

    def do(self, statement: str) -> int:
        import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement).rowcount


if __name__ == "__main__":
    main()
