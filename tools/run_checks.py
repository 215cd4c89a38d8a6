"""All checks that need no test run: `python -m tools.run_checks [name …]`. Each says its line; all run, then the verdict."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
CHECKS: Final[dict[str, tuple[str, ...]]] = {
    "lint": ("-m", "ruff", "check", "--quiet", "."),
    "format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "templates": ("-m", "djlint", "templates", "--lint", "--quiet"),
    "house rules": ("-m", "tools.house_rules"),
    "layers": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    "dependencies": ("-m", "deptry", "."),
    "catalogues": ("-m", "tools.messages", "--check"),
    "migrations": ("manage.py", "makemigrations", "--check", "--dry-run"),
    "static files": ("manage.py", "collectstatic", "--noinput", "--verbosity", "0"),
    "deployment": ("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    "types": ("-m", "mypy"),
}


def variables(folder: str) -> dict[str, str]:
    """Return the environment of a production start, with TLS, that touches nothing of this machine."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "DATABASE_URL", "ALLOWED_HOSTS"}}
    return kept | {
        "BASE_URL": "https://foresight.example.com",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ENV_FILE": os.devnull,
        "VAR_DIR": folder,
    }


def run(name: str, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    command = [sys.executable, *CHECKS[name]]
    result = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f"- {name}: {verdict} ({time.monotonic() - began:.1f} s)", flush=True)
    if result.returncode:
        print(result.stdout.strip(), flush=True)
    return result.returncode == 0


def main() -> int:
    names = sys.argv[1:] or list(CHECKS)
    with tempfile.TemporaryDirectory(prefix="foresight-check-") as folder:
        environment = variables(folder)
        failed = [name for name in names if not run(name, environment)]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
