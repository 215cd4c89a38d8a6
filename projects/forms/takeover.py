"""A list of projects: cells copied from a spreadsheet, or a file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.common.forms import PortalForm
from portal.common.sheets import Sheet, Trouble, UnreadableSheetError, read, read_text
from projects.forms.fields import LinesField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise

WORDS: Mapping[Trouble, _StrOrPromise] = {
    Trouble.EMPTY: _("There is nothing below the first line, which names the columns."),
    Trouble.TOO_LARGE: _("This file is too large, or becomes so when it is unpacked."),
    Trouble.UNREADABLE: _("This is no table that can be read: copy the cells, or save it as CSV or XLSX."),
    Trouble.TOO_MANY_ROWS: _("These are too many lines or columns."),
    Trouble.CELL_TOO_LONG: _("A cell holds more text than a cell should."),
}


class TakeoverForm(PortalForm):
    """The list as text; a file that comes along takes its place, so that what was checked is what is taken over."""

    table = LinesField(
        label=_("Cells, copied from the spreadsheet"),
        required=False,
        max_length=500_000,
        strip=False,
        help_text=_("The first line names the columns: key, title, owner, stage, start, launch, product."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off"}),
    )
    file = forms.FileField(label=_("or a file, CSV or XLSX"), required=False)

    sheet: Sheet

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file, table = cleaned.get("file"), cleaned.get("table", "")
        try:
            self.sheet = read(file.read()) if file else read_text(table)
        except UnreadableSheetError as error:
            self.add_error("file" if file else "table", WORDS[error.code])
        return cleaned

    def show_as_text(self) -> None:
        """Show the same list as text, whichever way it came, to be looked at and sent once more."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(self.sheet.head)
        writer.writerows(row.cells for row in self.sheet.rows)
        self.data = {name: self.data.get(name) for name in self.data} | {"table": stream.getvalue()}
