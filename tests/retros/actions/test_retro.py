import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import GateError, IllegalStateError, InvalidInputError, PortalError, StaleObjectError
from portal.notifications.models import Delivery, Obligation
from portal.policy.store import change
from projects.enums import Part, Stage
from projects.lifecycle import Passage, Transition
from projects.models import Project
from retros import policy
from retros.actions.outcome import drop_lesson
from retros.actions.retro import hold, owe_retro, pick_day, waive
from retros.enums import RetroState
from retros.models import Lesson, Retro
from tests.factories.accounts import HolidayFactory, SiteFactory, UserFactory
from tests.factories.projects import NOW, TODAY, ProjectFactory, cast, draft, launched, measured
from tests.factories.retros import DUE, LessonFactory, MemberFactory, RetroAnswerFactory, RetroFactory

pytestmark = pytest.mark.django_db


def passage(project, transition=Transition.LAUNCH, source=Stage.IN_DELIVERY):
    return Passage(project=project, transition=transition, source=source, by=project.owner, now=NOW)


def owed_by(retro):
    return {(row.kind, row.person, row.due_at) for row in Obligation.objects.open().filter(object_id=retro.pk)}


def end_of(day):
    return datetime(day.year, day.month, day.day, 15, 59, 59, 999999, tzinfo=UTC)


# ── owed ────────────────────────────────────────────────────────────────


def test_launch_owes_a_retro_to_the_owner_and_answers_to_the_others():
    project = ProjectFactory(stage=Stage.LAUNCHED, business_partner=UserFactory())
    member = MemberFactory(project=project).person
    assessor = MemberFactory(project=project, part=Part.ASSESSOR).person
    MemberFactory(project=project, person=assessor)
    MemberFactory(project=project, person=project.owner)
    MemberFactory(project=project, person=UserFactory(is_active=False))
    MemberFactory()

    owe_retro(passage(project))

    retro = Retro.objects.get()
    assert (retro.project, retro.state, retro.owed_since, retro.due_on) == (
        project,
        RetroState.OWED,
        NOW,
        date(2026, 12, 7),
    )
    assert owed_by(retro) == {
        ("retro", project.owner, end_of(date(2026, 12, 7))),
        ("retro_answer", member, end_of(date(2026, 11, 30))),
        ("retro_answer", assessor, end_of(date(2026, 11, 30))),
    }
    assert list(AuditEntry.objects.for_project(project.pk).values_list("verb", flat=True)) == ["retro.owed"]


def test_the_day_is_reckoned_by_the_days_off_of_the_site():
    site = SiteFactory()
    HolidayFactory(site=site, day=date(2026, 11, 24))
    HolidayFactory(site=site, day=date(2026, 11, 28), is_working=True)
    HolidayFactory(site=site, day=date(2026, 12, 1))
    change(policy.RETRO_DAYS, 6, by=None, now=NOW)

    owe_retro(passage(ProjectFactory(stage=Stage.LAUNCHED, site=site)))

    # 25, 26, 27, the Saturday made up for, 30 November, 2 December
    assert Retro.objects.get().due_on == date(2026, 12, 2)


def test_answers_are_due_with_the_retro_at_the_latest():
    project = MemberFactory().project
    change(policy.RETRO_DAYS, 2, by=None, now=NOW)

    owe_retro(passage(project))

    assert set(Obligation.objects.values_list("due_at", flat=True)) == {end_of(date(2026, 11, 25))}


@pytest.mark.parametrize("source", [Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD])
def test_a_cancellation_after_approval_owes_a_retro(source):
    project = ProjectFactory(stage=Stage.CANCELLED)

    owe_retro(passage(project, Transition.CANCEL, source))

    assert Retro.objects.get().project == project


@pytest.mark.parametrize("source", [Stage.DRAFT, Stage.SUBMITTED, Stage.DECLINED, Stage.DEFERRED])
def test_a_cancellation_before_approval_owes_none(source):
    owe_retro(passage(ProjectFactory(stage=Stage.CANCELLED), Transition.CANCEL, source))

    assert Retro.objects.count() == 0
    assert Obligation.objects.count() == 0


