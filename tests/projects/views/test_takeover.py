from http import HTTPStatus

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.color import no_style
from django.db import connection, transaction
from django.urls import reverse

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.notifications.models import Obligation
from projects.actions.deferred import confirm_nothing_deferred
from projects.actions.stage import move
from projects.enums import Stage
from projects.lifecycle import Transition
from projects.models import Project, ProjectOrigin
from tests.factories.accounts import AdminFactory, SiteFactory, UserFactory
from tests.factories.projects import NOW, ProductFactory, ProjectFactory

pytestmark = pytest.mark.django_db
PAGE = "/projects/import/"
LIST = (
    "key\ttitle\towner\tstage\tstart\tlaunch\tproduct\n"
    "J-1\tShelf check\tE17\tin delivery\t2026-09-01\t2026-12-31\tBag tracker\n"
    "J-2\tNight hubs\tE17\ton hold\t\t2027-01-31\t\n"
    "J-3\tNew idea\tE17\tdraft\t\t\t\n"
)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client):
    admin = AdminFactory(name="Ada Admin")
    client.force_login(admin)
    return admin


@pytest.fixture
def lin():
    ProductFactory(name="Bag tracker")
    return UserFactory(name="Lin Yue", staff_number="E17", site=SiteFactory(), roles=[Role.PM])


def stages():
    return list(Project.objects.order_by("pk").values_list("title", "stage"))


def test_the_list_is_looked_at_first(client, admin, lin):
    answer = client.post(PAGE, {"table": LIST})

    assert answer.status_code == HTTPStatus.OK
    html = answer.content.decode()
    assert "3 projects can be taken over" in html
    assert "Take 3 projects over" in html
    assert stages() == []


def test_then_taken_over_with_what_is_owed_and_on_record(client, admin, lin):
    answer = client.post(PAGE, {"table": LIST, "do": "1", "_key": "k"})

    assert answer["Location"] == reverse("projects:list")
    assert stages() == [
        ("Shelf check", Stage.IN_DELIVERY),
        ("Night hubs", Stage.ON_HOLD),
        ("New idea", Stage.DRAFT),
    ]
    running = Project.objects.get(title="Shelf check")
    assert (running.owner, running.origin.key, str(running.planned_launch_on)) == (lin, "J-1", "2026-12-31")
    assert running.goal == running.product.goal
    assert list(Obligation.objects.open().values_list("kind", "object_id", "person")) == [
        ("launch", running.pk, lin.pk)
    ]
    entry = AuditEntry.objects.get(verb="project.taken_over", project_id=running.pk)
    assert (entry.actor, entry.after) == (admin, {"key": "J-1", "stage": "in_delivery", "owner": lin.pk})
    assert lin.deliveries.filter(event="project_taken_over", channel="inbox").count() == 3


def test_the_same_list_again_adds_nothing(client, admin, lin):
    client.post(PAGE, {"table": LIST, "do": "1"})

    checked = client.post(PAGE, {"table": LIST})
    assert "3 are known already and left alone" in checked.content.decode()
    again = client.post(PAGE, {"table": LIST, "do": "1"})
    assert again.status_code == HTTPStatus.CONFLICT
    assert "Nothing in this list is new." in again.content.decode()
    assert ProjectOrigin.objects.count() == Project.objects.count() == 3


def test_sent_twice_it_acts_once(client, admin, lin):
    sent = {"table": LIST, "do": "1", "_key": "once"}
    statuses = [client.post(PAGE, sent).status_code for _time in range(2)]
    assert Project.objects.count() == 3
    assert statuses[0] == HTTPStatus.FOUND


def test_one_bad_line_stops_all_and_nothing_typed_is_lost(client, admin, lin):
    bad = LIST + "J-4\tLate\tNobody\tapproved\t\t\t\n"

    answer = client.post(PAGE, {"table": bad, "do": "1"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    html = answer.content.decode()
    assert "1 line cannot be used yet" in html
    assert "J-4\tLate\tNobody\tapproved" in html
    assert [(cell.row, cell.column) for cell in answer.context["bad"]] == [(5, "owner"), (5, "stage")]
    assert stages() == []


def test_a_line_changes_no_project_that_is_there(client, admin, lin):
    theirs = ProjectFactory(title="Of somebody else", stage=Stage.SUBMITTED)

    client.post(PAGE, {"table": LIST.replace("J-1", theirs.code), "do": "1"})

    theirs.refresh_from_db()
    assert (theirs.title, theirs.stage, theirs.version) == ("Of somebody else", Stage.SUBMITTED, 1)


def test_a_workbook_is_shown_as_text_and_taken_over_as_shown(client, admin, lin, tmp_path):
    book = openpyxl.Workbook()
    for line in LIST.splitlines():
        book.active.append(line.split("\t"))
    book.save(tmp_path / "list.xlsx")
    file = SimpleUploadedFile("list.xlsx", (tmp_path / "list.xlsx").read_bytes())

    checked = client.post(PAGE, {"table": "", "file": file})

    shown = checked.context["form"]["table"].value()
    assert shown.startswith("key\ttitle\towner")
    client.post(PAGE, {"table": shown, "do": "1"})
    assert len(stages()) == 3


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"table": ""}, "table"),
        ({"table": "a\tb\n"}, "table"),
        ({"table": "", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 nothing")}, "file"),
    ],
)
def test_what_is_no_list_is_said_beside_it(client, admin, sent, field):
    answer = client.post(PAGE, sent)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(answer.context["form"].errors) == {field}


