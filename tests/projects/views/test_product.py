from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.actions.deferred import defer_scope
from projects.actions.product import edit_product
from projects.enums import Stage
from projects.models import Product, Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import DAY, NOW, TODAY, ProductFactory, ProjectFactory, draft, in_delivery
from tests.projects.views.conftest import boxes, restrict

LIST, NEW = "/products/", "/products/new/"


@pytest.fixture
def product():
    return ProductFactory(name="Bag tracker", purpose="Where the bags are", whom_to_ask="The bag group")


def edit_url(product):
    return reverse("projects:product_edit", args=[product.pk])


@pytest.fixture
def typed(people):
    return {"name": "Shelf check", "owner": people.pm.pk, "purpose": "Goods stand right", "_key": "one"}


@pytest.mark.parametrize("person", ["pm", "lead"])
def test_who_keeps_products_adds_one_however_often_the_button_is_pressed(client, people, typed, person):
    client.force_login(getattr(people, person))
    before = Product.objects.count()

    answers = [client.post(NEW, typed) for _ in range(2)]

    added = Product.objects.get(name="Shelf check")
    assert [answer["Location"] for answer in answers] == [added.get_absolute_url()] * 2
    assert Product.objects.count() == before + 1
    assert "Goods stand right" in client.get(added.get_absolute_url()).content.decode()


def test_others_read_and_are_told_who_keeps_it(client, people, product, typed):
    client.force_login(people.engineer)

    for url in (LIST, product.get_absolute_url()):
        html = client.get(url).content.decode()
        assert "Bag tracker" in html
        assert "/edit/" not in html
        assert NEW not in html
    for url in (NEW, edit_url(product)):
        for answer in (client.get(url), client.post(url, typed | {"version": 1})):
            assert answer.status_code == HTTPStatus.FORBIDDEN
            assert "Product managers and leads keep the products" in answer.content.decode()
    assert not Product.objects.filter(name="Shelf check").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Write the name people call it by."),
        ({"name": "ＢAG tracker"}, "A product of this name exists already."),
        ({"owner": ""}, "Name who answers for it."),
        ({"goal": "999999"}, "Select a valid choice."),
        ({"users": "x" * 301}, "Ensure this value has at most 300 characters"),
    ],
)
def test_what_cannot_be_saved_stays_in_the_form(client, people, product, typed, wrong, words):
    client.force_login(people.pm)

    answer = client.post(NEW, typed | wrong)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = answer.content.decode()
    assert words in html
    assert "Goods stand right" in html
    assert not Product.objects.filter(purpose="Goods stand right").exists()


def test_an_edit_sends_back_what_stood_there(client, people, product):
    client.force_login(people.pm)
    html = client.get(edit_url(product)).content.decode()
    values = {name: value for name, value in boxes(html, None).values.items() if name != "csrfmiddlewaretoken"}

    answer = client.post(edit_url(product), values | {"users": "1,200 couriers", "goal": ""})

    assert answer["Location"] == product.get_absolute_url()
    saved = Product.objects.get(pk=product.pk)
    assert (saved.name, saved.users, saved.goal, saved.owner) == (
        "Bag tracker",
        "1,200 couriers",
        None,
        product.owner,
    )


def test_a_stale_edit_shows_both_and_loses_nothing(client, people, product):
    client.force_login(people.pm)
    typed = {"name": "Bag tracker", "owner": product.owner_id, "purpose": "Mine", "version": product.version}
    edit_product(
        product,
        name="Bag tracker",
        owner=product.owner,
        goal=product.goal,
        purpose="Theirs",
        version=product.version,
        by=people.lead,
        now=NOW,
    )

    answer = client.post(edit_url(product), typed)

    assert answer.status_code == HTTPStatus.CONFLICT
    html = answer.content.decode()
    assert all(words in html for words in ("Mine", "Theirs", str(people.lead)))
    assert Product.objects.get(pk=product.pk).purpose == "Theirs"


def test_the_page_shows_what_is_under_way_and_what_is_left_out(client, people):
    project = in_delivery(draft(people), people)
    defer_scope(
        project,
        title="The small hubs",
        owner=people.pm,
        due_on=TODAY + 30 * DAY,
        benefit_line=project.benefit_lines.get(),
        share=Decimal("0.1"),
        by=people.pm,
        now=NOW,
    )
    client.force_login(people.engineer)

    html = client.get(project.product.get_absolute_url()).content.decode()

    assert "1 project is running; 1 thing is left out." in html
    assert project.get_absolute_url() in html
    assert "The small hubs" in html


def test_what_the_reader_may_not_see_is_neither_shown_nor_counted(client, people, outsider):
    hidden = restrict(in_delivery(draft(people), people))
    defer_scope(
        hidden,
        title="The small hubs",
        owner=people.pm,
        due_on=TODAY + 30 * DAY,
        benefit_line=hidden.benefit_lines.get(),
        share=Decimal("0.1"),
        by=people.pm,
        now=NOW,
    )
    ProjectFactory(product=hidden.product, title="In the open")

    def seen(reader):
        client.force_login(reader)
        return [client.get(url).content.decode() for url in (LIST, hidden.product.get_absolute_url())]

    for_owner, page_of_owner = seen(people.pm)
    assert "2 running" in for_owner
    assert "2 projects are running; 1 thing is left out." in page_of_owner
    for_outsider, page_of_outsider = seen(outsider)
    assert "1 running" in for_outsider
    assert "1 project is running; nothing is left out." in page_of_outsider
    assert "In the open" in page_of_outsider
    for html in (for_outsider, page_of_outsider):
        assert hidden.title not in html
        assert "The small hubs" not in html


def test_what_is_over_is_counted_but_does_not_run(client, people, product):
    ProjectFactory(product=product, stage=Stage.CANCELLED)
    client.force_login(people.pm)

    html = client.get(LIST).content.decode()

    assert "0 running" in html
    assert "of 1" in html


@pytest.mark.parametrize("path", ["/products/0/", f"/products/{'9' * 30}/", f"/products/{'9' * 30}/edit/"])
def test_what_is_not_there_is_not_found(client, people, path):
    client.force_login(people.pm)

    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_an_address_that_asks_for_nothing_is_refused(client, people):
    client.force_login(people.pm)

    assert client.get(LIST, {"shown": "-1"}).status_code == HTTPStatus.BAD_REQUEST


def test_the_pages_cost_the_same_for_one_and_for_many(client, people, product):
    client.force_login(people.pm)
    ProjectFactory(product=product)

    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            html = client.get(url).content.decode()
        return len(queries), html

    pages = (LIST, product.get_absolute_url())
    for url in pages:
        cost(url)
    few = [cost(url)[0] for url in pages]
    for _ in range(50):
        ProjectFactory(product=ProductFactory(owner=UserFactory()))
        ProjectFactory(product=product, owner=UserFactory())

    (many, html), (many_of_one, page) = (cost(url) for url in pages)
    assert [many, many_of_one] == few == [6, 12]
    assert "51 products" in html
    assert "50 of 51 shown" in html
    assert "the latest 20 of 51" in page
    assert Project.objects.count() == 101
    assert "1 of" not in client.get(LIST, {"shown": "50"}).content.decode()
