"""What an approver weighs beside the number: what it rests on, who is asked for and when, what gives way, what is owed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.common import formats
from portal.common.charts import whole_percents
from portal.common.components import Figure, Share, Term
from portal.common.written import listed
from portal.notifications import registry
from portal.notifications.models import Obligation
from projects.business_inputs import number
from projects.enums import CostKind, OptionKind, Stage
from projects.models import CostLine, Project
from projects.quarters import spread
from projects.reckoning import Figure as Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.accounts.models import User
    from projects.case_words import CaseWords
    from projects.models import Submission

#: So many projects that need the same people are named, and so many quarters have a column of their own.
MOST_SHARING = 2
MOST_QUARTERS = 3
#: The bases of a figure, as the evidence bar draws them.
STRONGEST_FIRST: tuple[Literal["measured", "analogous", "peer", "judgement"], ...] = (
    "measured",
    "analogous",
    "peer",
    "judgement",
)


@dataclass(frozen=True, slots=True)
class PeopleAsked:
    """Person-days by skill and quarter; the days are spread evenly, because a pitch says only until when."""

    quarters: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, str]], str]]
    together: str
    each_month: str


@dataclass(frozen=True, slots=True)
class PermitAsked:
    """A permit with the last day to apply for it; None where its time is not known."""

    words: str
    last_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Sharing:
    """A project under way that needs the same people."""

    project: Project
    skills: str
    launch_on: date | None


def weighing(submission: Submission, words: CaseWords, reader: User, today: date) -> dict[str, Any]:
    """The context of the screen beside the case itself. A fixed number of queries."""
    project = submission.project
    sharing = sharing_with(project, words, reader)
    return {
        "figures": [*words.figures, *waiting(words)],
        "lost_per_week": "" if words.case.lost_per_week is None else words.rough(words.case.lost_per_week),
        "evidence": evidence(words),
        "people": people_asked(submission, words),
        "permits": permits_asked(project, words, today),
        "sharing": sharing[:MOST_SHARING],
        "sharing_more": max(len(sharing) - MOST_SHARING, 0),
        "names_skills": bool(skills_of(words)),
        "owner_words": owner_words(project, reader),
    }


def waiting(words: CaseWords) -> list[Figure]:
    """What every week without it costs; nothing while the benefit is not known."""
    lost = words.case.lost_per_week
    if lost is None:
        return []
    reckoning = _("%(month)s a month × 12 ÷ 52") % {"month": words.money(words.case.benefit_per_month)}
    term = Term(reckoning, words.money(lost), _("benefit that does not come meanwhile"))
    return [Figure(_("A week of waiting costs"), words.rough(lost), terms=[term])]


def evidence(words: CaseWords) -> list[Share]:
    """How much of the benefit rests on which basis; nothing while a benefit is not known."""
    brought: dict[str, Decimal] = {}
    for line, term in zip(words.option["benefits"], words.case.terms[Code.BENEFIT], strict=True):
        if term.amount is None:
            return []
        brought[line["basis"]] = brought.get(line["basis"], Decimal(0)) + term.amount
    percents = whole_percents(brought)
    return [Share(key, percents[key]) for key in STRONGEST_FIRST if key in percents]


def people_lines(words: CaseWords) -> list[Mapping[str, Any]]:
    return [line for line in words.option["costs"] if line["kind"] == CostKind.PEOPLE]


def skills_of(words: CaseWords) -> set[str]:
    return {line["skill"] for line in people_lines(words) if line["skill"]}


def people_asked(submission: Submission, words: CaseWords) -> PeopleAsked | None:
    """Who builds it, by skill, from the day of the submission to the day it is wanted by; None where nobody is asked."""
    by_skill: dict[str, Decimal] = {}
    monthly = Decimal(0)
    for line in people_lines(words):
        days = number(line["person_days"]) or Decimal(0)
        if line["is_monthly"]:
            monthly += days
        else:
            name = line["skill"] or _("no skill named")
            by_skill[name] = by_skill.get(name, Decimal(0)) + days
    if not by_skill:
        return None
    project, wanted = submission.project, words.content["wanted_on"]
    first = project.local_day(submission.submitted_at)
    last = first if wanted is None else max(first, date.fromisoformat(wanted))
    spreads = {name: spread(days, project.site.calendar(), first, last) for name, days in by_skill.items()}
    quarters = list(next(iter(spreads.values())))
    shown = quarters if 1 < len(quarters) <= MOST_QUARTERS else []
    return PeopleAsked(
        quarters=shown,
        rows=[
            (name, [(quarter, formats.number(spreads[name][quarter])) for quarter in shown], formats.number(days))
            for name, days in by_skill.items()
        ],
        together=words.days(sum(by_skill.values(), Decimal(0))),
        each_month=words.days(monthly) if monthly else "",
    )


def permits_asked(project: Project, words: CaseWords, today: date) -> list[PermitAsked]:
    """The permits among the costs, with the last day on which one may still apply to have them in time."""
    wanted = words.content["wanted_on"]
    found = []
    for line in words.option["costs"]:
        if line["kind"] != CostKind.PERMIT:
            continue
        last = None
        if line["lead_days"] and wanted is not None:
            last = project.site.calendar().add_working_days(date.fromisoformat(wanted), -line["lead_days"])
        found.append(PermitAsked(line["label"] or _("a permit"), last, last is not None and last < today))
    return found


def sharing_with(project: Project, words: CaseWords, reader: User) -> list[Sharing]:
    """Projects approved or in delivery that need the same skills, as far as the reader sees them; the next launch first."""
    skills = skills_of(words)
    if not skills:
        return []
    own = CostLine.objects.filter(
        kind=CostKind.PEOPLE,
        skill__in=skills,
        is_left_out=False,
        project__in=Project.objects.visible_to(reader)
        .filter(stage__in=[Stage.APPROVED, Stage.IN_DELIVERY])
        .exclude(pk=project.pk),
    ).exclude(option__kind=OptionKind.NOTHING)
    needed: dict[int, set[str]] = {}
    found: dict[int, Project] = {}
    for line in own.select_related("project"):
        needed.setdefault(line.project_id, set()).add(line.skill)
        found[line.project_id] = line.project
    rows = [
        Sharing(one, listed(sorted(needed[pk])), one.planned_launch_on or one.wanted_on) for pk, one in found.items()
    ]
    return sorted(rows, key=lambda row: (row.launch_on or date.max, row.project.pk))


def owner_words(project: Project, reader: User) -> str:
    """What the owner has going on, in neutral words: numbers and kinds, never a judgement; only what the reader sees."""
    seen = Project.objects.visible_to(reader).filter(owner=project.owner_id).running().values("pk")
    running = seen.count()
    projects = ngettext("%(count)s project under way", "%(count)s projects under way", running) % {"count": running}
    kinds = Obligation.objects.open().filter(
        person=project.owner_id, project_id__in=Project.objects.visible_to(reader).values("pk")
    )
    counts = Counter(kinds.exclude(kind__in=registry.private_obligations()).values_list("kind", flat=True))
    known = set(registry.known_obligations())
    owed = [
        counted(str(registry.obligation_kind(kind).label), count)
        for kind, count in sorted(counts.items())
        if kind in known
    ]
    if not owed:
        return _("%(projects)s; nothing is owed.") % {"projects": projects}
    return _("%(projects)s. Owed: %(things)s.") % {"projects": projects, "things": listed(owed)}


def counted(label: str, count: int) -> str:
    """“a follow-up”, “a follow-up (2)”: in the middle of a sentence."""
    small = label[:1].lower() + label[1:]
    if count == 1:
        return small
    return pgettext("a thing owed, and how often", "%(thing)s (%(count)s)") % {"thing": small, "count": count}
