"""Retros, their answers and boards, and lessons."""

from retros.models.board import Note, Participant, Vote
from retros.models.lesson import Lesson
from retros.models.retro import Retro, RetroAnswer

__all__ = ["Lesson", "Note", "Participant", "Retro", "RetroAnswer", "Vote"]
