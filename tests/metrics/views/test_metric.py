from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.metrics import MeasurementFactory, MetricFactory

pytestmark = pytest.mark.django_db

LIST = "/metrics/"
#: What each page costs, whatever stands on it.
LIST_QUERIES = 7
DETAIL_QUERIES = 5


@pytest.fixture
def reader(client):
    person = UserFactory()
    client.force_login(person)
    return person


def test_anonymous_is_asked_to_sign_in(client):
    metric = MetricFactory()

    for address in (LIST, metric.get_absolute_url()):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, f"/login/?next={address}")


@pytest.mark.parametrize("address", [LIST, "/metrics/1/"])
def test_metrics_are_read_not_written(client, reader, address):
    MetricFactory(pk=1)

    assert client.post(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_the_list_says_how_many_are_defined_and_how_many_have_no_figure(client, reader):
    MeasurementFactory(metric=MetricFactory(name="Bags lost"))
    MetricFactory(name="Late complaints")

    context = client.get(LIST).context

    assert context["found"].total == 2
    assert context["found"].unmeasured == 1
    assert [(row.metric.name, str(row.latest.shown) if row.latest else None) for row in context["found"].rows] == [
        ("Bags lost", "6.8 in 1,000"),
        ("Late complaints", None),
    ]


def test_an_empty_list_says_where_metrics_come_from(client, reader):
    assert "No metric is defined yet" in client.get(LIST).content.decode()


def test_the_rest_of_a_long_list_is_on_the_next_page(client, reader):
    MetricFactory.create_batch(51)

    first, second = client.get(LIST).context["found"], client.get(f"{LIST}?shown=50").context["found"]

    assert (len(first.rows), first.shown, first.total) == (50, 50, 51)
    assert (len(second.rows), second.shown, second.total) == (1, 51, 51)
    assert {row.metric for row in first.rows}.isdisjoint({row.metric for row in second.rows})


@pytest.mark.parametrize("shown", ["-1", "abc", str(10**9), "1" * 5000])
def test_what_the_address_cannot_mean_is_refused(client, reader, shown):
    assert client.get(LIST, {"shown": shown}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("pk", ["0", str(2**31), str(2**63), "9" * 900, "9" * 5000])
def test_a_metric_that_is_not_there(client, reader, pk):
    assert client.get(f"/metrics/{pk}/").status_code == HTTPStatus.NOT_FOUND


def test_one_metric_shows_its_last_figure_its_course_and_every_figure(client, reader):
    metric = MetricFactory(name="Late complaints")
    for week, numerator in enumerate([84, 68]):
        MeasurementFactory(
            metric=metric, period_on=date(2026, 11, 9) + timedelta(weeks=week), numerator=Decimal(numerator)
        )
    MeasurementFactory(metric=metric, segment="North")

    answer = client.get(metric.get_absolute_url())

    context = answer.context
    assert str(context["latest"].shown) == "6.8 in 1,000"
    assert [(one.segment, len(one.measurements)) for one in context["series"]] == [("", 2), ("North", 1)]
    assert [chart.width for chart, _classes in context["drawings"]] == [860, 324]
    assert context["finding"] == "Late complaints: from 8.4 in 1,000 on 9 Nov to 6.8 in 1,000 on 16 Nov"


def test_a_metric_without_figures_says_so(client, reader):
    answer = client.get(MetricFactory(name="Late complaints").get_absolute_url())

    assert "Late complaints: not measured yet" in answer.content.decode()
    assert answer.context["drawings"] == []


@pytest.mark.parametrize("rows", [1, 50])
def test_the_list_costs_the_same_whatever_its_length(client, reader, django_assert_num_queries, rows):
    for metric in MetricFactory.create_batch(rows):
        MeasurementFactory(metric=metric)
    client.get(LIST)

    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


@pytest.mark.parametrize("rows", [1, 50])
def test_one_metric_costs_the_same_whatever_was_measured(client, reader, django_assert_num_queries, rows):
    metric = MetricFactory()
    for n in range(rows):
        person = UserFactory()
        MeasurementFactory(metric=metric, period_on=date(2026, 1, 1) + timedelta(days=n), recorded_by=person)
    address = reverse("metrics:detail", args=[metric.pk])
    client.get(address)

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(address)
