"""The end of a person's data, and what a person may take along: B-09 and B-11."""

import io
import json
import zipfile
from http import HTTPStatus

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.actions.erasure import hanging_on_people
from portal.accounts.actions.person import deactivate, reactivate
from portal.accounts.models import SavedView, User
from portal.audit.actions import seal
from portal.audit.models import AuditEntry
from portal.audit.summaries import verify
from portal.common.errors import GateError, IllegalStateError
from portal.links.models import SignedLink
from portal.notifications.actions import announce, owe, settle
from portal.notifications.models import Delivery
from portal.privacy.actions import erase
from portal.privacy.own_data import NAMED_ONLY, OWN, own_data
from projects.business_inputs import digest_of
from projects.models import DraftComment, Project, Submission
from tests.factories.accounts import AdminFactory, DepartmentFactory, UserFactory
from tests.factories.projects import DAY, NOW, ProjectFactory, cast, draft, submitted

pytestmark = pytest.mark.django_db
CANARY = "Quillfeather"


@pytest.fixture
def admin():
    return AdminFactory()


def every_text():
    """All that the database keeps, as one text."""
    rows = [
        str(row) for model in apps.get_models(include_auto_created=True) for row in model._base_manager.values_list()
    ]
    return "\n".join(rows)


@pytest.fixture
def leaver(client):
    """Somebody with a trace in every app: sponsor of a frozen pitch, tokens, messages, a session, failed sign-ins."""
    people = cast()
    person = UserFactory(
        name=f"Otto {CANARY}", nickname=CANARY, email=f"{CANARY.lower()}@example.com", staff_number="Q-1717"
    )
    project = draft(people)
    Project.objects.filter(pk=project.pk).update(sponsor=person)
    submitted(Project.objects.get(pk=project.pk))
    client.force_login(person)
    SavedView.objects.create(person=person, page="projects:list", name=CANARY)
    SignedLink.objects.create(person=person, purpose="x", object_id=1, digest="d", created_at=NOW, expires_at=NOW + DAY)
    AccessAttempt.objects.create(username=person.email, ip_address="127.0.0.1", failures_since_start=1)
    announce("project_launch", 1, [person], now=NOW, project_id=project.pk)
    Delivery.objects.filter(person=person, channel="mail").update(why=f"550 {person.email} is unknown")
    deactivate(person, by=None, now=NOW)
    return person


def test_an_erased_person_is_a_number_everywhere(leaver, admin, client):
    Session.objects.all().delete()
    seal(now=NOW)
    frozen = Submission.objects.get()
    assert CANARY in frozen.content

    gone = erase(leaver, by=admin, now=NOW)

    assert str(gone) == f"Former user #{leaver.pk}"
    assert CANARY.lower() not in every_text().lower()
    assert "Q-1717" not in every_text()
    after = Submission.objects.get()
    assert after.read()["sponsor"] == {"id": leaver.pk, "name": f"Former user #{leaver.pk}"}
    assert after.digest == digest_of(after.content)
    row = AuditEntry.objects.get(verb="pitch.name_erased")
    assert (row.before, row.after) == ({"digest": frozen.digest}, {"digest": after.digest})
    assert AuditEntry.objects.get(verb="person.erased").subject_id == leaver.pk
    seal(now=NOW)
    assert verify().unsealed == 0

    client.force_login(admin)
    assert "what told who this was is erased" in client.get(reverse("accounts:person", args=[leaver.pk])).text
    with pytest.raises(IllegalStateError):
        reactivate(gone, by=admin, now=NOW)
    with pytest.raises(IllegalStateError):
        erase(gone, by=admin, now=NOW)


def test_what_waits_for_a_person_is_handed_over_first(admin, client):
    person = UserFactory()
    department, report = DepartmentFactory(head=person), UserFactory(manager=person)
    project = ProjectFactory(owner=person, title="Bags")
    hidden = ProjectFactory(owner=person, title=CANARY, is_restricted=True)
    owed = owe("prepare", project.pk, person, due_at=NOW + DAY, now=NOW, project_id=project.pk)
    client.force_login(admin)
    url = reverse("privacy:person_erase", args=[person.pk])
    page = client.get(url)
    assert [one.code for one in page.context["hindrances"]] == ["active", "heads", "manages", "owns", "owns", "owes"]
    assert "Bags" in page.text
    assert CANARY not in page.text
    assert client.post(url).status_code == HTTPStatus.CONFLICT

    deactivate(person, by=admin, now=NOW)
    department.head = None
    department.save()
    User.objects.filter(pk=report.pk).update(manager=None)
    Project.objects.filter(pk__in=[project.pk, hidden.pk]).update(owner=UserFactory())
    with pytest.raises(GateError):
        erase(person, by=admin, now=NOW)
    settle("prepare", owed.object_id, now=NOW)
    assert client.post(url).status_code == HTTPStatus.FOUND
    person.refresh_from_db()
    assert person.name == f"Former user #{person.pk}"


def test_nobody_else_erases_and_nobody_himself(admin):
    person = UserFactory(is_active=False)
    for by in (UserFactory(), person):
        with pytest.raises(PermissionDenied):
            erase(person, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        erase(admin, by=admin, now=NOW)


def test_one_downloads_what_is_ones_own_and_nothing_of_others(client):
    person, other = UserFactory(name="Lin Yue"), UserFactory(name=CANARY, email="canary@example.com")
    project = ProjectFactory(owner=other, title=CANARY)
    mine, theirs = (
        DraftComment.objects.create(project=project, author=who, at=NOW, text=text, answer=CANARY, resolved_at=NOW)
        for who, text in ((person, "Is it monthly?"), (other, CANARY))
    )
    AuditEntry.objects.create(at=NOW, actor=other, verb=CANARY, subject_type="x", subject_id=person.pk)
    client.force_login(person)
    answer = client.get(reverse("privacy:own_data"))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = archive.read("own-data.json").decode()
    found = json.loads(text)["data"]
    assert [row["name"] for row in found["accounts.User pk"]] == ["Lin Yue"]
    assert [(row["pk"], row["text"]) for row in found["projects.DraftComment author"]] == [(mine.pk, "Is it monthly?")]
    assert CANARY not in text
    assert "canary@example.com" not in text
    assert theirs.pk != mine.pk


def test_every_column_that_names_a_person_is_given_or_left_out_knowingly():
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    }
    given = {f"{label}.{column}" for label, column in OWN if "__" not in column and column != "pk"}
    assert named - given - NAMED_ONLY == set()
    assert given & NAMED_ONLY == set()
    own_data(UserFactory())  # each column is one of its table


def test_what_belongs_to_a_person_alone_hangs_on_his_row():
    """`forget_person` deletes by CASCADE; what has PROTECT stays under the number."""
    alone = {relation.related_model._meta.label for relation in hanging_on_people()}
    assert alone >= {"accounts.FormKey", "accounts.SavedView", "accounts.User_groups"}
    assert {label.partition(".")[0] for label in alone} == {"accounts"}
