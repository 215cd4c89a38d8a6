"""All tests, on both databases: `python -m tools.run_tests all|fast`, and anything after it goes to pytest.

The last lines say for each database how many passed.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import browser, postgres

ROOT = Path(__file__).resolve().parent.parent
SUMMARY = re.compile(r"^=*\s*((?:\d+ (?:passed|failed|skipped|errors?|deselected|xfailed|warnings?)[, ]*)+)")
NOT_FAST = "not e2e and not race and not process"


def run_pytest(title: str, arguments: Sequence[str], variables: Mapping[str, str]) -> tuple[bool, str]:
    """Run the suite once. Returns whether it passed, and its summary line under the title."""
    print(f"\n=== {title} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", "-q", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True)
    summary = "no summary"
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if found := SUMMARY.match(line):
            summary = found[1].strip(" ,")
    passed = process.wait() == 0
    return passed, f"{title}: {summary}" + ("" if passed else " (FAILED)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scope", choices=["all", "fast"])
    options, arguments = parser.parse_known_args()
    if options.scope == "fast":
        passed, summary = run_pytest(
            "SQLite", ["-m", NOT_FAST, *arguments], {"DATABASE_URL": "", "HYPOTHESIS_PROFILE": "fast"}
        )
        print(f"\n{summary}")
        return 0 if passed else 1

    browser.install()
    if missing := browser.missing():
        print(f"- Missing for the browser tests: {', '.join(missing)}. Mend it: {browser.BY_HAND}", flush=True)
        if os.environ.get("CI"):
            return 1
    results = [run_pytest("SQLite", arguments, {"DATABASE_URL": ""})]
    with postgres.server() as url:
        results.append(run_pytest("PostgreSQL", arguments, {"DATABASE_URL": url}))
    print()
    for _passed, summary in results:
        print(summary)
    return 0 if all(passed for passed, _summary in results) else 1


if __name__ == "__main__":
    sys.exit(main())
