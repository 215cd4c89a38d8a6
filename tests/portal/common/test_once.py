from itertools import count

from django.http import HttpResponse

from portal.common.middleware import ReadOnceMiddleware
from portal.common.once import forget, read_once, remembered


def test_each_question_is_answered_once_until_it_is_forgotten():
    numbers = count()
    with read_once():
        assert [remembered("a", numbers.__next__) for _ in range(2)] == [0, 0]
        assert remembered("b", numbers.__next__) == 1
        forget("a")
        assert [remembered("a", numbers.__next__), remembered("b", numbers.__next__)] == [2, 1]


def test_nothing_outlives_the_request(rf):
    numbers = count()

    answers = []

    def view(_request):
        answers.append([remembered("a", numbers.__next__) for _ in range(2)])
        return HttpResponse()

    for _ in range(2):
        ReadOnceMiddleware(view)(rf.get("/"))
    assert answers == [[0, 0], [1, 1]]
    assert [remembered("a", numbers.__next__) for _ in range(2)] == [2, 3]


def test_outside_there_is_nothing_to_forget():
    forget("a")
