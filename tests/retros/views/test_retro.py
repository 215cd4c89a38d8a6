from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from projects.enums import CostKind, Stage
from projects.models import CostActual, DeferredItem, Project
from retros.actions.outcome import promise
from retros.enums import RetroState
from retros.models import Retro, RetroAnswer
from risks.enums import RiskState
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.projects import NOW, TODAY, CostLineFactory, ProjectFactory
from tests.factories.retros import (
    DUE,
    HELD,
    OWED,
    LessonFactory,
    MemberFactory,
    RetroAnswerFactory,
    RetroFactory,
)
from tests.factories.risks import RiskFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

TEXTS = {"went_well": "Codes", "was_hard": "The printer order", "do_next": "Order first"}
#: What each page costs, whatever stands on it.
LIST_QUERIES = 6
DETAIL_QUERIES = 18
POSTS = ["answer", "lesson", "follow_up", "day", "hold", "waive"]


def address(name, retro, **more):
    return reverse(f"retros:{name}", args=[retro.project_id, retro.pk, *more.values()])


def body(answer):
    return answer.content.decode()


def read(client, retro, by):
    client.force_login(by)
    return client.get(retro.get_absolute_url())


def ready():
    """An owed retro with the owner's answer and a lesson."""
    retro = RetroFactory()
    RetroAnswerFactory(retro=retro)
    LessonFactory(retro=retro)
    return retro


# ── who sees what ───────────────────────────────────────────────────────


def test_anonymous_is_asked_to_sign_in(client):
    retro = RetroFactory()

    for page in ("/retros/", "/lessons/", retro.get_absolute_url(), reverse("retros:project", args=[retro.project_id])):
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, f"/login/?next={page}")
    for name in POSTS:
        assert client.post(address(name, retro)).status_code == HTTPStatus.FOUND


def test_a_restricted_project_does_not_exist_for_an_outsider(client):
    retro = RetroFactory(project__is_restricted=True, project__title="CANARY")
    lesson = LessonFactory(retro=retro, text="CANARY")
    RetroFactory(project=retro.project, state=RetroState.HELD)
    client.force_login(UserFactory(roles=[Role.PM, Role.LEAD]))
    missing = client.get("/projects/P-0000/retro/999999/")

    gets = [retro.get_absolute_url(), reverse("retros:project", args=[retro.project_id])]
    posts = [*(address(name, retro) for name in POSTS), address("lesson_drop", retro, lesson=lesson.pk)]
    answers = [*map(client.get, gets), *map(client.post, posts)]

    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
    assert missing.status_code == HTTPStatus.NOT_FOUND
    for page in ("/retros/", "/lessons/", "/lessons/?q=canary"):
        answer = client.get(page)
        assert (answer.status_code, "CANARY" in body(answer).replace("about “canary”", "")) == (HTTPStatus.OK, False)
    assert client.get("/retros/").context["heading"] == "No retro is owed"
    assert client.get("/lessons/").context["listing"].counts["all"] == 0


