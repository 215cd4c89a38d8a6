from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Obligation
from projects.actions.follow_ups import carry_over, change_follow_up, open_follow_up
from projects.enums import FollowUpState as F
from projects.models import FollowUp, Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import DAY, NOW, TODAY, Cast, cast, draft, owed, verbs

pytestmark = pytest.mark.django_db

#: From the word given to the effect seen, written out by hand.
POSSIBLE = {
    (F.OPEN, F.DOING),
    (F.OPEN, F.DONE),
    (F.OPEN, F.DROPPED),
    (F.DOING, F.DONE),
    (F.DOING, F.DROPPED),
    (F.DONE, F.EFFECTIVE),
    (F.DONE, F.NOT_EFFECTIVE),
}


def promised(people: Cast, project: Project | None = None, **changes) -> FollowUp:
    values: dict[str, Any] = {
        "title": "Count the bags first",
        "owner": people.engineer,
        "due_on": date(2026, 12, 18),
    } | changes
    return open_follow_up(project or draft(people), **values, origin="retro", by=people.pm, now=NOW)


def test_promise_is_owed_by_its_owner():
    people = cast()

    follow_up = promised(people)

    follow_up.refresh_from_db()
    assert (follow_up.title, follow_up.owner, follow_up.due_on, follow_up.origin, follow_up.state) == (
        "Count the bags first",
        people.engineer,
        date(2026, 12, 18),
        "retro",
        F.OPEN,
    )
    assert (follow_up.opened_by, follow_up.opened_at, follow_up.closed_at) == (people.pm, NOW, None)
    assert owed(follow_up.project) == {("follow_up", "Eno Engineer")}
    assert Obligation.objects.get().due_at == datetime(2026, 12, 18, 15, 59, 59, 999999, tzinfo=UTC)
    entry = AuditEntry.objects.get(verb="follow_up.opened")
    assert entry.after == {
        "title": "Count the bags first",
        "owner": people.engineer.pk,
        "due_on": "2026-12-18",
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"due_on": TODAY - DAY}, "due_on"),
        ({"due_on": date(9999, 12, 31)}, "due_on"),
    ],
)
def test_promise_must_make_sense(values, field):
    people = cast()

    with pytest.raises(InvalidInputError) as refused:
        promised(people, **values)
    assert list(refused.value.errors) == [field]
    assert (FollowUp.objects.count(), Obligation.objects.count()) == (0, 0)


def test_nothing_is_promised_by_who_left_or_may_not_see_it():
    people = cast()
    project = draft(people, is_restricted=True)

    for person in (UserFactory(is_active=False), UserFactory()):
        with pytest.raises(InvalidInputError) as refused:
            promised(people, project, owner=person)
        assert list(refused.value.errors) == ["owner"]
    assert FollowUp.objects.count() == 0


def test_promise_for_today_is_possible():
    assert promised(cast(), due_on=TODAY).due_on == TODAY


@pytest.mark.parametrize(("state", "target"), [*product(F, F)])
def test_each_move_from_each_state(state, target):
    people = cast()
    follow_up = promised(people)
    FollowUp.objects.update(state=state)

    if (state, target) in POSSIBLE:
        moved = change_follow_up(follow_up, target, note="So.", by=people.engineer, now=NOW)
        assert (moved.state, moved.note) == (target, "So.")
        entry = AuditEntry.objects.latest("pk")
        assert (entry.verb, entry.before, entry.after) == (
            f"follow_up.{target.value}",
            {"state": state.value},
            {"state": target.value, "note": "So."},
        )
        return

    said = verbs(follow_up.project)
    with pytest.raises(IllegalStateError):
        change_follow_up(follow_up, target, note="So.", by=people.engineer, now=NOW)
    assert (FollowUp.objects.get().state, verbs(follow_up.project)) == (state, said)


