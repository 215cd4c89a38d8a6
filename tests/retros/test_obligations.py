from datetime import UTC, date, datetime

import pytest
from django.core import mail

from portal.notifications.actions import deliver, owe, settle, sweep
from portal.notifications.models import Delivery, Obligation
from projects.enums import Stage
from projects.models import Project
from retros.enums import RetroState
from retros.obligations import KINDS, describe_answering, describe_holding, is_to_answer, is_to_hold, sees_retro
from tests.factories.accounts import HolidayFactory, UserFactory
from tests.factories.retros import DUE, OWED, MemberFactory, RetroAnswerFactory, RetroFactory

pytestmark = pytest.mark.django_db

#: The Friday after the Thursday it was due, half past nine in Shanghai.
DAY_AFTER = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


def owing(kind="retro", person=None, **changes):
    """A retro, and the row of whoever owes it."""
    retro = RetroFactory(**changes)
    person = person or retro.project.owner
    due_at = retro.project.site.end_of_day(DUE)
    return retro, owe(kind, retro.pk, person, due_at=due_at, now=OWED, project_id=retro.project_id)


def test_the_ladders():
    assert {kind.key: [rung.working_days for rung in kind.ladder] for kind in KINDS} == {
        "retro": [-2, 0, 1, 3, 5],
        "retro_answer": [-1, 0, 2],
    }


def test_an_overdue_retro_is_reminded_once_by_inbox_and_mail_to_its_owner_alone(time_machine):
    retro, obligation = owing()
    obligation.next_rung_at = DAY_AFTER.replace(minute=0)  # the rungs before it were missed
    obligation.next_rung = 2
    obligation.save()
    time_machine.move_to(DAY_AFTER, tick=False)

    for hour in (1, 2, 9):
        sweep(now=DAY_AFTER.replace(hour=hour, minute=45))
        deliver(now=DAY_AFTER.replace(hour=hour, minute=46))

    rows = Delivery.objects.filter(obligation=obligation).values_list("channel", "person", "state")
    assert sorted(rows) == [
        ("inbox", retro.project.owner_id, "sent"),
        ("mail", retro.project.owner_id, "sent"),
    ]
    assert [message.to for message in mail.outbox] == [[retro.project.owner.email]]
    assert f"Pick a time for the retro: {retro.project.title}" in f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert "Launched 11 working days ago. Only you see this reminder." in mail.outbox[0].body


def test_a_held_retro_reminds_nobody():
    retro, obligation = owing()
    settle("retro", retro.pk, now=OWED)

    sweep(now=DAY_AFTER)

    assert Delivery.objects.filter(obligation=obligation).count() == 0


@pytest.mark.parametrize(
    ("state", "expected"),
    [(RetroState.OWED, True), (RetroState.COLLECTING, True), (RetroState.HELD, False), (RetroState.WAIVED, False)],
)
def test_holding_is_owed_until_it_is_settled(state, expected):
    _retro, obligation = owing(state=state)

    assert is_to_hold(obligation) is expected


def test_holding_is_owed_by_the_owner_of_the_project_only():
    retro, obligation = owing()
    Project.objects.filter(pk=retro.project_id).update(owner=UserFactory())

    assert is_to_hold(obligation) is False


def test_an_answer_is_owed_until_it_is_in_or_the_retro_settled():
    retro = RetroFactory()
    member = MemberFactory(project=retro.project).person
    obligation = owe("retro_answer", retro.pk, member, due_at=OWED, now=OWED, project_id=retro.project_id)

    assert is_to_answer(obligation) is True
    RetroAnswerFactory(retro=retro, person=member)
    assert is_to_answer(obligation) is False


@pytest.mark.parametrize("state", [RetroState.HELD, RetroState.WAIVED])
def test_no_answer_is_owed_to_a_settled_retro(state):
    retro = RetroFactory(state=state)
    member = MemberFactory(project=retro.project).person

    assert is_to_answer(owe("retro_answer", retro.pk, member, due_at=OWED, now=OWED)) is False


def test_who_is_no_longer_of_the_project_owes_no_answer():
    _retro, obligation = owing("retro_answer", UserFactory())

    assert is_to_answer(obligation) is False


def test_a_restricted_project_is_told_to_those_who_see_it():
    retro, obligation = owing(project__is_restricted=True)

    assert sees_retro(obligation, retro.project.owner) is True
    assert sees_retro(obligation, UserFactory()) is False


@pytest.mark.parametrize(
    ("stage", "now", "since"),
    [
        (Stage.LAUNCHED, OWED, "Launched today"),
        (Stage.LAUNCHED, datetime(2026, 11, 6, 2, tzinfo=UTC), "Launched 1 working day ago"),
        (Stage.LAUNCHED, datetime(2026, 11, 9, 2, tzinfo=UTC), "Launched 1 working day ago"),
        (Stage.CANCELLED, datetime(2026, 11, 10, 2, tzinfo=UTC), "Cancelled 3 working days ago"),
    ],
)
def test_the_owner_is_told_with_tact_how_long_ago_it_was(time_machine, stage, now, since):
    retro, obligation = owing(project__stage=stage, project__title="Loan desk")
    HolidayFactory(site=retro.project.site, day=date(2026, 11, 6)) if now.day == 9 else None
    time_machine.move_to(now, tick=False)

    task = describe_holding([obligation])[obligation.pk]

    page = f"/projects/{retro.project.code}/retro/{retro.pk}/"
    assert (task.sentence, task.detail, task.url) == (
        "Pick a time for the retro: Loan desk",
        f"{since}. Only you see this reminder.",
        page,
    )
    assert task.ways_out == (
        ("pick a day", f"{page}#day"),
        ("already talked about it: write it down", f"{page}#answers"),
    )


def test_once_the_day_is_picked_it_says_to_hold_it():
    _retro, obligation = owing(project__title="Loan desk", planned_on=DUE)

    assert describe_holding([obligation])[obligation.pk].sentence == "Hold the retro: Loan desk"


def test_the_others_are_told_what_is_asked_of_them():
    retro, obligation = owing("retro_answer", UserFactory(), project__title="Loan desk")

    task = describe_answering([obligation])[obligation.pk]

    assert task.sentence == "Answer three questions: Loan desk"
    assert task.url == f"/projects/{retro.project.code}/retro/{retro.pk}/#answers"


@pytest.mark.parametrize("describe", [describe_holding, describe_answering])
@pytest.mark.parametrize("rows", [1, 50])
def test_words_cost_the_same_for_many(django_assert_num_queries, describe, rows):
    for _ in range(rows):
        owing()
    obligations = list(Obligation.objects.select_related("person"))

    with django_assert_num_queries(2):
        assert len(describe(obligations)) == rows


def test_a_row_whose_retro_is_gone_is_left_out():
    retro, obligation = owing()
    retro.delete()

    assert describe_holding([obligation]) == {}
    assert describe_answering([obligation]) == {}
