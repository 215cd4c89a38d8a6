from http import HTTPStatus

import pytest
from django.urls import reverse

from portal.accounts.enums import Role
from projects.models import FollowUp
from retros.enums import RetroState
from retros.models import Lesson
from tests.factories.accounts import DepartmentFactory, UserFactory
from tests.factories.retros import LessonFactory, MemberFactory, RetroFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

#: What the list of lessons costs, whatever its length.
LESSON_QUERIES = 10


def address(name, retro, *more):
    return reverse(f"retros:{name}", args=[retro.project_id, retro.pk, *more])


def body(answer):
    return answer.content.decode()


def test_a_lesson_is_added_once_however_often_the_button_is_pressed(client):
    retro = RetroFactory()
    member = MemberFactory(project=retro.project).person
    client.force_login(member)
    typed = {"text": "Order first", "applies_when": "", "_key": "1"}

    answers = [client.post(address("lesson", retro), typed) for _ in range(2)]

    places = [(answer.status_code, answer["Location"]) for answer in answers]
    assert places == [(HTTPStatus.FOUND, f"{retro.get_absolute_url()}#lessons")] * 2
    assert list(Lesson.objects.values_list("text", "written_by")) == [("Order first", member.pk)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"text": ""}, "text"), ({"text": "x" * 301}, "text"), ({"applies_when": "x" * 201}, "applies_when")],
)
def test_a_lesson_that_cannot_be_kept_comes_back(client, changes, field):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("lesson", retro), {"text": "Order first", "applies_when": "Buying"} | changes)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["lesson_form"].errors) == [field]
    assert ("Order first" if field != "text" else "Buying") in body(answer)
    assert Lesson.objects.count() == 0


def test_a_lesson_for_a_settled_retro_is_refused_with_what_was_typed(client):
    retro = RetroFactory(state=RetroState.HELD)
    client.force_login(retro.project.owner)

    answer = client.post(address("lesson", retro), {"text": "Order first"})

    assert (answer.status_code, "Order first" in body(answer)) == (HTTPStatus.CONFLICT, True)


def test_a_lesson_is_taken_back(client):
    lesson = LessonFactory()
    client.force_login(lesson.written_by)

    answer = client.post(address("lesson_drop", lesson.retro, lesson.pk))

    assert (answer.status_code, Lesson.objects.count()) == (HTTPStatus.FOUND, 0)
    assert client.post(address("lesson_drop", lesson.retro, lesson.pk)).status_code == HTTPStatus.NOT_FOUND


def test_others_lessons_are_not_taken_back(client):
    lesson = LessonFactory()
    client.force_login(MemberFactory(project=lesson.project).person)

    assert client.get(lesson.retro.get_absolute_url()).context["droppable"] == set()
    assert client.post(address("lesson_drop", lesson.retro, lesson.pk)).status_code == HTTPStatus.FORBIDDEN
    assert Lesson.objects.count() == 1


def test_a_follow_up_is_added_once(client):
    retro = RetroFactory()
    someone = UserFactory(department=DepartmentFactory())
    client.force_login(retro.project.owner)
    typed = {"title": "Freeze calendar", "owner": someone.pk, "due_on": "4 Dec 2026", "_key": "1"}

    answers = [client.post(address("follow_up", retro), typed) for _ in range(2)]

    places = [(answer.status_code, answer["Location"]) for answer in answers]
    assert places == [(HTTPStatus.FOUND, f"{retro.get_absolute_url()}#follow-ups")] * 2
    assert list(retro.follow_ups.values_list("title", "owner")) == [("Freeze calendar", someone.pk)]
    assert "Freeze calendar" in body(client.get(retro.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"owner": "999999"}, "owner"),
        ({"owner": "9" * 30}, "owner"),
        ({"due_on": "2026-11-22"}, "due_on"),
        ({"due_on": "2026-02-30"}, "due_on"),
    ],
)
def test_a_follow_up_that_cannot_be_kept_comes_back(client, changes, field):
    retro = RetroFactory()
    client.force_login(retro.project.owner)
    typed = {"title": "Freeze calendar", "owner": retro.project.owner_id, "due_on": "2026-12-04"}

    answer = client.post(address("follow_up", retro), typed | changes)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["follow_up_form"].errors) == [field]
    assert FollowUp.objects.count() == 0


def test_in_a_restricted_project_its_people_own_the_follow_ups(client):
    retro = RetroFactory(project__is_restricted=True)
    member = MemberFactory(project=retro.project).person
    outsider = UserFactory()
    client.force_login(retro.project.owner)

    choices = client.get(retro.get_absolute_url()).context["follow_up_form"].fields["owner"].queryset

    assert set(choices) == {retro.project.owner, member}
    typed = {"title": "Freeze calendar", "owner": outsider.pk, "due_on": "2026-12-04"}
    assert client.post(address("follow_up", retro), typed).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


# ── all lessons ─────────────────────────────────────────────────────────


def test_lessons_are_listed_without_who_wrote_them(client):
    retro = RetroFactory()
    first = LessonFactory(retro=retro, written_by=UserFactory(name="CANARY"))
    second = LessonFactory(retro=retro)
    third = LessonFactory()
    client.force_login(UserFactory())

    answer = client.get("/lessons/")

    assert answer.context["heading"] == "3 lessons from 2 projects"
    assert answer.context["listing"].page.rows == [third, second, first]
    assert "CANARY" not in body(answer)


def test_lessons_are_found_by_their_words(client):
    found = LessonFactory(text="Order the étiquettes first", search_text="order the etiquettes first")
    LessonFactory(text="Count the bags", search_text="count the bags")
    client.force_login(UserFactory())

    answer = client.get("/lessons/", {"q": "ÉTIQUETTES order"})

    assert answer.context["listing"].page.rows == [found]
    assert answer.context["heading"] == "1 lesson about “ÉTIQUETTES order”"


@pytest.mark.parametrize("q", ["%", "_", "'; --", "<script>", "{{7*7}}", "九"])
def test_signs_are_just_signs(client, q):
    LessonFactory()
    client.force_login(UserFactory())

    answer = client.get("/lessons/", {"q": q})

    assert (answer.status_code, answer.context["listing"].counts["all"]) == (HTTPStatus.OK, 0)
    assert "<script>" not in body(answer).split("</head>")[1].split("words-unreachable")[0]


@pytest.mark.parametrize("q", ["a\x07b", "x" * 121])
def test_words_that_are_none_are_refused(client, q):
    client.force_login(UserFactory())

    assert client.get("/lessons/", {"q": q}).status_code == HTTPStatus.BAD_REQUEST


def test_an_empty_list_says_where_lessons_come_from(client):
    client.force_login(UserFactory(roles=[Role.PM]))

    assert client.get("/lessons/").context["heading"] == "No lesson is written yet"


@pytest.mark.parametrize("rows", [1, 50])
def test_the_list_costs_the_same_whatever_its_length(client, django_assert_num_queries, rows):
    LessonFactory.create_batch(rows)
    client.force_login(UserFactory())
    client.get("/lessons/")

    with django_assert_num_queries(LESSON_QUERIES):
        client.get("/lessons/")
