"""A process of one kind of duty and one kind of news, whose state the tests set by hand."""

from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

from django.utils import timezone, translation

from portal.notifications import obligations as own_obligations
from portal.notifications.enums import Pace
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
    held: list[int] = field(default_factory=list)
    acted: list[tuple[int, datetime]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.__dict__ |= State().__dict__


STATE = State()


def still_owed(obligation):
    if obligation.object_id in STATE.poison:
        raise RuntimeError("poison")
    return obligation.object_id not in STATE.done


def visible_to(obligation, person):
    assert person in {obligation.person, obligation.person.manager}
    return obligation.object_id not in STATE.hidden


def hold(project):
    STATE.held.append(project)


def act(obligation, now):
    assert obligation.project_id is None or obligation.project_id in STATE.held
    STATE.acted.append((obligation.object_id, now))
    return True


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


def describe_chats(ids):
    return {pk: News(sentence=f"Chatted {in_words(pk)}", url=f"/chats/{pk}/") for pk in ids if pk not in STATE.gone}


def kind(key, **extra):
    extra = {"ladder": (Rung(-2), Rung(0), Rung(1), Rung(3))} | extra
    return ObligationKind(
        key=key,
        label=key,
        icon="file-earmark-text",
        still_owed=still_owed,
        visible_to=visible_to,
        describe=describe_reports,
        **extra,
    )


PROCESS = SimpleNamespace(
    obligation_kinds={
        "report": kind("report", climbs=False, pace=Pace.AT_ONCE),
        "visit": kind("visit", climbs=False, pace=Pace.AT_ONCE),
        "chore": kind("chore"),
        **{kind.key: kind for kind in own_obligations.KINDS},
        "order": kind(
            "order",
            ladder=(Rung(0), Rung(2, acts=True)),
            climbs=False,
            act=act,
        ),
    },
    event_kinds={
        "chat": EventKind(key="chat", describe=describe_chats),
        "launched": EventKind(key="launched", describe=describe_launches, pace=Pace.AT_ONCE),
    }
    | {kind.key: kind for kind in own_obligations.EVENTS},
    directory=ProjectDirectory(
        visible_to=lambda _user, ids: set(ids) - STATE.hidden_projects,
        owned_by=lambda user: STATE.owned.get(user.pk, set()),
        url=lambda project: f"/projects/{project}/",
        titles=lambda ids: {pk: f"Project {pk}" for pk in ids},
        hold=hold,
    ),
)
