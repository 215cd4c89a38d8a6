from hypothesis import given
from hypothesis import strategies as st

from projects.labelled import LABELS, Entry, read, template

TEXT = """Hello team,
Title / 标题: Fewer bags
**单次收益**：46
- Times a month (1,200 bags / 1200 个袋子): 3,000 bags
2. Probability: 15%
发生概率：20%
Evidence:
Count of October
工作量\t3人月
| Sponsor | Lea Lead |
Budget owner: Zhang
问题与做法：A code on each

Read at every stop
see http://bags: 7
Goal / 目标: 
"""  # noqa: W291 -- as it is pasted


def test_lines_are_told_by_label_in_either_language():
    assert read(TEXT).entries == (
        Entry("title", "Title / 标题", "Fewer bags"),
        Entry("unit_benefit_amount", "单次收益", "46"),
        Entry("reach", "Times a month (1,200 bags / 1200 个袋子)", "3,000 bags"),
        Entry("probability", "2. Probability", "15%"),
        Entry("evidence", "Evidence", "Count of October"),
        Entry("person_days", "工作量", "3人月"),
        Entry("sponsor", "Sponsor", "Lea Lead"),
        Entry("problem", "问题与做法", "A code on each\n\nRead at every stop\nsee http://bags: 7"),
    )


def test_what_has_no_label_or_comes_twice_is_the_rest():
    assert read(TEXT).rest == "Hello team,\n发生概率：20%\nBudget owner: Zhang"


def test_an_empty_template_says_nothing():
    read_back = read(template(LABELS))
    assert (read_back.entries, read_back.rest) == ((), "")


def test_every_label_of_the_template_is_read_as_its_own():
    filled = "".join(f"{line}x\n" for line in template(LABELS).splitlines())
    assert [entry.name for entry in read(filled).entries] == list(LABELS)
    assert {entry.text for entry in read(filled).entries} == {"x"}


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(TEXT.splitlines())), max_size=8))
def test_no_word_is_lost(lines):
    text = "\n".join(lines)
    found = read(text)
    kept = " ".join([found.rest, *(f"{entry.label} {entry.text}" for entry in found.entries)])
    words = {word for word in text.split() if word.isalnum() and len(word) > 1}
    known = {word for labels in LABELS.values() for label in labels for word in label.split()}
    assert words - known <= set(kept.split()) | set("".join(kept).split("*"))
