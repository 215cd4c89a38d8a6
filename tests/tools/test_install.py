import pytest

from tools import install


@pytest.fixture
def root(tmp_path, monkeypatch):
    for name, path in {
        "ROOT": tmp_path,
        "ENVIRONMENT": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv/bin/python",
    }.items():
        monkeypatch.setattr(install, name, path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("one==1\n")
    return tmp_path


def test_requirements_are_installed_once_and_again_when_they_change(root, monkeypatch):
    ran = []
    monkeypatch.setattr(install, "run", lambda command, problem: ran.append(command))
    install.install_requirements("runtime")
    install.install_requirements("runtime")
    assert len(ran) == 1
    (root / "requirements.txt").write_text("one==2\n")
    install.install_requirements("runtime")
    assert len(ran) == 2


def test_a_failed_installation_is_tried_again(root, monkeypatch):
    def fail(command, problem):
        raise install.InstallError(problem)

    monkeypatch.setattr(install, "run", fail)
    for _attempt in range(2):
        with pytest.raises(install.InstallError, match="package index"):
            install.install_requirements("runtime")


def test_a_missing_venv_module_names_its_package_and_leaves_nothing_behind(root, monkeypatch):
    def fail(command, problem):
        raise install.InstallError(problem)

    monkeypatch.setattr(install, "run", fail)
    with pytest.raises(install.InstallError, match="apt-get install python3-venv"):
        install.make_environment()
    assert not (root / ".venv").exists()


def test_a_command_that_fails_is_reported_in_our_words(capsys):
    with pytest.raises(install.InstallError, match="our words"):
        install.run(["sh", "-c", "echo its last line; exit 3"], "our words")
    assert "its last line" in capsys.readouterr().err


def test_an_interpreter_that_went_away_does_not_work(tmp_path):
    assert not install.works(tmp_path / "python")
