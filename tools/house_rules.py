"""Rules of this project that no linter knows: `python -m tools.house_rules`."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Rule:
    """What must not stand in the files whose path matches."""

    files: str
    pattern: str
    words: str

    def breaches(self, path: str, text: str) -> Iterator[str]:
        if re.search(self.files, path):
            for found in re.finditer(self.pattern, text):
                yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {self.words}"


NAMES_ITS_RULES: Final = ("tools/house_rules.py", "tests/tools/test_house_rules.py")
NEAR: Final = 6
PAGES: Final = r"^templates/(?!emails/).*\.html$"
TEMPLATES: Final = r"^templates/"
CODE: Final = r"^(metrics|portal|projects|retros|risks)/(?!.*migrations/).*\.py$"

RULES: Final = (
    Rule(PAGES, r"<script\b(?![^>]*\bsrc=)", "inline script: make it a module under static/"),
    Rule(PAGES, r"<script\b(?![^>]*\bnonce=)", "script without a nonce: the policy would block it"),
    Rule(PAGES, r"<style\b", "inline style sheet: put it under static/"),
    Rule(PAGES, r"<[a-z][^>]*\sstyle\s*=", "inline style: make it a class"),
    Rule(PAGES, r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", "inline handler: the policy would block it"),
    Rule(PAGES, r"""(?i)["']\s*javascript:""", "javascript: address"),
    Rule(PAGES, r"hx-(?:vals|headers)=['\"]js:", "htmx would have to evaluate this, which the policy forbids"),
    Rule(
        TEMPLATES,
        r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)[^%]*%}[^{]*\n",
        "blocktranslate over lines without trimmed",
    ),
    Rule(PAGES, r"\|\s*safe\b", "safe filter: build markup with format_html"),
    Rule(
        CODE, r"\b(?:post|pre)_(?:save|delete|init)\b|\bm2m_changed\b", "model signal: an action does this in the open"
    ),
    Rule(CODE, r"\b(?:TODO|FIXME|XXX)\b", "unfinished mark: finish it, or open an issue"),
    Rule(CODE, r"\bfrom django\.contrib import admin\b", "no Django admin: it would go past actions and audit"),
)


NOQA: Final = re.compile(r"# noqa(?:: (?P<rules>[A-Z0-9, ]+?))?(?P<reason> -- \S.*)?$")


def unexplained(path: str, text: str) -> Iterator[str]:
    """Find suppressions without rule or reason; one reason serves for the same rule on the lines that follow it closely."""
    explained: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        found = NOQA.search(line)
        if not found:
            continue
        rules = found["rules"] or ""
        if rules and (found["reason"] or number - explained.get(rules, -NEAR) < NEAR):
            explained[rules] = number
        else:
            yield f"{path}:{number}: noqa without rule and reason: `# noqa: RULE -- reason`"


def breaches(path: str, text: str) -> list[str]:
    """Return what a file does that it must not."""
    found = [breach for rule in RULES for breach in rule.breaches(path, text)]
    return found + (list(unexplained(path, text)) if path.endswith(".py") else [])


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for path in listed.stdout.splitlines() if re.search(r"\.(py|html|txt)$", path)]


def main() -> int:
    found = [
        breach
        for path in tracked_files()
        if path not in NAMES_ITS_RULES and (ROOT / path).is_file()
        for breach in breaches(path, (ROOT / path).read_text(encoding="utf-8"))
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
