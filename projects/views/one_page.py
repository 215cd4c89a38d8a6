"""The business case of a submission on one sheet of paper: to print, to keep as a file, to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.common import formats
from portal.common.components import Figure
from portal.common.http import page
from portal.common.written import colon, comma, date_short, semicolon
from projects.actions.grants import resources_in
from projects.business_inputs import number
from projects.case_words import words_of
from projects.enums import Basis, OptionKind
from projects.models import Submission
from projects.outlook_words import outlook_words
from projects.reckoning import Figure as Code
from projects.return_words import return_words
from projects.views.assumed import thought
from projects.views.case import confirmed
from projects.views.frame import find_project
from projects.views.submission import steps_of
from projects.views.weighing import evidence, people_asked, permits_asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from projects.case_words import CaseWords
    from projects.models import Project
    from projects.outlook_words import OutlookWords
    from projects.views.weighing import PermitAsked

#: A sheet has room for so many benefits, skills, permits and approvers; the rest are counted.
MOST_BENEFITS: Final = 3
MOST_ASKED: Final = 4
MOST_AGREED: Final = 4
#: With more benefits and options than these, each has a line less.
ROOMY: Final = 4


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One benefit on paper: its three factors, what the probability rests on, and what they make."""

    label: str
    unit_benefit: str
    reach: str
    probability: str
    basis: str
    per_month: str
    together: str


@dataclass(frozen=True, slots=True)
class OptionOnPaper:
    """One option on paper: eight cases in ten, what it costs, how often it loses, when the money is back."""

    name: str
    summary: str
    range: str
    cost: str
    loss: str
    payback: str
    gives_up: str
    is_preferred: bool


@require_safe
def one_page(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    project = find_project(request, pk)
    found = get_object_or_404(Submission, project=project, number=number)
    content = found.read()
    words = words_of(content)
    outlook, rows = outlook_words(words), reckoned(words)
    context = {
        "place": "projects",
        "project": project,
        "submission": found,
        "content": content,
        "words": words,
        "outlook": outlook,
        "curve": words.chart_of(330) if outlook is None else outlook.running,
        "tornado": None if outlook is None else outlook.tornado,
        "figures": figures_on_paper(words),
        "reckoned": rows[:MOST_BENEFITS],
        "reckoned_more": len(rows) - MOST_BENEFITS,
        "evidence": evidence(words),
        "options": [option_on_paper(content, one) for one in content["options"]],
        "is_full": len(rows) + len(content["options"]) > ROOMY,
        "asked": asked(project, found, words),
        "agreed": agreed(found, words),
        "method": method(words, outlook),
        "months": words.case.horizon_months,
        "now": timezone.now(),
        "reader": request.user,
    }
    return page(request, "projects/one_page.html", context)


def figures_on_paper(words: CaseWords) -> list[Figure]:
    """The row of figures: what is left, what it is worth today, what it costs, and the three that need no reckoning."""
    case, returns = words.case, return_words(words)
    shown = []
    if returns is not None:
        shown = [
            Figure(_("Net benefit"), words.rough(case.net_benefit)),
            Figure(_("Worth today (NPV)"), words.rough(returns.returns.npv)),
            Figure(_("Cost"), words.money(case.cost)),
        ]
    return [*shown, *(Figure(one.label, one.value, one.note) for one in words.figures)]


def reckoned(words: CaseWords) -> list[Reckoned]:
    terms = (words.case.terms[Code.BENEFIT_PER_MONTH], words.case.terms[Code.BENEFIT])
    rows = []
    for line, month, whole in zip(words.option["benefits"], *terms, strict=True):
        basis = str(Basis(line["basis"]).label)
        rows.append(
            Reckoned(
                label=line["label"],
                unit_benefit=words.money(number(line["unit_benefit"])),
                reach=words.reach(number(line["reach"]), line),
                probability=words.share(line),
                basis=comma().join(filter(None, [basis, line["evidence"]])),
                per_month=words.money(month.amount),
                together=words.money(whole.amount),
            )
        )
    return rows


def option_on_paper(content: Mapping[str, Any], option: Mapping[str, Any]) -> OptionOnPaper:
    name, gives_up = str(OptionKind(option["kind"]).label), [option["gives_up"]] if option["gives_up"] else []
    if option["decide_again_on"]:
        gives_up.append(_("decide again %s") % date_short(date.fromisoformat(option["decide_again_on"])))
    given = semicolon().join(gives_up)
    if option["kind"] == OptionKind.NOTHING:
        return OptionOnPaper(name, option["summary"], "0", "0", "–", "–", given, is_preferred=False)
    words = words_of(content, option)
    outlook, case = outlook_words(words), words.case
    return OptionOnPaper(
        name=_("%(option)s (asked for)") % {"option": name} if option["is_preferred"] else name,
        summary=option["summary"],
        range=words.rough(case.net_benefit) if outlook is None else outlook.said["range"],
        cost=words.rough(case.cost),
        loss="–" if outlook is None else outlook.said["chance"],
        payback=_("never")
        if case.payback_months is None and case.net_benefit is not None
        else formats.months(case.payback_months, words.language),
        gives_up=given,
        is_preferred=option["is_preferred"],
    )


def asked(project: Project, found: Submission, words: CaseWords) -> list[tuple[str, str]]:
    """People, money, permits, and until when, each in a line."""
    days, money = resources_in(dict(words.content))
    people = people_asked(found, words)
    skills = [] if people is None else [f"{name} {whole}" for name, _parts, whole in people.rows]
    who = words.days(days) if len(skills) < 2 else f"{words.days(days)}{colon()}{few(skills)}"  # noqa: PLR2004 -- one skill is all
    if people is not None and people.each_month:
        who += comma() + _("and %(effort)s each month") % {"effort": people.each_month}
    today = project.local_day(timezone.now())
    permits = [permit_words(one) for one in permits_asked(project, words, today)]
    needs = _("needs a special permit") if words.content["needs_permit"] else _("none")
    wanted = words.content["wanted_on"]
    return [
        (_("People"), who),
        (_("Money"), words.money(money) if money else _("none beside people")),
        (_("Permit"), few(permits) if permits else needs),
        (_("Wanted by"), date_short(None if wanted is None else date.fromisoformat(wanted))),
    ]


def permit_words(one: PermitAsked) -> str:
    """A permit, and until when to ask for it."""
    if one.last_on is None:
        return one.words
    return _("%(permit)s, apply by %(day)s") % {"permit": one.words, "day": date_short(one.last_on)}


def few(said: Sequence[str]) -> str:
    """As many as there is room for, and how many more there are."""
    more = len(said) - MOST_ASKED
    shown = list(said[:MOST_ASKED])
    if more > 0:
        shown.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": more})
    return semicolon().join(shown)


def agreed(found: Submission, words: CaseWords) -> list[str]:
    """Who decided what, with what he thought of the assumptions; and whether the business stands by the figures."""
    said = []
    for step in steps_of(found)[:MOST_AGREED]:
        state = str(step.get_state_display())
        if step.decided_at is None:
            said.append(f"{step.approver}{comma()}{state}")
            continue
        parts = [str(step.decided_by), date_short(step.decided_at), state, thought(step)]
        said.append(comma().join(filter(None, parts)))
    return [*said, confirmed(words).words]


def method(words: CaseWords, outlook: OutlookWords | None) -> str:
    """The small print: how it was drawn, and at which rate what comes later is worth less."""
    drawn = [] if outlook is None else [outlook.method]
    rate = formats.percent(words.case.parts.case.annual_rate, words.language)
    return " ".join([*drawn, _("Worth today is at %(rate)s a year.") % {"rate": rate}])
