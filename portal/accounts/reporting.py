"""The line of managers above a person."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from portal.accounts.models import Department, User


def reporting_chain(user: User) -> list[User]:
    """Managers and dotted managers upward, nearest first; one query a level.

    A branch ends with the first who heads a department; the person's own managers belong to it always. The mirror of
    `querysets.reports_of`.
    """
    chain: list[User] = []
    seen = {user.pk}
    level = [user]
    while level:
        above = {pk for person in level for pk in (person.manager_id, person.dotted_manager_id) if pk} - seen
        seen |= above
        managers = _with_headship(above)
        chain += managers
        level = [person for person in managers if not person.heads_department]  # type: ignore[attr-defined] # annotated
    return chain


def _with_headship(ids: set[int]) -> list[User]:
    if not ids:
        return []
    heads = Exists(Department.objects.filter(head=OuterRef("pk")))
    return list(User.objects.filter(pk__in=ids).annotate(heads_department=heads).order_by("name", "pk"))
