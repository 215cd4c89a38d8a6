"""One size on one database: filled, measured, swept. Run by `tests.bench` in a process of its own."""

import json
import sys
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- after the set-up
from django.db import connection  # noqa: E402 -- as above
from django.utils import timezone  # noqa: E402 -- as above

from portal.notifications.actions import sweep  # noqa: E402 -- as above
from portal.notifications.models import Obligation  # noqa: E402 -- as above
from projects.models import Project  # noqa: E402 -- as above
from projects.simulation import Product, Uncertain, outlook  # noqa: E402 -- as above
from projects.uncertainty import Range, Scale  # noqa: E402 -- as above
from risks.models import Risk  # noqa: E402 -- as above
from risks.policy import APPETITE  # noqa: E402 -- as above
from risks.summaries import matrix_counts  # noqa: E402 -- as above
from tests.bench.measured import figures  # noqa: E402 -- as above

#: So many things are owed in a company that has a hundred thousand projects, and so many of them are due at once.
OWED, DUE = 1_000_000, 1_000
LARGE = 100_000
#: Of one benefit: what each time is worth, how often it happens, where it has an effect.
FACTORS = (
    ("unit", Range(Decimal(4), Decimal(6), Decimal(9))),
    ("reach", Range(Decimal(800), Decimal(1000), Decimal(1300))),
    ("probability", Range(Decimal("0.2"), Decimal("0.4"), Decimal("0.5"), Scale.SHARE)),
)


def say(words: str) -> None:
    print(f"  {words}", flush=True)


def main() -> None:
    size, times, port, is_kept = map(int, sys.argv[1:5])
    folder, out = map(Path, sys.argv[5:])
    began = time.monotonic()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    is_filled = Project.objects.exists()
    if not is_filled:
        call_command("seed_demo", scale=size)
    seeded = None if is_filled else time.monotonic() - began
    found, memory = figures(port, times, folder, say)
    result = {
        "database": f"{connection.vendor} {version()}",
        "projects": Project.objects.count(),
        "risks": Risk.objects.count(),
        "pages": [one.as_row() for one in found],
        "memory": memory,
        "matrix": matrix_ms(),
        "case": case_ms(),
        # What is owed is other than it was after a sweep.
        "sweep": None if is_kept else swept(OWED if size >= LARGE else 0, timezone.now()),
        "seeded": seeded,
    }
    out.write_text(json.dumps(result))


def version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return str(cursor.fetchone()[0]).split()[0]


def matrix_ms() -> float:
    """The matrix over the whole portfolio."""
    spent = []
    for _time in range(3):
        began = time.perf_counter()
        matrix_counts(Risk.objects.open().of_running_projects(), APPETITE.default)
        spent.append(1000 * (time.perf_counter() - began))
    return min(spent)


def case_ms() -> float:
    """The outlook of a case with twelve figures that are not known exactly, over 24 months, each time a new one."""
    spent = []
    for turn in range(5):
        products = tuple(
            Product(tuple(Uncertain(f"{turn}-{number}-{part}", one) for part, one in FACTORS), Decimal(24))
            for number in range(4)
        )
        began = time.process_time()
        outlook(products)
        spent.append(1000 * (time.process_time() - began))
    return sorted(spent)[len(spent) // 2]


def swept(owed: int, now: datetime) -> dict[str, float]:
    """A sweep over everything that is owed, of which a thousand things are due."""
    rows = Obligation.objects.open()
    later = now.replace(year=now.year + 1)
    due = list(rows.filter(next_rung_at__isnull=False).order_by("pk").values_list("pk", flat=True)[:DUE])
    rows.update(next_rung_at=later)
    pattern = rows.order_by("-pk").first()
    missing = max(owed - rows.count(), 0)
    assert pattern is not None
    for first in range(0, missing, 50_000):
        Obligation.objects.bulk_create(
            [
                Obligation(
                    kind="follow_up",
                    object_id=-number - 1,
                    project_id=None,
                    person_id=pattern.person_id,
                    opened_at=now,
                    due_at=later,
                    next_rung_at=later,
                    ladder=pattern.ladder,
                )
                for number in range(first, min(first + 50_000, missing))
            ],
            batch_size=5_000,
        )
    rows.filter(pk__in=due).update(next_rung_at=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    began = time.perf_counter()
    counts = sweep(now=now, limit=DUE)
    return {"owed": rows.count(), "due": sum(counts.values()), "seconds": time.perf_counter() - began}


main()
