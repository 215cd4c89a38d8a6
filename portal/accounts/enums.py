"""Roles and preferences of a person."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a person may do by trade; the value is the name of the Django group that carries it."""

    PM = "pm", _("Product manager")
    ENGINEER = "engineer", _("Engineer")
    LEAD = "lead", _("Lead")
    ADMIN = "admin", _("Administrator")


class Language(TextChoices):
    """Languages of the portal, each in its own words."""

    EN = "en", "English"
    ZH = "zh-hans", "简体中文"


class Theme(TextChoices):
    """Ground of the pages."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", pgettext_lazy("theme", "Light")
    DARK = "dark", pgettext_lazy("theme", "Dark")


class Scope(TextChoices):
    """What a token lets a program do in its person's name."""

    READ = "read", pgettext_lazy("scope of a token", "Read")
    WRITE = "write", pgettext_lazy("scope of a token", "Read and change")
