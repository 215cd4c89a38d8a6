from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.models import Measurement, Metric
from projects.actions.actuals import record_actual
from projects.actions.change import change_launch_date
from projects.actions.deferred import defer_scope
from projects.actions.pledge import measure
from projects.models import BenefitLine, Change, CostActual, CostLine, DeferredItem, MetricPledge, Project
from tests.factories.metrics import MetricFactory
from tests.factories.projects import DAY, NOW, TODAY, approved, draft, in_delivery, launched, pledged
from tests.projects.views.conftest import boxes, restrict

PLEDGE = {
    "metric": "",
    "name": "Bags lost",
    "numerator_label": "bags not seen for 30 days",
    "denominator_label": "bags in use",
    "scale": "1000",
    "direction": "down",
    "source": "",
    "baseline_numerator": "430",
    "baseline_denominator": "3,010",
    "target": "50",
}
DEFER = {"title": "Night scanning", "due_on": "2027-02-01", "share": "12%"}


def url(project, name, *args):
    return reverse(f"projects:{name}", args=[project.pk, *args])


@pytest.fixture
def ready(client, people):
    client.force_login(people.pm)
    return approved(draft(people, material_amount=Decimal(12000), material_label="Scanners"))


@pytest.fixture
def running(client, people, ready):
    return in_delivery(ready, people)


def cost_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(queries)


# ── the metric ──


def test_a_metric_is_defined_and_pledged_in_one_form_once(client, ready):
    answers = [client.post(url(ready, "metric"), PLEDGE | {"_key": "pressed-twice"}) for _ in range(2)]

    pledge = MetricPledge.objects.get()
    assert [answer["Location"] for answer in answers] == [url(ready, "metric")] * 2
    assert (pledge.metric.name, pledge.metric.scale, pledge.target) == ("Bags lost", 1000, Decimal("0.05"))
    assert (pledge.baseline_numerator, pledge.baseline_denominator) == (Decimal(430), Decimal(3010))
    assert Metric.objects.count() == 1


def test_a_known_metric_is_pledged_without_a_definition(client, ready):
    metric = MetricFactory(scale=100)
    known = PLEDGE | {"metric": metric.pk, "name": "", "numerator_label": "", "denominator_label": "", "target": "5"}

    assert client.post(url(ready, "metric"), known).status_code == HTTPStatus.FOUND

    pledge = MetricPledge.objects.get()
    assert (pledge.metric, pledge.target) == (metric, Decimal("0.05"))
    assert boxes_of_pledge(client, ready)["target"] == "5"


def boxes_of_pledge(client, project):
    html = client.get(url(project, "metric")).content.decode()
    return {name: values[0] for name, values in client_values(html).items()}


def client_values(html):
    form = html[html.index("Change what is agreed") - 400 :]
    form = form[form.index("<form") :]
    found = boxes(form.replace("<form", '<form id="x"', 1), "x").values
    return {name: [value] for name, value in found.items()}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Write it, or choose a metric above."),
        ({"baseline_denominator": "0"}, "The denominator must be more than 0."),
        ({"baseline_numerator": "NaN"}, "Write a number, such as 1,200."),
        ({"baseline_numerator": "9" * 900}, "Write a number, such as 1,200."),
        ({"baseline_denominator": "1e400"}, "Write a number, such as 1,200."),
        ({"target": "-5"}, "Write 0 or more."),
        ({"target": "9" * 20}, "Write at most"),
        ({"metric": "9" * 30}, "Select a valid choice."),
        ({"scale": "7"}, "Select a valid choice."),
    ],
)
def test_a_pledge_that_cannot_be_used_loses_nothing(client, ready, typed, words):
    answer = client.post(url(ready, "metric"), PLEDGE | typed)

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in html
    assert "bags not seen for 30 days" in html
    assert not MetricPledge.objects.exists()
    assert not Metric.objects.exists()


