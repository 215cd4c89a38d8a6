from structlog.contextvars import get_contextvars

from portal.common import request_id


def test_everything_inside_belongs_to_the_request():
    assert request_id.current() == ""
    with request_id.bound() as outer:
        assert request_id.current() == get_contextvars()["request_id"] == outer
        with request_id.bound("inner"):
            assert request_id.current() == "inner"
        assert request_id.current() == outer
    assert request_id.current() == ""


def test_ids_differ():
    assert request_id.new() != request_id.new()