@pytest.mark.parametrize("title", ["Shelf check", "Night hubs", "New idea"])
def test_every_page_of_one_taken_over_stands(client, admin, lin, title):
    client.post(PAGE, {"table": LIST, "do": "1"})
    project = Project.objects.get(title=title)
    client.force_login(lin)
    for name in (
        "project", "projects:pitch", "projects:resources", "risks:project", "projects:decisions",
        "projects:metric",
    ):  # fmt: skip
        answer = client.get(reverse(name, args=[project.pk]))
        assert answer.status_code == HTTPStatus.OK, name
    activity = client.get(reverse("project_activity", args=[project.pk])).content.decode()
    assert "Ada Admin took the project over from an earlier list" in activity


def test_it_goes_on_like_any_other(client, admin, lin):
    client.post(PAGE, {"table": LIST, "do": "1"})
    held = move(Project.objects.get(title="Night hubs"), Transition.RESUME, by=lin, now=NOW)
    assert held.stage == Stage.IN_DELIVERY
    running = Project.objects.get(title="Shelf check")
    confirm_nothing_deferred(running, by=lin, now=NOW)
    launched = move(Project.objects.get(pk=running.pk), Transition.LAUNCH, by=lin, now=NOW)
    assert launched.stage == Stage.LAUNCHED


HOSTILE = ["=1+1", "'quoted", '＝x, "y"', "+1", "-1", "@SUM(A1)", "|calc", "%0A"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_exported_comes_in_again_as_it_was(client, admin, lin, language):
    admin.language = language
    admin.save()
    hostile = "".join(
        f'H-{number}\t"{title.replace(chr(34), 2 * chr(34))}"\tE17\tdraft\t\t\t\n'
        for number, title in enumerate(HOSTILE)
    )
    with transaction.atomic():
        first = exported_after(client, LIST + hostile)
        transaction.set_rollback(True)
    assert stages() == []

    second = exported_after(client, first.decode())

    assert len(second.splitlines()) == 1 + 3 + len(HOSTILE)
    assert second == first


def exported_after(client, table):
    """The file of all projects once the list was taken over, numbered from one."""
    table_of_projects = {"table": Project._meta.db_table, "column": "id"}
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), [table_of_projects]):
            cursor.execute(statement)
    sent = {"table": table, "do": "1"}
    assert client.post(PAGE, sent).status_code == HTTPStatus.FOUND
    return client.get("/projects/export/csv/?view=all&sort=recent").getvalue()


def test_a_launch_is_the_planned_one_or_else_the_wanted(client, admin, lin):
    head = "Number\tProject\tOwner\tStage\tWanted by\tLaunch as planned\n"
    table = f"{head}1\tMoved\tE17\tIn delivery\t2026-12-01\t2026-12-31\n2\tWanted\tE17\tDraft\t2027-01-05\t\n"
    client.post(PAGE, {"table": table, "do": "1"})
    days = Project.objects.order_by("pk").values_list("title", "wanted_on", "planned_launch_on")
    assert [(title, str(wanted), str(planned)) for title, wanted, planned in days] == [
        ("Moved", "2026-12-31", "2026-12-31"),
        ("Wanted", "2027-01-05", "None"),
    ]


def test_how_much_may_be_sent(client, admin, lin, settings):
    def sent(size, count=1):
        files = {f"file{number or ''}": SimpleUploadedFile("list.csv", b"x" * size) for number in range(count)}
        return client.post(PAGE, {"table": "", **files})

    empty = sent(0)
    assert (empty.status_code, set(empty.context["form"].errors)) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        {"file", "table"},
    )
    # What stands around the file in the body takes less than a kilobyte.
    assert sent(settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 1024).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sent(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1).status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert sent(1, count=101).status_code == HTTPStatus.BAD_REQUEST
    assert stages() == []