@pytest.mark.parametrize("state", [RetroState.OWED, RetroState.SCHEDULED, RetroState.COLLECTING])
def test_a_second_launch_still_owes_the_first_retro(state):
    retro = RetroFactory(state=state)

    owe_retro(passage(retro.project))

    assert list(Retro.objects.values_list("pk", "due_on")) == [(retro.pk, DUE)]


@pytest.mark.parametrize("state", [RetroState.HELD, RetroState.WAIVED])
def test_a_launch_after_a_settled_retro_owes_another(state):
    settled = RetroFactory(state=state)

    owe_retro(passage(settled.project))

    assert [retro.state for retro in Retro.objects.order_by("pk")] == [state, RetroState.OWED]


# ── the day ─────────────────────────────────────────────────────────────


def owed_retro():
    retro = RetroFactory()
    owe_retro(passage(retro.project))
    Retro.objects.filter(pk=retro.pk).delete()
    owe_retro(passage(retro.project))
    return Retro.objects.get()


def test_the_owner_picks_the_day_and_is_reminded_for_that():
    retro = owed_retro()
    owner = retro.project.owner

    picked = pick_day(retro, planned_on=date(2026, 11, 27), version=1, by=owner, now=NOW)

    assert (picked.planned_on, picked.due_on, picked.state, picked.version) == (
        date(2026, 11, 27),
        date(2026, 12, 7),
        RetroState.SCHEDULED,
        2,
    )
    assert owed_by(retro) == {("retro", owner, end_of(date(2026, 11, 27)))}
    entry = AuditEntry.objects.get(verb="retro.day_picked")
    assert (entry.before, entry.after) == ({"planned_on": None}, {"planned_on": "2026-11-27"})


def test_a_picked_day_does_not_undo_that_answers_come_in():
    retro = RetroFactory(state=RetroState.COLLECTING)

    picked = pick_day(retro, planned_on=TODAY, version=1, by=retro.project.owner, now=NOW)

    assert picked.state == RetroState.COLLECTING


def test_the_same_day_again_changes_nothing():
    retro = RetroFactory(planned_on=TODAY, version=4)

    again = pick_day(retro, planned_on=TODAY, version=3, by=retro.project.owner, now=NOW)

    assert again.version == 4
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY - timedelta(days=1), "This day is past. Name a day from today on."),
        (date(2026, 12, 8), "Too far ahead: 7 Dec at the latest."),
        (date(2099, 1, 1), "Too far ahead: 7 Dec at the latest."),
    ],
)
def test_a_day_past_or_too_far_ahead_is_refused(day, words):
    retro = RetroFactory()

    with pytest.raises(InvalidInputError) as refused:
        pick_day(retro, planned_on=day, version=1, by=retro.project.owner, now=NOW)

    words = {"planned_on": words}
    assert {field: str(said) for field, said in refused.value.errors.items()} == words
    assert Retro.objects.get().planned_on is None


def test_the_last_day_that_may_be_picked():
    retro = RetroFactory()

    assert pick_day(retro, planned_on=date(2026, 12, 7), version=1, by=retro.project.owner, now=NOW).version == 2


def test_a_day_picked_from_an_old_page_is_refused():
    retro = RetroFactory(version=2)

    with pytest.raises(StaleObjectError):
        pick_day(retro, planned_on=TODAY, version=1, by=retro.project.owner, now=NOW)

    assert Retro.objects.get().planned_on is None


@pytest.mark.parametrize("deed", [pick_day, hold])
def test_only_the_owner_picks_the_day_and_holds(deed):
    retro = MemberFactory(project=RetroFactory().project).project.retros.get()
    details = {"planned_on": TODAY, "version": 1} if deed is pick_day else {}

    for by in (retro.project.members.get().person, UserFactory(roles=[Role.LEAD, Role.ADMIN])):
        with pytest.raises(PermissionDenied, match=f"The owner is {retro.project.owner}"):
            deed(retro, **details, by=by, now=NOW)

    assert AuditEntry.objects.count() == 0


# ── held ────────────────────────────────────────────────────────────────


