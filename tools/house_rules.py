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
    Rule(
        r"\.py$",
        r"#\s*noqa(?::[^\n]*)?(?<!.)$|#\s*noqa(?!:\s*[A-Z0-9, ]+ -- \S)",
        "noqa without rule and reason: `# noqa: RULE -- reason`",
    ),
    Rule(CODE, r"\b(?:TODO|FIXME|XXX)\b", "unfinished mark: finish it, or open an issue"),
    Rule(CODE, r"\bfrom django\.contrib import admin\b", "no Django admin: it would go past actions and audit"),
)


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for path in listed.stdout.splitlines() if re.search(r"\.(py|html|txt)$", path)]


def main() -> int:
    own = str(Path(__file__).relative_to(ROOT))
    found = [
        breach
        for path in tracked_files()
        if path != own and (ROOT / path).is_file()
        for rule in RULES
        for breach in rule.breaches(path, (ROOT / path).read_text(encoding="utf-8"))
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
