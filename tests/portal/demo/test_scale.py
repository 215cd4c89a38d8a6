"""Copies of the demo keep what actions keep: whatever is stored twice agrees, whatever is owed is owed, nothing leads out."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.accounts.models import User
from portal.accounts.names import search_key
from portal.audit.models import AuditEntry
from portal.common.once import read_once
from portal.demo.scale import (
    FIGURES,
    HOUSE_IDS,
    HOUSES,
    IDS,
    PROJECTS,
    SHARED,
    SHARERS,
    STRIDE,
    Marked,
    Table,
    copied_models,
    is_lot,
    seed,
)
from portal.notifications.models import Delivery, Obligation
from projects.actions.pitch import content_of, start_pitch
from projects.business_inputs import canonical, digest_of
from projects.models import Product, Project, Submission
from risks.exposure import expected_loss
from risks.models import Risk
from risks.summaries import forecast_of
from tests.portal.test_owed import TRUTHS

pytestmark = [pytest.mark.django_db, pytest.mark.proof, pytest.mark.timeout(600)]

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
COPIES = 2
#: Shorter registers than the command makes: enough of each kind.
RISKS = 60
HOUSE_LABELS = [model._meta.label_lower for model in HOUSES]


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The demo and two copies, made once for those who only look."""
    with django_db_blocker.unblock(), transaction.atomic():
        said: list[str] = []
        seed(PROJECTS * COPIES + 1, language="en", now=NOW, said=said.append, risks=RISKS)
        yield said
        transaction.set_rollback(True)


def copy_of(pk):
    return pk // STRIDE


def test_says_how_far_it_is(seeded):
    assert seeded == ["building the company that is copied", "90 of 90 projects"]


def house_of(copy):
    return copy and 1 + (copy - 1) // SHARERS


def test_every_copy_has_as_much_of_everything(seeded):
    assert (Project.objects.count(), Risk.objects.count()) == (PROJECTS * 3, RISKS * 3)
    for model in copied_models():
        if is_lot(model):
            assert model._base_manager.count() % (COPIES + 1) == 0, model
            continue
        rows = model._base_manager.values_list("pk", flat=True)
        each = Counter(map(copy_of, rows))
        if model is AuditEntry:  # no copy has a record of founding the company, the second none of its house
            first = AuditEntry.objects.filter(pk__lt=STRIDE)
            shared = first.filter(subject_type__in=[one._meta.label_lower for one in SHARED]).count()
            each[1] += shared
            each[2] += shared + first.filter(subject_type__in=HOUSE_LABELS).count()
        assert (each.keys(), len(set(each.values()))) == ({0, 1} if model in HOUSES else {0, 1, 2}, 1), (model, each)


def test_nothing_leads_out_of_its_copy(seeded):
    for model in copied_models():
        for field in model._meta.concrete_fields:
            to = field.remote_field.model if field.remote_field else None
            if to is None or issubclass(to, SHARED) or is_lot(to) or is_lot(model):
                continue
            pairs = model._base_manager.exclude(**{field.name: None}).values_list("pk", field.attname)
            number = house_of if to in HOUSES else int
            assert {pk for pk, other in pairs if number(copy_of(pk)) != copy_of(other)} == set(), field
    connection.check_constraints()


def test_what_is_searched_is_what_is_written(seeded):
    for model in (Project, Risk, Product):
        assert [row.pk for row in model._base_manager.all() if row.search_text != row.searched()] == []
    for person in User.objects.all():
        assert person.search_text == search_key(person.name, person.nickname, person.staff_number or "", person.email)
    assert Project.objects.values("title").distinct().count() == PROJECTS * 3


def test_stored_exposure_is_that_of_the_register(seeded):
    for risk in Risk.objects.all():
        assert risk.exposure_amount == expected_loss(risk.probability, risk.impact_amount)
    for project in Project.objects.filter(exposure_at__isnull=False):
        forecast = forecast_of(project)
        stored = (project.exposure_amount, project.exposure_p80_amount, project.mitigation_amount)
        assert stored == (forecast.expected_loss, forecast.p80, forecast.mitigation_cost), project.pk


@read_once()
def frozen_as_now(copy):
    """Of which submissions the content is still that of the project."""
    rows = Submission.objects.filter(pk__gte=copy * STRIDE, pk__lt=(copy + 1) * STRIDE).select_related("project")
    return {
        row.pk % STRIDE for row in rows if json.loads(row.content) == json.loads(canonical(content_of(row.project)))
    }


