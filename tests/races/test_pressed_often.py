"""One form sent twenty times at once, through the pages."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import FormKey
from projects.models import Project
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.projects import verbs
from tests.races.racing import race
from tests.security.pages import Page, filled

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_twenty_at_once_make_one_project() -> None:
    person = UserFactory(roles=[Role.PM], site=SiteFactory())
    url = reverse("projects:new")
    clients = [Client(raise_request_exception=False) for _ in range(20)]
    for client in clients:
        client.force_login(person)
        client.get("/robots.txt")  # writes down that the session was seen, which is not what races here
    form = Page(clients[0].get(url).text, url).form_to(url)
    assert form is not None

    answers = race(*(partial(client.post, url, filled(form)) for client in clients))

    project = Project.objects.get()
    place = reverse("projects:pitch", args=[project.pk])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, place)] * 20
    assert FormKey.objects.get().location == place
    assert verbs(project) == ["project.begun"]
