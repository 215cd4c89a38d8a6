"""How often one person may ask for something that costs, and how much of it at the same time.

How often is counted by each server process in its cache; what runs at the same time, by all processes of a machine.
"""

from __future__ import annotations

import fcntl
import os
import time
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.cache import cache
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from portal.common.problems import is_api
from portal.common.views import too_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    View = Callable[..., HttpResponseBase]

MINUTE: Final = 60
#: Seconds after which one of them may be done.
SOON: Final = 5


def over_pace(request: HttpRequest, what: str, *, most: int) -> HttpResponse | None:
    """The answer 429 if this person has asked more than `most` times within this minute, else None."""
    key = f"pace:{what}:{request.user.pk}:{int(time.time() // MINUTE)}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:  # the cache was emptied in between
        return None
    return too_many(request, MINUTE, _("So much in one minute is more than anybody types.")) if count > most else None


def costly(view: View) -> View:
    """A page that searches or writes out everything: one person has a few at the same time, one more is answered 429.

    It counts until the last piece is sent. A place is a lock on a file: a process that dies lets go of it.
    """

    @wraps(view)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        place = _place_of(request.user.pk)
        if place is None:
            return too_many(
                request,
                SOON,
                _("Two of your searches or files are still being made. When one of them is done, ask again."),
            )
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            place.close()
            raise
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _Held(place, response.streaming_content)  # type: ignore[arg-type] # not async
        else:
            place.close()
        return response

    return held


class PaceMiddleware:
    """Refuses whoever sends forms faster than anybody types; all others are not concerned. The API has a pace of its own."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST" and not is_api(request) and request.user.is_authenticated:
            refusal = over_pace(request, "deeds", most=settings.DEEDS_A_MINUTE)
            if refusal is not None:
                return refusal
        return self.get_response(request)


class _Held:
    """Pieces of an answer; closing it lets go of the place, sent to the end or not."""

    def __init__(self, place: _Place, pieces: Iterable[bytes]) -> None:
        self.place, self.pieces = place, pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        self.place.close()


class _Place:
    """One of the places of a person, held until it is closed or forgotten."""

    def __init__(self, name: str) -> None:
        folder = settings.VAR_DIR / "places"
        folder.mkdir(mode=0o700, exist_ok=True)
        self.file = os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600)

    def is_free(self) -> bool:
        """Whether nobody held it; from now on it is held."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        if self.file >= 0:
            os.close(self.file)
            self.file = -1

    def __del__(self) -> None:
        self.close()


def _place_of(person: int | None) -> _Place | None:
    """A free place of this person."""
    for number in range(settings.COSTLY_AT_A_TIME):
        place = _Place(f"{person}-{number}")
        if place.is_free():
            return place
        place.close()
    return None
