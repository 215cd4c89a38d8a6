"""The week in words: the drafted line, what changed since last week, what is to be decided, the report as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.written import colon, comma, date_short, gap, semicolon
from portal.desk.weekly_facts import facts_of, statuses_of
from portal.desk.weekly_rules import Facts, Said, draft
from projects.enums import Health, Stage
from risks.enums import EscalationState, OptionKind
from risks.models import Escalation
from risks.views.question import consequences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from portal.accounts.models import User
    from portal.desk.weekly_facts import Week
    from projects.models import Project, WeeklyStatus

MOST_ASKS = 12
LINE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Row:
    """A project in its week. `is_draft` says that its owner has not confirmed it yet; `weeks` that it stands so."""

    project: Project
    health: str
    line: str
    is_draft: bool
    health_before: str
    weeks: int
    launch_before: date | None
    launch_on: date | None
    came_to: str

    @property
    def has_changed(self) -> bool:
        """Whether colour, launch or stage is another than a week ago."""
        is_other = bool(self.health_before) and self.health_before != self.health
        return is_other or self.launch_before is not None or bool(self.came_to)

    @property
    def is_read(self) -> bool:
        """Whether the meeting hears of it; what is on track as before is only counted."""
        return self.has_changed or self.health not in {"", Health.ON_TRACK}

    @property
    def still(self) -> str:
        """That it stands as before, and for how long."""
        if self.has_changed or not self.weeks:
            return ""
        return ngettext("as last week", "as before, week %(count)s", self.weeks) % {"count": self.weeks + 1}


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that is to be decided, with what is proposed."""

    escalation: Escalation
    proposal: str


def rows_of(projects: Sequence[Project], week: Week) -> list[Row]:
    """Every project in its week, the worst first. Seven queries."""
    facts, told = facts_of(projects, week), statuses_of([project.pk for project in projects], week.monday)
    rows = [row_of(project, facts[project.pk], told[project.pk], week) for project in projects]
    order = [*Health.values, ""]
    return sorted(rows, key=lambda row: (order.index(row.health), row.project.title))


def row_of(project: Project, facts: Facts, told: Sequence[WeeklyStatus], week: Week) -> Row:
    """What the owner confirmed, else for the current week what the facts make of it."""
    own = next((status for status in told if status.week_on == week.monday), None)
    before = [status for status in told if status.week_on < week.monday]
    drafted = draft(facts)
    health = own.health if own else drafted.health if week.is_current else ""
    alike = next((n for n, status in enumerate(before) if status.health != health), len(before))
    return Row(
        project=project,
        health=health,
        line=own.line if own else line_of(facts, drafted.said) if week.is_current else "",
        is_draft=own is None and week.is_current,
        health_before=before[0].health if before else "",
        weeks=alike,
        launch_before=facts.launch_before if facts.launch_before != facts.launch_on else None,
        launch_on=facts.launch_on,
        came_to=str(Stage(facts.came_to_stage).label) if facts.came_to_stage else "",
    )


def line_of(facts: Facts, said: Sequence[Said]) -> str:
    """The draft in one line, cut where the box ends."""
    return semicolon().join(words_of(facts, one) for one in said)[:LINE_LENGTH]


def words_of(facts: Facts, said: Said) -> str:
    """One thing in words."""
    day = date_short(facts.launch_on)
    values = {
        "day": day,
        "before": date_short(facts.launch_before),
        "count": facts.unanswered,
        "behind": facts.behind,
        "question": next(iter([*facts.late_questions, *facts.questions]), ""),
        "risk": next(iter([*facts.happened, *facts.plan_b]), ""),
        "stage": Stage(facts.came_to_stage).label if facts.came_to_stage else "",
    }
    sentences = {
        Said.LAUNCH_PAST: _("The launch was planned for %(day)s and has no new date"),
        Said.QUESTION_LATE: _("An answer is missing: %(question)s"),
        Said.HAPPENED: _("It happened: %(risk)s"),
        Said.FAR_BEHIND: _("The launch lies %(behind)s working days behind what was approved"),
        Said.LAUNCH_MOVED: _("The launch moved from %(before)s to %(day)s"),
        Said.ON_HOLD: _("On hold"),
        Said.QUESTION_OPEN: _("To be decided: %(question)s"),
        Said.PLAN_B: _("Plan B is in use: %(risk)s"),
        Said.UNANSWERED: ngettext(
            "%(count)s risk lacks a figure or an answer",
            "%(count)s risks lack a figure or an answer",
            facts.unanswered,
        ),
        Said.BEHIND: ngettext(
            "The launch lies %(behind)s working day behind what was approved",
            "The launch lies %(behind)s working days behind what was approved",
            facts.behind,
        ),
        Said.STAGE: _("Now: %(stage)s"),
        Said.MEASURED: _("A number of the metric came in"),
        Said.NOTHING: _("Goes as planned"),
    }
    return sentences[said] % values


