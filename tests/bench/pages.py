"""What is measured: each page with its address, asked by somebody of a department in the middle of the installation."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from portal.accounts.actions.api_token import make_token
from portal.accounts.enums import Scope
from portal.accounts.models import User
from portal.common.lists import PAGE
from portal.demo.scale import PROJECTS, STRIDE
from projects.enums import AssumptionVerdict, Stage, StepState
from projects.forms.decision import VERDICT
from projects.models import ApprovalStep, Project
from risks.models import Risk
from risks.querysets import RANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True)
class Ask:
    """A page that is read again and again."""

    name: str
    person: User
    url: str
    #: With which a program asks; a person asks with his session.
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Press:
    """One sending of a form: the page it stands on (none where a program sends it), where it goes, what is typed into it.

    `choices` are made wherever the form has a field whose name begins so.
    """

    person: User
    page: str
    url: str
    typed: dict[str, str]
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Deed:
    """A form that is sent again and again, each time with something else."""

    name: str
    presses: Callable[[], Iterator[Press]]
    headers: Mapping[str, str] = field(default_factory=dict)


def reader() -> User:
    """A product manager of the copy in the middle."""
    middle = Project.objects.count() // PROJECTS // 2
    return User.objects.get(pk=middle * STRIDE + User.objects.get(email="li.ran@demo.example").pk)


def own(person: User, stage: Stage) -> Project:
    """A project of the person's."""
    return Project.objects.filter(owner=person, stage=stage).order_by("pk")[0]


def program(person: User) -> dict[str, str]:
    """What a program shows that acts for the person."""
    _token, text = make_token(name="Bench", scope=Scope.WRITE, days=1, by=person, now=timezone.now())
    return {"Authorization": f"Bearer {text}"}


def asks(person: User, token: Mapping[str, str]) -> list[Ask]:
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
        Ask("register, searched", person, f"{risks}?view=open&q=undocumented"),
        Ask("API list of 25", person, f"{reverse('api:projects')}?view=running&page_size={PAGE}", token),
    ]


def deeds(person: User, token: Mapping[str, str]) -> list[Deed]:
    """What people do all day."""
    return [
        Deed("pitch, one keystroke", lambda: keystrokes(person), {"HX-Request": "true"}),
        Deed("approval", approvals),
        Deed("create", lambda: creations(person)),
        Deed("API create", lambda: creations_by_program(person), token),
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
        agreed = {VERDICT: AssumptionVerdict.ACCEPTED}
        yield Press(step.approver, url, url, {"decision": StepState.APPROVED}, agreed)


def creations(person: User) -> Iterator[Press]:
    url = reverse("projects:new")
    number = 0
    while True:
        number += 1
        yield Press(person, url, url, {"title": f"Measured {number}"})


def creations_by_program(person: User) -> Iterator[Press]:
    url = reverse("api:project_new")
    number = 0
    while True:
        number += 1
        yield Press(person, "", url, {"title": f"Measured by a program {number}"})