def test_what_was_frozen_says_the_same_of_its_own_project(seeded):
    for submission in Submission.objects.select_related("project"):
        assert canonical(json.loads(submission.content)) == submission.content
        assert digest_of(submission.content) == submission.digest
        assert json.loads(submission.content)["title"] == submission.project.title
    assert frozen_as_now(0) != set()
    assert frozen_as_now(0) == frozen_as_now(1) == frozen_as_now(2)


def amiss(kind, copy):
    """Where what is owed differs from what the objects say, as the demo numbers it."""
    found = set()
    for project in Project.objects.filter(pk__gte=copy * STRIDE, pk__lt=(copy + 1) * STRIDE):
        rows = Obligation.objects.open().filter(kind=kind, project_id=project.pk)
        if kind != "value_risks" or rows.exists():
            owed = set(rows.values_list("object_id", "person")) ^ TRUTHS[kind](project, NOW)
            found |= {(about % STRIDE, person % STRIDE) for about, person in owed}
    return found


@pytest.mark.parametrize("kind", sorted(TRUTHS))
def test_what_is_owed_is_what_the_objects_say(seeded, kind):
    """Those truths are told without a facilitator and by the clock of their own tests; the demo has both."""
    assert amiss(kind, COPIES) == amiss(kind, 0)
    assert amiss(kind, 0) == set() or kind in {"measurement", "review_conclusion"}


def test_the_record_names_what_exists_in_its_own_copy(seeded):
    existing = {
        model._meta.label_lower: set(model._base_manager.values_list("pk", flat=True)) for model in apps.get_models()
    }
    lost = {
        (copy_of(entry.pk) > 0, entry.verb)
        for entry in AuditEntry.objects.all()
        if entry.subject_id not in existing[entry.subject_type]
    }
    assert {verb for is_copied, verb in lost if is_copied} <= {verb for is_copied, verb in lost if not is_copied}
    for entry in AuditEntry.objects.filter(verb="pitch.submitted"):
        assert {copy_of(person) for person in entry.after["approvers"]} == {copy_of(entry.pk)}
    for entry in AuditEntry.objects.filter(verb="risk.raised"):
        assert entry.after["event"] == Risk.objects.get(pk=entry.subject_id).event
    for model in (Delivery, Obligation):
        pairs = model.objects.values_list("pk", "object_id")
        assert all(copy_of(pk) == copy_of(other) for pk, other in pairs)


def test_nobody_but_the_first_company_is_offered_at_the_door(seeded):
    assert set(map(copy_of, User.objects.filter(is_demo=True).values_list("pk", flat=True))) == {0}


def test_what_comes_next_gets_a_free_number(seeded):
    owner = User.objects.get(email="lin.yue.2@demo.example")
    project = start_pitch("After the copies", by=owner, now=NOW)

    assert project.pk > STRIDE * 2


def numbers_in(value, key=""):
    """Under which names whole numbers stand."""
    if isinstance(value, dict):
        return {one for name, each in value.items() for one in numbers_in(each, key if name == "id" else name)}
    if isinstance(value, list):
        return {one for each in value for one in numbers_in(each, key)}
    return {key} if isinstance(value, int) and not isinstance(value, bool) else set()


def test_of_every_number_in_the_record_it_is_known_whether_it_is_an_id(seeded):
    record = [side for row in AuditEntry.objects.filter(pk__lt=STRIDE) for side in (row.before, row.after)]
    frozen = [json.loads(text) for text in Submission.objects.filter(pk__lt=STRIDE).values_list("content", flat=True)]

    assert set().union(*map(numbers_in, [*record, *frozen])) <= IDS | HOUSE_IDS | FIGURES


def test_ids_in_the_record_move_and_figures_stay():
    assert Marked([Table(User)]).within({"owner": 7, "goal": 3, "notes": 7, "of": [True, None, "x"]}) == {
        "owner": 707070007, "goal": 808080003, "notes": 7, "of": [True, None, "x"],
    }  # fmt: skip


def test_an_installation_in_use_is_left_alone(seeded):
    before = User.objects.count()

    with pytest.raises(CommandError, match="not empty"):
        call_command("seed_demo", scale=1000, verbosity=0)

    assert User.objects.count() == before
    with pytest.raises(CommandError, match="number from 1"):
        call_command("seed_demo", scale=0)
