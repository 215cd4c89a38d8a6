"""The catalogue itself: whole, as the sources ask for it, with every placeholder, and written as we write Chinese."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools import messages

CATALOGUES = messages.catalogues()
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
CHINESE = "[\u4e00-\u9fff]"
#: As it is typed into a box, without a space.
TYPED = re.compile(r"12(0)?万")
#: What a colleague would not say, and signs of the other language.
NEVER = {
    "the polite you of a letter": re.compile("您"),
    "a verb wrapped into another": re.compile("进行(?!中)|予以|加以"),
    "an office's voice": re.compile("请注意|请及时|敬请|成功|暂无|驳回|操作失败"),
    "a half-width sign beside Chinese": re.compile(rf"{CHINESE}[,;:!?()]|[,;:!?()]{CHINESE}|{CHINESE}\.(?!\w)"),
    "an exclamation mark": re.compile("！"),
    "a figure that touches Chinese": re.compile(rf"{CHINESE}[0-9]|[0-9%]{CHINESE}"),
    "two spaces": re.compile("  "),
    "a range with a hyphen": re.compile(r"[0-9][-~–][0-9]+ "),
}


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parent.parent.name)
def catalogue(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def forms(message: Message, *, translated: bool) -> tuple[str, ...]:
    words = message.string if translated else message.id
    return (words,) if isinstance(words, str) else tuple(words or ())


def entries(path: Path) -> list[Message]:
    return [message for message in messages.read(path) if message.id]


def test_there_is_a_catalogue_for_every_language_that_needs_one():
    assert [path.parent.parent.name for path in CATALOGUES] == sorted(messages.PLURALS)


def test_nothing_is_empty_in_doubt_or_not_compiled(catalogue):
    assert messages.problems(catalogue) == []


def test_it_says_what_the_sources_ask_for_and_nothing_else(catalogue):
    assert messages.uncollected(catalogue, messages.words_in_use()) == []


def test_every_placeholder_is_kept(catalogue):
    lost = [
        message.id
        for message in entries(catalogue)
        if any(
            set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(" ".join(forms(message, translated=False))))
            for form in forms(message, translated=True)
        )
    ]
    assert lost == []


def test_placeholders_without_a_name_stay_in_their_number(catalogue):
    several = [
        message.id
        for message in entries(catalogue)
        if any(
            len(re.findall("%[sd]", form)) != len(re.findall("%[sd]", forms(message, translated=False)[0]))
            for form in forms(message, translated=True)
        )
    ]
    assert several == []


@pytest.mark.parametrize("kind", NEVER)
def test_chinese_is_written_as_a_colleague_writes(kind):
    (path,) = (path for path in CATALOGUES if path.parent.parent.name == "zh_Hans")
    found = [
        form
        for message in entries(path)
        for form in forms(message, translated=True)
        if NEVER[kind].search(TYPED.sub("", PLACEHOLDER.sub("·", form)))
    ]
    assert found == []


def test_titles_and_labels_end_without_a_full_stop_where_the_source_does(catalogue):
    """A sentence may lose its stop, as what is done loses it; nothing gains one."""
    gained = [
        message.id
        for message in entries(catalogue)
        if forms(message, translated=True)[0].endswith("。")
        and not forms(message, translated=False)[0].endswith((".", "!"))
    ]
    assert gained == []


@pytest.mark.parametrize(
    ("context", "english", "chinese"),
    [
        ("place", "Desk", "工作台"),
        ("part of a project", "Pitch", "立项申请"),
        (None, "Saved each time", "单次收益"),
        (None, "probability", "发生概率"),
        (None, "Evidence", "佐证"),
        (None, "Submission %(number)s", "送审版 %(number)s"),
        (None, "Granted", "获批资源"),
        (None, "Risk exposure", "风险敞口"),
        (None, "Risk appetite", "可接受风险线"),
        (None, "Mitigation", "预防措施"),
        (None, "Plan B", "Plan B（预案）"),
        (None, "Left out", "遗留需求"),
        (None, "Follow-up", "改进项"),
        (None, "Lesson", "经验教训"),
        (None, "Waived", "免复盘"),
        (None, "Draft", "草稿"),
        (None, "Submitted", "送审"),
        (None, "Approved", "已立项"),
        (None, "In delivery", "交付中"),
        (None, "Launched", "已上线"),
        (None, "Closed", "已关闭"),
        (None, "Declined", "未通过"),
        ("project", "Deferred", "暂缓"),
        (None, "On hold", "搁置"),
        (None, "Cancelled", "已取消"),
        (None, "Ask back", "退回补充"),
        (None, "Decline", "不同意"),
        ("tier", "Light", "轻量"),
        ("tier", "Standard", "标准"),
        ("tier", "Major", "重点"),
    ],
)
def test_each_thing_has_its_one_word(context, english, chinese):
    (path,) = (path for path in CATALOGUES if path.parent.parent.name == "zh_Hans")
    assert messages.read(path).get(english, context).string == chinese
