import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from portal import env

ROOT = Path(__file__).resolve().parents[2]
TLS_URL = "https://foresight.example.com"


@pytest.fixture
def load(monkeypatch, tmp_path):
    """Read the settings as a fresh process would, with these variables alone."""

    def run(**variables):
        for name in ("DATABASE_URL", "CELERY_BROKER_URL", "VAR_DIR", "ENV_FILE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"ENV_FILE": os.devnull, "VAR_DIR": str(tmp_path / "var"), **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "portal" / "settings.py"))

    with mock.patch.dict(os.environ):
        yield run


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"DEBUG": "true", "BASE_URL": TLS_URL}, "DEBUG"),
        ({"DEBUG": "true", "ALLOWED_HOSTS": "localhost,foresight.example.com"}, "DEBUG"),
        ({"BASE_URL": "http://foresight.example.com", "ALLOWED_HOSTS": "foresight.example.com"}, "BASE_URL"),
        ({"BASE_URL": TLS_URL, "ALLOWED_HOSTS": "other.example.com"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY_FILE": "/no/such/file"}, "SECRET_KEY_FILE"),
        ({"AUDIT_KEY": "short"}, "AUDIT_KEY"),
        ({"DATABASE_URL": "oracle://host/name"}, "DATABASE_URL"),
        ({"CELERY_BROKER_URL": "carrier-pigeon://"}, "CELERY_BROKER_URL"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL"),
        ({"CURRENCY": "gold"}, "CURRENCY"),
        ({"LANGUAGE_CODE": "tlh"}, "LANGUAGE_CODE"),
        ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"VAR_DIR": "/dev/null/var"}, "VAR_DIR"),
        ({"VAR_DIR": "/no/such/disk/foresight"}, "VAR_DIR"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN"),
    ],
)
def test_a_wrong_variable_stops_the_start_and_is_named(load, variables, name):
    with pytest.raises(env.SettingError) as stop:
        load(**variables)
    assert stop.value.name == name


@pytest.mark.parametrize(
    ("bytes_there", "words"),
    [
        (b"SQLite format 2\x00 and more", "is damaged, or no SQLite database: move it aside and restore a backup"),
        (b"SQL", "is damaged, or no SQLite database: move it aside and restore a backup"),
    ],
)
def test_a_damaged_database_is_named_before_anything_opens_it(load, tmp_path, bytes_there, words):
    file = tmp_path / "broken.sqlite3"
    file.write_bytes(bytes_there)
    with pytest.raises(env.SettingError, match=words) as stop:
        load(DATABASE_URL=f"sqlite:///{file}")
    assert str(stop.value).startswith(f"Setting DATABASE_URL: {file} ")
    assert file.read_bytes() == bytes_there


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_database_that_cannot_be_written_is_named(load, tmp_path, monkeypatch, which):
    file = tmp_path / "disk" / "foresight.sqlite3"
    file.parent.mkdir()
    file.write_bytes(b"SQLite format 3\x00")
    refused = {"file": file, "folder": file.parent}[which]
    may = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != refused and may(path, mode)
    )  # root may write anywhere
    with pytest.raises(env.SettingError, match=f"cannot write to {refused}: is its disk mounted read-only") as stop:
        load(DATABASE_URL=f"sqlite:///{file}")
    assert stop.value.name == "DATABASE_URL"


@pytest.mark.process
@pytest.mark.parametrize(
    "command",
    [
        ["-m", "gunicorn", "portal.wsgi", "--bind", "127.0.0.1:0"],
        ["-m", "celery", "-A", "portal", "worker", "--pool", "solo"],
        ["-m", "celery", "-A", "portal", "beat"],
        ["manage.py", "serve", "--port", "0"],
    ],
    ids=["web", "worker", "beat", "serve"],
)
def test_nothing_serves_over_a_database_that_is_not_there(tmp_path, command):
    """A missing mount looks like an empty folder: a fresh database in it would look like lost data."""
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": "",
            "CELERY_BROKER_URL": "",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 1
    assert (
        f"There is no database at {tmp_path}/foresight.sqlite3. Was it there before: is its disk mounted?"
        in result.stderr
    )
    assert not (tmp_path / "foresight.sqlite3").exists()


