import multiprocessing
from pathlib import Path

import pytest

from portal import env, keys

GOOD = "kX9-mQ2_" * 10


def make_and_read(path):
    keys.make(path)
    return path.read_text()


def test_key_file_is_long_random_and_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    first = keys.secret("SOME_KEY", tmp_path / "one.key")
    second = keys.secret("SOME_KEY", tmp_path / "two.key")
    assert first != second
    assert len(first) >= 64
    assert (tmp_path / "one.key").stat().st_mode & 0o777 == 0o600
    assert keys.secret("SOME_KEY", tmp_path / "one.key") == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.key", "two.key"]


@pytest.mark.process
def test_processes_that_start_at_once_share_one_key(tmp_path):
    path = tmp_path / "shared.key"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = set(pool.map(make_and_read, [path] * 40, chunksize=1))
    assert len(found) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_the_environment_wins_over_a_file_and_a_named_file_over_the_default(tmp_path, monkeypatch):
    named = tmp_path / "named.key"
    named.write_text(GOOD[::-1] + "\n")
    named.chmod(0o600)
    monkeypatch.setenv("SOME_KEY_FILE", str(named))
    assert keys.secret("SOME_KEY", tmp_path / "default.key") == GOOD[::-1]
    monkeypatch.setenv("SOME_KEY", GOOD)
    assert keys.secret("SOME_KEY", tmp_path / "default.key") == GOOD
    assert not (tmp_path / "default.key").exists()


@pytest.mark.parametrize("weak", ["short", "a" * 80, "django-insecure-" + GOOD])
def test_a_weak_key_is_refused(tmp_path, monkeypatch, weak):
    monkeypatch.setenv("SOME_KEY", weak)
    with pytest.raises(env.SettingError, match="SOME_KEY") as stop:
        keys.secret("SOME_KEY", tmp_path / "default.key")
    assert weak not in str(stop.value)


def test_a_named_file_that_is_missing_is_not_made(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "missing.key"))
    with pytest.raises(env.SettingError, match="SOME_KEY_FILE"):
        keys.secret("SOME_KEY", Path("unused"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_others_can_read_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.delenv("SOME_KEY", raising=False)
    path = tmp_path / "open.key"
    path.write_text(GOOD)
    path.chmod(0o640)
    with pytest.raises(env.SettingError, match=f"chmod 600 {path}"):
        keys.secret("SOME_KEY", path)
