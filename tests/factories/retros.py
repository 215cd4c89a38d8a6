"""Retros, answers and lessons. Rows as they stand after a deed; for a real history use the actions."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from portal.accounts.names import folded
from projects.enums import Part, Stage, Tier
from projects.models import ProjectMember
from retros.actions.board import join, show_notes, write_note
from retros.enums import Lane, RetroState
from retros.models import Lesson, Retro, RetroAnswer
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory

#: A Thursday; ten working days later it is due.
OWED = datetime(2026, 11, 5, 2, tzinfo=UTC)
DUE = date(2026, 11, 19)
HELD = datetime(2026, 11, 18, 7, tzinfo=UTC)


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = ProjectMember

    project = factory.SubFactory(ProjectFactory, stage=Stage.LAUNCHED, launched_at=OWED)
    person = factory.SubFactory(UserFactory)
    part = Part.MEMBER
    since = OWED


class RetroFactory(DjangoModelFactory):
    """One that is owed; with `state=RetroState.HELD` one that was held, by its owner."""

    class Meta:
        model = Retro

    project = factory.SubFactory(ProjectFactory, stage=Stage.LAUNCHED, launched_at=OWED)
    owed_since = OWED
    due_on = DUE
    held_at = factory.LazyAttribute(lambda retro: HELD if retro.state == RetroState.HELD else None)
    waived_because = factory.LazyAttribute(lambda retro: "Two days of work" if retro.state == RetroState.WAIVED else "")
    state = RetroState.OWED
    closed_by = factory.LazyAttribute(
        lambda retro: retro.project.owner if retro.state in {RetroState.HELD, RetroState.WAIVED} else None
    )


class RetroAnswerFactory(DjangoModelFactory):
    class Meta:
        model = RetroAnswer

    retro = factory.SubFactory(RetroFactory)
    person = factory.SelfAttribute("retro.project.owner")
    went_well = "Counting with the hub team"
    was_hard = "The printer order waited"
    do_next = "Order first"
    answered_at = HELD
    updated_at = HELD


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    retro = factory.SubFactory(RetroFactory)
    project = factory.SelfAttribute("retro.project")
    text = factory.Sequence(lambda n: f"Order printers {n} weeks ahead")
    applies_when = "something must be bought"
    search_text = factory.LazyAttribute(lambda lesson: folded(f"{lesson.text} {lesson.applies_when}"))
    written_by = factory.SelfAttribute("retro.project.owner")
    written_at = HELD


class BoardFactory(RetroFactory):
    """A retro with a meeting, while notes are collected; the helpers below take it on by the real actions."""

    tier = Tier.STANDARD
    state = RetroState.COLLECTING


def browser_of(person):
    """The key that the person's browser keeps."""
    return f"{person.pk:064d}"


def wrote(retro, person, text="The printers came late", lane=Lane.HINDERED, **more):
    """A note of this person, written in his own browser."""
    return write_note(retro, lane=lane, text=text, browser_key=browser_of(person), by=person, now=HELD, **more)


def voting(writers=4, **more):
    """A board whose notes are shown: one of each writer, all of them present; the owner is among them."""
    retro = BoardFactory(**more)
    people = [retro.project.owner, *(MemberFactory(project=retro.project).person for _ in range(writers - 1))]
    for number, person in enumerate(people):
        wrote(retro, person, f"Note {number}")
    show_notes(retro, by=retro.project.owner, now=HELD)
    for person in people[1:]:
        join(retro, by=person, now=HELD)
    return Retro.objects.select_related("project__owner").get(pk=retro.pk), people
