"""Log lines: one JSON object each, UTC, with the request they belong to, without secrets."""

import json
import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

# One line must stay one line of bounded size, whatever a client put into a path.
LONGEST_VALUE: Final = 2048
_SECRET_WORDS: Final = ("password", "secret", "token", "cookie", "authorization", "csrf")

#: Addresses that open something by themselves: whoever reads a log must not be able to follow them.
_KEY_IN_PATH: Final = re.compile(r"(/(?:link|password/reset/[^/\s]*)/)[^/\s]{20,}")

#: What a terminal obeys (C1 controls begin its commands), or what turns, hides or breaks what one reads.
_UNREADABLE: Final = re.compile(
    r"[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

Event = MutableMapping[str, Any]


def hide_secrets(_logger: object, _method: str, event: Event) -> Event:
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = "hidden"
    return event


def hide_keys_in_paths(_logger: object, _method: str, event: Event) -> Event:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _KEY_IN_PATH.sub(r"\1hidden", value)
    return event


def shorten(_logger: object, _method: str, event: Event) -> Event:
    for key, value in event.items():
        if isinstance(value, str) and len(value) > LONGEST_VALUE and key != "exception":
            event[key] = value[:LONGEST_VALUE] + "…"
    return event


def drop_request(_logger: object, _method: str, event: Event) -> Event:
    """Drop the objects that Django hangs on its records: their repr is noise, and may hold a person's data."""
    for key in ("request", "server_time"):
        event.pop(key, None)
    return event


def as_line(event: Event, **options: Any) -> str:
    """JSON that a person reads as it is: words of every language, and nothing that moves his cursor or his eyes."""
    return _UNREADABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(event, ensure_ascii=False, **options))


SHARED_PROCESSORS: Final = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_request,
    hide_secrets,
    structlog.processors.format_exc_info,
    hide_keys_in_paths,
    shorten,
)


def configure(level: str) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING: what the standard library logs takes the same way out."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(as_line),
                ],
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "django.db.backends": {"level": "INFO"},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            # Two lines a minute about the sweep say nothing; what fails is logged as an error.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            # Axes says at INFO what the audit and the attempt rows already say.
            "axes": {"level": "WARNING"},
        },
    }