def test_manage_py_says_one_line_and_no_traceback(tmp_path):
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(tmp_path), "CURRENCY": "gold"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        "Setting CURRENCY: 'GOLD' is not a currency code like CNY or EUR\n",
    )


def test_without_any_variable_the_start_is_safe(load, tmp_path):
    found = load()
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["CURRENCY"] == "CNY"
    assert found["EMAIL_FILE_PATH"] == str(tmp_path / "var" / "mail")
    assert len(found["SECRET_KEY"]) >= 64
    assert found["SECRET_KEY"] != found["AUDIT_KEY"]
    for key in ("secret.key", "audit.key"):
        assert (tmp_path / "var" / key).stat().st_mode & 0o777 == 0o600
    for folder in found["CELERY_BROKER_TRANSPORT_OPTIONS"].values():
        assert Path(folder).is_dir()


def test_cookies_on_this_machine_have_no_prefix_and_work_without_tls(load):
    found = load()
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert not found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is False
        assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"


def test_cookies_under_tls_are_bound_to_the_host(load):
    found = load(BASE_URL=TLS_URL)
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert found[f"{cookie}_COOKIE_PATH"] == "/"
        assert f"{cookie}_COOKIE_DOMAIN" not in found
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000


def test_a_probe_of_this_machine_is_not_sent_to_tls(load):
    (exempt,) = load(BASE_URL=TLS_URL)["SECURE_REDIRECT_EXEMPT"]
    assert [bool(re.search(exempt, path)) for path in ("health/live", "health/ready", "health/", "metrics")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_proxy_is_trusted_only_when_asked(load):
    assert "SECURE_PROXY_SSL_HEADER" not in load(BASE_URL=TLS_URL)
    trusting = load(BASE_URL=TLS_URL, TRUST_FORWARDED_PROTO="true")
    assert trusting["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_sqlite_takes_the_write_lock_when_a_transaction_begins(load):
    options = load()["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_postgresql_never_waits_for_ever(load):
    options = load(DATABASE_URL="postgres://u:p@db/foresight?sslmode=require")["DATABASES"]["default"]["OPTIONS"]
    assert options == {
        "sslmode": "require",
        "connect_timeout": 5,
        "options": "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
    }


def test_a_broker_gives_tasks_back_later_than_they_can_last(load):
    found = load(CELERY_BROKER_URL="redis://localhost:6379/0")
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] >= 4 * found["CELERY_TASK_TIME_LIMIT"]


def test_example_file_names_every_variable_that_is_read():
    sources = [
        ROOT / "portal" / "settings.py",
        *ROOT.glob("portal/management/commands/*.py"),
        ROOT / "gunicorn.conf.py",
    ]
    code = "".join(path.read_text() for path in sources)
    read = set(re.findall(r"\b(?:env\.[a-z_]+|keys\.[a-z]+|environ\.get)\(\s*[\"']([A-Z_]+)[\"']", code))
    example = (ROOT / ".env.example").read_text()
    assert {"DATABASE_URL", "SECRET_KEY", "PORT", "DEMO"} <= read
    assert {name for name in read - {"ENV_FILE"} if not re.search(rf"^{name}=", example, re.MULTILINE)} == set()


def test_example_file_as_it_stands_starts(load):
    assert load(ENV_FILE=str(ROOT / ".env.example"))["BASE_URL"] == "http://127.0.0.1:8000"


@pytest.mark.process
def test_deployment_check_is_clean_under_tls(tmp_path):
    variables = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "VAR_DIR": str(tmp_path),
        "BASE_URL": TLS_URL,
        "DATABASE_URL": "",
    }
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        # A browser test in the same worker sets this one for itself, and no deployment may have it.
        env={**os.environ, **variables} | {"DJANGO_ALLOW_ASYNC_UNSAFE": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
