"""A page as a browser reads it: its forms with their controls, its tags, its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit


class Kind(Enum):
    """What a control is for."""

    TEXT = auto()
    FIGURE = auto()
    DAY = auto()
    ADDRESS = auto()
    CHOICE = auto()
    TICK = auto()
    HIDDEN = auto()
    SECRET = auto()
    BUTTON = auto()


@dataclass
class Control:
    """One control; radios of one name are one choice."""

    name: str
    kind: Kind
    value: str = ""
    options: list[str] = field(default_factory=list)
    limit: int | None = None


@dataclass
class Form:
    """One form and where it may be sent."""

    name: str
    targets: list[str]
    controls: list[Control] = field(default_factory=list)

    def of_kind(self, *kinds: Kind) -> list[Control]:
        return [control for control in self.controls if control.kind in kinds]


@dataclass
class Tag:
    """One opening tag."""

    name: str
    attributes: dict[str, str]


class Page(HTMLParser):
    """Reads a page; `address` is where it stands."""

    def __init__(self, text: str, address: str = "/") -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.tags: list[Tag] = []
        self.words: list[str] = []
        self.questions: set[str] = set()
        self._form: Form | None = None
        self._filling: Control | None = None
        self._by_id: list[tuple[str, Control]] = []
        self.feed(text)
        self.close()
        for name, control in self._by_id:
            for form in self.forms:  # none where it belongs to a form that only asks
                if form.name == name:
                    form.controls.append(control)
                    break

    @property
    def links(self) -> list[str]:
        """Where it leads on this server."""
        found = [tag.attributes.get(name, "") for tag in self.tags for name in ("href", "hx-get") if tag.name != "link"]
        return [urljoin(self.address, url) for url in found if url and not url.startswith("#")]

    def form_to(self, url: str) -> Form | None:
        """The first form that can be sent to the address."""
        return next((form for form in self.forms if url in form.targets), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append(Tag(tag, attributes))
        if tag == "form" and attributes.get("method", "get").lower() == "post":
            self._form = Form(attributes.get("id", ""), [self._target(attributes.get("action", ""))])
            self.forms.append(self._form)
        elif tag in {"input", "select", "textarea", "button"}:
            self._begin(tag, attributes)
        elif tag == "option" and self._filling is not None:
            self._filling.options.append(attributes.get("value", ""))
            if "selected" in attributes:
                self._filling.value = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag in {"select", "textarea"}:
            if self._filling is not None and tag == "textarea":
                self._filling.value = self._filling.value.removeprefix("\n")
            self._filling = None

    def handle_data(self, data: str) -> None:
        if self._filling is not None and self._filling.kind == Kind.TEXT:
            self._filling.value += data
        else:
            self.words.append(data)

    def _target(self, url: str) -> str:
        return urlsplit(urljoin(self.address, url)).path

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "button" and "formaction" in attributes and self._form is not None:
            self._form.targets.append(self._target(attributes["formaction"]))
        name = attributes.get("name")
        if not name or name == "csrfmiddlewaretoken" or attributes.get("type") in {"button", "file"}:
            return  # a file is no text; what may be in one is tried beside its page
        control = Control(
            name,
            kind_of(tag, attributes),
            attributes.get("value", ""),
            limit=int(attributes["maxlength"]) if "maxlength" in attributes else None,
        )
        if attributes.get("type") == "radio":
            self._add_radio(control, attributes)
            return
        if control.kind == Kind.TICK:
            control.options = [attributes.get("value", "on")]
            control.value = control.options[0] if "checked" in attributes else ""
        self._place(control, attributes)
        if tag in {"select", "textarea"}:
            self._filling = control

    def _add_radio(self, control: Control, attributes: dict[str, str]) -> None:
        known = [one for one in (self._form.controls if self._form else []) if one.name == control.name]
        value, control.value = control.value, ""
        if not known:
            self._place(control, attributes)
        radio = known[0] if known else control
        radio.options.append(value)
        if "checked" in attributes:
            radio.value = value

    def _place(self, control: Control, attributes: dict[str, str]) -> None:
        if "form" in attributes:
            self._by_id.append((attributes["form"], control))
        elif self._form is not None:
            self._form.controls.append(control)
        else:
            self.questions.add(control.name)


def kind_of(tag: str, attributes: dict[str, str]) -> Kind:
    """What a control is for; a box for figures looks like one for words."""
    of_type = {
        "hidden": Kind.HIDDEN,
        "date": Kind.DAY,
        "time": Kind.FIGURE,
        "url": Kind.ADDRESS,
        "checkbox": Kind.TICK,
        "radio": Kind.CHOICE,
        "password": Kind.SECRET,
    }
    if tag in {"select", "button"}:
        return Kind.CHOICE if tag == "select" else Kind.BUTTON
    return of_type.get(attributes.get("type", ""), Kind.TEXT)


#: What is typed into an empty box; the rest gets words, a figure or a day by its kind.
TYPED = {
    "meets_time": "14:30",
    "quiet_from": "20:00",
    "quiet_until": "08:30",
    "other": "",
    "reach": "5 bags",
    "email": "nobody@example.com",
    "country": "CN",
}
BY_KIND = {
    Kind.TEXT: "Some words",
    Kind.FIGURE: "5",
    Kind.DAY: "2026-11-30",
    Kind.ADDRESS: "https://documents.example.com/",
    Kind.SECRET: "correct horse battery",
}
#: What is changed though something stands there, because sending it unchanged is refused.
CHANGED = {"launch_on": "2027-02-26"}
#: Boxes of which one must be ticked.
TICKED = frozenset({"persons"})


def filled(form: Form) -> dict[str, Any]:
    """The form as somebody sends it who leaves what stands there, fills what is empty and presses the first button."""
    data: dict[str, Any] = {}
    for control in form.controls:
        if control.kind == Kind.TICK:
            if control.value or (control.name in TICKED and control.name not in data):
                data.setdefault(control.name, []).extend(control.options)
        elif control.name not in data and not (control.kind == Kind.BUTTON and _has_button(form, data)):
            data[control.name] = CHANGED.get(control.name) or value_of(control)
    return data


def _has_button(form: Form, data: dict[str, Any]) -> bool:
    return any(button.name in data for button in form.of_kind(Kind.BUTTON))


def value_of(control: Control) -> str:
    if control.value or control.kind in {Kind.HIDDEN, Kind.BUTTON}:
        return control.value
    if control.kind == Kind.CHOICE:
        return next(filter(None, control.options), "")
    return TYPED.get(control.name, BY_KIND[control.kind])
