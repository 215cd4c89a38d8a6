"""What the pages about a question say: whose word it waits for, the ways out, the next step, the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.components import Link, Mark, Moment
from portal.common.written import colon, date_short, gap, money
from risks.enums import EscalationDeed, EscalationState, OptionKind
from risks.permissions import can_answer_escalation, can_escalate, can_settle_low

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from portal.accounts.models import User
    from portal.common.components import Tone
    from risks.models import Escalation, EscalationOption

S = EscalationState
#: The owner's proposal is blue, another's figure plum, the rest outlined.
TONES: Mapping[OptionKind, Tone] = {OptionKind.PROPOSAL: "blue", OptionKind.COUNTER: "plum"}


@dataclass(frozen=True, slots=True)
class Line:
    """A question in a list: whose word it waits for, and until when."""

    escalation: Escalation
    waits: str
    is_mine: bool
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One way out with its consequences in words."""

    option: EscalationOption
    whose: Mark
    consequences: Sequence[str]
    is_chosen: bool
    is_on_table: bool


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the reader may do now: one filled button, the rest outlined. The decider chooses on the page itself."""

    may_decide: bool
    first: Link | None
    others: Sequence[Link]


def line_of(escalation: Escalation, user: User) -> Line:
    waiting = waits_for(escalation)
    return Line(
        escalation=escalation,
        waits=waits_words(escalation),
        is_mine=waiting is not None and waiting.pk == user.pk,
        due_at=due_at(escalation),
    )


def waits_for(escalation: Escalation) -> User | None:
    """Whose word it waits for now."""
    if escalation.is_reported or escalation.state == S.WAITING:
        return escalation.decider
    if escalation.state == S.OPEN:
        return escalation.counterpart
    return escalation.project.owner if escalation.state in {S.COUNTERED, S.AGREED} else None


def due_at(escalation: Escalation) -> datetime | None:
    """Until when the next word is wanted, where a date is set."""
    if escalation.state == S.WAITING:
        return escalation.answer_by
    return escalation.private_until if escalation.state == S.OPEN else None


def waits_words(escalation: Escalation) -> str:
    """The state, with the person it waits for."""
    waiting = waits_for(escalation)
    if escalation.is_reported:
        return _("reported, %s confirms it") % waiting
    return {
        S.OPEN: _("%s has a working day in private"),
        S.WAITING: _("waits for %s"),
        S.COUNTERED: _("counter-proposal, %s answers"),
        S.AGREED: _("agreed, %s applies it"),
    }.get(S(escalation.state), str(escalation.get_state_display())) % ((waiting,) if waiting else ())


def answer_line(escalation: Escalation, now: datetime) -> str:
    """The one sentence a reader came for."""
    values = {
        "owner": escalation.project.owner,
        "person": escalation.counterpart if escalation.state == S.OPEN else escalation.decider,
        "decider": escalation.decider,
        "reporter": escalation.reported_by,
        "way": escalation.chosen,
        "day": date_short(day.astimezone(escalation.project.site.zone)) if (day := due_at(escalation)) else "",
        "count": escalation.level,
    }
    if escalation.is_reported:
        return _("%(reporter)s wrote down: “%(way)s”. It counts once %(person)s confirms it.") % values
    if escalation.state == S.WAITING:
        return asked_words(escalation, now) % values
    if escalation.state == S.WITHDRAWN:
        return gap().join(filter(None, [_("Withdrawn."), escalation.why_withdrawn]))
    sentence = {
        S.OPEN: _("Between %(owner)s and %(person)s until %(day)s; after that %(decider)s is asked."),
        S.COUNTERED: _("%(person)s proposes another way; %(owner)s accepts it or answers."),
    }.get(S(escalation.state), _("Agreed with %(person)s: %(way)s"))
    return sentence % (values if not escalation.agreed_with else values | {"person": escalation.agreed_with})


def asked_words(escalation: Escalation, now: datetime) -> str:
    """Until when the decider is asked, and how far it has climbed."""
    if escalation.is_late(now):
        return _("%(person)s was asked for an answer by %(day)s.")
    if escalation.level:
        return ngettext(
            "Went one level up: %(person)s is asked for an answer by %(day)s.",
            "Went %(count)s levels up: %(person)s is asked for an answer by %(day)s.",
            escalation.level,
        )
    return _("%(person)s is asked for an answer by %(day)s.")


def options_of(escalation: Escalation) -> list[OptionLine]:
    """Every way out; of several proposals and counter-proposals the latest is on the table."""
    options = list(escalation.options.all())
    latest = {option.kind: option.pk for option in options if option.kind != OptionKind.OTHER}
    return [
        OptionLine(
            option=option,
            whose=Mark(str(option.get_kind_display()), TONES.get(OptionKind(option.kind), "line")),
            consequences=consequences(option),
            is_chosen=option.pk == escalation.chosen_id,
            is_on_table=latest.get(option.kind, option.pk) == option.pk,
        )
        for option in options
    ]


def consequences(option: EscalationOption) -> list[str]:
    """What it changes, in words; nothing where nothing is known to change."""
    words = []
    if option.days:
        late = ngettext("%(count)s working day later", "%(count)s working days later", option.days)
        early = ngettext("%(count)s working day earlier", "%(count)s working days earlier", -option.days)
        words.append((late if option.days > 0 else early) % {"count": abs(option.days)})
    if option.cost_amount:
        sign = _("costs %s more") if option.cost_amount > 0 else _("costs %s less")
        words.append(sign % money(abs(option.cost_amount)))
    if option.benefit_amount:
        sign = _("benefit %s more") if option.benefit_amount > 0 else _("benefit %s less")
        words.append(sign % money(abs(option.benefit_amount)))
    if option.scope:
        words.append(_("scope: %s") % option.scope)
    return words


def address(escalation: Escalation, deed: str) -> str:
    return reverse("risks:escalation_deed", args=[escalation.project_id, escalation.pk, deed])


def deeds_of(escalation: Escalation, user: User) -> Deeds:
    """What the reader may do now, the next sensible thing first."""
    links: list[Link] = []
    is_owner = can_escalate(user, escalation.project)
    is_decider = can_answer_escalation(user, escalation)
    state = S(escalation.state)
    if state == S.OPEN and can_settle_low(user, escalation):
        links = [link(escalation, "agree", _("I agree")), link(escalation, "up", _("Ask the decider"))]
    elif state == S.WAITING and is_decider:
        links = [link(escalation, "counter", _("Propose another way"))]
    elif escalation.is_reported and is_decider:
        links = [link(escalation, "ratify", _("Confirm it")), link(escalation, "dispute", _("It was not agreed"))]
    elif is_owner:
        links = owner_links(escalation, state)
    if is_owner and not escalation.is_settled:
        links.append(link(escalation, "withdraw", _("Withdraw")))
    may_decide = state == S.WAITING and is_decider
    waits = waits_for(escalation)
    is_turn = waits is not None and (waits.pk == user.pk or (is_decider and waits.pk == escalation.decider_id))
    first = links[0] if links and is_turn and not may_decide else None
    return Deeds(may_decide, first, [one for one in links if one is not first])


def owner_links(escalation: Escalation, state: S) -> list[Link]:
    """What the owner of the project does next."""
    if state == S.WAITING:
        return [link(escalation, "report", _("It was answered elsewhere"))]
    if state == S.COUNTERED:
        return [link(escalation, "accept", _("Accept it")), link(escalation, "reply", _("Answer it"))]
    if state == S.AGREED and not escalation.is_reported:
        return [link(escalation, "apply", _("Put it into the plan"))]
    return []


def link(escalation: Escalation, deed: str, words: str) -> Link:
    return Link(words, address(escalation, deed))


def history(escalation: Escalation) -> list[Moment]:
    """Latest first: what was done, by whom, with the word to it."""
    rows = escalation.history.select_related("actor", "person").order_by("-pk")
    return [
        Moment(
            row.at,
            told(row.deed) % {"actor": row.actor or _("The portal"), "person": row.person or escalation.decider}
            + (f"{colon()}{row.note}" if row.note else ""),
            is_key=row.deed in {EscalationDeed.DECIDED, EscalationDeed.RATIFIED, EscalationDeed.SETTLED},
        )
        for row in rows
    ]


def told(deed: str) -> str:
    """One deed in a sentence."""
    return {
        EscalationDeed.RAISED: _("%(actor)s put the question"),
        EscalationDeed.ASKED: _("%(person)s was asked"),
        EscalationDeed.MOVED_UP: _("No answer came in time; %(person)s was asked"),
        EscalationDeed.SETTLED: _("%(actor)s agreed to the proposal"),
        EscalationDeed.DECIDED: _("%(actor)s decided"),
        EscalationDeed.COUNTERED: _("%(actor)s proposed another way"),
        EscalationDeed.ACCEPTED: _("%(actor)s took the counter-proposal"),
        EscalationDeed.REPLIED: _("%(actor)s answered with a new proposal"),
        EscalationDeed.REPORTED: _("%(actor)s wrote down what was agreed"),
        EscalationDeed.RATIFIED: _("%(actor)s confirmed it"),
        EscalationDeed.DISPUTED: _("%(actor)s said it was not agreed"),
        EscalationDeed.APPLIED: _("%(actor)s put it into the plan"),
        EscalationDeed.WITHDRAWN: _("%(actor)s withdrew the question"),
        EscalationDeed.DROPPED: _("%(actor)s withdrew the question before it was asked"),
    }[EscalationDeed(deed)]
