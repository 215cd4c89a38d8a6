"""Which lines of a list can be taken over."""

import pytest

from portal.accounts.enums import Role
from portal.common.sheets import read_text
from projects.enums import Stage
from projects.takeover import plan_of
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.projects import ProductFactory

pytestmark = pytest.mark.django_db
HEAD = "key\ttitle\towner\tstage\tstart\tlaunch\tproduct\n"


@pytest.fixture
def lin():
    return UserFactory(name="Lin Yue", staff_number="E17", email="lin@example.com", site=SiteFactory(), roles=[Role.PM])


def plan(*lines, head=HEAD):
    return plan_of(read_text(head + "\n".join(lines)))


def mended(*lines, **more):
    found = plan(*lines, **more)
    assert found.running == []
    return [(cell.row, cell.column, cell.value, str(cell.expected)) for cell in found.bad]


@pytest.mark.parametrize("named", ["Lin Yue", "lin yue", "LIN@example.com", "e17"])
@pytest.mark.parametrize("stage", ["in delivery", "In_Delivery", "进行中"])
def test_a_line_says_who_and_where(lin, named, stage):
    product = ProductFactory(name="Bag Tracker")

    (one,) = plan(f"J-1\tShelf check\t{named}\t{stage}\t2026-09-01\t2026/12/31\tbag tracker").running

    assert (one.key, one.title, one.owner, one.stage, one.product) == (
        "J-1",
        "Shelf check",
        lin,
        Stage.IN_DELIVERY,
        product,
    )
    assert (str(one.started_on), str(one.launch_on)) == ("2026-09-01", "2026-12-31")


def test_a_draft_needs_no_dates_and_chinese_heads_are_known(lin):
    (one,) = plan("1\t门店\tE17\t草稿", head="编号\t项目名称\t负责人\t阶段\n").running
    assert (one.stage, one.started_on, one.launch_on, one.product) == (Stage.DRAFT, None, None, None)


def test_every_cell_that_cannot_be_used_is_named(lin):
    found = mended("\tx\x07\tNobody\tapproved\t2026-13-01\t2026-12-01\tNo such")
    assert [(row, column) for row, column, _value, _expected in found] == [
        (2, "key"),
        (2, "title"),
        (2, "owner"),
        (2, "stage"),
        (2, "start"),
        (2, "product"),
    ]


@pytest.mark.parametrize("stage", ["approved", "submitted", "launched", "closed", ""])
def test_nobody_comes_in_by_what_the_portal_has_not_seen(lin, stage):
    ((_row, column, value, expected),) = mended(f"1\tShelf\tE17\t{stage}\t\t2026-12-01\t")
    assert (column, value) == ("stage", stage)
    assert expected.startswith("draft, in delivery or on hold")


def test_what_runs_has_a_launch_not_before_its_start(lin):
    assert [(column, value) for _row, column, value, _expected in mended("1\tShelf\tE17\tin delivery\t\t\t")] == [
        ("launch", "")
    ]
    assert [(column, value) for _row, column, value, _e in mended("1\tS\tE17\ton hold\t2026-12-02\t2026-12-01\t")] == [
        ("launch", "2026-12-01")
    ]


def test_a_name_of_two_is_nobodys(lin):
    UserFactory(name="Lin Yue", site=SiteFactory(), roles=[Role.LEAD])
    ((_row, column, _value, expected),) = mended("1\tShelf\tLin Yue\tdraft")
    assert (column, expected) == ("owner", "an e-mail or staff number, because several have this name")


@pytest.mark.parametrize("change", [{"is_active": False}, {"site": None}])
def test_an_owner_works_here_at_a_site(lin, change):
    for name, value in change.items():
        setattr(lin, name, value)
    lin.save()
    assert [column for _row, column, _value, _expected in mended("1\tShelf\tE17\tdraft")] == ["owner"]


def test_an_engineer_owns_no_project():
    UserFactory(staff_number="E9", site=SiteFactory(), roles=[Role.ENGINEER])
    assert [column for _row, column, _value, _expected in mended("1\tShelf\tE9\tdraft")] == ["owner"]


def test_a_key_stands_once(lin):
    found = plan("1\tShelf\tE17\tdraft", "1\tOther\tE17\tdraft")
    assert [(cell.row, cell.column) for cell in found.bad] == [(3, "key")]


def test_columns_that_are_missing_are_named(lin):
    assert [column for _row, column, _value, _expected in mended("x", head="name\n")] == ["key", "owner", "stage"]


def test_a_list_is_no_database(lin):
    lines = [f"{number}\tShelf\tE17\tdraft" for number in range(501)]
    assert [(row, str(expected)) for row, _c, _v, expected in mended(*lines)] == [(502, "at most 500 lines")]


@pytest.mark.parametrize("count", [1, 40])
def test_it_costs_the_same_for_few_and_many(lin, count, django_assert_num_queries):
    with django_assert_num_queries(3):
        plan(*[f"{number}\tShelf\tE17\tdraft" for number in range(count)])
