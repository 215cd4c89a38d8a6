"""What belongs to a role or a person, tried by others through the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.notifications.models import Delivery
from tests.access.visitor import undone
from tests.access.world import Actor
from tests.security.deeds import deed
from tests.security.witness import ask

if TYPE_CHECKING:
    from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.proof, pytest.mark.one_database]


@pytest.mark.parametrize("world", ["in_delivery"], indirect=True, scope="package")
def test_reading_ones_inbox_reads_nobody_elses(world: World) -> None:
    with undone():
        before = Delivery.objects.filter(channel="inbox").unread()
        others = set(before.exclude(person=world.actors[Actor.OWNER]).values_list("pk", flat=True))
        world.visitor(Actor.OWNER).tell("POST", reverse("inbox_read"), {"up_to": 10**17})
        left = set(Delivery.objects.filter(channel="inbox").unread().values_list("pk", flat=True))

    assert others
    assert left == others


@pytest.mark.parametrize("world", ["draft"], indirect=True, scope="package")
def test_nobody_promotes_himself(world: World) -> None:
    form = deed(world, "accounts:person")
    every_role = form.valid() | {"roles": [role.value for role in Role], "is_active": "on"}
    for actor in (Actor.OUTSIDER, Actor.OWNER, Actor.APPROVER):
        url = reverse("accounts:person", args=[world.actors[actor].pk])
        answer = ask(world, actor, "POST", url, every_role)
        assert (answer.status, answer.has_changed) == (403, False), actor
    for name in ("accounts:settings", "accounts:look"):
        own = deed(world, name)
        with undone():
            world.visitor(own.actor).tell("POST", own.url, own.valid() | {"roles": "admin", "groups": "4"})
            assert User.objects.get(pk=world.actors[own.actor].pk).roles == {Role.PM}


@pytest.mark.parametrize("world", ["draft"], indirect=True, scope="package")
def test_an_administrator_neither_promotes_nor_ends_himself(world: World) -> None:
    admin = world.actors[Actor.ADMIN]
    url = reverse("accounts:person", args=[admin.pk])
    with undone():
        visitor = world.visitor(Actor.ADMIN)
        visitor.tell(
            "POST", url, {"name": admin.name, "email": admin.email, "language": "en", "roles": ["admin", "lead"]}
        )
        visitor.tell("POST", reverse("accounts:person_deactivate", args=[admin.pk]))
        now = User.objects.get(pk=admin.pk)

    assert (now.roles, now.is_active) == ({Role.ADMIN}, True)
