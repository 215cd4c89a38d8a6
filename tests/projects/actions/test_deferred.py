"""What becomes of something left out when its day comes."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Obligation
from projects.actions.deferred import defer_scope, drop_deferred_item, keep_deferred
from projects.models import DeferredItem, Project
from projects.summaries import benefit_kept
from tests.factories.projects import NOW, Cast, ProductFactory, cast, draft, in_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def item(people: Cast) -> DeferredItem:
    return left_out(in_delivery(draft(people), people), people)


def left_out(project: Project, people: Cast, share: str = "0.28") -> DeferredItem:
    return defer_scope(
        project,
        title="Old bags",
        owner=people.engineer,
        due_on=date(2027, 3, 1),
        benefit_line=project.benefit_lines.get(),
        share=Decimal(share),
        by=people.pm,
        now=NOW,
    )


def test_it_is_kept_for_another_day_with_its_reason(item, people):
    keep_deferred(item, due_on=date(2027, 5, 3), why="The spring order comes late", by=people.engineer, now=NOW)

    item.refresh_from_db()
    assert (item.due_on, item.why, item.settled_at) == (date(2027, 5, 3), "The spring order comes late", None)
    assert Obligation.objects.open().get(kind="deferred_scope").due_at.date() == date(2027, 5, 3)


def test_what_is_dropped_takes_its_benefit_away_for_good(item, people):
    drop_deferred_item(item, why="Nobody uses them", by=people.pm, now=NOW)

    item.refresh_from_db()
    assert (item.is_dropped, item.settled_at, item.why) == (True, NOW, "Nobody uses them")
    assert benefit_kept(item.project) == Decimal("0.72")
    assert not Obligation.objects.open().filter(kind="deferred_scope").exists()
    with pytest.raises(InvalidInputError):
        left_out(item.project, people, "0.8")
    with pytest.raises(IllegalStateError):
        keep_deferred(item, due_on=date(2027, 5, 3), why="x", by=people.pm, now=NOW)


def test_a_reason_is_asked_and_only_its_people_decide(item, people):
    with pytest.raises(PermissionDenied):
        drop_deferred_item(item, why="x", by=people.lead, now=NOW)
    for deed in (
        lambda: drop_deferred_item(item, why=" ", by=people.pm, now=NOW),
        lambda: drop_deferred_item(item, why="x" * 301, by=people.pm, now=NOW),
        lambda: keep_deferred(item, due_on=date(2026, 11, 23), why="x", by=people.pm, now=NOW),
    ):
        with pytest.raises(InvalidInputError):
            deed()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeferredItem.objects.filter(pk=item.pk).update(is_dropped=True)


def test_the_pages_keep_drop_and_list(item, people):
    client = Client()
    client.force_login(people.engineer)
    url = reverse("projects:decide_deferred", args=[item.project_id, item.pk])
    assert [row.pk for row in client.get(reverse("projects:left_out")).context["items"]] == [item.pk]

    bad = client.post(url, {"what": "keep", "why": ""})
    assert (bad.status_code, sorted(bad.context["form"].errors)) == (422, ["due_on", "why"])
    done = client.post(url, {"what": "drop", "why": "Nobody uses them"})

    assert done["Location"] == reverse("projects:defer", args=[item.project_id])
    assert client.get(reverse("projects:left_out"), {"view": "all"}).context["items"] == []
    assert client.post(url, {"what": "drop", "why": "Again"}).status_code == 409


def test_the_next_pitch_of_the_product_shows_what_was_left_out(item, people):
    client = Client()
    client.force_login(people.pm)
    following = draft(people, product=item.project.product)
    other = draft(people, product=ProductFactory())

    def shown(project: Project) -> list[int]:
        context = client.get(reverse("projects:pitch", args=[project.pk])).context
        return [row.pk for row in context["left_out"]]

    assert (shown(following), shown(other), shown(item.project)) == ([item.pk], [], [])
