"""Tests: `python -m tools.run_tests all|proof|fast`, and anything after it goes to pytest.

`all` and `proof` run on both databases, and their last lines say for each how many passed; `proof` is what takes long:
every form against every attack, races in many rounds, what is killed or fails in the middle, and the pages on the second
database. `fast` is the quick loop: all that
touches no database, and the tests beside what is changed since the last commit (beside the last commit itself, where
nothing is).
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from tools import browser, postgres, proxy, redis

ROOT = Path(__file__).resolve().parent.parent
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$")
SUMMARY = re.compile(r"^=*\s*((?:\d+ (?:passed|failed|skipped|errors?|deselected|xfailed|warnings?)[, ]*)+)")
#: Written even where the environment says otherwise: pytest rewrites each module, which costs 12 s when it is not kept.
BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}
#: What a race is given in the proof, where it has the time.
ROUNDS = "20"
NOT_FAST = "not e2e and not race and not process and not proof"
#: Folders so large that a change of one of their files must not mean all of them.
TOO_WIDE = frozenset({"tests", "tests/portal", "tests/projects", "tests/risks", "tests/retros", "tests/metrics"})


def changed(*against: str) -> list[str]:
    """The files that differ from a commit, as git names them."""
    listed = subprocess.run(["git", *against], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    return listed.stdout.split()


def beside(names: Iterable[str]) -> list[str]:
    """The tests that mirror these files: the module of the same name, or its folder; views for a template."""
    found = set()
    for name in names:
        path = Path(name)
        if path.parts[0] == "tests":
            found.add(name if path.name.startswith("test_") else str(path.parent))
        elif path.parts[0] == "templates":
            found |= {f"tests/{path.parts[1]}/views", f"tests/portal/{path.parts[1]}"}
        elif path.suffix == ".py" and "migrations" not in path.parts:
            found |= {f"tests/{path.parent}/test_{path.name}", f"tests/{path.parent}"}
    return sorted(name for name in found if (ROOT / name).exists() and name not in TOO_WIDE)


def near() -> list[str]:
    """The tests beside what is being worked on."""
    names = changed("diff", "--name-only", "HEAD") + changed("ls-files", "--others", "--exclude-standard")
    return beside(names or changed("diff", "--name-only", "HEAD~1"))


def run_pytest(title: str, arguments: Sequence[str], variables: Mapping[str, str]) -> tuple[bool, str]:
    """Run the suite once. Returns whether it passed, and its summary line under the title, with what failed: where only
    the end of a long log is kept, the names are in it.
    """
    print(f"\n=== {title} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", "-q", *arguments]
    environment = {**os.environ, **BYTECODE, **variables}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    summary, failed = "no summary", []
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if found := SUMMARY.match(line):
            summary = found[1].strip(" ,")
        elif found := FAILED.match(line):
            failed.append(f"\n  {found[1]}")
    passed = process.wait() == 0
    return passed, f"{title}: {summary}" + ("" if passed else " (FAILED)") + "".join(failed)


def is_machine_short_of(*needs: ModuleType) -> bool:
    """Install what is missing where that is allowed; say what still is."""
    is_short = False
    for need in needs:
        need.install()
        if missing := need.missing():
            print(f"- Missing for some of the tests: {', '.join(missing)}. Mend it: {need.BY_HAND}", flush=True)
            is_short = True
    return is_short


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scope", choices=["all", "proof", "fast"])
    options, arguments = parser.parse_known_args()
    if options.scope == "fast":
        variables = {"DATABASE_URL": "", "HYPOTHESIS_PROFILE": "fast", "TESTS_NEAR": os.pathsep.join(near())}
        passed, summary = run_pytest("SQLite", ["-m", NOT_FAST, *arguments], variables)
        print(f"\n{summary}")
        return 0 if passed else 1

    is_proof = options.scope == "proof"
    if is_machine_short_of(browser, *([redis, proxy] if is_proof else [])) and os.environ.get("CI"):
        return 1
    chosen = ["-m", "proof or race" if is_proof else "not proof", *arguments]
    more = {"RACE_ROUNDS": os.environ.get("RACE_ROUNDS", ROUNDS)} if is_proof else {}
    results = [run_pytest("SQLite", chosen, {"DATABASE_URL": "", **more})]
    with postgres.server() as url:
        results.append(run_pytest("PostgreSQL", chosen, {"DATABASE_URL": url, **more}))
    print()
    for _passed, summary in results:
        print(summary)
    return 0 if all(passed for passed, _summary in results) else 1


if __name__ == "__main__":
    sys.exit(main())
