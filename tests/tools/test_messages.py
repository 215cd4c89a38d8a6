import pytest

from tools import messages

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    folder = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)

    def write(text, *, compiled=True):
        path = folder / "django.po"
        path.write_text(HEADER + text, encoding="utf-8")
        if compiled:
            path.with_suffix(".mo").write_bytes(messages.compiled(messages.read(path)))
        return messages.problems(path)

    return write


def test_a_whole_and_compiled_catalogue_has_no_problem(catalogue):
    assert catalogue('msgid "risk"\nmsgstr "风险"\n') == []


def test_plural_forms_are_compared_as_well(catalogue):
    assert catalogue('msgid "%(n)d risk"\nmsgid_plural "%(n)d risks"\nmsgstr[0] "%(n)d 项风险"\n') == []
    (problem,) = catalogue('msgid "%(n)d risk"\nmsgid_plural "%(n)d risks"\nmsgstr[0] ""\n')
    assert "not translated" in problem


def test_one_form_for_all_counts_may_use_what_the_plural_says(catalogue, monkeypatch):
    one_form = HEADER.replace("\n\n", '\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n')
    monkeypatch.setattr("tests.tools.test_messages.HEADER", one_form)
    plural = '#, python-format\nmsgid "the latest of %(all)d"\nmsgid_plural "the latest %(n)d of %(all)d"\n'
    assert catalogue(plural + 'msgstr[0] "共 %(all)d 个，最近 %(n)d 个"\n') == []
    (problem,) = catalogue(plural + 'msgstr[0] "共 %(all)d 个，最近 %(m)d 个"\n')
    assert "'m'" in problem


def test_tidying_twice_changes_nothing_more(catalogue, tmp_path):
    catalogue('#: a.py\nmsgid "risk"\nmsgstr "风险"\n')
    path = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    messages.tidy(path)
    once = path.read_text(encoding="utf-8")
    messages.tidy(path)
    assert path.read_text(encoding="utf-8") == once
    assert {message.id: message.string for message in messages.read(path) if message.id} == {"risk": "风险"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('msgid "risk"\nmsgstr ""\n', "not translated"),
        ('#, fuzzy\nmsgid "risk"\nmsgstr "风险"\n', "fuzzy"),
        ('#, python-format\nmsgid "%(n)d risks"\nmsgstr "%(m)d 风险"\n', "%(n)d risks"),
    ],
)
def test_what_a_reader_would_stumble_over_is_named(catalogue, text, words):
    assert [words in problem for problem in catalogue(text)] == [True]


def test_a_catalogue_that_was_changed_and_not_compiled_is_named(catalogue):
    catalogue('msgid "risk"\nmsgstr "危险"\n')
    (problem,) = catalogue('msgid "risk"\nmsgstr "风险"\n', compiled=False)
    assert problem.endswith("run make messages")
