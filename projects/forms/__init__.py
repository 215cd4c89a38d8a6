"""The forms of a project. They read what people type; the actions decide and write.

What other forms of this package and of later stages build on is named here; a view imports its form from its module.
"""

from portal.accounts.forms.fields import PersonField
from projects.forms.fields import CURRENCY_SIGN, LinesField, wanted
from projects.forms.metric import MAX_TARGET, TargetFormField

__all__ = ["CURRENCY_SIGN", "MAX_TARGET", "LinesField", "PersonField", "TargetFormField", "wanted"]
