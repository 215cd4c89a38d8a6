import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.notifications.actions import owe
from portal.notifications.models import Obligation
from projects.enums import Part
from retros.actions.answer import answer
from retros.enums import RetroState
from retros.models import Retro, RetroAnswer
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW
from tests.factories.retros import MemberFactory, RetroAnswerFactory, RetroFactory

pytestmark = pytest.mark.django_db

TEXTS: dict[str, Any] = {"went_well": "Codes", "was_hard": "The printer order", "do_next": "Order first"}


def texts(row):
    return {name: getattr(row, name) for name in TEXTS}


def test_an_answer_is_kept_and_the_record_says_that_not_what():
    retro = RetroFactory()
    member = MemberFactory(project=retro.project).person
    for person in (member, retro.project.owner):
        owe("retro_answer", retro.pk, person, due_at=NOW, now=NOW, project_id=retro.project_id)

    made = answer(retro, went_well=" Codes ", was_hard="The printer order\n", do_next="Order first", by=member, now=NOW)

    stored = RetroAnswer.objects.get()
    assert stored == made
    assert texts(stored) == TEXTS
    assert (stored.person, stored.version, stored.answered_at) == (member, 1, NOW)
    assert Retro.objects.get().state == RetroState.COLLECTING
    assert list(Obligation.objects.open().values_list("person", flat=True)) == [retro.project.owner_id]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.before, entry.after) == ("retro.answered", member, None, None)


def test_owner_member_assessor_and_business_partner_answer_once_each():
    retro = RetroFactory(project__business_partner=UserFactory())
    project = retro.project
    people = [
        project.owner,
        project.business_partner,
        MemberFactory(project=project).person,
        MemberFactory(project=project, part=Part.ASSESSOR).person,
    ]

    for person in people:
        answer(retro, **TEXTS, by=person, now=NOW)

    assert list(RetroAnswer.objects.values_list("person", flat=True)) == [person.pk for person in people]


def test_nobody_else_answers():
    retro = RetroFactory(project__sponsor=UserFactory())
    gone = MemberFactory(project=retro.project, person=UserFactory(is_active=False)).person

    for by in (retro.project.sponsor, gone, MemberFactory().person, UserFactory(roles=[Role.LEAD, Role.ADMIN])):
        with pytest.raises(PermissionDenied, match="The people of the project answer"):
            answer(retro, **TEXTS, by=by, now=NOW)

    assert RetroAnswer.objects.count() == 0


def test_ones_own_answer_may_be_rewritten():
    mine = RetroAnswerFactory(version=3)

    changed = answer(mine.retro, **TEXTS, version=3, by=mine.person, now=NOW)

    assert (changed.pk, texts(changed), changed.version, changed.updated_at) == (mine.pk, TEXTS, 4, NOW)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.before, entry.after) == ("retro.answer_changed", None, None)


@pytest.mark.parametrize("version", [0, 3, 4])
def test_the_same_words_again_change_nothing(version):
    mine = RetroAnswerFactory(**TEXTS, version=4)

    again = answer(mine.retro, **TEXTS, version=version, by=mine.person, now=NOW)

    assert (again, again.version) == (mine, 4)
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_rewrite_from_an_old_page_is_refused(version):
    mine = RetroAnswerFactory(version=2)

    with pytest.raises(StaleObjectError) as refused:
        answer(mine.retro, **TEXTS, version=version, by=mine.person, now=NOW)

    assert refused.value.obj == mine
    assert RetroAnswer.objects.get().went_well == mine.went_well


@pytest.mark.parametrize("question", TEXTS)
def test_no_question_stays_empty(question):
    retro = RetroFactory()

    with pytest.raises(InvalidInputError) as refused:
        answer(retro, **(TEXTS | {question: " \n"}), by=retro.project.owner, now=NOW)

    assert list(refused.value.errors) == [question]
    assert RetroAnswer.objects.count() == 0


@pytest.mark.parametrize("state", [RetroState.HELD, RetroState.WAIVED])
def test_nothing_is_written_once_it_is_settled(state):
    mine = RetroAnswerFactory(retro=RetroFactory(state=state))

    with pytest.raises(IllegalStateError):
        answer(mine.retro, **TEXTS, version=1, by=mine.person, now=NOW)

    assert RetroAnswer.objects.get().went_well == mine.went_well


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_first_answers_of_one_person_leave_one():
    retro = RetroFactory()
    by = retro.project.owner
    barrier, outcomes = threading.Barrier(2), []

    def write(words):
        try:
            barrier.wait()
            answer(retro, **(TEXTS | {"went_well": words}), by=by, now=NOW)
            outcomes.append("kept")
        except StaleObjectError:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(words,)) for words in ("Codes", "Labels")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["kept", "stale"]
    assert RetroAnswer.objects.count() == 1
