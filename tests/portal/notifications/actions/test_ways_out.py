"""Another time, and more time asked of the manager."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import answer_extension, ask_extension, owe, pick_time, settle, sweep
from portal.notifications.models import Delivery, Extension, Obligation
from portal.notifications.policy import MOST_SNOOZES
from portal.policy.store import change
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 10, 4, tzinfo=UTC)


@pytest.fixture
def person():
    site = SiteFactory(time_zone="Asia/Shanghai")
    return UserFactory(site=site, manager=UserFactory(site=site))


@pytest.fixture
def chore(person):
    """Due on Wednesday 11 November; the notice on the 16th, the manager on the 18th."""
    return owe("chore", 7, person, due_at=person.site.end_of_day(date(2026, 11, 11)), now=NOW)


def refused(deed, owed, day, **extra):
    with pytest.raises(InvalidInputError) as refusal:
        deed(owed, day=day, reason="Ill", by=owed.person, now=extra.get("now", NOW))
    return set(refusal.value.errors)


def test_a_time_that_was_picked_is_quiet_until_then(chore, person):
    pick_time(chore, day=date(2026, 11, 13), reason="Ill", by=person, now=NOW)
    sweep(now=datetime(2026, 11, 12, 1, tzinfo=UTC))
    assert not Delivery.objects.exists()
    sweep(now=datetime(2026, 11, 13, 1, tzinfo=UTC))
    assert [row.rung for row in Delivery.objects.filter(channel="inbox")] == [len(chore.ladder) - 3]
    chore.refresh_from_db()
    assert chore.snoozes == 1
    assert AuditEntry.objects.get(verb="obligation.time_picked").after == {"day": "2026-11-13", "reason": "Ill"}


@pytest.mark.parametrize("day", [date(2026, 11, 10), date(2026, 11, 18), date(2026, 12, 1)])
def test_no_time_behind_or_past_the_word_to_the_manager(chore, day):
    assert refused(pick_time, chore, day) == {"day"}


def test_times_are_counted(chore, person):
    change(MOST_SNOOZES, 1, by=None, now=NOW)
    pick_time(chore, day=date(2026, 11, 12), reason="Ill", by=person, now=NOW)
    chore.refresh_from_db()
    assert refused(pick_time, chore, date(2026, 11, 13)) == {"day"}


def test_only_whoever_owes_it_takes_a_way_out(chore, person):
    for deed in (pick_time, ask_extension):
        with pytest.raises(PermissionDenied):
            deed(chore, day=date(2026, 11, 13), reason="Ill", by=person.manager, now=NOW)


def asked(chore):
    return ask_extension(chore, day=date(2026, 11, 20), reason="Ill", by=chore.person, now=NOW)


def test_more_time_is_asked_of_the_manager_who_owes_an_answer(chore, person):
    extension = asked(chore)
    owed = Obligation.objects.get(kind="extension_answer")
    assert (owed.object_id, owed.person) == (extension.pk, person.manager)
    assert refused(ask_extension, chore, date(2026, 11, 25)) == {"day"}


@pytest.mark.parametrize("is_granted", [True, False])
def test_the_answer_moves_the_day_or_leaves_it(chore, person, is_granted):
    extension, before = asked(chore), chore.due_at
    answer_extension(extension, is_granted=is_granted, by=person.manager, now=NOW)
    chore.refresh_from_db()
    assert chore.due_at == (person.site.end_of_day(date(2026, 11, 20)) if is_granted else before)
    assert Delivery.objects.filter(event="extension_answered", person=person, channel="inbox").count() == 1
    assert not Obligation.objects.open().filter(kind="extension_answer").exists()
    with pytest.raises(IllegalStateError):
        answer_extension(extension, is_granted=True, by=person.manager, now=NOW)


def test_only_the_manager_who_was_asked_answers(chore, person):
    with pytest.raises(PermissionDenied):
        answer_extension(asked(chore), is_granted=True, by=person, now=NOW)


@pytest.mark.parametrize("day", [date(2026, 11, 10), date(2026, 11, 11)])
def test_more_time_is_later_than_the_day_it_is_due(chore, day):
    assert refused(ask_extension, chore, day) == {"day"}


def test_without_a_manager_nobody_can_be_asked(chore, person):
    person.manager = None
    assert refused(ask_extension, chore, date(2026, 11, 20)) == {"day"}
    assert not Extension.objects.exists()


def test_what_is_done_needs_no_answer(chore, person):
    extension = asked(chore)
    settle("chore", 7, now=NOW)
    assert not Obligation.objects.open().exists()
    with pytest.raises(IllegalStateError):
        answer_extension(extension, is_granted=True, by=person.manager, now=NOW)