def ready(**changes):
    """A retro with everything that holding it asks for."""
    retro = RetroFactory(**changes)
    RetroAnswerFactory(retro=retro)
    LessonFactory(retro=retro)
    return retro


def test_holding_settles_what_is_owed_and_tells_the_people():
    project = ProjectFactory(stage=Stage.LAUNCHED, business_partner=UserFactory(), sponsor=UserFactory())
    member = MemberFactory(project=project).person
    owe_retro(passage(project))
    retro = Retro.objects.get()
    RetroAnswerFactory(retro=retro)
    LessonFactory(retro=retro)

    held = hold(retro, nothing_to_do=True, by=project.owner, now=NOW)

    assert (held.state, held.held_at, held.closed_by, held.is_nothing_to_do) == (
        RetroState.HELD,
        NOW,
        project.owner,
        True,
    )
    assert Obligation.objects.open().count() == 0
    told = Delivery.objects.filter(event="retro_held", channel="inbox").values_list("person", flat=True)
    assert set(told) == {member.pk, project.business_partner_id, project.sponsor_id}
    entry = AuditEntry.objects.get(verb="retro.held")
    assert (entry.actor, entry.before) == (project.owner, {"state": "owed"})
    assert entry.after == {"state": "held", "held_at": "2026-11-23T02:00:00+00:00", "is_nothing_to_do": True}


def test_what_is_missing_is_said_all_at_once():
    retro = RetroFactory()

    with pytest.raises(GateError) as refused:
        hold(retro, by=retro.project.owner, now=NOW)

    page = f"/projects/{retro.project.code}/retro/{retro.pk}/"
    assert [(reason.code, reason.url) for reason in refused.value.reasons] == [
        ("no_answer", f"{page}#answers"),
        ("no_lesson", f"{page}#lessons"),
        ("no_follow_up", f"{page}#follow-ups"),
    ]
    assert Retro.objects.get().state == RetroState.OWED


def test_the_answer_of_another_does_not_stand_for_the_owners():
    retro = RetroFactory()
    RetroAnswerFactory(retro=retro, person=UserFactory())
    LessonFactory(retro=retro)

    with pytest.raises(GateError) as refused:
        hold(retro, nothing_to_do=True, by=retro.project.owner, now=NOW)

    assert [reason.code for reason in refused.value.reasons] == ["no_answer"]


def test_lessons_and_follow_ups_of_another_retro_do_not_count():
    first = ready(state=RetroState.HELD)
    second = RetroFactory(project=first.project)
    RetroAnswerFactory(retro=second)

    with pytest.raises(GateError) as refused:
        hold(second, by=second.project.owner, now=NOW)

    assert [reason.code for reason in refused.value.reasons] == ["no_lesson", "no_follow_up"]


@pytest.mark.parametrize(
    "deed",
    [
        lambda retro: hold(retro, nothing_to_do=True, by=retro.project.owner, now=NOW),
        lambda retro: waive(retro, reason="Twice", by=UserFactory(roles=[Role.LEAD]), now=NOW),
    ],
    ids=["hold", "waive"],
)
@pytest.mark.parametrize("state", [RetroState.HELD, RetroState.WAIVED])
def test_a_settled_retro_is_not_settled_again(deed, state):
    retro = ready(state=state)
    before = Retro.objects.values().get()

    with pytest.raises(IllegalStateError):
        deed(retro)

    assert Retro.objects.values().get() == before
    assert AuditEntry.objects.count() == 0


def test_a_light_project_closes_once_its_number_is_in_and_its_retro_held():
    people = cast()
    project = measured(launched(draft(people), people))
    retro = Retro.objects.get(project=project)
    RetroAnswerFactory(retro=retro)
    LessonFactory(retro=retro)

    hold(retro, nothing_to_do=True, by=people.pm, now=NOW)

    assert Project.objects.get(pk=project.pk).stage == Stage.CLOSED


def test_without_its_number_it_stays_launched():
    people = cast()
    project = launched(draft(people), people)
    retro = Retro.objects.get(project=project)
    RetroAnswerFactory(retro=retro)
    LessonFactory(retro=retro)

    hold(retro, nothing_to_do=True, by=people.pm, now=NOW)

    assert Project.objects.get(pk=project.pk).stage == Stage.LAUNCHED


