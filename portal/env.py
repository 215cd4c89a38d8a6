"""Typed readers over the environment, so that a setting is either right or stops the start.

A reader never guesses: a value it can't read raises SettingError, one line that names the variable.
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from babel.numbers import is_currency
from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})
POSTGRESQL: Final = "django.db.backends.postgresql"
SQLITE: Final = "django.db.backends.sqlite3"

_WORDS: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
_SQLITE_MAGIC: Final = b"SQLite format 3\x00"
_HOST: Final = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
_MAIL_BACKENDS: Final = frozenset({"smtp", "smtps", "smtp+tls", "smtp+ssl", "filemail", "consolemail", "memorymail"})


class SettingError(SystemExit):
    """A variable is missing or wrong. An exit, so that manage.py, gunicorn and celery all stop with this one line."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"Setting {name}: {problem}")
        self.name = name


def read_file(path: Path) -> None:
    """Add the variables of a .env file; what the environment already says wins."""
    if path.is_file():
        environ.Env.read_env(path)


def raw(name: str) -> str | None:
    """Return the variable, or None where it is absent or blank: both mean "the default"."""
    value = os.environ.get(name, "").strip()
    return value or None


def text(name: str, default: str) -> str:
    return raw(name) or default


def flag(name: str, *, default: bool) -> bool:
    value = raw(name)
    if value is None:
        return default
    try:
        return _WORDS[value.lower()]
    except KeyError:
        raise SettingError(name, f"{value!r} is neither true nor false") from None


def number(name: str, default: int, *, minimum: int, maximum: int) -> int:
    value = raw(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not minimum <= int(value) <= maximum:
        raise SettingError(name, f"{value!r} is not a whole number from {minimum} to {maximum}")
    return int(value)


def choice(name: str, default: str, *, of: Sequence[str]) -> str:
    value = text(name, default)
    if value not in of:
        raise SettingError(name, f"{value!r} is not one of {', '.join(of)}")
    return value


def words(name: str) -> list[str]:
    """Return a comma-separated list without its blanks."""
    return [word.strip() for word in text(name, "").split(",") if word.strip()]


def hosts(name: str, default: Sequence[str]) -> list[str]:
    """Return the host names served; a wildcard would hand every forged Host header to the pages."""
    found = [host.lower() for host in words(name)] or list(default)
    for host in found:
        if not _HOST.fullmatch(host):
            raise SettingError(name, f"{host!r} is not a host name (no wildcard, no port, no scheme)")
    return found


def base_url(name: str, default: str) -> str:
    """Return the address people type, without a trailing slash: scheme, host and port, nothing else."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        wrong = parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0
    except ValueError:
        wrong = True
    if wrong or value != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise SettingError(name, f"{value!r} is not an address like https://foresight.example.com")
    return value


def currency(name: str, default: str) -> str:
    value = text(name, default).upper()
    if not is_currency(value):
        raise SettingError(name, f"{value!r} is not a currency code like CNY or EUR")
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    if value not in available_timezones():
        raise SettingError(name, f"{value!r} is not a time zone like Asia/Shanghai")
    return value


def folder(name: str, default: Path) -> Path:
    """Return a folder of our own, made on first use and closed to other users.

    Not with the folders above it: a fresh one over a disk that is not mounted would look like lost data.
    """
    path = Path(text(name, str(default))).expanduser().absolute()
    if not path.parent.is_dir():
        raise SettingError(name, f"the folder {path.parent} does not exist: mount its disk, or make it")
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SettingError(name, f"cannot make {path} ({error.strerror})") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingError(name, f"cannot write to {path}")
    return path


def database(name: str, default: Path) -> dict[str, Any]:
    """Return Django's settings of the one database: SQLite or PostgreSQL."""
    url = text(name, f"sqlite:///{default}")
    scheme = urlsplit(url).scheme
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise SettingError(name, "must begin with sqlite:// or postgres://")
    try:
        config: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError:
        raise SettingError(name, "is not a database address like postgres://user:password@host:5432/name") from None
    if scheme != "sqlite":
        if not config["NAME"]:
            raise SettingError(name, "names no database")
        return config | {"ENGINE": POSTGRESQL}
    # A fresh empty database over a disk that is not mounted would look like lost data.
    parent = Path(config["NAME"]).parent
    if config["NAME"] == ":memory:" or not parent.is_dir():
        raise SettingError(name, f"the folder {parent} of the SQLite file does not exist")
    file = Path(config["NAME"]).absolute()
    _check_file(name, file)
    return config | {"ENGINE": SQLITE, "NAME": str(file)}


def _check_file(name: str, path: Path) -> None:
    """Say what is wrong with the file of a SQLite database before anything opens it and fails in its own words."""
    if not path.exists():
        return  # `portal.serving.check_database` asks whether one was expected
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE_MAGIC))
    except OSError as error:
        raise SettingError(name, f"cannot read {path} ({error.strerror})") from None
    if head not in {b"", _SQLITE_MAGIC}:
        raise SettingError(
            name, f"{path} is damaged, or no SQLite database: move it aside and restore a backup (docs/backup.md)"
        )
    for needed in (path, path.parent):
        if not os.access(needed, os.W_OK):
            raise SettingError(name, f"cannot write to {needed}: is its disk mounted read-only, or whose is it?")


def email(name: str, default: Path) -> dict[str, Any]:
    """Return Django's EMAIL_… settings; mail goes to files in `default` until a server is named."""
    url = text(name, f"filemail:///{default}")
    if urlsplit(url).scheme not in _MAIL_BACKENDS:
        raise SettingError(name, f"must begin with one of {', '.join(sorted(_MAIL_BACKENDS))} and ://")
    try:
        config: dict[str, Any] = environ.Env.email_url_config(url)
    except (ValueError, ImproperlyConfigured):
        raise SettingError(name, "is not a mail address like smtp+tls://user:password@host:587") from None
    if urlsplit(url).scheme.startswith("smtp") and not config["EMAIL_HOST"]:
        raise SettingError(name, "names no mail server")
    return {key: value for key, value in config.items() if value not in (None, "") and key != "OPTIONS"}


def broker(name: str, default: str) -> str:
    value = text(name, default)
    if urlsplit(value).scheme not in {"filesystem", "redis", "rediss", "amqp", "amqps", "memory"}:
        raise SettingError(name, "must begin with filesystem://, redis://, rediss://, amqp:// or amqps://")
    return value


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach `host`."""
    return host.lower() in LOOPBACK_HOSTS


def running(*commands: str) -> bool:
    """Say whether this process is `manage.py` with one of these commands."""
    return len(sys.argv) > 1 and Path(sys.argv[0]).name == "manage.py" and sys.argv[1] in commands
