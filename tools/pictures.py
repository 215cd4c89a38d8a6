"""The pictures of the README, from the demo: `python -m tools.pictures`.

The demo is built in an empty folder on a fixed day, and the pages are shown to the browser as the test client was answered:
so the same code makes the same pictures, whatever the day, and no server has to run.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

import django
import time_machine
from playwright.sync_api import sync_playwright

from tools import browser

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from portal.accounts.models import User

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "pictures"
BASE: Final = "http://localhost"
#: A Monday, 10:00 where the demo plays.
MOMENT: Final = datetime(2026, 11, 30, 2, tzinfo=UTC)
DESKTOP: Final = (1280, 800)
#: The size for which the decision screen is made.
DECISION: Final = (1440, 900)
PHONE: Final = (390, 760)


@dataclass(frozen=True)
class Picture:
    """One page as one person of the demo sees it; `path` finds it among what the demo holds."""

    name: str
    who: str
    path: Callable[[], str]
    size: tuple[int, int] = DESKTOP
    scheme: Literal["light", "dark"] = "light"


def paths() -> Mapping[str, Callable[[], str]]:
    """Where each thing of the demo is; by what it is, because its number may change."""
    # Models exist once Django is set up, which `main` does for each language.
    from projects.models import ApprovalStep, Project  # noqa: PLC0415 -- see above
    from risks.models import ReviewInvitation  # noqa: PLC0415 -- see above

    def draft() -> str:
        return f"{Project.objects.filter(stage='draft', tier='light').latest('pk').get_absolute_url()}pitch/"

    def decision() -> str:
        step = ApprovalStep.objects.filter(state="pending", submission__project__tier="standard").earliest("pk")
        return f"{step.submission.project.get_absolute_url()}decisions/{step.pk}/"

    def delivery() -> str:
        project = Project.objects.filter(stage="in_delivery", tier="standard").latest("pk")
        return str(project.get_absolute_url())

    def cards() -> str:
        waiting = ReviewInvitation.objects.filter(answered_at=None, person__email="chen.siyuan@demo.example")
        return str(waiting.latest("pk").get_absolute_url())

    return {"draft": draft, "decision": decision, "delivery": delivery, "cards": cards}


def wanted(language: str) -> list[Picture]:
    if language == "zh":
        return [Picture("desk-zh", "lin.yue", lambda: "/")]
    of = paths()
    return [
        Picture("desk", "lin.yue", lambda: "/"),
        Picture("pitch", "lin.yue", of["draft"]),
        Picture("decision", "zhou.min", of["decision"], DECISION),
        Picture("overview", "lin.yue", of["delivery"]),
        Picture("risks-dark", "lin.yue", lambda: "/risks/", scheme="dark"),
        Picture("assessment-phone", "chen.siyuan", of["cards"], PHONE),
    ]


def answer_of(person: "User", path: str, language: str) -> Any:
    from django.test import Client  # noqa: PLC0415 -- needs settings

    client = Client(SERVER_NAME="localhost", headers={"accept-language": "zh-hans" if language == "zh" else "en"})
    client.force_login(person)
    answer: Any = client.get(path)
    if answer.status_code != 200:  # noqa: PLR2004 -- the one that is a page
        raise SystemExit(f"{path} answers {answer.status_code}")
    return answer


def show(page: "Page", answer: Any, static: Path, path: str) -> None:
    """Open a page whose answer is known; what it asks for by itself later is left unanswered."""

    def give(route: "Route") -> None:
        asked = urlsplit(route.request.url).path
        if asked.startswith("/static/"):
            route.fulfill(path=static / asked.removeprefix("/static/"))
        elif route.request.is_navigation_request():
            route.fulfill(status=200, headers=dict(answer.headers), body=answer.content)
        else:
            route.fulfill(status=304)

    page.route("**/*", give)
    page.goto(f"{BASE}{path}", wait_until="networkidle")


def take(language: str) -> None:
    """Build the demo of a language and take its pictures."""
    from django.conf import settings  # noqa: PLC0415 -- set up by now
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    from portal.accounts.models import User  # noqa: PLC0415 -- as above

    call_command("prepare", no_demo=True)
    call_command("load_demo", language=language, verbosity=0)
    answers = []
    for picture in wanted(language):
        person, path = User.objects.get(email=f"{picture.who}@demo.example"), picture.path()
        answers.append((picture, path, answer_of(person, path, language)))
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=arguments)
        for picture, path, answer in answers:
            width, height = picture.size
            page = chromium.new_page(
                viewport={"width": width, "height": height}, reduced_motion="reduce", color_scheme=picture.scheme
            )
            show(page, answer, Path(settings.STATIC_ROOT), path)
            page.screenshot(path=FOLDER / f"{picture.name}.png")
            page.close()
            print(f"- docs/pictures/{picture.name}.png: {path}", flush=True)
        chromium.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=["en", "zh"])
    language = parser.parse_args().language
    if language:
        django.setup()
        with time_machine.travel(MOMENT, tick=False):
            take(language)
        return 0
    if missing := browser.missing():
        print(f"Missing: {', '.join(missing)}. Mend it: {browser.BY_HAND}", file=sys.stderr)
        return 1
    for one in ("en", "zh"):
        with tempfile.TemporaryDirectory(prefix="foresight-pictures-") as folder:
            variables = {"DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": folder, "ENV_FILE": os.devnull}
            command = [sys.executable, "-m", "tools.pictures", "--language", one]
            kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}}
            subprocess.run(command, cwd=ROOT, env=kept | variables, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
