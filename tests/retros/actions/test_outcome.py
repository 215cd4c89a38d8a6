from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Obligation
from projects.models import FollowUp
from retros.actions.outcome import add_lesson, drop_lesson, promise
from retros.enums import RetroState
from retros.models import Lesson
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW
from tests.factories.retros import LessonFactory, MemberFactory, RetroFactory

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 4)
SETTLED = [RetroState.HELD, RetroState.WAIVED]


# ── lessons ─────────────────────────────────────────────────────────────


def test_a_lesson_is_kept_with_when_it_applies_and_found_without_case_or_accents():
    retro = RetroFactory()
    member = MemberFactory(project=retro.project).person

    made = add_lesson(retro, text=" Order the Étiquettes first ", applies_when=" printing ", by=member, now=NOW)

    stored = Lesson.objects.get()
    assert stored == made
    assert (stored.text, stored.applies_when) == ("Order the Étiquettes first", "printing")
    assert (stored.project, stored.retro, stored.written_by, stored.written_at) == (retro.project, retro, member, NOW)
    assert list(Lesson.objects.about("etiquettes print")) == [stored]
    assert list(Lesson.objects.about("etiquettes bags")) == []
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor) == ("lesson.added", member)
    assert entry.after == {"text": "Order the Étiquettes first", "applies_when": "printing"}


def test_the_same_lesson_twice_is_one():
    retro = RetroFactory()

    first = add_lesson(retro, text="Order first", by=retro.project.owner, now=NOW)
    again = add_lesson(retro, text="Order first ", by=retro.project.owner, now=NOW)

    assert again == first
    assert AuditEntry.objects.count() == 1


def test_an_empty_lesson_is_refused():
    retro = RetroFactory()

    with pytest.raises(InvalidInputError) as refused:
        add_lesson(retro, text="  ", by=retro.project.owner, now=NOW)

    assert list(refused.value.errors) == ["text"]


def test_strangers_write_no_lessons():
    retro = RetroFactory(project__sponsor=UserFactory())

    for by in (retro.project.sponsor, UserFactory(roles=[Role.LEAD])):
        with pytest.raises(PermissionDenied, match="The people of the project write its lessons"):
            add_lesson(retro, text="Order first", by=by, now=NOW)

    assert Lesson.objects.count() == 0


def test_who_wrote_a_lesson_or_owns_the_project_takes_it_back():
    retro = RetroFactory()
    member = MemberFactory(project=retro.project).person
    for by in (member, retro.project.owner):
        lesson = LessonFactory(retro=retro, written_by=member)

        drop_lesson(lesson, by=by, now=NOW)

        assert Lesson.objects.count() == 0
        entry = AuditEntry.objects.latest("pk")
        assert (entry.verb, entry.actor, entry.subject_id) == ("lesson.dropped", by, lesson.pk)
        assert entry.before == {"text": lesson.text, "applies_when": lesson.applies_when}


def test_another_member_does_not_take_it_back():
    lesson = LessonFactory()
    member = MemberFactory(project=lesson.project).person

    with pytest.raises(PermissionDenied, match="Who wrote it"):
        drop_lesson(lesson, by=member, now=NOW)

    assert list(Lesson.objects.all()) == [lesson]


def test_a_lesson_is_taken_back_once():
    lesson = LessonFactory()
    drop_lesson(lesson, by=lesson.written_by, now=NOW)

    with pytest.raises(IllegalStateError):
        drop_lesson(lesson, by=lesson.written_by, now=NOW)

    assert AuditEntry.objects.count() == 1


# ── follow-ups ──────────────────────────────────────────────────────────


def test_a_follow_up_belongs_to_its_retro_and_its_owner_owes_it():
    retro = RetroFactory()
    someone = UserFactory()

    made = promise(retro, title=" Freeze calendar ", owner=someone, due_on=DUE, by=retro.project.owner, now=NOW)

    stored = FollowUp.objects.get()
    assert stored == made
    assert (stored.title, stored.owner, stored.due_on, stored.origin) == ("Freeze calendar", someone, DUE, "retro")
    assert list(retro.follow_ups.all()) == [stored]
    owed = Obligation.objects.get()
    assert (owed.kind, owed.object_id, owed.person) == ("follow_up", stored.pk, someone)


def test_only_the_owner_of_the_project_promises():
    retro = RetroFactory()

    for by in (MemberFactory(project=retro.project).person, UserFactory(roles=[Role.LEAD])):
        with pytest.raises(PermissionDenied, match=f"The owner is {retro.project.owner}"):
            promise(retro, title="Freeze calendar", owner=by, due_on=DUE, by=by, now=NOW)

    assert FollowUp.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"due_on": date(2026, 11, 22)}, "due_on"), ({"owner": None}, "owner")],
)
def test_a_promise_that_cannot_be_kept_is_refused(changes, field):
    retro = RetroFactory()
    details = {"title": "Freeze calendar", "owner": UserFactory(), "due_on": DUE} | changes
    if field == "owner":
        details["owner"] = UserFactory(is_active=False)

    with pytest.raises(InvalidInputError) as refused:
        promise(retro, **details, by=retro.project.owner, now=NOW)

    assert list(refused.value.errors) == [field]
    assert FollowUp.objects.count() == 0


@pytest.mark.parametrize("state", SETTLED)
def test_nothing_comes_of_a_settled_retro_any_more(state):
    retro = RetroFactory(state=state)
    lesson = LessonFactory(retro=retro)
    owner = retro.project.owner

    with pytest.raises(IllegalStateError):
        add_lesson(retro, text="Order first", by=owner, now=NOW)
    with pytest.raises(IllegalStateError):
        drop_lesson(lesson, by=owner, now=NOW)
    with pytest.raises(IllegalStateError):
        promise(retro, title="Freeze calendar", owner=owner, due_on=DUE, by=owner, now=NOW)

    assert list(Lesson.objects.all()) == [lesson]
    assert FollowUp.objects.count() == 0
