"""Whoever asks, and his colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, Shown, gives, listed, lists, reply
from portal.accounts.filters import PeopleFilter
from portal.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["people"])


class PersonShown(Shown):
    """A person, wherever one is named."""

    id: int
    name: str


class DepartmentShown(Shown):
    """A department."""

    id: int
    name: str


class ColleagueShown(PersonShown):
    """A person, with where he works."""

    email: str
    department: DepartmentShown | None
    is_active: bool


class MeShown(ColleagueShown):
    """Whoever asks."""

    roles: list[str]
    language: str


@router.get("/me", **gives(_("Who I am"), MeShown))
def me(request: ApiRequest) -> HttpResponse:
    person = request.user
    colleague = ColleagueShown.of(person)
    return reply(MeShown(**dict(colleague), roles=[*person.roles_in_order], language=person.language))


@router.get("/people", **lists(_("Find people"), PeopleFilter, ColleagueShown))
def people(request: ApiRequest) -> HttpResponse:
    return listed(request, PeopleFilter, User.objects.select_related("department"), ColleagueShown.of)
