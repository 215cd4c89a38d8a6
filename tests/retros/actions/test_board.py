import pytest
from django.core.exceptions import PermissionDenied

from portal.common.errors import GateError, IllegalStateError, InvalidInputError
from portal.notifications.actions import owe
from portal.notifications.models import Obligation
from projects.enums import Tier
from projects.models import Project
from retros.actions import board
from retros.actions.answer import answer
from retros.actions.outcome import add_lesson
from retros.actions.retro import hold
from retros.enums import Lane, RetroState, Voice
from retros.models import Note, Participant, Retro, Vote
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, cast, draft, launched
from tests.factories.retros import HELD, BoardFactory, MemberFactory, RetroFactory, browser_of, voting, wrote

pytestmark = pytest.mark.django_db


def kept():
    return Retro.objects.select_related("project__owner").get()


@pytest.mark.parametrize(("tier", "is_board"), [(Tier.LIGHT, False), (Tier.STANDARD, True), (Tier.MAJOR, True)])
def test_the_tier_of_the_launch_decides_how_a_retro_is_held(tier, is_board):
    people = cast()
    project = launched(draft(people), people)
    Retro.objects.all().delete()
    Project.objects.update(tier=tier)
    from_launch = Retro.objects.create(project=project, tier=Project.objects.get().tier, owed_since=NOW, due_on=HELD)

    assert from_launch.is_board is is_board


def test_a_first_note_begins_the_collecting_and_settles_what_was_owed():
    retro = BoardFactory(state=RetroState.SCHEDULED)
    member = MemberFactory(project=retro.project).person
    owe("retro_answer", retro.pk, member, due_at=NOW, now=NOW, project_id=retro.project_id)

    note = wrote(retro, member, "  Late printers ")

    assert (note.text, note.lane, kept().state) == ("Late printers", Lane.HINDERED, RetroState.COLLECTING)
    assert list(Obligation.objects.open()) == []
    assert Participant.objects.get().voice == Voice.WROTE


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_a_note_that_cannot_be_kept_is_refused(text):
    retro = BoardFactory()

    with pytest.raises(InvalidInputError) as refused:
        wrote(retro, retro.project.owner, text)

    assert (list(refused.value.errors), Note.objects.count()) == (["text"], 0)


def test_one_showing_of_a_form_makes_one_note():
    retro = BoardFactory()

    made = {wrote(retro, retro.project.owner, form_key="1").pk for _ in range(20)}

    assert made == {Note.objects.get().pk}
    with pytest.raises(IllegalStateError):
        wrote(retro, retro.project.owner, "Other words", form_key="1")


def test_strangers_write_nothing():
    retro = BoardFactory()

    with pytest.raises(PermissionDenied):
        wrote(retro, UserFactory(roles=["lead", "admin"]))


@pytest.mark.parametrize("state", [RetroState.HELD, RetroState.WAIVED, RetroState.DISCUSSING])
def test_notes_end_with_the_collecting(state):
    retro = BoardFactory(state=state)

    with pytest.raises(IllegalStateError):
        wrote(retro, retro.project.owner)


def test_a_light_project_has_no_board():
    retro = RetroFactory()

    with pytest.raises(IllegalStateError):
        wrote(retro, retro.project.owner)


def test_a_note_is_changed_and_taken_back_by_its_browser():
    retro = BoardFactory()
    owner = retro.project.owner
    note = wrote(retro, owner)

    assert (
        board.change_note(note, text="Two weeks late", browser_key=browser_of(owner), by=owner).text == "Two weeks late"
    )
    for key, person in ((browser_of(owner), MemberFactory(project=retro.project).person), ("x", owner), ("", owner)):
        with pytest.raises(PermissionDenied):
            board.take_back_note(note, browser_key=key, by=person, now=NOW)
    board.take_back_note(note, browser_key=browser_of(owner), by=owner, now=NOW)

    assert Note.objects.count() == 0
    assert Participant.objects.get(person=owner).voice == Voice.NOTHING


def test_nothing_to_add_is_an_answer_and_no_writer():
    retro = BoardFactory()
    member = MemberFactory(project=retro.project).person
    owe("retro_answer", retro.pk, member, due_at=NOW, now=NOW, project_id=retro.project_id)

    board.say_nothing(retro, by=member, now=NOW)
    board.say_nothing(retro, by=member, now=NOW)

    assert (Participant.objects.get().voice, list(Obligation.objects.open())) == (Voice.NOTHING, [])


@pytest.mark.parametrize("deed", [board.show_notes, board.back_to_notes, board.show_votes])
def test_phases_are_the_facilitators(deed):
    retro, people = voting()

    with pytest.raises(PermissionDenied):
        deed(retro, by=people[1], now=NOW)


def test_whom_the_owner_asked_leads():
    retro = BoardFactory()
    member = MemberFactory(project=retro.project).person
    Retro.objects.update(facilitator=member)
    wrote(retro, member)

    assert board.show_notes(kept(), by=member, now=NOW).is_voting