def test_a_metric_of_that_name_is_not_defined_twice(client, ready):
    MetricFactory(name="Bags Lost", name_key="bags lost")

    answer = client.post(url(ready, "metric"), PLEDGE)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "A metric of this name exists already." in answer.content.decode()
    assert not MetricPledge.objects.exists()


def test_the_start_locks_what_is_pledged(client, running):
    before = MetricPledge.objects.values().get()

    answer = client.post(url(running, "metric"), PLEDGE)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert MetricPledge.objects.values().get() == before
    assert "Agree on the metric" not in client.get(url(running, "metric")).content.decode()


def test_one_pair_of_figures_is_written_by_owner_or_partner(client, people, running):
    typed = {"period_on": "2026-11-23", "numerator": "150", "denominator": "3,000"}

    for person in (people.pm, people.partner):
        client.force_login(person)
        assert client.post(url(running, "measure"), typed)["Location"] == url(running, "metric")
    client.force_login(people.engineer)
    assert client.post(url(running, "measure"), typed).status_code == HTTPStatus.FORBIDDEN

    assert Measurement.objects.get().numerator == Decimal(150)
    assert "5% on Mon 23 Nov" in client.get(url(running, "metric")).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"period_on": "2026-11-24"}, "A figure cannot be from the future."),
        ({"period_on": "9999-12-31"}, "Write a date between 2000 and 2100."),
        ({"denominator": "0"}, "The denominator must be more than 0."),
        ({"numerator": "-1"}, "Write 0 or more."),
        ({"numerator": "Infinity"}, "Write a number, such as 1,200."),
        ({"numerator": "1.001"}, "Write fewer decimals."),
    ],
)
def test_a_measurement_that_cannot_be_used_stands_as_typed(client, running, typed, words):
    values = {"period_on": "2026-11-23", "numerator": "150", "denominator": "3,017"} | typed

    answer = client.post(url(running, "measure"), values)

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in html
    assert all(f'value="{value}"' in html for value in values.values())
    assert not Measurement.objects.exists()


def test_before_the_start_nothing_is_measured(client, ready):
    typed = {"period_on": "2026-11-23", "numerator": "1", "denominator": "2"}
    assert client.post(url(ready, "measure"), typed).status_code == HTTPStatus.NOT_FOUND

    pledged(ready)
    answer = client.post(url(ready, "measure"), typed)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "This is not possible now: the project is “Approved”." in answer.content.decode()


def test_two_figures_make_a_line_with_the_target(client, people, running):
    for days in (0, 1):
        figures = {"numerator": Decimal(150 + days), "denominator": Decimal(3000)}
        measure(running.pledge, period_on=TODAY - days * DAY, **figures, by=people.pm, now=NOW)

    html = client.get(url(running, "metric")).content.decode()

    assert html.count('role="img"') == 2  # one for each width of screen
    assert "target 5" in html


def test_a_page_of_figures_costs_the_same_for_one_and_for_many(client, people, running):
    figures = {"numerator": Decimal(1), "denominator": Decimal(100), "by": people.pm, "now": NOW}
    measure(running.pledge, period_on=TODAY, **figures)
    measure(running.pledge, period_on=TODAY - DAY, **figures)
    cost_of(client, url(running, "metric"))
    few = cost_of(client, url(running, "metric"))
    for days in range(2, 50):
        measure(running.pledge, period_on=TODAY - days * DAY, **figures)

    assert cost_of(client, url(running, "metric")) == few


# ── what is used ──


