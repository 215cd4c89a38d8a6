"""Retros, their answers and boards, and lessons."""

from retros.models.board import Note, Participant, Vote
from retros.models.lesson import Lesson, LessonTag, LessonUse
from retros.models.retro import Retro, RetroAnswer

__all__ = ["Lesson", "LessonTag", "LessonUse", "Note", "Participant", "Retro", "RetroAnswer", "Vote"]
