"""Links to documents, and files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_seen
from portal.common.forms import PortalForm
from projects.attachments import TYPES
from projects.enums import DocumentKind
from projects.forms.fields import wanted


class DocumentForm(PortalForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        validators=[check_seen],
        **wanted(_("Name it, such as “Count of October”.")),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind, initial=DocumentKind.OTHER)


class LinkForm(DocumentForm):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        **wanted(_("Write an address that begins with https://.")),
    )
    wide = ("url", "title")
    field_order = ("url", "title", "kind")


class FileForm(DocumentForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ",".join(TYPES)}),
        **wanted(_("Choose a file.")),
    )
    wide = ("file", "title")
    field_order = ("file", "title", "kind")

    def __init__(self, data: Any = None, files: Any = None) -> None:
        # It stands beside the form for links, whose boxes have the same names.
        super().__init__(data, files, auto_id="file_%s")
