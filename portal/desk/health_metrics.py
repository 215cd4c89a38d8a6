"""The state of the portal in the text format that Prometheus reads.

All of it comes from rows and the disk, so every process answers the same, and nothing has to be gathered from several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.health.enums import Beat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from portal.desk.health import Facts


def exposition(facts: Facts) -> str:
    """Every gauge with its help. What never happened has no line: an alert on its absence is an alert."""
    return "".join(
        f"# HELP foresight_{name} {words}\n# TYPE foresight_{name} gauge\n"
        + "".join(f"foresight_{s}\n" for s in samples)
        for name, words, samples in _gauges(facts)
    )


def _gauges(facts: Facts) -> Iterator[tuple[str, str, list[str]]]:
    beats = [f'last_seconds{{beat="{beat}"}} {at.timestamp():.0f}' for beat in Beat if (at := facts.last(beat))]
    yield "last_seconds", "Unix time at which it last ran.", beats
    yield "reminders_due", "Reminders that are due and not written.", [f"reminders_due {facts.reminders_waiting}"]
    age = _age(facts.oldest_reminder, facts.now)
    yield "reminders_oldest_seconds", "For how long the oldest of them is due.", [f"reminders_oldest_seconds {age}"]
    yield "mails_due", "Mails that are due and not sent.", [f"mails_due {facts.mails_waiting}"]
    age = _age(facts.oldest_mail, facts.now)
    yield "mails_oldest_seconds", "For how long the oldest of them is due.", [f"mails_oldest_seconds {age}"]
    yield "mails_failed", "Mails of the last seven days that failed for good.", [f"mails_failed {facts.mails_failed}"]
    age = _age(facts.unsealed_since, facts.now)
    yield "audit_unsealed_seconds", "Age of the oldest audit row without a seal.", [f"audit_unsealed_seconds {age}"]
    if facts.backed_up_at is not None:
        sample = f"backup_last_seconds {facts.backed_up_at.timestamp():.0f}"
        yield "backup_last_seconds", "Unix time of the last good backup.", [sample]
    yield "disk_free_bytes", "What is free where VAR_DIR is.", [f"disk_free_bytes {facts.disk_free}"]


def _age(since: datetime | None, now: datetime) -> int:
    return 0 if since is None else max(int((now - since).total_seconds()), 0)