def test_a_retro_is_found_in_its_own_project_only(client):
    retro, other = RetroFactory(), RetroFactory()
    lesson = LessonFactory(retro=other)
    client.force_login(retro.project.owner)

    assert client.get(reverse("retros:detail", args=[retro.project_id, other.pk])).status_code == HTTPStatus.NOT_FOUND
    for name in POSTS:
        page = reverse(f"retros:{name}", args=[retro.project_id, other.pk])
        assert client.post(page, TEXTS).status_code == HTTPStatus.NOT_FOUND
    page = address("lesson_drop", retro, lesson=lesson.pk)
    assert client.post(page).status_code == HTTPStatus.NOT_FOUND
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("name", [*POSTS, "lesson_drop"])
def test_deeds_are_posted(client, name):
    lesson = LessonFactory()
    client.force_login(lesson.project.owner)
    more = {"lesson": lesson.pk} if name == "lesson_drop" else {}

    assert client.get(address(name, lesson.retro, **more)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("page", ["/retros/", "/lessons/"])
def test_lists_are_read(client, page):
    client.force_login(UserFactory())

    assert client.post(page).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_others_answers_are_seen_beside_ones_own_only(client):
    retro = RetroFactory()
    member = MemberFactory(project=retro.project).person
    RetroAnswerFactory(retro=retro, person=member, was_hard="CANARY")

    assert "CANARY" not in body(read(client, retro, retro.project.owner))
    RetroAnswerFactory(retro=retro)
    assert "CANARY" in body(read(client, retro, retro.project.owner))


@pytest.mark.parametrize("state", [RetroState.COLLECTING, RetroState.HELD])
def test_what_was_written_stays_with_those_who_wrote(client, state):
    retro = RetroFactory(state=state, project__business_partner=UserFactory(), project__sponsor=UserFactory())
    silent = MemberFactory(project=retro.project).person
    RetroAnswerFactory(retro=retro, was_hard="CANARY")
    lesson = LessonFactory(retro=retro)
    lead = UserFactory(name="Lea Lead", roles=[Role.LEAD, Role.ADMIN])

    for reader in (silent, retro.project.business_partner, retro.project.sponsor, lead):
        page = body(read(client, retro, reader))
        assert ("CANARY" in page, lesson.text in page) == (False, True)
    assert "CANARY" in body(read(client, retro, retro.project.owner))


def test_who_has_not_answered_is_named_to_the_people_of_the_project_only(client):
    retro = RetroFactory()
    silent = MemberFactory(project=retro.project, person=UserFactory(name="Sil Ent")).person

    assert read(client, retro, retro.project.owner).context["answers"].waited_for == [retro.project.owner, silent]
    assert "Sil Ent" in body(client.get(retro.get_absolute_url()))
    assert "Sil Ent" not in body(read(client, retro, UserFactory()))


def test_forms_are_shown_to_those_who_may_use_them(client):
    retro = RetroFactory(project__business_partner=UserFactory())
    project = retro.project
    member = MemberFactory(project=project).person

    def forms(by):
        context = read(client, retro, by).context
        return {name for name in ("answer", "lesson", "follow_up", "day", "hold", "waive") if context[f"{name}_form"]}

    assert forms(project.owner) == {"answer", "lesson", "follow_up", "day", "hold"}
    assert forms(member) == forms(project.business_partner) == {"answer", "lesson"}
    assert forms(UserFactory(roles=[Role.LEAD])) == {"waive"}
    assert forms(UserFactory(roles=[Role.PM, Role.ADMIN])) == set()
    Retro.objects.update(state=RetroState.HELD, held_at=HELD)
    assert forms(project.owner) == forms(member) == set()


# ── the heading and the facts ───────────────────────────────────────────


@pytest.mark.parametrize(
    ("promised", "heading"),
    [
        (
            TODAY - timedelta(days=31),
            "Launched 9 working days late with 100% of the benefit: what do we do differently?",
        ),
        (
            TODAY - timedelta(days=19),
            "Launched 1 working day late with 100% of the benefit: what do we do differently?",
        ),
        (OWED.date(), "Launched on the day promised with 100% of the benefit: what do we do differently?"),
        (TODAY, "Launched 12 working days early with 100% of the benefit: what do we do differently?"),
        (None, "Launched on 5 Nov with 100% of the benefit: what do we do differently?"),
    ],
)
def test_the_heading_is_what_happened_and_the_question(client, promised, heading):
    retro = RetroFactory(project__baseline_launch_on=promised)

    assert read(client, retro, retro.project.owner).context["heading"] == heading


@pytest.mark.parametrize(
    ("stage", "heading"),
    [
        (Stage.CANCELLED, "Cancelled after it was approved: what do we do differently?"),
        (Stage.IN_DELIVERY, "Rolled back after its launch: what do we do differently?"),
    ],
)
def test_the_heading_of_what_was_not_launched(client, stage, heading):
    retro = RetroFactory(project__stage=stage, project__launched_at=None)

    assert read(client, retro, retro.project.owner).context["heading"] == heading


def test_the_facts_stand_beside_each_other(client):
    retro = RetroFactory(project__baseline_launch_on=TODAY, project__baseline_effort_days=Decimal(10))
    project = retro.project
    line = CostLineFactory(project=project, kind=CostKind.PEOPLE)
    CostActual.objects.create(
        cost_line=line,
        as_of=TODAY,
        person_days=Decimal("11.5"),
        amount=Decimal(18400),
        recorded_by=project.owner,
        recorded_at=NOW,
    )
    DeferredItem.objects.create(
        project=project, title="Night orders", owner=project.owner, due_on=TODAY, benefit_line=project.benefit_lines.get(),
        share=Decimal("0.12"), added_by=project.owner, added_at=NOW,
    )  # fmt: skip
    RiskFactory.create_batch(2, project=project)
    RiskFactory(project=project, state=RiskState.RESOLVED, occurred_at=NOW)
    RiskFactory(project=project, state=RiskState.OCCURRED, occurred_at=NOW, is_raised_in_flight=True)

    facts = read(client, retro, project.owner).context["facts"]

    assert (facts.record.launch_planned, facts.record.launch_actual) == (TODAY, OWED.date())
    assert (facts.record.effort_planned, facts.record.effort_actual) == (Decimal(10), Decimal("11.5"))
    assert facts.record.benefit_kept == Decimal("0.88")
    assert (facts.risks.foreseen, facts.risks.occurred, facts.risks.unforeseen) == (3, 1, 1)


def test_what_is_not_known_is_words(client):
    retro = RetroFactory()

    assert "not known yet" in body(read(client, retro, retro.project.owner))


def test_what_was_not_launched_kept_no_benefit(client):
    retro = RetroFactory(project__stage=Stage.CANCELLED, project__launched_at=None)

    page = body(read(client, retro, retro.project.owner))

    assert ("not launched" in page, "Benefit at launch" in page) == (True, False)


def test_the_steps_say_where_it_stands(client):
    retro = RetroFactory()
    owner, member = retro.project.owner, MemberFactory(project=retro.project).person

    def steps():
        return [(step.words, step.state) for step in read(client, retro, owner).context["phases"]]

    facts, asked = ("Facts prepared", "done"), "Answers, each apart: %s of 2 in"
    outcome, held = "Lesson and follow-ups", "Say that it was held"
    assert steps() == [facts, (asked % 0, "current"), (outcome, "to_come"), (held, "to_come")]
    RetroAnswerFactory(retro=retro)
    assert steps() == [facts, (asked % 1, "current"), (outcome, "to_come"), (held, "to_come")]
    RetroAnswerFactory(retro=retro, person=member)
    LessonFactory(retro=retro)
    assert steps() == [facts, (asked % 2, "done"), (outcome, "current"), (held, "to_come")]
    promise(retro, title="Freeze calendar", owner=member, due_on=TODAY, by=owner, now=NOW)
    assert steps() == [facts, (asked % 2, "done"), (outcome, "done"), (held, "current")]
    Retro.objects.update(state=RetroState.HELD, held_at=HELD)
    assert {state for _words, state in steps()} == {"done"}
    assert read(client, retro, owner).context["answer"] == "Held on 18 Nov: 1 lesson and 1 follow-up."
    Retro.objects.update(state=RetroState.WAIVED, waived_because="Two days of work")
    assert steps() == [facts, ("Waived", "done")]


def test_those_who_are_silent_are_named_before_the_door_closes(client):
    retro = ready()
    MemberFactory(project=retro.project, person=UserFactory(name="Sil Ent"))

    assert "Sil Ent has not answered yet; once it is held, nobody can." in body(
        read(client, retro, retro.project.owner)
    )


# ── answering ───────────────────────────────────────────────────────────


def test_answers_are_kept_and_the_page_shows_them(client):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("answer", retro), TEXTS | {"version": "0"})

    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, f"{retro.get_absolute_url()}#answers")
    lanes = client.get(retro.get_absolute_url()).context["answers"].lanes
    assert [(str(lane.name), [(note.text, note.is_mine) for note in lane.notes]) for lane in lanes] == [
        ("What went well", [("Codes", True)]),
        ("What was hard", [("The printer order", True)]),
        ("Next time", [("Order first", True)]),
    ]


