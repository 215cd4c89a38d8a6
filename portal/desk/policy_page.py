"""What the company decided: every setting that an app declares, for all to read and administrators to change."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.models import User
from portal.accounts.permissions import ADMINS_MAY, require
from portal.common import formats
from portal.common.forms import VersionedForm
from portal.common.http import page
from portal.policy import store
from portal.policy.models import PolicyValue
from portal.process import PROCESS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise

    from portal.policy.store import Current, Setting

GROUPS: Mapping[str, _StrOrPromise] = {
    "projects": gettext_lazy("Pitches, approvals and dates"),
    "risks": gettext_lazy("Risks and reviews"),
    "retros": gettext_lazy("Retros"),
    "notifications": gettext_lazy("Messages"),
    "ladders": gettext_lazy("Reminders, by what is owed"),
    "links": gettext_lazy("Links in messages"),
}


class SettingForm(VersionedForm):
    """One setting, with the version that was seen."""

    key = forms.CharField(widget=forms.HiddenInput)
    value = forms.CharField(max_length=2000, strip=False, required=False)

    def __init__(self, data: Any = None, *, current: Current[Any]) -> None:
        setting = current.setting
        self.current, self.setting = current, setting
        initial = {
            "key": setting.key,
            "value": store.shown(setting, current.value),
            "version": current.version,
        }
        super().__init__(data, initial=initial, auto_id=f"{anchor(setting)}-%s")
        if setting.choices or isinstance(setting.default, bool):
            self.fields["value"] = forms.ChoiceField(choices=choices_of(setting), show_hidden_initial=True)
        self.fields["value"].label = setting.label

    def clean_version(self) -> int:
        version: int = self.cleaned_data["version"]
        if version > self.current.version:
            raise forms.ValidationError(_("Nobody has seen this version. Open the page anew."))
        return version

    def saved_values(self, obj: Model) -> Mapping[str, Any]:  # noqa: ARG002 -- a row holds JSON; the store reads it
        return {"value": store.shown(self.setting, store.current([self.setting])[0].value)}


@dataclass(frozen=True, slots=True)
class Line:
    """A setting as the page shows it."""

    current: Current[Any]
    anchor: str
    value: str
    default: str
    changed_by: str
    form: SettingForm | None

    @property
    def is_default(self) -> bool:
        return self.value == self.default


@dataclass(frozen=True, slots=True)
class Group:
    """The settings of one app."""

    words: _StrOrPromise
    lines: Sequence[Line]


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: PortalRequest) -> HttpResponse:
    may = request.user.is_admin
    bound: SettingForm | None = None
    answer: HttpResponse | HTTPStatus = HTTPStatus.OK
    if request.method == "POST":
        require(may, ADMINS_MAY)
        bound = SettingForm(request.POST, current=_current_of(request.POST.get("key", "")))
        answer = _changed(request, bound)
    if isinstance(answer, HttpResponse):
        return answer
    groups = groups_of(may=may, bound=bound)
    context = {"groups": groups, "heading": heading(groups)}
    return page(request, "desk/policy.html", context, status=answer)


def _current_of(key: str) -> Current[Any]:
    wanted = [setting for group in PROCESS.policy_groups.values() for setting in group if setting.key == key]
    if not wanted:
        raise Http404
    return store.current(wanted)[0]


def _changed(request: PortalRequest, form: SettingForm) -> HttpResponse | HTTPStatus:
    def deed() -> str:
        setting, version = form.setting, form.cleaned_data["version"]
        new = store.parsed(setting, form.cleaned_data["value"])
        store.change(setting, new, version=version, by=request.user, now=timezone.now())
        messages.success(request, _("Saved: %(setting)s. It counts from now on.") % {"setting": setting.label})
        return f"{reverse('policy')}#{anchor(setting)}"

    return post_once(request, form, deed, saved_by=last_changed_by)


def last_changed_by(row: Model) -> tuple[str, datetime] | None:
    """Who decided last, for the words of a conflict."""
    if not isinstance(row, PolicyValue) or row.changed_by is None:
        return None
    return str(row.changed_by), row.changed_at


def groups_of(*, may: bool, bound: SettingForm | None) -> list[Group]:
    """Every group with its settings as they stand; two queries, however many there are."""
    declared = PROCESS.policy_groups
    standing = {one.setting.key: one for one in store.current(s for group in declared.values() for s in group)}
    deciders = User.objects.in_bulk({one.changed_by_id for one in standing.values() if one.changed_by_id is not None})
    return [
        Group(GROUPS.get(key, key), [line_of(standing[s.key], deciders, may=may, bound=bound) for s in settings])
        for key, settings in declared.items()
    ]


def line_of(one: Current[Any], deciders: Mapping[int, User], *, may: bool, bound: SettingForm | None) -> Line:
    setting = one.setting
    own = bound if bound is not None and bound.setting.key == setting.key else None
    decider = deciders.get(one.changed_by_id) if one.changed_by_id is not None else None
    return Line(
        current=one,
        anchor=anchor(setting),
        value=read_as(setting, one.value),
        default=read_as(setting, setting.default),
        changed_by=_("The portal") if decider is None else str(decider),
        form=(own or SettingForm(current=one)) if may else None,
    )


def heading(groups: Sequence[Group]) -> str:
    """The answer: how much of it was decided here."""
    lines = [line for group in groups for line in group.lines]
    own = sum(not line.is_default for line in lines)
    if not own:
        return _("All %(all)s settings stand as delivered") % {"all": len(lines)}
    return ngettext(
        "%(count)s of %(all)s settings is decided otherwise than delivered",
        "%(count)s of %(all)s settings are decided otherwise than delivered",
        own,
    ) % {"count": own, "all": len(lines)}


def anchor(setting: Setting[Any]) -> str:
    """The id of a setting on the page."""
    return setting.key.replace(".", "-")


def choices_of(setting: Setting[Any]) -> list[tuple[str, _StrOrPromise]]:
    """What may be chosen, each as it is sent."""
    offered = setting.choices or ((True, _("yes")), (False, _("no")))
    return [(store.shown(setting, value), words) for value, words in offered]


def read_as(setting: Setting[Any], value: Any) -> str:
    """The value as it is read: the words of a choice, a number with its thousands set apart."""
    if setting.choices or isinstance(value, bool):
        return str(dict(choices_of(setting)).get(store.shown(setting, value), value))
    if isinstance(value, int | Decimal) and not isinstance(value, store.Percent):
        return formats.number(value)
    return store.shown(setting, value)