# ── waived ──────────────────────────────────────────────────────────────


def test_a_lead_waives_with_a_reason_and_the_owner_hears_it():
    retro = owed_retro()
    lead = UserFactory(roles=[Role.LEAD])

    waived = waive(retro, reason="  Two days of work ", by=lead, now=NOW)

    assert (waived.state, waived.waived_because, waived.closed_by, waived.held_at) == (
        RetroState.WAIVED,
        "Two days of work",
        lead,
        None,
    )
    assert Obligation.objects.open().count() == 0
    told = Delivery.objects.filter(event="retro_waived", channel="inbox").values_list("person", flat=True)
    assert list(told) == [retro.project.owner_id]
    entry = AuditEntry.objects.get(verb="retro.waived")
    assert (entry.actor, entry.after) == (lead, {"state": "waived", "waived_because": "Two days of work"})


def test_a_waived_retro_lets_the_project_close():
    people = cast()
    project = measured(launched(draft(people), people))

    waive(Retro.objects.get(project=project), reason="Two days of work", by=people.lead, now=NOW)

    assert Project.objects.get(pk=project.pk).stage == Stage.CLOSED


def test_no_reason_no_waiver():
    retro = RetroFactory()

    with pytest.raises(InvalidInputError) as refused:
        waive(retro, reason=" \n", by=UserFactory(roles=[Role.LEAD]), now=NOW)

    assert list(refused.value.errors) == ["reason"]


def test_nobody_waives_his_own_and_only_a_lead_waives():
    retro = RetroFactory()
    own = RetroFactory(project__owner=UserFactory(roles=[Role.LEAD]))

    for case, by in (
        (own, own.project.owner),
        (retro, retro.project.owner),
        (retro, UserFactory(roles=[Role.PM, Role.ENGINEER, Role.ADMIN])),
        (retro, UserFactory(roles=[Role.LEAD], is_active=False)),
    ):
        with pytest.raises(PermissionDenied, match="A lead may waive it"):
            waive(case, reason="Why not", by=by, now=NOW)

    assert set(Retro.objects.values_list("state", flat=True)) == {RetroState.OWED}


# ── two at once ─────────────────────────────────────────────────────────


def at_once(*deeds):
    """Run the deeds in threads that start together; what each raised, or None."""
    barrier = threading.Barrier(len(deeds))
    outcomes: list[type[PortalError] | None] = []

    def run(deed):
        try:
            barrier.wait()
            deed()
        except PortalError as error:
            outcomes.append(type(error))
        else:
            outcomes.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_hold_at_once_and_one_does():
    retro = ready()
    owner = retro.project.owner

    outcomes = at_once(*[lambda: hold(retro, nothing_to_do=True, by=owner, now=NOW)] * 2)

    assert sorted(map(str, outcomes)) == sorted(map(str, [None, IllegalStateError]))
    assert AuditEntry.objects.filter(verb="retro.held").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_held_or_waived_but_not_both():
    retro = ready()
    owner, lead = retro.project.owner, UserFactory(roles=[Role.LEAD])

    outcomes = at_once(
        lambda: hold(retro, nothing_to_do=True, by=owner, now=NOW),
        lambda: waive(retro, reason="Two days of work", by=lead, now=NOW),
    )

    assert sorted(map(str, outcomes)) == sorted(map(str, [None, IllegalStateError]))
    assert AuditEntry.objects.filter(verb__in=["retro.held", "retro.waived"]).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_last_lesson_cannot_be_taken_back_past_the_gate():
    retro = ready()
    owner, lesson = retro.project.owner, Lesson.objects.get()

    outcomes = at_once(
        lambda: hold(retro, nothing_to_do=True, by=owner, now=NOW), lambda: drop_lesson(lesson, by=owner, now=NOW)
    )

    is_held = Retro.objects.get().state == RetroState.HELD
    assert Lesson.objects.count() == is_held
    assert set(outcomes) == {None, IllegalStateError if is_held else GateError}
