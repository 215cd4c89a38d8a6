"""People and where they work."""

from portal.accounts.models.api_token import ApiPace, ApiToken
from portal.accounts.models.delegation import Delegation
from portal.accounts.models.form_key import FormKey
from portal.accounts.models.organisation import Department, Holiday, Site
from portal.accounts.models.saved_view import SavedView
from portal.accounts.models.user import User

__all__ = ["ApiPace", "ApiToken", "Delegation", "Department", "FormKey", "Holiday", "SavedView", "Site", "User"]
