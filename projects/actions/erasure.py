"""The names of people in frozen pitches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from portal.audit.actions import record
from projects.business_inputs import canonical, digest_of, named
from projects.models import Submission

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User

#: Where frozen content names a person.
_PEOPLE: Final = frozenset({"owner", "business_partner", "sponsor"})


def forget_name(person: User, *, by: User | None, now: datetime) -> int:
    """Write the name that the person has now into every frozen pitch; says into how many.

    The one thing that changes frozen content: nothing that was decided on, but a name that may not stay. The audit keeps both
    digests, so that what was approved can still be told from what was not.
    """
    changed = 0
    for submission in Submission.objects.select_for_update().filter(_names(person)).order_by("pk"):
        content, less = _renamed(submission.content, person), _renamed(submission.less, person)
        if (content, less) == (submission.content, submission.less):
            continue
        before, after = submission.digest, digest_of(content)
        Submission.objects.filter(pk=submission.pk).update(content=content, less=less, digest=after)
        record(
            "pitch.name_erased",
            submission,
            by=by,
            now=now,
            project_id=submission.project_id,
            before={"digest": before},
            after={"digest": after},
        )
        changed += 1
    return changed


def _names(person: User) -> Q:
    written = f'"id":{person.pk},"name":'
    return Q(content__contains=written) | Q(less__contains=written)


def _renamed(text: str, person: User) -> str:
    """The same canonical text, with the person's present name beside his id."""
    if not text:
        return text
    content = json.loads(text)
    for part in _PEOPLE & content.keys():
        if content[part] and content[part]["id"] == person.pk:
            content[part] = named(person.pk, person)
    return canonical(content)
