"""What is read once for each request or task: answers that many ask for and that hold while it lasts.

Whoever writes what is remembered forgets it in the same breath, so that a request sees its own changes. Nothing
outlives the request: another one, in whatever worker, reads anew.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

T = TypeVar("T")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside, the first answer to each question is remembered; outside of it every question is asked anew."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(question: Hashable, read: Callable[[], T]) -> T:
    """The answer as it was read first within this request."""
    answers = _answers.get()
    if answers is None:
        return read()
    if question not in answers:
        answers[question] = read()
    return cast("T", answers[question])


def forget(question: Hashable) -> None:
    """Read anew at the next question."""
    if (answers := _answers.get()) is not None:
        answers.pop(question, None)
