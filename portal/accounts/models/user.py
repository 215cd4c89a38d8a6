"""The person who uses the portal."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Language, Role, Theme
from portal.accounts.names import LONGEST_KEY, check_identifier, check_name, initials, search_key
from portal.accounts.querysets import PersonManager
from portal.common.constraints import at_most
from portal.common.dates import Calendar, zone_named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo


class User(AbstractBaseUser):
    """A colleague. Written by `portal.accounts.actions` only; never deleted, because others' records name him."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True, validators=[check_identifier])
    name = models.CharField(_("name"), max_length=80, validators=[check_name])
    nickname = models.CharField(_("nickname"), max_length=40, blank=True, validators=[check_name])
    staff_number = models.CharField(
        _("staff number"), max_length=32, unique=True, null=True, blank=True, validators=[check_identifier]
    )
    department = models.ForeignKey(
        "accounts.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("department"),
    )
    skill = models.CharField(_("skill"), max_length=40, blank=True)
    manager = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="direct_reports", verbose_name=_("manager")
    )
    dotted_manager = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dotted_reports",
        verbose_name=_("dotted-line manager"),
    )
    site = models.ForeignKey(
        "accounts.Site", models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("site")
    )
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.EN)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("Left empty, it is that of the site.")
    )
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    wants_inbox = models.BooleanField(_("messages in the inbox"), default=True)
    wants_mail = models.BooleanField(_("messages by mail"), default=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    is_quiet_at_noon = models.BooleanField(_("quiet at noon"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demo person"), default=False, editable=False)
    groups = models.ManyToManyField(Group, blank=True, related_name="people", verbose_name=_("roles"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    search_text = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=~Q(manager=F("id")), name="user_not_his_own_manager"),
            models.CheckConstraint(condition=~Q(dotted_manager=F("id")), name="user_not_his_own_dotted_manager"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="user_language_known"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="user_theme_known"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="user_quiet_from_and_until",
            ),
            models.CheckConstraint(condition=~Q(staff_number=""), name="user_staff_number_null_not_empty"),
            at_most("email", 254, name="user_email_length"),
            at_most("name", 80, name="user_name_length"),
            at_most("nickname", 40, name="user_nickname_length"),
            at_most("staff_number", 32, name="user_staff_number_length"),
            at_most("skill", 40, name="user_skill_length"),
            at_most("time_zone", 64, name="user_time_zone_length"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[Role]:
        """The roles, read once per object (or from a prefetch of `groups`)."""
        if "_roles" not in self.__dict__:
            known = set(Role.values)
            self.remember_roles(Role(group.name) for group in self.groups.all() if group.name in known)
        return self._roles

    def remember_roles(self, roles: Iterable[Role]) -> None:
        """For whoever read them beside the person."""
        self._roles = frozenset(roles)

    def forget_roles(self) -> None:
        """Read the roles anew at the next question."""
        self.__dict__.pop("_roles", None)

    @property
    def roles_in_order(self) -> list[Role]:
        """The roles as every list of them is ordered."""
        return [role for role in Role if role in self.roles]

    def has_role(self, role: Role) -> bool:
        return role in self.roles

    @property
    def is_admin(self) -> bool:
        return self.is_active and self.has_role(Role.ADMIN)

    @property
    def zone(self) -> tzinfo:
        """His time zone, else that of his site; UTC where neither is known."""
        if self.time_zone:
            return zone_named(self.time_zone)
        return self.site.zone if self.site else UTC

    def calendar(self) -> Calendar:
        """The working days of his site; weekdays where he has none."""
        return self.site.calendar() if self.site else Calendar()

    @property
    def initials(self) -> str:
        return initials(self.name)

    def get_short_name(self) -> str:
        return self.name

    def refresh_search_text(self) -> None:
        """Derive what `find` looks in; whoever writes a name, the address or the number calls it."""
        self.search_text = search_key(self.name, self.nickname, self.staff_number or "", self.email)
