"""The guides name buttons and pages as the portal does: what is in bold stands in the catalogue, in both languages."""

import re

import pytest

from tools import messages

GUIDES = messages.ROOT / "docs" / "guide"
ROLES = ["administrator", "business-partner", "engineer", "lead", "product-manager"]
BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def shown(words: str) -> str:
    """As a guide writes it: three dots for what the portal puts in."""
    return PLACEHOLDER.sub("…", words)


def names() -> dict[str, set[str]]:
    """Each text of the portal with what it is in Chinese; one word may be several things."""
    found: dict[str, set[str]] = {}
    for message in messages.read(messages.ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"):
        if isinstance(message.id, str) and isinstance(message.string, str):
            found.setdefault(shown(message.id), set()).add(shown(message.string))
    return found


def bold(language: str, role: str) -> list[str]:
    text = (GUIDES / language / f"{role}.md").read_text(encoding="utf-8")
    return [" ".join(name.split()) for name in BOLD.findall(text) if name not in {"bold", "加粗"}]


def test_each_role_has_a_guide_in_both_languages() -> None:
    found = {folder.name: sorted(path.stem for path in folder.iterdir()) for folder in GUIDES.iterdir()}
    assert found == {"en": ROLES, "zh": ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_what_a_guide_names_is_called_so_in_the_portal(role: str) -> None:
    known = names()
    assert [name for name in bold("en", role) if name not in known] == []


@pytest.mark.parametrize("role", ROLES)
def test_the_chinese_guide_names_the_same_things(role: str) -> None:
    known = names()
    allowed = set().union(*(known.get(name, set()) for name in bold("en", role)))
    assert [name for name in bold("zh", role) if name not in allowed] == []
