from pathlib import Path

import pytest

from portal import env

NAME = "SOME_SETTING"


def given(monkeypatch, value):
    if value is None:
        monkeypatch.delenv(NAME, raising=False)
    else:
        monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize("value", [None, "", "   "])
def test_absent_and_blank_both_mean_the_default(monkeypatch, value):
    given(monkeypatch, value)
    assert env.raw(NAME) is None
    assert env.text(NAME, "default") == "default"
    assert env.flag(NAME, default=True) is True
    assert env.number(NAME, 7, minimum=1, maximum=9) == 7
    assert env.hosts(NAME, ["localhost"]) == ["localhost"]
    assert env.words(NAME) == []


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.flag(NAME, default=False), "maybe"),
        (lambda: env.number(NAME, 1, minimum=1, maximum=9), "10"),
        (lambda: env.number(NAME, 1, minimum=1, maximum=9), "-1"),
        (lambda: env.number(NAME, 1, minimum=1, maximum=9), "1e1"),
        (lambda: env.choice(NAME, "a", of=["a", "b"]), "c"),
        (lambda: env.hosts(NAME, []), "*"),
        (lambda: env.hosts(NAME, []), "https://portal.example.com"),
        (lambda: env.hosts(NAME, []), "portal.example.com:8000"),
        (lambda: env.base_url(NAME, ""), "portal.example.com"),
        (lambda: env.base_url(NAME, ""), "ftp://portal.example.com"),
        (lambda: env.base_url(NAME, ""), "https://portal.example.com/path"),
        (lambda: env.base_url(NAME, ""), "https://user@portal.example.com"),
        (lambda: env.base_url(NAME, ""), "https://portal.example.com:99999"),
        (lambda: env.base_url(NAME, ""), "https://[half"),
        (lambda: env.currency(NAME, "CNY"), "YUAN"),
        (lambda: env.time_zone(NAME, "UTC"), "Mars/Olympus"),
        (lambda: env.database(NAME, Path("db")), "mysql://host/name"),
        (lambda: env.database(NAME, Path("db")), "postgres://host:port/name"),
        (lambda: env.database(NAME, Path("db")), "postgres://host"),
        (lambda: env.database(NAME, Path("db")), "sqlite:////no/such/folder/db.sqlite3"),
        (lambda: env.database(NAME, Path("db")), "sqlite://"),
        (lambda: env.email(NAME, Path("mail")), "pigeon://roof"),
        (lambda: env.email(NAME, Path("mail")), "smtp://"),
        (lambda: env.email(NAME, Path("mail")), "smtp://host:port"),
        (lambda: env.broker(NAME, "filesystem://"), "kafka://host"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_line_that_names_it(monkeypatch, read, value):
    given(monkeypatch, value)
    with pytest.raises(env.SettingError) as stop:
        read()
    assert stop.value.name == NAME
    assert str(stop.value).startswith(f"Setting {NAME}: ")
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("Yes", True), ("1", True), ("off", False), ("0", False)]
)
def test_flag_reads_the_usual_words(monkeypatch, value, expected):
    given(monkeypatch, value)
    assert env.flag(NAME, default=not expected) is expected


def test_a_password_never_stands_in_the_line_that_refuses_it(monkeypatch):
    given(monkeypatch, "postgres://user:correct-horse@host:port/name")
    with pytest.raises(env.SettingError) as stop:
        env.database(NAME, Path("db"))
    assert "correct-horse" not in str(stop.value)


def test_database_reads_postgresql_by_host_and_by_socket(monkeypatch):
    given(monkeypatch, "postgres://user:p%40ss@db.example.com:5433/foresight")
    by_host = env.database(NAME, Path("db"))
    assert (by_host["ENGINE"], by_host["HOST"], by_host["PORT"], by_host["NAME"], by_host["PASSWORD"]) == (
        env.POSTGRESQL,
        "db.example.com",
        5433,
        "foresight",
        "p@ss",
    )
    given(monkeypatch, "postgresql:///foresight?host=/run/postgresql")
    by_socket = env.database(NAME, Path("db"))
    assert (by_socket["NAME"], by_socket["OPTIONS"]) == ("foresight", {"host": "/run/postgresql"})


def test_database_defaults_to_a_file(monkeypatch, tmp_path):
    given(monkeypatch, None)
    found = env.database(NAME, tmp_path / "db.sqlite3")
    assert (found["ENGINE"], found["NAME"]) == (env.SQLITE, str(tmp_path / "db.sqlite3"))


def test_email_reads_a_server_and_defaults_to_files(monkeypatch, tmp_path):
    given(monkeypatch, "smtp+tls://user:secret@mail.example.com:587")
    assert env.email(NAME, tmp_path) == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.com",
        "EMAIL_HOST_PASSWORD": "secret",
        "EMAIL_HOST_USER": "user",
        "EMAIL_PORT": 587,
        "EMAIL_USE_TLS": True,
    }
    given(monkeypatch, None)
    assert env.email(NAME, tmp_path) == {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path),
    }


def test_folder_is_made_for_us_alone(monkeypatch, tmp_path):
    given(monkeypatch, str(tmp_path / "var"))
    made = env.folder(NAME, Path("unused"))
    assert made == tmp_path / "var"
    assert made.stat().st_mode & 0o777 == 0o700


def test_folder_that_cannot_be_made_is_named(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    given(monkeypatch, str(tmp_path / "file" / "var"))
    with pytest.raises(env.SettingError, match=NAME):
        env.folder(NAME, Path("unused"))


def test_read_file_fills_what_the_environment_leaves_open(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("SOME_SETTING=from the file\nOTHER_SETTING=from the file\n")
    given(monkeypatch, "from the environment")
    monkeypatch.setenv("OTHER_SETTING", "")
    monkeypatch.delenv("OTHER_SETTING")
    env.read_file(tmp_path / ".env")
    assert (env.text(NAME, ""), env.text("OTHER_SETTING", "")) == ("from the environment", "from the file")