def test_phases_follow_each_other_only():
    retro = BoardFactory()
    owner = retro.project.owner

    for deed in (board.show_notes, board.show_votes, board.back_to_notes):  # nobody wrote, nothing is shown
        with pytest.raises(IllegalStateError):
            deed(retro, by=owner, now=NOW)
    wrote(retro, owner)
    board.show_notes(retro, by=owner, now=NOW)
    with pytest.raises(IllegalStateError):
        board.show_notes(retro, by=owner, now=NOW)
    board.show_votes(retro, by=owner, now=NOW)
    for deed in (board.show_votes, board.back_to_notes):
        with pytest.raises(IllegalStateError):
            deed(retro, by=owner, now=NOW)


def test_back_to_the_notes_drops_the_votes_and_forgets_nobody():
    retro, people = voting()
    board.vote(Note.objects.earliest("pk"), 1, by=people[0])

    board.back_to_notes(retro, by=people[0], now=NOW)
    wrote(kept(), people[0], "One more")
    shown = board.show_notes(kept(), by=people[0], now=NOW)

    assert (Vote.objects.count(), Note.objects.count(), shown.writer_count) == (0, 5, 4)


def test_votes_are_limited_and_sent_twice_they_count_once():
    _retro, people = voting()
    first, second, *_rest = Note.objects.all()

    for _ in range(2):
        board.vote(first, 3, by=people[1])
    board.vote(second, 2, by=people[1])
    for note, count in ((first, 4), (second, 3), (first, -1)):
        with pytest.raises(InvalidInputError):
            board.vote(note, count, by=people[1])
    board.vote(second, 0, by=people[1])

    assert list(Vote.objects.values_list("note", "count")) == [(first.pk, 3)]


def test_votes_need_presence_and_the_phase():
    retro, people = voting()
    absent = MemberFactory(project=retro.project).person
    note = Note.objects.earliest("pk")

    with pytest.raises(PermissionDenied):
        board.vote(note, 1, by=absent)
    board.show_votes(retro, by=people[0], now=NOW)
    with pytest.raises(IllegalStateError):
        board.vote(Note.objects.select_related("retro__project").get(pk=note.pk), 1, by=people[1])


def test_grouping_takes_the_votes_along():
    _retro, people = voting()
    first, second, third, _fourth = Note.objects.all()
    board.vote(first, 1, by=people[1])
    board.vote(second, 2, by=people[1])
    board.vote(second, 1, by=people[2])

    board.group_note(second, first, by=people[0])
    board.group_note(first, third, by=people[0])

    assert sorted(Vote.objects.values_list("note", "count")) == [(third.pk, 1), (third.pk, 3)]
    assert set(third.grouped.all()) == {first, second}
    with pytest.raises(IllegalStateError):
        board.vote(second, 1, by=people[1])
    board.group_note(second, None, by=people[0])
    assert set(third.grouped.all()) == {first}


@pytest.mark.parametrize("which", ["itself", "grouped", "foreign"])
def test_a_note_goes_under_one_of_its_board_that_stands_by_itself(which):
    _retro, people = voting()
    first, second, third, _fourth = Note.objects.all()
    board.group_note(second, third, by=people[0])
    other = BoardFactory()
    foreign = wrote(other, other.project.owner)
    head = {"itself": first, "grouped": Note.objects.get(pk=second.pk), "foreign": foreign}[which]

    with pytest.raises(InvalidInputError):
        board.group_note(first, head, by=people[0])


def test_the_list_of_who_is_here_is_the_facilitators():
    retro, people = voting()
    absent = MemberFactory(project=retro.project).person

    board.set_attendance(retro, [people[0], absent], by=people[0], now=NOW)

    assert set(Participant.objects.filter(is_present=True).values_list("person", flat=True)) == {
        people[0].pk,
        absent.pk,
    }
    with pytest.raises(InvalidInputError):
        board.set_attendance(retro, [UserFactory()], by=people[0], now=NOW)
    with pytest.raises(PermissionDenied):
        board.set_attendance(retro, [people[0]], by=people[1], now=NOW)


def test_nobody_joins_before_the_meeting_or_from_outside():
    retro = BoardFactory()

    with pytest.raises(IllegalStateError):
        board.join(retro, by=retro.project.owner, now=NOW)
    with pytest.raises(PermissionDenied):
        board.join(retro, by=UserFactory(), now=NOW)


def test_a_meeting_is_held_once_its_votes_were_talked_about():
    retro, people = voting()
    add_lesson(retro, text="Count first", by=people[0], now=NOW)

    with pytest.raises(GateError) as refused:
        hold(retro, nothing_to_do=True, by=people[0], now=NOW)
    assert [reason.code for reason in refused.value.reasons] == ["not_discussed"]
    board.show_votes(retro, by=people[0], now=NOW)
    board.talk_about(Note.objects.select_related("retro__project").earliest("pk"), by=people[0])

    assert hold(kept(), nothing_to_do=True, by=people[0], now=NOW).is_held
    assert Note.objects.count() == 4


def test_a_meeting_asks_no_three_questions():
    retro = BoardFactory()

    with pytest.raises(IllegalStateError):
        answer(retro, went_well="x", was_hard="x", do_next="x", by=retro.project.owner, now=NOW)
