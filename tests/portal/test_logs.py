import io
import json
import logging
from datetime import date

import pytest
import structlog

from portal import logs
from portal.accounts.enums import Role


@pytest.fixture
def lines():
    """What was logged since, read back."""
    options = logs.configure("INFO")["formatters"]["json"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**{k: v for k, v in options.items() if k != "()"}))
    logger = logging.getLogger("some_test")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_line_is_one_object_with_time_level_and_request(lines):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("some_test").info("signed in", user_id=7)
        logging.getLogger("some_test.else").warning("slow %s", "query")
    own, foreign = lines()
    assert (own["event"], own["user_id"], own["request_id"], own["level"]) == ("signed in", 7, "r-1", "info")
    assert (foreign["event"], foreign["request_id"], foreign["level"]) == ("slow query", "r-1", "warning")
    assert own["timestamp"].endswith("Z")


@pytest.mark.parametrize("path", ["/link/%s/", "/password/reset/MQ/%s/"])
def test_an_address_that_opens_something_is_not_told(lines, path):
    key = "q" * 43
    logging.getLogger("some_test.request").warning("Conflict: %s", path % key)
    structlog.get_logger("some_test").info("x", path=path % key)
    foreign, own = lines()
    assert (foreign["event"], own["path"]) == (f"Conflict: {path % 'hidden'}", path % "hidden")


def test_secrets_are_hidden_and_lines_stay_lines(lines):
    logger = structlog.get_logger("some_test")
    logger.info("x", new_password="correct horse", csrf_token="abc", path="/a\r\nb\x1b[31m" + "z" * 5000)
    (line,) = lines()
    assert (line["new_password"], line["csrf_token"]) == ("hidden", "hidden")
    assert len(line["path"]) == logs.LONGEST_VALUE + 1


@pytest.mark.parametrize(
    "sign", ["\x7f", "\x85", "\x9b31m", "\u200b", "\u2028", "\u202e", "\u2066", "\ufeff", "\ud800"]
)
def test_no_sign_moves_the_cursor_or_turns_the_line(sign):
    event = {"event": f"Not Found: /林悦 é {sign}/", "at": sign}
    line = logs.as_line(event)
    assert json.loads(line) == event
    assert line.isprintable()
    assert "林悦 é " in line


def test_what_is_written_is_such_a_line():
    write = logs.configure("INFO")["formatters"]["json"]["processors"][-1]
    assert write(None, "info", {"event": "\x9b", "of": Role.PM, "when": date(2026, 11, 23)}) == (
        '{"event": "\\u009b", "of": "pm", "when": "datetime.date(2026, 11, 23)"}'
    )
