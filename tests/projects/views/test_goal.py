from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.actions.goal import carry_over, edit_goal, set_key_result
from projects.models import Goal, KeyResult, Product
from tests.factories.metrics import MeasurementFactory, MetricFactory
from tests.factories.projects import NOW, GoalFactory, ProductFactory, ProjectFactory, draft
from tests.projects.views.conftest import boxes, restrict

LIST, NEW = "/goals/", "/goals/new/"


@pytest.fixture
def goal(people):
    return GoalFactory(objective="Lose fewer bags", owner=people.lead)


@pytest.fixture
def metric():
    return MetricFactory(name="Late complaints")


def address(name, goal, *more):
    return reverse(f"projects:{name}", args=[goal.pk, *more])


@pytest.fixture
def typed(people):
    return {"objective": "Every shelf as planned", "quarter": "2026 Q4", "owner": people.pm.pk, "_key": "one"}


@pytest.mark.parametrize("person", ["pm", "lead"])
def test_who_sets_goals_sets_one_however_often_the_button_is_pressed(client, people, typed, person):
    client.force_login(getattr(people, person))

    answers = [client.post(NEW, typed) for _ in range(2)]

    added = Goal.objects.get()
    assert [answer["Location"] for answer in answers] == [added.get_absolute_url()] * 2
    assert "1 goal in 2026 Q4, none with a key result yet" in client.get(LIST).content.decode()


def test_others_read_and_are_told_who_sets_them(client, people, goal, metric, typed):
    set_key_result(goal, metric, target=Decimal("0.005"), by=people.lead, now=NOW)
    client.force_login(people.engineer)

    for url in (LIST, goal.get_absolute_url()):
        html = client.get(url).content.decode()
        assert "Lose fewer bags" in html
        assert "Late complaints" in html
        assert all(words not in html for words in ("/edit/", NEW, "Carry over", "/drop/"))
    drop = address("key_result_drop", goal, goal.key_results.get().pk)
    posts = [NEW, address("goal_edit", goal), address("key_result_set", goal), drop, address("goal_carry_over", goal)]
    for url in posts:
        answer = client.post(url, typed | {"version": 1})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Product managers and leads set the goals" in answer.content.decode()
    assert Goal.objects.count() == KeyResult.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"objective": ""}, "Write what will be better."),
        ({"objective": "Lose  fewer bags", "quarter": "2026 Q4"}, "This quarter has this goal already."),
        ({"quarter": "2031 Q1"}, "Select a valid choice."),
        ({"owner": ""}, "Name who answers for it."),
    ],
)
def test_what_cannot_be_saved_stays_in_the_form(client, people, goal, typed, wrong, words):
    client.force_login(people.pm)

    answer = client.post(NEW, typed | wrong)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = answer.content.decode()
    assert words in html
    assert (wrong.get("objective") or typed["objective"]) in html or not wrong.get("objective", "x")
    assert Goal.objects.count() == 1


def test_an_edit_sends_back_what_stood_there_even_a_quarter_long_past(client, people):
    goal = GoalFactory(quarter="2024 Q1", objective="Count the bags")
    client.force_login(people.pm)
    html = client.get(address("goal_edit", goal)).content.decode()
    values = {name: value for name, value in boxes(html, None).values.items() if name != "csrfmiddlewaretoken"}

    answer = client.post(address("goal_edit", goal), values | {"objective": "Count all bags"})

    assert answer["Location"] == goal.get_absolute_url()
    saved = Goal.objects.get()
    assert (saved.objective, saved.quarter, saved.owner) == ("Count all bags", "2024 Q1", goal.owner)


def test_a_stale_edit_shows_both_and_loses_nothing(client, people, goal):
    client.force_login(people.pm)
    values = {"quarter": goal.quarter, "owner": goal.owner, "version": goal.version}
    edit_goal(goal, objective="Theirs", **values, by=people.lead, now=NOW)

    answer = client.post(address("goal_edit", goal), values | {"objective": "Mine", "owner": goal.owner_id})

    assert answer.status_code == HTTPStatus.CONFLICT
    html = answer.content.decode()
    assert all(words in html for words in ("Mine", "Theirs", str(people.lead)))
    assert Goal.objects.get().objective == "Theirs"


