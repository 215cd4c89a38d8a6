"""Secret keys: given by the environment, or in a file of their own that is made on first start."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from portal import env

MINIMUM_LENGTH: Final = 50
MINIMUM_DISTINCT: Final = 5


def secret(name: str, default: Path) -> str:
    """Return the key from `name`, else from the file `name`_FILE, else from `default`, made if absent.

    A named file that is missing stops the start: a new key over a disk that is not mounted would end every session.
    """
    given = env.raw(name)
    if given is not None:
        return _checked(name, given)
    named = env.raw(f"{name}_FILE")
    if named is None:
        make(default)
    return _read(f"{name}_FILE", Path(named) if named else default)


def optional(name: str) -> str:
    """Return the key from `name`, else from the file `name`_FILE, else nothing: what it opens is then closed."""
    given, named = env.raw(name), env.raw(f"{name}_FILE")
    if given is not None:
        return _checked(name, given)
    return "" if named is None else _read(f"{name}_FILE", Path(named))


def make(path: Path) -> None:
    """Write a new key unless there is one, so that of several processes starting at once all use the same.

    The file is complete before it has its name, and a link never replaces what another process put there.
    """
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # O_EXCL, 0600
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(unfinished)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def _read(name: str, path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise env.SettingError(name, f"{path} can be read by other users; run: chmod 600 {path}")
        return _checked(name, path.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError):
        raise env.SettingError(name, f"cannot read a key from {path}") from None


def _checked(name: str, key: str) -> str:
    if len(key) < MINIMUM_LENGTH or len(set(key)) < MINIMUM_DISTINCT or key.startswith("django-insecure-"):
        raise env.SettingError(name, f"the key is too weak: at least {MINIMUM_LENGTH} random characters are needed")
    return key
