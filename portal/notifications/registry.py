"""Finds what `settings.PROCESS` declares, the way Django finds its ROOT_URLCONF: by name, at the first question."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from portal.notifications.kinds import EventKind, ObligationKind, ProjectDirectory


K = TypeVar("K")


class Process(Protocol):
    """The part of the process that the kernel reads."""

    @property
    def obligation_kinds(self) -> Mapping[str, ObligationKind]: ...
    @property
    def event_kinds(self) -> Mapping[str, EventKind]: ...
    @property
    def directory(self) -> ProjectDirectory: ...


class UnknownKindError(LookupError):
    """A kind that no app declares: a typing error, or a row older than the removal of its kind."""


def obligation_kind(key: str) -> ObligationKind:
    return _of(_process(settings.PROCESS).obligation_kinds, key)


def known_obligations() -> Collection[str]:
    """Keys that are declared now; older rows may have others, and are not shown."""
    return _process(settings.PROCESS).obligation_kinds.keys()


def private_obligations() -> Collection[str]:
    """Keys of what stands between few people, and is not shown to every reader of the project."""
    return [kind.key for kind in _process(settings.PROCESS).obligation_kinds.values() if kind.is_private]


def for_stand_ins() -> Collection[str]:
    """Keys of what a stand-in does for the person who owes it."""
    kinds = _process(settings.PROCESS).obligation_kinds
    return [key for key, kind in kinds.items() if kind.is_for_stand_ins]


def known_events() -> Collection[str]:
    """As `known_obligations`."""
    return _process(settings.PROCESS).event_kinds.keys()


def event_kind(key: str) -> EventKind:
    return _of(_process(settings.PROCESS).event_kinds, key)


def directory() -> ProjectDirectory:
    return _process(settings.PROCESS).directory


def _of(kinds: Mapping[str, K], key: str) -> K:
    try:
        return kinds[key]
    except KeyError:
        raise UnknownKindError(key) from None


@cache
def _process(name: str) -> Process:
    return cast("Process", import_string(name))