def test_a_key_result_shows_formula_last_figure_and_target(client, people, goal, metric):
    MeasurementFactory(metric=metric)
    MeasurementFactory(metric=metric, segment="North", numerator=Decimal(1))
    client.force_login(people.pm)
    typed = {"metric": metric.pk, "target": "7", "_key": "one"}

    answers = [client.post(address("key_result_set", goal), typed) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [goal.get_absolute_url()] * 2
    assert KeyResult.objects.get().target == Decimal("0.007")
    for url in (LIST, goal.get_absolute_url()):
        html = client.get(url).content.decode()
        expected = ("complaints tagged late", "parcels signed for", "6.8 in 1,000", "68 / 10,000", "7 in 1,000")
        assert [words for words in expected if words not in html] == []
        assert "1 of 1 key results reached" in html


def test_a_metric_without_a_figure_is_not_known_yet_and_not_reached(client, people, goal, metric):
    set_key_result(goal, metric, target=Decimal("0.007"), by=people.lead, now=NOW)
    client.force_login(people.pm)

    html = client.get(goal.get_absolute_url()).content.decode()

    assert "0 of 1 key results reached" in html
    assert "not known yet" in html


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"metric": ""}, "Choose a metric."),
        ({"target": ""}, "Write where it should be, such as 5."),
        ({"target": "7%"}, "This metric is not shown in per cent"),
        ({"target": "0.0001"}, "6 decimal places"),
    ],
)
def test_a_key_result_that_cannot_be_set_stays_in_the_form(client, people, goal, metric, wrong, words):
    client.force_login(people.pm)

    answer = client.post(address("key_result_set", goal), {"metric": metric.pk, "target": "7"} | wrong)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = answer.content.decode()
    assert words in html
    assert f'value="{wrong.get("target", "7")}"' in html or not wrong.get("target", "7")
    assert not KeyResult.objects.exists()


def test_a_key_result_is_dropped_and_again_is_no_error(client, people, goal, metric):
    key_result = set_key_result(goal, metric, target=Decimal("0.007"), by=people.lead, now=NOW)
    client.force_login(people.pm)

    answers = [client.post(address("key_result_drop", goal, key_result.pk)) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [goal.get_absolute_url()] * 2
    assert not KeyResult.objects.exists()


def test_the_key_result_of_another_goal_is_not_dropped_here(client, people, goal, metric):
    key_result = set_key_result(goal, metric, target=Decimal("0.007"), by=people.lead, now=NOW)
    client.force_login(people.pm)

    client.post(address("key_result_drop", GoalFactory(), key_result.pk))

    assert KeyResult.objects.get() == key_result


def test_one_press_carries_a_goal_over_and_twice_is_refused(client, people, goal, metric):
    set_key_result(goal, metric, target=Decimal("0.007"), by=people.lead, now=NOW)
    product = ProductFactory(goal=goal)
    client.force_login(people.pm)
    assert "Carry over into 2027 Q1" in client.get(goal.get_absolute_url()).content.decode()

    same_press = [client.post(address("goal_carry_over", goal), {"_key": "one"}) for _ in range(2)]
    again = client.post(address("goal_carry_over", goal), {"_key": "two"})

    carried = Goal.objects.get(carried_from=goal)
    assert [answer["Location"] for answer in same_press] == [carried.get_absolute_url()] * 2
    assert again.status_code == HTTPStatus.CONFLICT
    assert "This goal is carried over already." in again.content.decode()
    assert Product.objects.get(pk=product.pk).goal == carried
    html = client.get(goal.get_absolute_url()).content.decode()
    assert carried.get_absolute_url() in html
    assert "Carry over" not in html
    assert goal.get_absolute_url() in client.get(carried.get_absolute_url()).content.decode()


def test_projects_the_reader_may_not_see_are_neither_shown_nor_counted(client, people, outsider):
    hidden = restrict(draft(people))
    ProjectFactory(goal=hidden.goal, title="In the open")

    def seen(reader):
        client.force_login(reader)
        return [client.get(url).content.decode() for url in (LIST, hidden.goal.get_absolute_url())]

    assert all("2 projects serve it" in html for html in seen(people.pm))
    for html in seen(outsider):
        assert "1 project serves it" in html
        assert hidden.title not in html


def test_each_quarter_has_its_own_list(client, people, goal):
    carry_over(goal, by=people.lead, now=NOW)
    GoalFactory(quarter="2026 Q3", objective="Count the bags")
    client.force_login(people.pm)

    now, past = (client.get(LIST, {"quarter": quarter}).content.decode() for quarter in ("", "2026 Q3"))

    assert "1 goal in 2026 Q4" in now
    assert all(f"?quarter={quarter}" in now for quarter in ("2026+Q3", "2026+Q4", "2027+Q1"))
    assert "Count the bags" in past
    assert "Lose fewer bags" not in past
    assert "No goal is set for 2025 Q1" in client.get(LIST, {"quarter": "2025 Q1"}).content.decode()
    assert client.get(LIST, {"quarter": "autumn"}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("path", ["/goals/0/", f"/goals/{'9' * 30}/", "/goals/0/edit/"])
def test_what_is_not_there_is_not_found(client, people, path):
    client.force_login(people.pm)

    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_the_pages_cost_the_same_for_one_and_for_many(client, people, goal, metric):
    MeasurementFactory(metric=metric)
    set_key_result(goal, metric, target=Decimal("0.007"), by=people.lead, now=NOW)
    ProjectFactory(goal=goal)
    client.force_login(people.pm)

    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    pages = (LIST, goal.get_absolute_url())
    for url in pages:
        cost(url)
    few = [cost(url) for url in pages]
    for _ in range(50):
        other, measured = GoalFactory(), MeasurementFactory().metric
        for one in (goal, other):
            set_key_result(one, measured, target=Decimal("0.007"), by=people.lead, now=NOW)
        ProjectFactory(goal=goal, product=ProductFactory(goal=goal))
        ProjectFactory(goal=other)

    assert [cost(url) for url in pages] == few == [9, 11]
