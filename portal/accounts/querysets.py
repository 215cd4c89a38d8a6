"""Finding people, making them, and who reports to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.expressions import RawSQL

from portal.accounts.enums import Role
from portal.accounts.names import check_identifier, folded, normal_email, normal_name, normal_number
from portal.common.text import has_control_characters, has_invisible_characters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.accounts.models import ApiToken, Delegation, Department, User

MOST_WORDS: Final = 6

# Down from a person, by both kinds of line. UNION drops what was seen, so that a ring of managers ends. Below somebody
# who heads a department the line belongs to that head, so it goes no further down.
_REPORTS = """
    WITH RECURSIVE line(id) AS (
        SELECT person.id FROM accounts_user person
         WHERE person.manager_id = %s OR person.dotted_manager_id = %s
        UNION
        SELECT person.id FROM accounts_user person
          JOIN line ON person.manager_id = line.id OR person.dotted_manager_id = line.id
         WHERE NOT EXISTS (SELECT 1 FROM accounts_department WHERE accounts_department.head_id = line.id)
    )
    SELECT id FROM line WHERE id <> %s
"""


def reports_of(user: User) -> RawSQL:
    """Ids of everybody in whose line upward the user stands, for use in `Q(owner_id__in=…)`.

    A line upward goes by managers and dotted managers and ends with the first who heads a department. The direct
    managers belong to it always, even above a person who heads a department himself.
    """
    return RawSQL(_REPORTS, [user.pk, user.pk, user.pk])  # noqa: S611 -- a constant text; the ids are parameters


# A department with everything below it; UNION ends a ring.
_BELOW = """
    WITH RECURSIVE part(id) AS (
        SELECT id FROM accounts_department WHERE id = %s
        UNION
        SELECT child.id FROM accounts_department child JOIN part ON child.parent_id = part.id
    )
    SELECT id FROM part
"""


def departments_below(department: Department) -> RawSQL:
    """Ids of the department and of all its parts, for use in `Q(department_id__in=…)`."""
    return RawSQL(_BELOW, [department.pk])  # noqa: S611 -- a constant text; the id is a parameter


class UserQuerySet(models.QuerySet["User"]):
    """People."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_role(self, role: Role) -> Self:
        return self.filter(groups__name=role)

    def find(self, q: str) -> Self:
        """Those whose name, address or staff number holds every word of `q`, of which the first few are looked at."""
        if has_control_characters(q) or has_invisible_characters(q):
            return self.none()
        found = self
        for word in folded(q).split()[:MOST_WORDS]:
            found = found.filter(search_text__contains=word)
        return found

    def nearest(self, q: str) -> Self:
        """Those found, first whose name or another of his spellings begins with what is typed."""
        text = folded(q)
        rank = models.Case(
            models.When(search_text__startswith=text, then=0),
            models.When(search_text__contains=f" {text}", then=1),
            default=2,
            output_field=models.IntegerField(),
        )
        return self.find(q).order_by(rank, "name", "pk")


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Who stands in for whom."""

    def ahead(self, now: datetime) -> Self:
        """Those that run or will run."""
        return self.filter(ends_at__gt=now, ended_at=None, person__is_active=True, delegate__is_active=True)

    def standing_in(self, delegate: User, now: datetime) -> Self:
        """Those by which this person acts for others at this moment."""
        return self.ahead(now).filter(delegate=delegate, starts_at__lte=now)

    def of(self, person: User, now: datetime) -> Self:
        """Both sides: who stands in for him, and for whom he does."""
        both = self.ahead(now).filter(models.Q(person=person) | models.Q(delegate=person))
        return both.select_related("person__site", "delegate")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens of programs."""

    def kept(self) -> Self:
        """Not revoked."""
        return self.filter(revoked_at=None)

    def good(self, now: datetime) -> Self:
        """Those by which a program comes in."""
        return self.kept().filter(expires_at__gt=now, person__is_active=True)


class UserManager(BaseUserManager["User"]):
    """Makes people. Actions are the callers; the plain create is for Django's `createsuperuser` and for them."""

    @transaction.atomic
    def create_user(
        self, email: str, password: str | None = None, *, roles: Iterable[Role] = (), **fields: Any
    ) -> User:
        """A person with each value in its one spelling; without a password nobody can sign in as him by one."""
        fields["name"] = normal_name(fields.get("name", ""))
        fields["staff_number"] = normal_number(fields.get("staff_number") or "") or None
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.refresh_search_text()
        user.save(using=self._db)
        if groups := groups_of(roles):
            user.groups.add(*groups)
        return user

    def of_session(self, pk: Any) -> User | None:
        """One person with his site and his roles, which every page asks for, by one query."""
        carried = Group.objects.filter(people=models.OuterRef("pk"))
        is_in = {f"is_in_{role}": models.Exists(carried.filter(name=role)) for role in Role}
        person = self.select_related("site").annotate(**is_in).filter(pk=pk).first()
        if person is not None:
            person.remember_roles(role for role in Role if getattr(person, f"is_in_{role}"))
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator: the portal knows no power above that."""
        return self.create_user(email, password, roles=[Role.ADMIN], **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Whoever signs in may type the address in any case and width."""
        email = normal_email(username or "")
        try:
            check_identifier(email)
        except ValidationError:
            raise self.model.DoesNotExist from None
        return self.get(email=email)


PersonManager = UserManager.from_queryset(UserQuerySet)


def groups_of(roles: Iterable[Role]) -> list[Group]:
    """The groups that carry the roles; one that is gone is made again."""
    asked = list(dict.fromkeys(roles))
    there = {group.name: group for group in Group.objects.filter(name__in=asked)}  # asks nothing for no role
    return [there.get(role) or Group.objects.get_or_create(name=role)[0] for role in asked]