def test_lines_are_kept_as_they_were_typed(client):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    client.post(address("answer", retro), TEXTS | {"went_well": "One\r\nTwo 👩‍🔧 <b>", "version": "0"})

    assert RetroAnswer.objects.get().went_well == "One\nTwo 👩‍🔧 <b>"
    assert "One<br>Two 👩‍🔧 &lt;b&gt;" in body(client.get(retro.get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"was_hard": ""}, "was_hard"),
        ({"was_hard": "x" * 2001}, "was_hard"),
        ({"was_hard": "a\x00b"}, "was_hard"),
        ({"version": "x"}, "version"),
        ({"version": "-1"}, "version"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_everything_typed(client, changes, field):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("answer", retro), TEXTS | {"version": "0"} | changes)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["answer_form"].errors) == [field]
    assert "Order first" in body(answer)
    assert RetroAnswer.objects.count() == 0


def test_a_stale_rewrite_shows_both_texts(client):
    mine = RetroAnswerFactory(version=2)
    client.force_login(mine.person)

    answer = client.post(address("answer", mine.retro), TEXTS | {"version": "1"})

    assert answer.status_code == HTTPStatus.CONFLICT
    lines = {line.name: (line.saved, line.typed) for line in answer.context["answer_form"].conflict.lines}
    assert lines["was_hard"] == ("The printer order waited", "The printer order")
    assert RetroAnswer.objects.get().was_hard == "The printer order waited"


