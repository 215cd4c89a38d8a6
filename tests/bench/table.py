"""The figures as tables in Markdown, and their place in the documentation."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HEAD = (
    "| page | p50 ms | p95 ms | floor p50 ms | × floor | CPU ms | floor CPU ms | × floor | queries | SQL ms | KB |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def written(results: list[dict[str, Any]], command: str, *, minutes: float) -> str:
    day = datetime.now(UTC).date()
    first = f"`{command}` on {machine()}, {day}; it took {minutes:.0f} minutes."
    return "\n\n".join([first, *map(section, results)])


def section(result: dict[str, Any]) -> str:
    rows = "\n".join(
        f"| {page['name']} | {page['p50']:.1f} | {page['p95']:.1f} | {page['floor']:.1f} | {page['ratio']:.2f}"
        f" | {page['cpu']:.1f} | {page['floor_cpu']:.1f} | {page['cpu_ratio']:.2f}"
        f" | {page['queries']} | {page['sql']:.1f} | {page['kb']:.0f} |"
        for page in result["pages"]
    )
    return (
        f"### {result['database']}, {result['projects']:,} projects, {result['risks']:,} risks\n\n{HEAD}\n{rows}\n\n"
        f"Memory of the server (PSS) {result['memory']:.0f} MB. Matrix of all risks {result['matrix']:.0f} ms. "
        f"A case of 12 uncertain inputs, 4,096 draws: {result['case']:.0f} ms of a processor. "
        f"{swept(result['sweep'])}{filled(result['seeded'])}"
    )


def swept(sweep: dict[str, Any] | None) -> str:
    if sweep is None:
        return ""
    return f"Sweep: {sweep['due']:,} due of {sweep['owed']:,} owed in {sweep['seconds']:.1f} s. "


def filled(seconds: float | None) -> str:
    return "" if seconds is None else f"Filled in {seconds:.0f} s."


def machine() -> str:
    models = [line.partition(":")[2].strip() for line in cpu_lines() if line.startswith("model name")]
    cores = os.cpu_count()
    return f"{models[0] if models else platform.machine()} ({cores} cores), Python {platform.python_version()}"


def cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def put(path: Path, text: str) -> None:
    """Into the place that the document keeps for it."""
    before, _begin, rest = path.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
