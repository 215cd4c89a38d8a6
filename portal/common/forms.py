"""Forms as the portal shows and answers them: label above, origin at the right, hint and error tied to the control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise
    from django.utils.safestring import SafeString

    from portal.common.components import Mark
    from portal.common.errors import Reason

    #: Who saved an object last, and when; None where nobody can say.
    SavedBy = Callable[[Model], tuple[str, datetime] | None]

#: The hidden input that makes a second press of the same button harmless.
KEY_FIELD = "_key"
VERSION_FIELD = "version"

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a conflict: what is saved now and what was typed, each as words and as the form sends it."""

    name: str
    label: _StrOrPromise
    saved: str
    saved_raw: str
    typed: str
    typed_raw: str
    #: Whether the person touched this field at all; an untouched one is offered with what is saved.
    keeps_typed: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody faster left behind: the lines that differ, and the rest of the form to send again unseen."""

    saved_by: str
    saved_at: datetime | None
    lines: Sequence[Line]
    hidden: Sequence[tuple[str, str]]


class PortalBoundField(forms.BoundField):
    """A field with what our template asks of it."""

    @property
    def origin(self) -> Mark | None:
        """Where a prefilled value comes from, as a chip at the right of the label."""
        return getattr(self.form, "origins", {}).get(self.name)

    @property
    def unit(self) -> _StrOrPromise:
        """What stands in front of the control, such as ¥."""
        units: Mapping[str, _StrOrPromise] = getattr(self.form, "units", {})
        return units.get(self.name, "")

    @property
    def is_wide(self) -> bool:
        """Whether it takes both columns of a form."""
        return self.name in getattr(self.form, "wide", ()) or isinstance(self.field.widget, forms.Textarea)

    @property
    def is_optional(self) -> bool:
        """Optional is said; required is not. A tick asks nothing, and a choice says itself what leaving it open means."""
        is_asked = self.field.required or self.name in getattr(self.form, "ASKED", ())
        return not (is_asked or isinstance(self.field.widget, forms.CheckboxInput | forms.Select))

    @property
    def is_tick(self) -> bool:
        """A single checkbox stands in front of its label."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def control(self) -> SafeString:
        """The control in Bootstrap's classes."""
        widget = self.field.widget
        ours = next(classes for kind, classes in _CLASSES if isinstance(widget, kind))
        classes = [ours, widget.attrs.get("class", ""), "is-invalid" if self.errors else ""]
        return self.as_widget(attrs={"class": " ".join(filter(None, classes))})

    @property
    def hidden_initial(self) -> SafeString | str:
        """What the person saw before typing, sent along where a conflict must know it."""
        return self.as_hidden(only_initial=True) if self.field.show_hidden_initial else ""


class FormRenderer(TemplatesSetting):
    """Every form of the portal, and every widget, through our templates."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = PortalBoundField


class PortalForm(forms.Form):
    """A form that can say more than Django's: where values came from, and why a deed was refused. It never saves."""

    #: By field name: the chip of origin, the unit in front, and the fields that take both columns.
    origins: Mapping[str, Mark] = {}
    units: Mapping[str, _StrOrPromise] = {}
    wide: Sequence[str] = ()
    #: What is asked for in the end, though a draft may leave it open.
    ASKED: Sequence[str] = ()

    conflict: Conflict | None = None
    reasons: Sequence[Reason] = ()

    if TYPE_CHECKING:
        #: Of many kinds, each with what its kind can do: choices, a query, people on offer.
        fields: dict[str, Any]

    if TYPE_CHECKING:

        def __getitem__(self, name: str) -> PortalBoundField: ...

    def saved_values(self, obj: Model) -> Mapping[str, Any]:
        """What is stored now, by field name. Override where a field is not an attribute of the object."""
        return {name: getattr(obj, name) for name in self.fields if hasattr(obj, name)}

    def meet(self, obj: Model, saved_by: SavedBy | None = None) -> None:
        """Turn a stale edit into a conflict that the person can resolve line by line."""
        fresh = type(obj)._base_manager.get(pk=obj.pk)
        saved = self.saved_values(fresh)
        lines = [line for name, value in saved.items() if (line := self._line(name, value))]
        told = {line.name for line in lines}
        hidden = [
            (self[name].html_name, raw)
            for name in self.fields
            if self[name].html_name not in told and name != VERSION_FIELD
            for raw in self._typed(name)
        ]
        if VERSION_FIELD in self.fields:
            hidden.append((self.add_prefix(VERSION_FIELD), str(getattr(fresh, VERSION_FIELD))))
        hidden += [
            (self[name].html_initial_name, _as_sent(self.fields[name], value))
            for name, value in saved.items()
            if self.fields[name].show_hidden_initial
        ]
        who, when = (saved_by(fresh) if saved_by else None) or ("", None)
        self.conflict = Conflict(who, when, lines, hidden)

    def _typed(self, name: str) -> list[str]:
        html_name = self.add_prefix(name)
        return self.data.getlist(html_name) if hasattr(self.data, "getlist") else [self.data.get(html_name, "")]

    def _line(self, name: str, value: Any) -> Line | None:
        field = self.fields[name]
        if name == VERSION_FIELD or isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            return None
        typed_raw = next(iter(self._typed(name)), "")
        if isinstance(field, forms.BooleanField):
            typed_raw = "true" if self[name].data else "false"
        saved_raw = _as_sent(field, value)
        if saved_raw == typed_raw or not field.has_changed(value, self[name].data):
            return None
        return Line(
            name=self[name].html_name,
            label=self[name].label,
            saved=_as_read(field, saved_raw),
            saved_raw=saved_raw,
            typed=_as_read(field, typed_raw),
            typed_raw=typed_raw,
            keeps_typed=name in self.changed_data,
        )


def _as_sent(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return "true" if value else "false"
    if isinstance(field, forms.ModelChoiceField):
        return str(field.prepare_value(value) or "")
    sent = field.widget.format_value(field.prepare_value(value))
    if isinstance(sent, list):  # a Select formats to a list of one
        sent = next(iter(sent), "")
    return "" if sent is None else str(sent)


def _as_read(field: forms.Field, raw: str) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if raw == "true" else _("no")
    if not raw:
        return _("nothing")
    try:
        value = field.to_python(raw)
    except forms.ValidationError:
        return raw
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(_flat(field.choices)).get(value, raw))
    return raw


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = []
    for value, label in choices:
        pairs += label if isinstance(label, list | tuple) else [(value, label)]
    return pairs


class VersionedForm(PortalForm):
    """A form over something that others may edit too: it carries the version it was opened with, and what was seen.

    Give it `initial=` with the current values and `version`; hand `cleaned_data["version"]` to the action.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != VERSION_FIELD and not field.widget.is_hidden:
                field.show_hidden_initial = True
