"""The browser of the walk, and the fonts that Chinese needs."""

import os
import shutil
from pathlib import Path
from typing import Final

from tools import debian

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS: Final = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"))
BY_HAND: Final = "apt-get update && apt-get install -y chromium fonts-noto-cjk"


def find() -> str | None:
    """Return the path of a Chromium: the one named in CHROMIUM, else one on PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def has_chinese_fonts() -> bool:
    return any(any(folder.glob("NotoSansCJK*")) for folder in FONT_FOLDERS)


def missing() -> list[str]:
    """Name the packages that the browser tests lack."""
    return ([] if find() else ["chromium"]) + ([] if has_chinese_fonts() else ["fonts-noto-cjk"])


def install() -> None:
    debian.install(missing(), "for the browser tests")
