"""The product's page beyond its purpose: processes, modules, what users say."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.actions.knowledge import add_part, edit_part, give_feedback
from projects.models import BusinessProcess, Feedback, ProductModule
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, TODAY, ProductFactory


@pytest.fixture
def product():
    return ProductFactory(name="Bag tracker")


def url(name, product, *more):
    return reverse(f"projects:{name}", args=[product.pk, *more])


def read(client, product):
    return client.get(product.get_absolute_url()).content.decode()


def test_a_process_is_described_however_often_the_button_is_pressed(client, people, product):
    client.force_login(people.pm)
    typed = {"name": "Hand back the bags", "steps": "1. Scan\n2. Stack", "monthly_volume": "12万", "_key": "one"}

    answers = [client.post(url("process_new", product), typed) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {BusinessProcess.objects.get().get_absolute_url()}
    html = read(client, product)
    assert "120,000 times a month" in html
    assert "<li>Scan</li><li>Stack</li>" in html


def test_nothing_typed_is_lost_when_a_number_is_wrong(client, people, product):
    client.force_login(people.pm)

    answer = client.post(url("process_new", product), {"name": "Bags", "steps": "Scan", "monthly_volume": "many"})

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write a number, such as 1,200." in html
    assert 'value="many"' in html
    assert ">\nScan</textarea>" in html


def test_a_module_somebody_else_changed_is_a_conflict_to_resolve(client, people, product):
    module = add_part(ProductModule, product, name="Scanning", by=people.pm, now=NOW)
    edit_part(module, name="Scanning", summary="Theirs", version=1, by=people.pm, now=NOW)
    client.force_login(people.lead)

    answer = client.post(url("module", product, module.pk), {"name": "Scanning", "summary": "Mine", "version": 1})

    assert answer.status_code == HTTPStatus.CONFLICT
    html = answer.content.decode()
    assert "Theirs" in html
    assert "Mine" in html
    module.refresh_from_db()
    assert module.summary == "Theirs"


def test_readers_see_no_button_that_is_not_theirs(client, people, product):
    add_part(ProductModule, product, name="Scanning", by=people.pm, now=NOW)
    _theirs, mine = (
        give_feedback(product, text="They vanish", source="A visit", heard_on=TODAY, by=by, now=NOW)
        for by in (people.pm, people.engineer)
    )
    client.force_login(people.engineer)

    html = read(client, product)

    for name in ("module_new", "process_new"):
        assert url(name, product) not in html
    assert "/confirm/" not in html
    assert html.count("/drop/") == 1
    assert url("feedback_drop", product, mine.pk) in html
    assert url("feedback_new", product) in html


def test_what_a_user_said_stands_on_the_page(client, people, product):
    client.force_login(people.engineer)
    sent = {"text": "They vanish on Fridays", "source": "Ticket 8812", "heard_on": TODAY, "step": "Stacking"}

    client.post(url("feedback_new", product), sent)

    assert Feedback.objects.get().written_by == people.engineer
    assert "They vanish on Fridays" in read(client, product)
    assert people.engineer.name not in read(client, product).split('id="feedback"')[1].split("</section>")[0]


def test_a_page_costs_the_same_for_one_and_for_many(client, people, product):
    client.force_login(people.pm)

    def fill(count):
        for number in range(count):
            by = UserFactory(roles=people.pm.roles)
            name = f"{number} of {count}"
            add_part(ProductModule, product, name=name, by=by, now=NOW)
            process = add_part(BusinessProcess, product, name=name, monthly_volume=Decimal(1), by=by, now=NOW)
            give_feedback(product, text="So", source="A visit", heard_on=TODAY, process=process, by=by, now=NOW)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            read(client, product)
        return len(queries)

    fill(1)
    cost()
    few = cost()
    fill(20)
    assert cost() == few
