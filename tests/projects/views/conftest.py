"""The people of a project at a fixed moment, and forms filled in as a browser would."""

from html.parser import HTMLParser

import pytest

from portal.accounts.enums import Role
from projects.models import Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW


class Boxes(HTMLParser):
    """What a browser would send of the form with this id, and which boxes are asked for."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.is_inside = form_id, False
        self.values, self.asked, self.shown = {}, [], []
        self.name, self.is_open = None, False

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.is_inside = found.get("id") == self.form_id
        if not (self.is_inside or found.get("form") == self.form_id) or ("name" not in found and tag != "option"):
            return
        if tag in {"input", "select", "textarea"} and found.get("type") != "hidden":
            self.shown.append(found["name"])
            if found.get("aria-required") == "true":
                self.asked.append(found["name"])
        if tag == "input" and (found.get("type") not in {"checkbox", "radio"} or "checked" in found):
            self.values[found["name"]] = found.get("value", "on" if found.get("type") == "checkbox" else "")
        elif tag == "select":
            self.name = found["name"]
            self.values.setdefault(self.name, "")
        elif tag == "option" and self.name and "selected" in found:
            self.values[self.name] = found["value"]
        elif tag == "textarea":
            self.name, self.is_open = found["name"], True
            self.values[self.name] = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.is_inside = False
        if tag in {"select", "textarea"}:
            self.name, self.is_open = None, False

    def handle_data(self, data):
        if self.is_open and self.name:
            self.values[self.name] += data.removeprefix("\n")


def boxes(html, form_id):
    """The form of a page, as it would be sent unchanged."""
    parser = Boxes(form_id)
    parser.feed(html)
    return parser


@pytest.fixture(autouse=True)
def _a_monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def outsider(people):
    """A colleague of another line with the same role as the owner."""
    return UserFactory(name="Ola Outside", site=people.site, roles=[Role.PM])


def restrict(project):
    """Only its people and their line see it from now on."""
    Project.objects.filter(pk=project.pk).update(is_restricted=True)
    return project