def asks_of(projects: Sequence[Project], user: User) -> list[Ask]:
    """The questions of these projects that wait for a decision, the most urgent first; nothing private. Two queries."""
    rows = (
        Escalation.objects.visible_to(user)
        .filter(project__in=projects, asked_at__isnull=False)
        .filter(state__in=[EscalationState.WAITING, EscalationState.COUNTERED])
        .select_related("project__site", "decider")
        .prefetch_related("options")
        .order_by("answer_by", "pk")[:MOST_ASKS]
    )
    return [Ask(row, proposed(row)) for row in rows]


def proposed(escalation: Escalation) -> str:
    """What is proposed, with what it changes."""
    kind = OptionKind.COUNTER if escalation.state == EscalationState.COUNTERED else OptionKind.PROPOSAL
    options = [option for option in escalation.options.all() if option.kind == kind]
    if not options:
        return ""
    changes = consequences(options[-1])
    return f"{options[-1]}{colon()}{comma().join(changes)}" if changes else str(options[-1])


def heading(rows: Sequence[Row], asks: Sequence[Ask]) -> str:
    """The answer: how many, how they stand, how much is to be decided."""
    counts = {health: sum(row.health == health for row in rows) for health in Health}
    words = ngettext("%(count)s project", "%(count)s projects", len(rows)) % {"count": len(rows)}
    stand = [
        ngettext("%(count)s in danger", "%(count)s in danger", counts[Health.DANGER]) % {"count": counts[Health.DANGER]}
        if counts[Health.DANGER]
        else "",
        ngettext("%(count)s to watch", "%(count)s to watch", counts[Health.WATCH]) % {"count": counts[Health.WATCH]}
        if counts[Health.WATCH]
        else "",
    ]
    told = comma().join(filter(None, stand)) or _("none needs a look")
    decide = (
        semicolon()
        + ngettext("%(count)s thing to decide", "%(count)s things to decide", len(asks)) % {"count": len(asks)}
        if asks
        else ""
    )
    return f"{words}{colon()}{told}{decide}" if rows else _("No project runs here this week")


def answer(rows: Sequence[Row]) -> str:
    """How much changed, and that the rest is not read."""
    changed = sum(row.has_changed for row in rows)
    rest = sum(not row.is_read for row in rows)
    words = ngettext("%(count)s changed since last week.", "%(count)s changed since last week.", changed) % {
        "count": changed
    }
    quiet = (
        ngettext(
            "%(count)s is on track as before and is not read here.",
            "%(count)s are on track as before and are not read here.",
            rest,
        )
        % {"count": rest}
        if rest
        else ""
    )
    return gap().join(filter(None, [words if rows else "", quiet]))


def report(rows: Sequence[Row], asks: Sequence[Ask]) -> str:
    """The weekly report as plain text, ready to be taken along."""
    lines = []
    for row in rows:
        health = f"[{Health(row.health).label}] " if row.health else ""
        lines.append(f"{health}{row.project.code} {row.project.title}")
        lines += [f"- {words}" for words in (row.line, *moves_of(row)) if words]
    if asks:
        lines += ["", str(_("To be decided"))]
        lines += [
            f"- {ask.escalation.question} ({ask.escalation.decider}{comma()}{date_short(ask.escalation.answer_by)})"
            + (f"\n  {ask.proposal}" if ask.proposal else "")
            for ask in asks
        ]
    return "\n".join(lines)


def moves_of(row: Row) -> list[str]:
    """What moved, for the text: the line may say it already in the owner's own words."""
    words = []
    if row.health_before and row.health_before != row.health and row.health:
        values = {"before": str(Health(row.health_before).label), "now": str(Health(row.health).label)}
        words.append(_("since last week: %(before)s → %(now)s") % values)
    if row.launch_before is not None and not row.is_draft:
        values = {"before": date_short(row.launch_before), "now": date_short(row.launch_on)}
        words.append(_("launch: %(before)s → %(now)s") % values)
    return words
