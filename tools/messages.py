"""Translation catalogues: `python -m tools.messages` collects and compiles, `--check` only looks.

Collecting needs gettext; compiling and checking need Babel alone, so that nobody needs gettext to run or to test.
"""

import argparse
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).resolve().parent.parent
LANGUAGES: Final = ("zh_Hans",)
NOT_OURS: Final = (".venv", "node_modules", "tests", "tools", "var")


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
    return {(message.id, message.context): message.string for message in read_mo(io.BytesIO(binary)) if message.id}


def problems(path: Path) -> list[str]:
    """Return what is wrong with a catalogue: entries without translation, in doubt, or not compiled."""
    catalogue = read(path)
    found = []
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if message.fuzzy:
            found.append(f"in doubt (fuzzy): {message.id!r}")
        elif not all(strings):
            found.append(f"not translated: {message.id!r}")
        else:
            found += [f"{message.id!r}: {error}" for error in message.check(catalogue)]
    binary = path.with_suffix(".mo")
    if not binary.exists() or entries(binary.read_bytes()) != entries(compiled(catalogue)):
        found.append(f"{binary.name} is not the compiled {path.name}: run make messages")
    return [f"{path.relative_to(ROOT)}: {problem}" for problem in found]


def check() -> int:
    found = [problem for path in catalogues() for problem in problems(path)]
    print("\n".join(found))
    return 1 if found else 0


def collect() -> int:
    if not shutil.which("xgettext"):
        print("gettext is missing. Mend it (Debian, Ubuntu): apt-get install gettext", file=sys.stderr)
        return 1
    (ROOT / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "manage.py", "makemessages", "--no-wrap", "--add-location", "file", "--no-obsolete"]
    command += [word for language in LANGUAGES for word in ("--locale", language)]
    command += [word for folder in NOT_OURS for word in ("--ignore", folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    for path in catalogues():
        path.with_suffix(".mo").write_bytes(compiled(read(path)))
    return check()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    return check() if parser.parse_args().check else collect()


if __name__ == "__main__":
    sys.exit(main())
