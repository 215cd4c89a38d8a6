"""Products: who keeps them, one name each, nothing written over."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError, StaleObjectError
from projects.actions.product import add_product, edit_product
from projects.models import Product
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, GoalFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pm():
    return UserFactory(roles=[Role.PM])


def add(name="Bag tracker", **changes):
    by = changes.pop("by", None) or UserFactory(roles=[Role.PM])
    return add_product(name, **({"owner": by} | changes), by=by, now=NOW)


def edit(product, **changes):
    by = changes.pop("by", None) or UserFactory(roles=[Role.LEAD])
    values = {"name": product.name, "owner": product.owner, "goal": product.goal, "version": product.version}
    return edit_product(product, **(values | changes), by=by, now=NOW)


@pytest.mark.parametrize("role", [Role.PM, Role.LEAD])
def test_who_pitches_writes_products_down(role):
    person, goal = UserFactory(roles=[role]), GoalFactory()

    added = add(" Bag  tracker ", by=person, goal=goal, purpose=" Where the bags are ", users="Couriers")

    stored = Product.objects.get()
    assert (stored, stored.name, stored.purpose, stored.goal) == (added, "Bag tracker", "Where the bags are", goal)
    entry = AuditEntry.objects.get(verb="product.added")
    assert (entry.actor, entry.at, entry.subject_id) == (person, NOW, stored.pk)
    assert entry.after == {
        "name": "Bag tracker",
        "purpose": "Where the bags are",
        "users": "Couriers",
        "direction": "",
        "whom_to_ask": "",
        "owner": person.pk,
        "goal": goal.pk,
    }


@pytest.mark.parametrize(
    "person", [{}, {"roles": [Role.ENGINEER]}, {"roles": [Role.ADMIN]}, {"roles": [Role.PM], "is_active": False}]
)
def test_others_do_not(person):
    somebody, product = UserFactory(**person), ProductFactory()

    for deed in (lambda: add(by=somebody), lambda: edit(product, name="Other", by=somebody)):
        with pytest.raises(PermissionDenied, match="Product managers and leads keep the products"):
            deed()

    assert list(Product.objects.values_list("name", flat=True)) == [product.name]
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("name", ["Bag tracker", "BAG TRACKER", "Ｂag tracker ", "bag  tracker"])
def test_two_products_never_carry_the_same_name(name):
    add()
    other = add("Shelf check")

    for deed in (lambda: add(name), lambda: edit(other, name=name)):
        with pytest.raises(InvalidInputError) as refused:
            deed()
        assert list(refused.value.errors) == ["name"]

    assert sorted(Product.objects.values_list("name", flat=True)) == ["Bag tracker", "Shelf check"]
    assert AuditEntry.objects.count() == 2


def test_a_product_may_keep_its_own_name_in_another_spelling():
    product = add()

    assert edit(product, name="BAG tracker").name == "BAG tracker"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 81}),
        ("name", {"name": "Bag\u200btracker"}),
        ("purpose", {"purpose": "x" * 301}),
        ("direction", {"direction": "x" * 1001}),
    ],
)
def test_values_that_no_row_can_hold_are_refused_beside_their_field(field, changes):
    with pytest.raises(InvalidInputError) as refused:
        add(**changes)

    assert list(refused.value.errors) == [field]
    assert not Product.objects.exists()


def test_nothing_is_handed_to_who_left_but_what_he_has_may_be_written_on():
    gone = UserFactory(roles=[Role.PM])
    product = add(owner=gone)
    gone.is_active = False
    gone.save()
    left_too = UserFactory(is_active=False)

    assert edit(product, owner=gone, users="Couriers").users == "Couriers"
    for deed in (lambda: add("Other", owner=gone), lambda: edit(Product.objects.get(), owner=left_too)):
        with pytest.raises(InvalidInputError) as refused:
            deed()
        assert list(refused.value.errors) == ["owner"]


def test_an_edit_keeps_what_it_does_not_name_and_says_what_was_before(pm):
    product = add(purpose="Bags")

    saved = edit(product, name="Vans and bags", by=pm)

    assert (saved.name, saved.name_key, saved.purpose) == ("Vans and bags", "vans and bags", "Bags")
    assert (saved.version, saved.updated_at, saved.updated_by) == (2, NOW, pm)
    entry = AuditEntry.objects.get(verb="product.edited")
    assert (entry.before["name"], entry.after["name"]) == ("Bag tracker", "Vans and bags")


def test_a_stale_edit_changes_nothing():
    product = add()
    edit(product, users="Couriers")

    with pytest.raises(StaleObjectError):
        edit(product, users="Dispatchers")

    assert Product.objects.get().users == "Couriers"
    assert AuditEntry.objects.filter(verb="product.edited").count() == 1