def test_an_answer_to_a_settled_retro_is_refused_with_what_was_typed(client):
    retro = RetroFactory(state=RetroState.HELD)
    client.force_login(retro.project.owner)

    answer = client.post(address("answer", retro), TEXTS | {"version": "0"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "was held already" in body(answer)
    assert "The printer order" in body(answer)


def test_a_stranger_may_read_but_not_answer(client):
    retro = RetroFactory()
    client.force_login(UserFactory(roles=[Role.LEAD]))

    answer = client.post(address("answer", retro), TEXTS | {"version": "0"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "The people of the project answer" in body(answer)


# ── the day, the last word ──────────────────────────────────────────────


def test_the_day_is_picked(client):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("day", retro), {"planned_on": "2026-11-27", "version": "1"})

    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, retro.get_absolute_url())
    assert client.get(retro.get_absolute_url()).context["answer"] == ("Planned for 27 Nov, due 19 Nov. You hold it.")


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "0001-01-01", "9999-12-31", "2026-11-20", "2027-01-04"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(client, day):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("day", retro), {"planned_on": day, "version": "1"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["day_form"].errors) == ["planned_on"]
    assert Retro.objects.get().planned_on is None


def test_two_tabs_pick_a_day(client):
    retro = RetroFactory(version=2, planned_on=TODAY)
    client.force_login(retro.project.owner)

    answer = client.post(address("day", retro), {"planned_on": "2026-11-27", "version": "1"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert [line.typed_raw for line in answer.context["day_form"].conflict.lines] == ["2026-11-27"]


def test_holding_answers_with_the_list_of_what_is_missing(client):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("hold", retro), {"_key": "1"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert [reason.code for reason in answer.context["hold_form"].reasons] == ["no_answer", "no_lesson", "no_follow_up"]
    assert f'href="{retro.get_absolute_url()}#lessons"' in body(answer)


def test_a_double_click_holds_once_and_a_second_tab_is_told(client):
    retro = ready()
    client.force_login(retro.project.owner)
    typed = {"nothing_to_do": "on", "_key": "same"}

    answers = [client.post(address("hold", retro), typed) for _ in range(2)]
    other_tab = client.post(address("hold", retro), {"nothing_to_do": "on", "_key": "other"})

    places = [(answer.status_code, answer["Location"]) for answer in answers]
    assert places == [(HTTPStatus.FOUND, retro.get_absolute_url())] * 2
    assert other_tab.status_code == HTTPStatus.CONFLICT
    assert "was held already" in body(other_tab)
    assert AuditEntry.objects.filter(verb="retro.held").count() == 1
    page = client.get(retro.get_absolute_url()).context
    assert page["answer"] == "Held on 23 Nov: 1 lesson, nothing to do."
    assert page["heading"] == "Launched on 5 Nov with 100% of the benefit"


@pytest.mark.parametrize("name", ["day", "hold", "follow_up"])
def test_members_and_leads_may_not(client, name):
    retro = RetroFactory()
    typed = {
        "planned_on": "2026-11-27",
        "version": "1",
        "title": "x",
        "owner": retro.project.owner_id,
        "due_on": "2026-12-04",
    }

    for by in (MemberFactory(project=retro.project).person, UserFactory(roles=[Role.LEAD])):
        client.force_login(by)
        answer = client.post(address(name, retro), typed)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert f"The owner is {retro.project.owner}" in body(answer)

    assert AuditEntry.objects.count() == 0


def test_a_lead_waives(client):
    retro = RetroFactory()
    lead = UserFactory(roles=[Role.LEAD])
    client.force_login(lead)

    empty = client.post(address("waive", retro), {"reason": " ", "_key": "1"})
    done = client.post(address("waive", retro), {"reason": "Two days of work", "_key": "2"})

    assert (empty.status_code, list(empty.context["waive_form"].errors)) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        ["reason"],
    )
    assert done.status_code == HTTPStatus.FOUND
    assert client.get(retro.get_absolute_url()).context["answer"] == f"Waived by {lead}: Two days of work"


def test_the_owner_does_not_waive(client):
    retro = RetroFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("waive", retro), {"reason": "Two days of work"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert Retro.objects.get().state == RetroState.OWED


def test_fields_nobody_asked_for_are_ignored(client):
    retro = ready()
    client.force_login(retro.project.owner)

    client.post(
        address("day", retro), {"planned_on": "2026-11-27", "version": "1", "state": "held", "due_on": "2027-01-01"}
    )

    stored = Retro.objects.get()
    assert (stored.state, stored.due_on, stored.planned_on) == (RetroState.SCHEDULED, DUE, date(2026, 11, 27))


# ── the project's part, the list ────────────────────────────────────────


def test_the_part_of_a_project_leads_to_its_latest_retro(client):
    first = RetroFactory(state=RetroState.HELD)
    latest = RetroFactory(project=first.project)
    client.force_login(UserFactory())

    answer = client.get(reverse("retros:project", args=[first.project_id]))

    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, latest.get_absolute_url())


def test_before_the_launch_it_says_when_one_will_be_owed(client):
    project = ProjectFactory(stage=Stage.APPROVED)
    client.force_login(project.owner)

    answer = client.get(reverse("retros:project", args=[project.pk]))

    assert (answer.status_code, "No retro is owed yet." in body(answer)) == (HTTPStatus.OK, True)


def test_the_list_says_how_many_are_owed_and_shows_ones_own_first(client):
    late = RetroFactory()
    mine = RetroFactory(due_on=TODAY)
    picked = RetroFactory(due_on=DUE, planned_on=TODAY + timedelta(days=1))
    held = RetroFactory(state=RetroState.HELD)
    RetroFactory(state=RetroState.WAIVED)
    client.force_login(mine.project.owner)

    context = client.get("/retros/").context

    assert context["heading"] == "3 retros are owed, 1 is past its date"
    assert [(row.retro, row.is_mine, row.is_late) for row in context["owed"]] == [
        (mine, True, False),
        (late, False, True),
        (picked, False, False),
    ]
    assert context["held"] == [held]


@pytest.mark.parametrize(
    ("due", "heading"),
    [
        ([], "No retro is owed"),
        ([TODAY], "1 retro is owed, none is past its date"),
        ([DUE], "1 retro is owed, 1 is past its date"),
        ([DUE, DUE], "2 retros are owed, 2 are past their date"),
    ],
)
def test_the_heading_of_the_list(client, due, heading):
    for day in due:
        RetroFactory(due_on=day)
    client.force_login(UserFactory())

    assert client.get("/retros/").context["heading"] == heading


@pytest.mark.parametrize(
    ("zone", "is_late"), [("Pacific/Kiritimati", True), ("UTC", False), ("Pacific/Pago_Pago", False)]
)
def test_late_is_judged_by_the_day_at_the_site(client, time_machine, zone, is_late):
    time_machine.move_to(datetime(2026, 11, 19, 10, 30, tzinfo=UTC), tick=False)
    RetroFactory(due_on=DUE, project__site=SiteFactory(time_zone=zone))
    client.force_login(UserFactory())

    assert [row.is_late for row in client.get("/retros/").context["owed"]] == [is_late]


def test_what_is_late_is_red_for_its_owner_only(client):
    retro = RetroFactory()

    client.force_login(retro.project.owner)
    assert "fs-tag is-red" in body(client.get("/retros/"))
    client.force_login(UserFactory(roles=[Role.LEAD]))
    assert "fs-tag is-red" not in body(client.get("/retros/"))


def test_the_rest_of_the_held_ones_is_on_the_next_page(client):
    RetroFactory.create_batch(26, state=RetroState.HELD)
    client.force_login(UserFactory())

    first, second = client.get("/retros/").context, client.get("/retros/?shown=25").context

    assert (len(first["held"]), first["held_shown"], first["held_total"]) == (25, 25, 26)
    assert (len(second["held"]), second["held_shown"]) == (1, 26)
    assert set(first["held"]).isdisjoint(second["held"])


@pytest.mark.parametrize("page", ["/retros/", "/lessons/"])
@pytest.mark.parametrize("shown", ["-1", "abc", str(10**9)])
def test_what_the_address_cannot_mean_is_refused(client, page, shown):
    client.force_login(UserFactory())

    assert client.get(page, {"shown": shown}).status_code == HTTPStatus.BAD_REQUEST


# ── what it costs ───────────────────────────────────────────────────────


@pytest.mark.parametrize("rows", [1, 50])
def test_the_list_costs_the_same_whatever_its_length(client, django_assert_num_queries, rows):
    RetroFactory.create_batch(rows)
    RetroFactory.create_batch(rows, state=RetroState.HELD)
    client.force_login(UserFactory())
    client.get("/retros/")

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/retros/")


@pytest.mark.parametrize("rows", [1, 50])
def test_one_retro_costs_the_same_whatever_came_of_it(client, django_assert_num_queries, rows):
    retro = RetroFactory()
    RetroAnswerFactory(retro=retro)
    for _ in range(rows):
        member = MemberFactory(project=retro.project).person
        RetroAnswerFactory(retro=retro, person=member)
        MemberFactory(project=retro.project)
        LessonFactory(retro=retro, written_by=member)
        RiskFactory(project=retro.project)
        retro.follow_ups.create(
            project=retro.project,
            origin="retro",
            title="x",
            owner=member,
            due_on=TODAY,
            opened_by=member,
            opened_at=NOW,
        )
    client.force_login(retro.project.owner)
    client.get(retro.get_absolute_url())

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(retro.get_absolute_url())


def test_nothing_is_written_by_reading(client):
    retro = ready()
    client.force_login(retro.project.owner)
    before = (Project.objects.values().get(), Retro.objects.values().get())

    for page in ("/retros/", "/lessons/", retro.get_absolute_url()):
        client.get(page)

    assert (Project.objects.values().get(), Retro.objects.values().get()) == before
    assert AuditEntry.objects.count() == 0
