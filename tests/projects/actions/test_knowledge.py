"""What is known of a product: who describes it, nothing written over, quotations that stay as they were said."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError, StaleObjectError
from projects.actions.knowledge import add_part, confirm_module, drop_feedback, drop_part, edit_part, give_feedback
from projects.models import BusinessProcess, Feedback, ProductModule
from projects.models.knowledge import CONFIRMED_FOR
from tests.factories.accounts import UserFactory
from tests.factories.projects import DAY, NOW, TODAY, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pm():
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def product():
    return ProductFactory()


def module(product, by, name="Scanning", **values):
    return add_part(ProductModule, product, name=name, **values, by=by, now=NOW)


def process(product, by, name="Hand back the bags", **values):
    return add_part(BusinessProcess, product, name=name, **values, by=by, now=NOW)


def quote(product, by, *, text="They vanish", source="A visit", heard_on=TODAY, process=None):
    return give_feedback(product, text=text, source=source, heard_on=heard_on, process=process, by=by, now=NOW)


def test_who_describes_a_module_says_that_it_is_true(pm, product):
    made = module(product, pm, name=" Scanning ", document_url="https://docs.example.com/scan")

    stored = ProductModule.objects.get()
    assert (stored, stored.name, stored.confirmed_on, stored.confirmed_by) == (made, "Scanning", TODAY, pm)
    assert AuditEntry.objects.get(verb="module.added").after["document_url"] == "https://docs.example.com/scan"


def test_it_is_old_when_nobody_confirmed_it_for_half_a_year(pm, product):
    made = module(product, pm)
    late = NOW + CONFIRMED_FOR + DAY
    assert (made.is_old(TODAY), made.is_old(late.date())) == (False, True)

    other = UserFactory(roles=[Role.LEAD])
    confirmed = confirm_module(made, by=other, now=late)

    assert (confirmed.is_old(late.date()), confirmed.confirmed_by) == (False, other)
    assert AuditEntry.objects.get(verb="module.confirmed").before == {"confirmed_on": str(TODAY)}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://files.example.com/a", "no address"])
def test_a_document_has_an_address_that_a_browser_may_follow(pm, product, address):
    with pytest.raises(InvalidInputError) as refused:
        module(product, pm, document_url=address)

    assert list(refused.value.errors) == ["document_url"]
    assert not ProductModule.objects.exists()


@pytest.mark.parametrize("make", [module, process])
def test_one_name_each_and_the_same_name_at_another_product(pm, product, make):
    make(product, pm, name="One")
    make(ProductFactory(), pm, name="One")

    with pytest.raises(InvalidInputError) as refused:
        make(product, pm, name="One")

    assert list(refused.value.errors) == ["name"]
    assert type(make(product, pm, name="Two")).objects.count() == 3


@pytest.mark.parametrize(
    "person", [{"roles": [Role.ENGINEER]}, {"roles": [Role.ADMIN]}, {"roles": [Role.PM], "is_active": False}]
)
def test_others_describe_nothing(pm, product, person):
    somebody, made, done = UserFactory(**person), module(product, pm), process(product, pm)
    before = AuditEntry.objects.count()

    for deed in (
        lambda: module(product, somebody, name="Other"),
        lambda: process(product, somebody, name="Other"),
        lambda: edit_part(made, name="Other", version=1, by=somebody, now=NOW),
        lambda: drop_part(done, by=somebody, now=NOW),
        lambda: confirm_module(made, by=somebody, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            deed()

    assert AuditEntry.objects.count() == before


def test_the_slower_of_two_writers_is_told(pm, product):
    made = process(product, pm, monthly_volume=Decimal(120_000))
    saved = edit_part(made, name=made.name, steps="Scan\nStack", version=1, by=pm, now=NOW)

    with pytest.raises(StaleObjectError):
        edit_part(made, name=made.name, steps="Lost", version=1, by=pm, now=NOW)

    made.refresh_from_db()
    assert (made.steps, made.version, made.monthly_volume) == ("Scan\nStack", saved.version, Decimal(120_000))


def test_steps_are_read_without_the_numbers_in_front(pm, product):
    made = process(product, pm, steps="1. Scan the bag\n\n2、Stack it\n- 3 bags to a box\n")

    assert made.step_lines == ["Scan the bag", "Stack it", "3 bags to a box"]


@pytest.mark.parametrize("volume", [Decimal(-1), Decimal(10) ** 13])
def test_a_volume_is_a_number_of_times(pm, product, volume):
    with pytest.raises(InvalidInputError):
        process(product, pm, monthly_volume=volume)


def test_dropped_twice_is_dropped_once(pm, product):
    made = process(product, pm)
    said = quote(product, pm, process=made)

    for _ in range(2):
        drop_part(made, by=pm, now=NOW)

    said.refresh_from_db()
    assert (BusinessProcess.objects.count(), said.process, said.text) == (0, None, "They vanish")
    assert AuditEntry.objects.filter(verb="process.dropped").count() == 1


def test_everybody_writes_down_what_a_user_said_and_keepers_may_take_it_away(pm, product):
    engineer, other = UserFactory(roles=[Role.ENGINEER]), UserFactory(roles=[Role.ENGINEER])
    said = quote(product, engineer, text=" They vanish ")
    assert said.text == "They vanish"

    with pytest.raises(PermissionDenied):
        drop_feedback(said, by=other, now=NOW)
    for person in (pm, engineer):
        drop_feedback(said, by=person, now=NOW)

    assert not Feedback.objects.exists()
    assert AuditEntry.objects.filter(verb="feedback.dropped").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": " "}, "text"),
        ({"source": ""}, "source"),
        ({"heard_on": TODAY + DAY}, "heard_on"),
        ({"text": "x" * 501}, "text"),
    ],
)
def test_a_quotation_has_words_a_source_and_a_day_that_was(pm, product, values, field):
    with pytest.raises(InvalidInputError) as refused:
        quote(product, pm, **values)

    assert list(refused.value.errors) == [field]
    assert not Feedback.objects.exists()


def test_it_names_no_process_of_another_product(pm, product):
    with pytest.raises(InvalidInputError) as refused:
        quote(product, pm, process=process(ProductFactory(), pm))

    assert list(refused.value.errors) == ["process"]
