"""What is left out, and what becomes of it when its day comes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Obligation
from projects.actions.deferred import (
    confirm_nothing_deferred,
    defer_scope,
    drop_deferred_item,
    keep_deferred,
    settle_deferred,
)
from projects.actions.stage import move
from projects.enums import Stage
from projects.lifecycle import Transition
from projects.models import BenefitLine, DeferredItem, Project
from projects.summaries import benefit_kept
from tests.factories.accounts import UserFactory
from tests.factories.projects import (
    DAY,
    NOW,
    TODAY,
    Cast,
    ProductFactory,
    ProjectFactory,
    cast,
    draft,
    due,
    in_delivery,
    owed,
    verbs,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def item(people: Cast) -> DeferredItem:
    return left_out(in_delivery(draft(people), people), people.engineer)


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
        left_out(item.project, people.engineer, share=Decimal("0.8"))
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


# --- Left out --------------------------------------------------------------------------------------------------------


def left_out(project: Project, owner: Any, **changes: Any) -> DeferredItem:
    values: dict[str, Any] = {
        "title": "Old bags",
        "owner": owner,
        "due_on": date(2027, 3, 1),
        "benefit_line": BenefitLine.objects.get(project=project),
        "share": Decimal("0.28"),
    }
    return defer_scope(project, **values | changes, by=project.owner, now=NOW)


def test_what_is_left_out_is_owed_by_its_owner():
    people = cast()
    project = in_delivery(draft(people), people)
    confirm_nothing_deferred(project, by=people.pm, now=NOW)

    item = left_out(project, people.engineer, title="  Old bags ")

    item.refresh_from_db()
    project.refresh_from_db()
    assert (item.title, item.owner, item.due_on, item.share) == (
        "Old bags",
        people.engineer,
        date(2027, 3, 1),
        Decimal("0.28"),
    )
    assert (item.added_by, item.added_at, item.settled_at) == (people.pm, NOW, None)
    assert project.nothing_deferred_by is None
    assert owed(project) == {("launch", "Pia Manager"), ("deferred_scope", "Eno Engineer")}
    assert due("deferred_scope") == datetime(2027, 3, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert AuditEntry.objects.get(verb="scope.deferred").after == {
        "title": "Old bags",
        "owner": people.engineer.pk,
        "due_on": "2027-03-01",
        "share": "0.28",
    }


def test_listed_scope_lets_the_launch_pass_and_stays_owed_after_it():
    people = cast()
    project = in_delivery(draft(people), people)
    left_out(project, people.engineer)

    project = move(project, Transition.LAUNCH, by=people.pm, now=NOW)

    assert project.stage == Stage.LAUNCHED
    assert ("deferred_scope", "Eno Engineer") in owed(project)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"share": Decimal("-0.1")}, "share"),
        ({"share": Decimal("1.1")}, "share"),
        ({"share": Decimal("NaN")}, "share"),
        ({"share": Decimal("0.73")}, "share"),
        ({"due_on": TODAY}, "due_on"),
        ({"due_on": date(9999, 12, 31)}, "due_on"),
    ],
)
def test_what_is_left_out_must_make_sense(values, field):
    people = cast()
    project = in_delivery(draft(people), people)
    left_out(project, people.engineer)

    with pytest.raises(InvalidInputError) as refused:
        left_out(project, people.engineer, **values)
    assert list(refused.value.errors) == [field]
    assert DeferredItem.objects.count() == 1


def test_benefit_taken_away_is_one_of_the_project():
    people = cast()
    project = in_delivery(draft(people), people)

    with pytest.raises(InvalidInputError) as refused:
        left_out(project, people.engineer, benefit_line=ProjectFactory().benefit_lines.get())
    assert list(refused.value.errors) == ["benefit_line"]


def test_nothing_is_owed_by_who_left_or_may_not_see_it():
    people = cast()
    project = in_delivery(draft(people, is_restricted=True), people)
    gone, stranger = UserFactory(name="Gone", is_active=False), UserFactory(name="Stranger")

    for person, words in (
        (gone, "Gone no longer works here."),
        (stranger, "Stranger cannot see this project: it is restricted to its people."),
    ):
        with pytest.raises(InvalidInputError) as refused:
            left_out(project, person)
        assert {name: str(said) for name, said in refused.value.errors.items()} == {"owner": words}
    assert DeferredItem.objects.count() == 0


def test_shares_of_settled_items_are_free_again():
    people = cast()
    project = in_delivery(draft(people), people)
    item = left_out(project, people.engineer, share=Decimal(1))
    settle_deferred(item, by=people.engineer, now=NOW)

    assert left_out(project, people.engineer, share=Decimal(1)).share == 1


def test_settled_scope_is_owed_no_more():
    people = cast()
    project = in_delivery(draft(people), people)
    item = left_out(project, people.engineer)

    settle_deferred(item, by=people.engineer, now=NOW + DAY)

    item.refresh_from_db()
    assert (item.settled_at, owed(project)) == (NOW + DAY, {("launch", "Pia Manager")})
    assert verbs(project)[-1] == "scope.settled"
    with pytest.raises(IllegalStateError):
        settle_deferred(item, by=people.pm, now=NOW + DAY)


def test_others_settle_nothing():
    people = cast()
    project = in_delivery(draft(people), people)
    item = left_out(project, people.engineer)

    for person in (people.lead, people.partner, UserFactory(roles=[Role.PM])):
        with pytest.raises(PermissionDenied):
            settle_deferred(item, by=person, now=NOW)


def test_nothing_left_out_is_said_by_name():
    people = cast()
    project = in_delivery(draft(people), people)

    confirm_nothing_deferred(project, by=people.pm, now=NOW)

    assert Project.objects.get().nothing_deferred_by == people.pm
    assert verbs(project)[-1] == "scope.nothing_deferred"


def test_nothing_left_out_is_not_said_beside_a_list():
    people = cast()
    project = in_delivery(draft(people), people)
    left_out(project, people.engineer)

    with pytest.raises(IllegalStateError):
        confirm_nothing_deferred(project, by=people.pm, now=NOW)
    assert Project.objects.get().nothing_deferred_by is None


@pytest.mark.parametrize("stage", [s for s in Stage if s not in {Stage.IN_DELIVERY, Stage.ON_HOLD}])
def test_scope_is_left_out_in_delivery_only(stage):
    project = ProjectFactory(stage=stage)

    with pytest.raises(IllegalStateError):
        left_out(project, project.owner)
    with pytest.raises(IllegalStateError):
        confirm_nothing_deferred(project, by=project.owner, now=NOW)


def test_scope_is_left_out_by_the_owner_only():
    people = cast()
    project = in_delivery(draft(people), people)

    for person in (people.lead, people.engineer, people.partner):
        with pytest.raises(PermissionDenied):
            confirm_nothing_deferred(project, by=person, now=NOW)
