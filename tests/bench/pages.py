"""What is measured: each page with its address, asked by somebody of a department in the middle of the installation.

An interface for programs joins as one more `Ask` for its list and one more `Deed` for its create.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse

from portal.accounts.models import User
from portal.common.lists import PAGE
from portal.demo.scale import PROJECTS, STRIDE
from projects.enums import Stage, StepState
from projects.models import ApprovalStep, Project
from risks.models import Risk
from risks.querysets import RANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Ask:
    """A page that is read again and again."""

    name: str
    person: User
    url: str


@dataclass(frozen=True)
class Press:
    """One sending of a form: the page it stands on, where it goes, and what is typed into it."""

    person: User
    page: str
    url: str
    typed: dict[str, str]


@dataclass(frozen=True)
class Deed:
    """A form that is sent again and again, each time with something else."""

    name: str
    presses: Callable[[], Iterator[Press]]
    headers: dict[str, str]


def reader() -> User:
    """A product manager of the copy in the middle."""
    middle = Project.objects.count() // PROJECTS // 2
    return User.objects.get(pk=middle * STRIDE + User.objects.get(email="li.ran@demo.example").pk)


def own(person: User, stage: Stage) -> Project:
    """A project of the person's."""
    return Project.objects.filter(owner=person, stage=stage).order_by("pk")[0]


def asks(person: User) -> list[Ask]:
    """The pages. Deep is the page in the middle of the whole list."""
    running = own(person, Stage.IN_DELIVERY)
    projects, risks = reverse("projects:list"), reverse("risks:list")
    half = Project.objects.order_by("-pk").values_list("pk", flat=True)[Project.objects.count() // 2]
    rank = RANK.copy()
    low = Risk.objects.filter(exposure_amount__lt=Decimal(10_000)).annotate(key=rank).order_by("-key", "-pk")[0]
    word = "drones"
    return [
        Ask("desk", person, "/"),
        Ask("list", person, f"{projects}?view=running"),
        Ask("list, deep", person, f"{projects}?view=all&after={half}~{half}&shown={PAGE}"),
        Ask("list, filtered", person, f"{projects}?view=all&stage=in_delivery&product={running.product_id}"),
        Ask("list, searched", person, f"{projects}?view=all&q={word}"),
        Ask("project", person, running.get_absolute_url()),
        Ask("its register, with matrix", person, reverse("risks:project", args=[running.pk])),
        Ask("register, with matrix", person, f"{risks}?view=open"),
        Ask("register, deep", person, f"{risks}?view=all&after={low.pk}~{low.key}&shown={PAGE}"),  # type: ignore[attr-defined] # annotated
        Ask("register, searched", person, f"{risks}?view=open&q=42"),
    ]


def deeds(person: User) -> list[Deed]:
    """What people do all day."""
    return [
        Deed("pitch, one keystroke", lambda: keystrokes(person), {"HX-Request": "true"}),
        Deed("approval", approvals, {}),
        Deed("create", lambda: creations(person), {}),
    ]


def keystrokes(person: User) -> Iterator[Press]:
    draft = Project.objects.filter(
        owner__pk__range=(person.pk - STRIDE // 2, person.pk + STRIDE // 2), stage=Stage.DRAFT
    )
    project = draft.filter(tier="light").order_by("pk")[0]
    page = reverse("projects:pitch", args=[project.pk])
    number = 0
    while True:
        number += 1
        url = reverse("projects:pitch_save", args=[project.pk])
        yield Press(project.owner, page, url, {"person_days": f"{number % 9 + 1} person-days"})


def approvals() -> Iterator[Press]:
    waiting = ApprovalStep.objects.filter(state=StepState.PENDING, submission__project__pk__gt=STRIDE)
    for step in waiting.select_related("submission", "approver").order_by("pk").iterator():
        url = reverse("projects:decide", args=[step.submission.project_id, step.pk])
        yield Press(step.approver, url, url, {"decision": StepState.APPROVED})


def creations(person: User) -> Iterator[Press]:
    url = reverse("projects:new")
    number = 0
    while True:
        number += 1
        yield Press(person, url, url, {"title": f"Measured {number}"})
