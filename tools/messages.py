"""Translation catalogues: `python -m tools.messages` collects and compiles, `--check` only looks.

Collecting needs gettext; compiling and checking need Babel alone, so that nobody needs gettext to run or to test.
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
PLURALS: Final = {"zh_Hans": "nplurals=1; plural=0;"}
HEADER: Final = """\
msgid ""
msgstr ""
"Project-Id-Version: Foresight\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"
"""
NOT_OURS: Final = (".venv", "docs", "node_modules", "tests", "tools", "var")
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    **{f"gettext{lazy}": None for lazy in ("", "_lazy", "_noop")},
    **{f"ngettext{lazy}": (1, 2) for lazy in ("", "_lazy")},
    **{f"pgettext{lazy}": ((1, "c"), 2) for lazy in ("", "_lazy")},
    **{f"npgettext{lazy}": ((1, "c"), 2, 3) for lazy in ("", "_lazy")},
}
Key = tuple[tuple[str, ...], "str | None"]


def catalogues() -> list[Path]:
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def compiled(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def entries(binary: bytes) -> dict[object, object]:
    """Return what a compiled catalogue says, without its header, whose dates differ between compilers."""
    return {
        (tuple(_forms(message.id)), message.context): tuple(_forms(message.string))
        for message in read_mo(io.BytesIO(binary))
        if message.id
    }


def _forms(words: str | Sequence[str] | None) -> Sequence[str]:
    """Return the singular and plural forms of a message that has them, else the message alone."""
    return (words or "",) if words is None or isinstance(words, str) else words


def problems(path: Path) -> list[str]:
    """Return what is wrong with a catalogue: entries without translation, in doubt, or not compiled."""
    catalogue = read(path)
    found = []
    for message in catalogue:
        if not message.id:
            continue
        if message.fuzzy:
            found.append(f"in doubt (fuzzy): {message.id!r}")
        elif not all(_forms(message.string)):
            found.append(f"not translated: {message.id!r}")
        else:
            found += [f"{message.id!r}: {error}" for error in _as_counted(message, catalogue).check(catalogue)]
    binary = path.with_suffix(".mo")
    if not binary.exists() or entries(binary.read_bytes()) != entries(compiled(catalogue)):
        found.append(f"{binary.name} is not the compiled {path.name}: run make messages")
    return [f"{path.relative_to(ROOT)}: {problem}" for problem in found]


def sources() -> Iterator[Path]:
    """Every file that makemessages would read."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in NOT_OURS]
        yield from (Path(folder) / name for name in names if name.endswith((".py", ".html", ".txt")))


def _as_counted(message: Message, catalogue: Catalog) -> Message:
    """Where a language has one form for all counts, it stands for the plural, whose placeholders it may use."""
    if catalogue.num_plurals > 1 or not message.pluralizable:
        return message
    return Message(message.id[1], _forms(message.string)[0], flags=message.flags, context=message.context)


def words_in_use() -> set[Key]:
    """Collect what code and templates ask to translate, by Babel alone, as makemessages would by gettext."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    found: set[Key] = set()
    for path in sources():
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Blanked out but for its calls, and indented as no Python is.
            source = re.sub(r"(?m)^\s+", "", templatize(source))
        for _line, message, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            found.add((tuple(_forms(message)), context))
    return found


def uncollected(path: Path, in_use: AbstractSet[Key]) -> list[str]:
    """Return what the catalogue lacks, and what nobody asks for any more."""
    known = {(tuple(_forms(message.id)), message.context) for message in read(path) if message.id}
    name = path.relative_to(ROOT)
    found = [
        f"{name}: not collected: {words[0]!r}: run make messages" for words, _context in sorted(in_use - known, key=str)
    ]
    return found + [
        f"{name}: no longer used: {words[0]!r}: run make messages"
        for words, _context in sorted(known - in_use, key=str)
    ]


def check() -> int:
    in_use = words_in_use()
    found = [problem for path in catalogues() for problem in [*problems(path), *uncollected(path, in_use)]]
    if not catalogues():
        found.append("locale/ holds no catalogue: run make messages")
    print("\n".join(found))
    return 1 if found else 0


def collect() -> int:
    if not shutil.which("xgettext"):
        print("gettext is missing. Mend it (Debian, Ubuntu): apt-get install gettext", file=sys.stderr)
        return 1
    for language in PLURALS:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(header(language), encoding="utf-8")
    command = [sys.executable, "manage.py", "makemessages", "--no-wrap", "--add-location", "file", "--no-obsolete"]
    command += [word for language in PLURALS for word in ("--locale", language)]
    command += [word for folder in NOT_OURS for word in ("--ignore", folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    for path in catalogues():
        tidy(path)
        path.with_suffix(".mo").write_bytes(compiled(read(path)))
    return check()


def tidy(path: Path) -> None:
    """Write the header as ours, without the date that would change the file at every run."""
    _old, *messages = path.read_text(encoding="utf-8").split("\n\n")
    path.write_text("\n\n".join([header(path.parent.parent.name).rstrip(), *messages]), encoding="utf-8")


def header(language: str) -> str:
    return HEADER.format(language=language, plurals=PLURALS[language])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    return check() if parser.parse_args().check else collect()


if __name__ == "__main__":
    sys.exit(main())
