"""What is owed for a retro: still owed? visible? in which words? Private notices only: nobody but the person hears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.common.dates import Calendar
from portal.notifications.kinds import ObligationKind, Rung, Task
from projects.enums import Stage
from retros.enums import Voice
from retros.models import Participant, Retro, RetroAnswer
from retros.permissions import can_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from portal.accounts.models import Site, User
    from portal.notifications.models import Obligation

HOLDING = tuple(Rung(working_days=days) for days in (-2, 0, 1, 3, 5))
ANSWERING = tuple(Rung(working_days=days) for days in (-1, 0, 2))


def is_to_hold(obligation: Obligation) -> bool:
    """Neither held nor waived, and the project is still this person's."""
    return Retro.objects.owed().filter(pk=obligation.object_id, project__owner_id=obligation.person_id).exists()


def is_to_answer(obligation: Obligation) -> bool:
    """Neither held nor waived, and this person has not answered but may."""
    retro = Retro.objects.owed().select_related("project").filter(pk=obligation.object_id).first()
    if retro is None or has_answered(retro, obligation.person_id):
        return False
    return can_answer(obligation.person, retro.project)


def has_answered(retro: Retro, person_id: int) -> bool:
    """The three questions; for a meeting a note, or the word that there is nothing to add, until notes are shown."""
    if retro.is_board:
        said = Participant.objects.filter(retro=retro, person_id=person_id).exclude(voice=Voice.SILENT)
        return not retro.is_collecting or said.exists()
    return RetroAnswer.objects.filter(retro=retro, person_id=person_id).exists()


def sees_retro(obligation: Obligation, person: User) -> bool:
    """Whether the person may (still) see the project it is about."""
    return Retro.objects.visible_to(person).filter(pk=obligation.object_id).exists()


def retros_by_id(obligations: Sequence[Obligation]) -> Mapping[int, Retro]:
    """The retros with what the words need, in two queries."""
    ids = {owed.object_id for owed in obligations}
    found = Retro.objects.select_related("project__owner", "project__site").prefetch_related("project__site__holidays")
    return found.in_bulk(ids)


def describe_holding(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    """Said with tact: what happened, how long ago, and two ways out."""
    now, found = timezone.now(), retros_by_id(obligations)
    return {owed.pk: holding_task(found[owed.object_id], now) for owed in obligations if owed.object_id in found}


def holding_task(retro: Retro, now: datetime) -> Task:
    page = retro.get_absolute_url()
    sentence = _("Hold the retro: %(title)s") if retro.planned_on else _("Pick a time for the retro: %(title)s")
    return Task(
        sentence=sentence % {"title": retro.project.title},
        detail=_("%(since)s. Only you see this reminder.") % {"since": since(retro, now)},
        url=page,
        button=_("Open the retro"),
        ways_out=(
            (_("pick a day"), f"{page}#day"),
            (_("already talked about it: write it down"), f"{page}#{'board' if retro.is_board else 'answers'}"),
        ),
    )


def describe_answering(obligations: Sequence[Obligation]) -> Mapping[int, Task]:
    now, found = timezone.now(), retros_by_id(obligations)
    return {owed.pk: answering_task(found[owed.object_id], now) for owed in obligations if owed.object_id in found}


def answering_task(retro: Retro, now: datetime) -> Task:
    if retro.is_board:
        return Task(
            sentence=_("Write notes for the retro: %(title)s") % {"title": retro.project.title},
            detail=_("%(since)s. No name is kept; nobody sees a note before the meeting.")
            % {"since": since(retro, now)},
            url=f"{retro.get_absolute_url()}#board",
            button=_("Write"),
            ways_out=((_("nothing to add"), f"{retro.get_absolute_url()}#nothing"),),
        )
    return Task(
        sentence=_("Answer three questions: %(title)s") % {"title": retro.project.title},
        detail=_("%(since)s; %(owner)s holds the retro. Five minutes; others see your answers only beside their own.")
        % {"since": since(retro, now), "owner": retro.project.owner},
        url=f"{retro.get_absolute_url()}#answers",
        button=_("Answer"),
    )


def since(retro: Retro, now: datetime) -> str:
    """“Launched 12 working days ago”, by the days off of the project's site."""
    site = retro.project.site
    gone = calendar_of(site).working_days_between(site.today(retro.owed_since), site.today(now))
    if retro.project.stage == Stage.CANCELLED:
        today = _("Cancelled today")
        ago = ngettext("Cancelled %(days)d working day ago", "Cancelled %(days)d working days ago", gone)
    else:
        today = _("Launched today")
        ago = ngettext("Launched %(days)d working day ago", "Launched %(days)d working days ago", gone)
    return ago % {"days": gone} if gone > 0 else today


def calendar_of(site: Site) -> Calendar:
    """As `Site.calendar()`, from the days that were read for all sites at once."""
    days = site.holidays.all()
    return Calendar(
        holidays=frozenset(day.day for day in days if not day.is_working),
        working=frozenset(day.day for day in days if day.is_working),
    )


KINDS = (
    ObligationKind(
        key="retro",
        label=gettext_lazy("A retro"),
        icon="arrow-counterclockwise",
        ladder=HOLDING,
        still_owed=is_to_hold,
        visible_to=sees_retro,
        describe=describe_holding,
    ),
    ObligationKind(
        key="retro_answer",
        label=gettext_lazy("An answer for the retro"),
        icon="reply",
        ladder=ANSWERING,
        still_owed=is_to_answer,
        visible_to=sees_retro,
        describe=describe_answering,
        climbs=False,
    ),
)
