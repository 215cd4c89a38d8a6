"""Two submissions of a pitch side by side, field by field: what was, what is, and which of it an approval rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.common.components import Link
from portal.common.http import page
from portal.common.written import date_short
from projects.case_words import words_of
from projects.content_difference import moves_between
from projects.difference_words import groups_of, row_of
from projects.materiality import Place
from projects.models import Submission
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from portal.common.components import Difference
    from projects.business_inputs import Content

#: So many of the differences the screen of a decision shows; the page has all.
BRIEFLY = 6


@require_safe
def difference(request: PortalRequest, pk: int, number: int, earlier: int) -> HttpResponse:
    project = find_project(request, pk)
    if earlier >= number:
        raise Http404
    submissions = {one.number: one for one in Submission.objects.filter(project=project, number__lte=number)}
    now, before = submissions.get(number), submissions.get(earlier)
    if now is None or before is None:
        raise Http404
    content = now.read()
    groups = groups_of(moves_between(before.read(), content), words_of(content))
    rows = [row for group in groups for row in group.rows]
    context = frame(request, project, "decisions", answer(now, before, rows)) | {
        "now": now,
        "before": before,
        "groups": groups,
        "others": [other_link(now, one, is_on=one == before) for one in submissions.values() if one != now],
    }
    return page(request, "projects/submission_difference.html", context)


def answer(now: Submission, before: Submission, rows: Sequence[Difference]) -> str:
    """How much differs, and how much of it matters."""
    told = {"now": now.number, "before": before.number, "count": len(rows)}
    if not rows:
        return _("Submission %(now)s says what submission %(before)s said.") % told
    words = ngettext(
        "Submission %(now)s differs from submission %(before)s in %(count)s field.",
        "Submission %(now)s differs from submission %(before)s in %(count)s fields.",
        len(rows),
    )
    material = sum(row.is_material for row in rows)
    rests = ngettext("An approval rests on %(count)s.", "An approval rests on %(count)s of them.", material)
    return f"{words % told} {rests % {'count': material}}" if material else words % told


def other_link(now: Submission, other: Submission, *, is_on: bool) -> Link:
    """The same submission beside another earlier one."""
    words = _("Submission %(number)s, %(day)s") % {"number": other.number, "day": date_short(other.submitted_at)}
    return Link(words, url_of(now, other), is_on=is_on)


def url_of(now: Submission, before: Submission) -> str:
    return reverse("projects:difference", args=[now.project_id, now.number, before.number])


@dataclass(frozen=True, slots=True)
class Differs:
    """The differences that matter most, and the page that has all; empty for a first submission."""

    rows: Sequence[Difference] = ()
    url: str = ""


def differences_from_last(submission: Submission, content: Content) -> Differs:
    """What an approval rests on and is not as it was in the submission before; of the figures the one that counts."""
    earlier = Submission.objects.filter(project=submission.project_id, number__lt=submission.number)
    last = earlier.order_by("-number").first()
    if last is None:
        return Differs()
    words = words_of(content)
    moves = [move for move in moves_between(last.read(), content) if move.is_material]
    rows = [row_of(move, words) for move in moves if move.place != Place.FIGURE or move.field == "net_benefit"]
    return Differs(rows[:BRIEFLY], url_of(submission, last))
