from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BackupConfig(AppConfig):
    name = "portal.backup"
    label = "backup"
    verbose_name = _("Backup")
    default_auto_field = "django.db.models.BigAutoField"
