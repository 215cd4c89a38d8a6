import pytest

from retros.enums import RetroState
from retros.notifications import retro_held, retro_waived
from tests.factories.retros import LessonFactory, RetroAnswerFactory, RetroFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("lessons", "words"), [(1, "1 lesson"), (2, "2 lessons")])
def test_the_news_says_what_came_of_it_never_what_was_said(lessons, words):
    retro = RetroFactory(state=RetroState.HELD, project__title="Loan desk")
    RetroAnswerFactory(retro=retro, was_hard="CANARY")
    LessonFactory.create_batch(lessons, retro=retro)

    news = retro_held([retro.pk])[retro.pk]

    assert (news.sentence, news.url, news.detail) == (
        f"The retro of “Loan desk” was held: {words}",
        f"/projects/{retro.project.code}/retro/{retro.pk}/",
        "",
    )


def test_the_owner_reads_who_waived_it_and_why():
    retro = RetroFactory(state=RetroState.WAIVED, project__title="Loan desk")

    news = retro_waived([retro.pk])[retro.pk]

    assert news.sentence == f"{retro.closed_by} waived the retro of “Loan desk”: Two days of work"


@pytest.mark.parametrize(("describe", "queries"), [(retro_held, 2), (retro_waived, 1)])
@pytest.mark.parametrize("rows", [1, 50])
def test_words_cost_the_same_for_many(django_assert_num_queries, describe, queries, rows):
    ids = [RetroFactory(state=RetroState.WAIVED).pk for _ in range(rows)]

    with django_assert_num_queries(queries):
        assert len(describe(ids)) == rows