def test_what_is_used_is_one_dated_figure_a_line(client, running):
    people_line, material = CostLine.objects.filter(project=running)

    for line, typed in ((people_line, {"person_days": "6人天"}), (material, {"amount": "7,200"})):
        values = {f"line{line.pk}-{name}": value for name, value in (typed | {"as_of": "2026-11-23"}).items()}
        assert client.post(url(running, "record_actual", line.pk), values)["Location"] == url(running, "resources")

    assert [(one.person_days, one.amount) for one in CostActual.objects.order_by("pk")] == [
        (Decimal(6), Decimal("9600.00")),
        (None, Decimal("7200.00")),
    ]
    html = client.get(url(running, "resources")).content.decode()
    assert "Granted: 10 person-days, ¥12,000. Used so far: 6 person-days, ¥7,200." in html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"person_days": "6 or so"}, "Write a number and a unit"),
        ({"person_days": ""}, "Write the person-days used so far"),
        ({"as_of": "2026-11-24"}, "A figure cannot be from the future."),
        ({"as_of": ""}, "Name the day the figure is of."),
    ],
)
def test_a_figure_that_cannot_be_used_stands_as_typed_in_its_line(client, running, typed, words):
    line = CostLine.objects.filter(project=running).first()
    values = {"person_days": "6 pd", "as_of": "2026-11-23"} | typed

    answer = client.post(
        url(running, "record_actual", line.pk), {f"line{line.pk}-{name}": value for name, value in values.items()}
    )

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in html
    assert all(f'value="{value}"' in html for value in values.values() if value)
    assert not CostActual.objects.exists()


def test_a_cost_line_belongs_to_its_project(client, people, running):
    foreign = CostLine.objects.filter(project=draft(people)).first()

    for pk in (foreign.pk, foreign.pk + 1000, "9" * 30):
        address = url(running, "resources") + f"{pk}/"
        assert client.post(address, {}).status_code == HTTPStatus.NOT_FOUND


def test_resources_cost_the_same_for_one_figure_and_for_many(client, people, running):
    line = CostLine.objects.select_related("project__owner").filter(project=running)[0]

    def use(days):
        for day in range(days):
            record_actual(line, as_of=TODAY - day * DAY, person_days=Decimal(6), amount=None, by=people.pm, now=NOW)

    use(1)
    cost_of(client, url(running, "resources"))
    one = cost_of(client, url(running, "resources"))
    use(50)

    assert cost_of(client, url(running, "resources")) == one


# ── the launch moves ──


def test_the_launch_moves_with_its_reason(client, running):
    answer = client.post(
        url(running, "change"),
        {"launch_on": "2027-02-05", "reason": "The scanners come later", "version": running.version},
    )

    change = Change.objects.get()
    assert answer["Location"] == running.get_absolute_url()
    assert (change.before, change.after, change.reason) == ("2027-01-29", "2027-02-05", "The scanners come later")
    html = client.get(url(running, "change")).content.decode()
    assert "Launch is planned for 5 Feb 2027, 5 working days later than approved." in html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": ""}, "Write why, in one sentence."),
        ({"launch_on": "2026-11-22"}, "This day is past."),
        ({"launch_on": "2027-01-29"}, "This is the date it already has."),
        ({"launch_on": "2026-02-30"}, "Write a date, such as 18 Dec 2026."),
    ],
)
def test_a_change_that_cannot_be_made_stands_as_typed(client, running, typed, words):
    values = {"launch_on": "2027-02-05", "reason": "Later", "version": running.version} | typed

    answer = client.post(url(running, "change"), values)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    assert not Change.objects.exists()


def test_a_change_on_an_older_version_shows_both_and_loses_nothing(client, people, running):
    html = client.get(url(running, "change")).content.decode()
    typed = boxes(html.replace('<form method="post" class="fs-card">', '<form id="x">'), "x").values
    change_launch_date(
        running, launch_on=date(2027, 2, 3), reason="First", version=running.version, by=people.pm, now=NOW
    )

    answer = client.post(url(running, "change"), typed | {"launch_on": "2027-02-05", "reason": "Second"})

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert all(words in html for words in ("2027-02-03", "2027-02-05", "Second", "Pia Manager saved this"))
    resolved = boxes(html.replace('<form method="post" class="fs-card">', '<form id="x">'), "x").values
    assert client.post(url(running, "change"), resolved).status_code == HTTPStatus.FOUND
    assert Project.objects.get(pk=running.pk).planned_launch_on == date(2027, 2, 5)


# ── what is left out ──


def defer_values(project):
    return DEFER | {"owner": project.owner_id, "benefit_line": BenefitLine.objects.get(project=project).pk}


