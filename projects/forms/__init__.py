"""The forms of a project. They read what people type; the actions decide and write."""

from projects.forms.fields import CURRENCY_SIGN, LinesField, PersonField

__all__ = ["CURRENCY_SIGN", "LinesField", "PersonField"]
