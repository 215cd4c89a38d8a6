"""A process of one kind of duty and one kind of news, whose state the tests set by hand."""

from dataclasses import dataclass, field
from types import SimpleNamespace

from django.utils import timezone, translation

from portal.notifications.kinds import EventKind, News, ObligationKind, ProjectDirectory, Rung, Task


@dataclass
class State:
    """What the fake objects are like: by object id, but for the projects."""

    done: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    poison: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    hidden_projects: set[int] = field(default_factory=set)
    owned: dict[int, set[int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.__dict__ |= State().__dict__


STATE = State()


def still_owed(obligation):
    if obligation.object_id in STATE.poison:
        raise RuntimeError("poison")
    return obligation.object_id not in STATE.done


def visible_to(obligation, person):
    assert person == obligation.person
    return obligation.object_id not in STATE.hidden


def in_words(number):
    return f"{translation.get_language()} {timezone.get_current_timezone_name()} {number}"


def describe_reports(obligations):
    STATE.asked.append("report")
    return {
        owed.pk: Task(
            sentence=f"Write the report {in_words(owed.object_id)}",
            detail="because <it> is wanted",
            url=f"/reports/{owed.object_id}/",
            button="Write & send",
        )
        for owed in obligations
        if owed.object_id not in STATE.gone
    }


def describe_launches(ids):
    STATE.asked.append("launched")
    return {pk: News(sentence=f"Launched {in_words(pk)}", url=f"/launches/{pk}/") for pk in ids if pk not in STATE.gone}


def kind(key):
    return ObligationKind(
        key=key,
        icon="file-earmark-text",
        ladder=(Rung(-2), Rung(0), Rung(1), Rung(3)),
        still_owed=still_owed,
        visible_to=visible_to,
        describe=describe_reports,
    )


PROCESS = SimpleNamespace(
    obligation_kinds={key: kind(key) for key in ("report", "visit")},
    event_kinds={"launched": EventKind(key="launched", describe=describe_launches)},
    directory=ProjectDirectory(
        visible_to=lambda _user, ids: set(ids) - STATE.hidden_projects,
        owned_by=lambda user: STATE.owned.get(user.pk, set()),
        url=lambda project: f"/projects/{project}/",
    ),
)