def test_scope_is_left_out_and_settled(client, running):
    values = defer_values(running) | {"_key": "pressed-twice"}
    for _ in range(2):
        assert client.post(url(running, "defer"), values)["Location"] == url(running, "defer")

    item = DeferredItem.objects.get()
    assert (item.title, item.share) == ("Night scanning", Decimal("0.12"))
    assert "1 thing is left out: 88% of the benefit remains." in client.get(url(running, "defer")).content.decode()

    assert client.post(url(running, "settle_deferred", item.pk))["Location"] == url(running, "defer")
    again = client.post(url(running, "settle_deferred", item.pk))
    assert again.status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"share": "120%"}, "Write a percentage from 0 to 100"),
        ({"share": "NaN"}, "Write a percentage, such as 15%"),
        ({"due_on": "2026-11-23"}, "Name a day after today."),
        ({"title": ""}, "Write what is left out."),
        ({"owner": "9" * 30}, "Select a valid choice."),
    ],
)
def test_scope_that_cannot_be_left_out_stands_as_typed(client, running, typed, words):
    answer = client.post(url(running, "defer"), defer_values(running) | typed)

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in html
    assert "2027-02-01" in html or "due_on" in typed
    assert not DeferredItem.objects.exists()


def test_nothing_left_out_is_confirmed_unless_something_is_listed(client, people, running):
    assert client.post(url(running, "nothing_deferred"))["Location"] == url(running, "defer")
    assert "Nothing is left out, as the owner has confirmed." in client.get(url(running, "defer")).content.decode()

    client.post(url(running, "defer"), defer_values(running))
    assert client.post(url(running, "nothing_deferred")).status_code == HTTPStatus.CONFLICT


def test_an_item_belongs_to_its_project(client, people, running):
    other = in_delivery(approved(draft(people)), people)
    line = BenefitLine.objects.get(project=other)
    item = defer_scope(
        other,
        title="Theirs",
        owner=people.pm,
        due_on=TODAY + 9 * DAY,
        benefit_line=line,
        share=Decimal("0.1"),
        by=people.pm,
        now=NOW,
    )

    assert client.post(url(running, "settle_deferred", item.pk)).status_code == HTTPStatus.NOT_FOUND
    foreign_line = defer_values(running) | {"benefit_line": line.pk}
    assert client.post(url(running, "defer"), foreign_line).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert DeferredItem.objects.get().settled_at is None


# ── who may ──

POSTS = [
    ("metric", PLEDGE),
    ("change", {"launch_on": "2027-02-05", "reason": "Later", "version": 1}),
    ("defer", DEFER),
    ("nothing_deferred", {}),
]


@pytest.mark.parametrize(("name", "values"), POSTS)
@pytest.mark.parametrize("reader", ["lead", "engineer", "partner", "outsider"])
def test_others_are_told_that_the_owner_does_it(client, people, outsider, running, name, values, reader):
    client.force_login(outsider if reader == "outsider" else getattr(people, reader))

    answer = client.post(url(running, name), values)

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "The owner is Pia Manager" in answer.content.decode()


@pytest.mark.parametrize(("name", "values"), [*POSTS, ("measure", {})])
def test_nothing_of_a_restricted_project_is_written_by_an_outsider(client, people, outsider, running, name, values):
    restrict(running)
    client.force_login(outsider)

    assert client.post(url(running, name), values).status_code == HTTPStatus.NOT_FOUND
    assert not Change.objects.exists()
    assert not DeferredItem.objects.exists()


@pytest.mark.parametrize("name", ["measure", "nothing_deferred"])
def test_what_only_writes_has_no_page(client, running, name):
    assert client.get(url(running, name)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_launched_project_says_what_it_kept(client, people, ready):
    project = launched(ready, people)

    html = client.get(url(project, "defer")).content.decode()

    assert "Leave something out" not in html
    assert client.post(url(project, "defer"), defer_values(project)).status_code == HTTPStatus.CONFLICT
