"""Signing in, passwords, preferences, the first person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts import setup
from portal.accounts.enums import Language, Theme
from portal.accounts.forms.fields import zones
from portal.accounts.models import User
from portal.accounts.names import check_identifier, check_name, normal_email
from portal.common.forms import PortalForm

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

#: Longer than any password that can be set, and short enough to refuse before anything is reckoned with it.
LONGEST_PASSWORD = 128


def password_field(label: _StrOrPromise, *, is_new: bool, help_text: _StrOrPromise = "") -> forms.CharField:
    """A password as typed: spaces and all, never trimmed, never shown again."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if is_new else "current-password"})
    return forms.CharField(
        label=label, max_length=LONGEST_PASSWORD, strip=False, widget=widget, help_text=help_text,
        error_messages={"max_length": _("A password has at most 128 characters.")},
    )  # fmt: skip


def email_field(*, autocomplete: str) -> forms.CharField:
    """An address as people type it; whether it is somebody's is never said."""
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=_("E-mail"), max_length=254, widget=widget)


class SignInForm(PortalForm):
    """Address and password; both wrong and unknown get one sentence."""

    email = email_field(autocomplete="username")
    password = password_field(_("Password"), is_new=False)

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])

    def refuse(self) -> None:
        """Say no without saying which of the two was wrong."""
        self.add_error(None, _("Address and password do not belong together. Look at both once more."))


class ResetForm(PortalForm):
    """Whose password is to be set anew."""

    email = email_field(autocomplete="username")

    def clean_email(self) -> str:
        return normal_email(self.cleaned_data["email"])


class NewPasswordForm(PortalForm):
    """A password of one's own choice, typed twice."""

    new_password = password_field(
        _("New password"),
        is_new=True,
        help_text=_("12 characters or more. A few words you can remember are better than signs you cannot."),
    )
    again = password_field(_("New password once more"), is_new=True)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_new_password(self) -> str:
        typed: str = self.cleaned_data["new_password"]
        validate_password(typed, self.person)
        return typed

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        first = self.cleaned_data.get("new_password")
        if first is not None and first != again:
            raise ValidationError(_("The two differ. Type the same password twice."))
        return again


class ChangePasswordForm(NewPasswordForm):
    """The old one first: whoever finds an unlocked screen does not get the account with it."""

    old_password = password_field(_("Password you use now"), is_new=False)
    field_order = ["old_password", "new_password", "again"]


def clock() -> forms.TimeInput:
    """A time of day."""
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class PreferencesForm(PortalForm):
    """How the portal speaks to a person, and what others call him."""

    nickname = forms.CharField(
        label=_("Nickname"),
        max_length=40,
        required=False,
        validators=[check_name],
        help_text=_("Colleagues find you by it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Light or dark"), choices=Theme)
    wants_inbox = forms.BooleanField(label=_("Messages in the inbox"), required=False)
    wants_mail = forms.BooleanField(
        label=_("Messages by mail"),
        required=False,
        help_text=_(
            "What can wait comes gathered, in one mail each working morning. With both off, what you owe still stands on your desk, and the private notice that comes before your "
            "manager hears of anything still lies in the inbox; so does what you hear as a manager. Nothing else is sent."
        ),
    )
    quiet_from = forms.TimeField(label=_("Quiet in the evening from"), required=False, widget=clock())
    quiet_until = forms.TimeField(
        label=_("Quiet until the next morning at"),
        required=False,
        widget=clock(),
        help_text=_("Left empty, the hours of the company hold. Weekends and holidays of your site are quiet all day."),
    )
    is_quiet_at_noon = forms.BooleanField(label=_("Quiet at noon too"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_site = person.site.time_zone if person.site else "UTC"
        as_site = ("", _("As the site: %(zone)s") % {"zone": of_site})
        self.fields["time_zone"].choices = zones(as_site)


class LookForm(PortalForm):
    """Language and ground by one click, for whoever reads the page."""

    language = forms.ChoiceField(choices=Language, required=False)
    theme = forms.ChoiceField(choices=Theme, required=False)


class FirstAdminForm(NewPasswordForm):
    """The first person, let in by the code that the server printed."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("The command “python manage.py setup_code” prints it on the server."),
    )
    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=80,
        validators=[check_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        validators=[check_identifier],
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    field_order = ["code", "name", "email", "new_password", "again"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=User(), **kwargs)

    def clean_code(self) -> str:
        if not setup.is_code(self.cleaned_data["code"]):
            raise ValidationError(_("This is not the code. Print it anew on the server and type it as it stands."))
        return ""

    def clean_new_password(self) -> str:
        # Judged against the name and address typed beside it.
        self.person = User(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", ""))
        return super().clean_new_password()
