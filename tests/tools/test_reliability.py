"""The list of what must hold names tests that exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "reliability.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def defined_in(path: Path) -> set[str]:
    if not path.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists():
    named = NAMED.findall(LIST.read_text())
    known = {path: defined_in(ROOT / "tests" / path) for path, _name in named}

    assert len(named) > 100
    assert [f"{path}::{name}" for path, name in named if name not in known[path]] == []


def test_every_case_says_where_or_why_not():
    rows = [line.split(" | ") for line in LIST.read_text().splitlines() if re.match(r"\| [A-Z]-\d|\| [a-z]", line)]
    rows = [row for row in rows if row[0] != "| case"]
    cases = [case for row in rows for case in row[0].strip("| ").split(", ")]

    assert len(cases) == len(set(cases)) > 100
    assert [row[0] for row in rows if len(row) != 3 or len(row[2].strip(" |")) < 10] == []