def test_begun_is_still_owed_and_done_is_not():
    people = cast()
    follow_up = promised(people)

    change_follow_up(follow_up, F.DOING, by=people.engineer, now=NOW)
    assert owed(follow_up.project) == {("follow_up", "Eno Engineer")}
    assert FollowUp.objects.get().closed_at is None

    change_follow_up(follow_up, F.DONE, by=people.pm, now=NOW + DAY)
    assert owed(follow_up.project) == set()
    assert FollowUp.objects.get().closed_at == NOW + DAY


def test_effect_is_seen_later_than_it_was_done():
    people = cast()
    follow_up = promised(people)
    change_follow_up(follow_up, F.DONE, by=people.engineer, now=NOW + DAY)

    effective = change_follow_up(follow_up, F.EFFECTIVE, by=people.pm, now=NOW + 30 * DAY)

    assert (effective.state, effective.closed_at) == (F.EFFECTIVE, NOW + DAY)


def test_dropped_says_why():
    people = cast()
    follow_up = promised(people)

    for note in ("", "  "):
        with pytest.raises(InvalidInputError) as refused:
            change_follow_up(follow_up, F.DROPPED, note=note, by=people.engineer, now=NOW)
        assert list(refused.value.errors) == ["note"]
    dropped = change_follow_up(follow_up, F.DROPPED, note="The bags are gone.", by=people.engineer, now=NOW)
    assert (dropped.state, dropped.closed_at, owed(follow_up.project)) == (F.DROPPED, NOW, set())


def test_note_that_is_too_long_is_refused():
    people = cast()
    follow_up = promised(people)

    with pytest.raises(InvalidInputError) as refused:
        change_follow_up(follow_up, F.DONE, note="x" * 501, by=people.engineer, now=NOW)
    assert list(refused.value.errors) == ["note"]


def test_others_move_nothing():
    people = cast()
    follow_up = promised(people)

    for person in (people.lead, people.partner, UserFactory()):
        with pytest.raises(PermissionDenied) as refused:
            change_follow_up(follow_up, F.DONE, by=person, now=NOW)
        assert str(refused.value) == "Only Eno Engineer or the owner of the project moves it."
    assert FollowUp.objects.get().state == F.OPEN


def test_follow_ups_are_seen_with_their_project():
    people = cast()
    shown = promised(people)
    restricted = promised(people, draft(people, is_restricted=True), owner=people.pm)
    stranger = UserFactory()

    assert list(FollowUp.objects.visible_to(stranger)) == [shown]
    assert set(FollowUp.objects.visible_to(people.lead)) == {shown, restricted}


def test_carrying_over_moves_the_day_the_reminder_and_the_count():
    people = cast()
    follow_up = promised(people)

    for day in (20, 27):
        carry_over(follow_up, date(2026, 12, day), by=people.engineer, now=NOW)

    follow_up.refresh_from_db()
    assert (follow_up.due_on, follow_up.carried_over) == (date(2026, 12, 27), 2)
    assert Obligation.objects.get().due_at == datetime(2026, 12, 27, 15, 59, 59, 999999, tzinfo=UTC)
    entry = AuditEntry.objects.filter(verb="follow_up.carried_over").latest("pk")
    assert (entry.before, entry.after) == ({"date": "2026-12-20"}, {"date": "2026-12-27"})


@pytest.mark.parametrize("day", [date(2026, 12, 18), date(2026, 11, 1)])
def test_it_is_carried_over_to_a_later_day_only(day):
    people = cast()

    with pytest.raises(InvalidInputError) as refused:
        carry_over(promised(people), day, by=people.pm, now=NOW)

    assert list(refused.value.errors) == ["due_on"]


def test_what_is_done_is_not_carried_over_and_others_carry_nothing():
    people = cast()
    follow_up = promised(people)

    with pytest.raises(PermissionDenied):
        carry_over(follow_up, date(2026, 12, 20), by=people.lead, now=NOW)
    change_follow_up(follow_up, F.DONE, by=people.engineer, now=NOW)
    with pytest.raises(IllegalStateError):
        carry_over(follow_up, date(2026, 12, 20), by=people.engineer, now=NOW)
