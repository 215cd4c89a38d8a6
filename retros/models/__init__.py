"""Retros, their answers, and lessons."""

from retros.models.lesson import Lesson
from retros.models.retro import Retro, RetroAnswer

__all__ = ["Lesson", "Retro", "RetroAnswer"]
