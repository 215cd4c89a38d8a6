from decimal import Decimal
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import Site, User
from projects.models import FollowUp, Project
from risks.actions.meeting import Outcome, agree_estimate, conclude_review
from risks.actions.review import Answer, assess
from risks.enums import Conclusion
from risks.models import AgreedEstimate, Review, Risk
from tests.factories.accounts import DepartmentFactory, UserFactory
from tests.risks.conftest import NOW, TOMORROW

pytestmark = pytest.mark.django_db


def url_of(case, name, *args):
    return reverse(f"risks:{name}", args=[case.project.pk, *args])


def call(client, case, **values):
    client.force_login(case.owner)
    return client.post(url_of(case, "review_call"), {"kind": "technical", "persons": [case.engineer.pk], **values})


# ── calling ─────────────────────────────────────────────────────────────


def test_a_meeting_is_called_in_the_zone_of_the_site(client, case):
    answer = call(client, case, meets_on="2026-11-24", meets_time="14:30", place="Room 3.12")

    review = Review.objects.get()
    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, review.get_absolute_url())
    assert (review.meets_at, review.place) == (TOMORROW.at, "Room 3.12")


def test_its_facilitator_leads_it_from_its_pages(client, case):
    call(client, case, meets_on="2026-11-24", meets_time="14:30", facilitator=str(case.colleague.pk))
    review = Review.objects.get()
    assert review.facilitator == case.colleague
    case.answer_all()

    client.force_login(case.colleague)
    assert client.get(url_of(case, "review", review.pk)).context["may_show"]
    assert client.get(url_of(case, "review_room", review.pk)).context["may_show"]
    assert (
        client.get(url_of(case, "review_move", review.pk)).context["form"]["facilitator"].value() == case.colleague.pk
    )
    assert client.post(url_of(case, "review_close", review.pk)).status_code == HTTPStatus.FOUND
    owners = {f"owner_{number}": case.owner.pk for number in (1, 2, 3)}
    client.post(url_of(case, "review_conclude", review.pk), owners | {"conclusion": "passed"})
    assert Review.objects.get().has_passed


def test_owner_reads_the_questions_to_such_projects_while_he_prepares(client, case):
    Project.objects.filter(pk=case.project.pk).update(crosses_departments=True)
    client.force_login(case.owner)

    for page in (url_of(case, "project"), url_of(case, "review_call")):
        answer = client.get(page)
        assert next(prompt.key for prompt in answer.context["prompts"]) == "neighbours"
        assert "whose work changes, and who has not been asked yet?" in answer.content.decode()
    case.call()
    assert client.get(url_of(case, "project")).context["prompts"] == ()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"meets_on": "2026-11-24"}, "meets_time"),
        ({"meets_on": "2026-11-24", "meets_time": "noonish"}, "meets_time"),
        ({"meets_time": "14:30"}, "meets_on"),
        ({"place": "Room 3.12"}, "meets_on"),
        ({"meets_on": "2026-11-20", "meets_time": "14:30"}, "meets_on"),
        ({"persons": []}, "persons"),
        ({"other": "Nobody Known"}, "other"),
        ({"other": "i"}, "other"),
    ],
)
def test_half_an_appointment_comes_back_with_what_was_typed(client, case, values, field):
    answer = call(client, case, **values)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == [field]
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "hour", "is_clear"),
    [
        ("2027-03-28", "02:30", False),
        ("2027-10-31", "02:30", False),
        ("2027-03-28", "03:30", True),
        ("2027-10-31", "03:00", True),
    ],
)
def test_an_hour_in_which_clocks_are_changed_is_refused_and_never_moved(client, case, day, hour, is_clear):
    Site.objects.filter(pk=case.project.site_id).update(time_zone="Europe/Berlin")

    answer = call(client, case, meets_on=day, meets_time=hour)

    if is_clear:
        at = Review.objects.get().meets_at.astimezone(ZoneInfo("Europe/Berlin"))
        assert f"{at:%Y-%m-%d %H:%M}" == f"{day} {hour}"
    else:
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert list(answer.context["form"].errors) == ["meets_time"]
        assert Review.objects.count() == 0


def test_the_people_near_are_offered_by_skill_and_others_are_found_by_name(client, case):
    near, far = DepartmentFactory(), DepartmentFactory()
    User.objects.filter(pk__in=[case.owner.pk, case.engineer.pk]).update(department=near, skill="back end")
    User.objects.filter(pk=case.second.pk).update(department=far)
    tester = UserFactory(name="Tan Yu", roles=["engineer"], department=DepartmentFactory(parent=near), skill="test")
    client.force_login(case.owner)

    form = client.get(url_of(case, "review_call")).context["form"]
    assert list(form.fields["persons"].choices) == [
        ("back end", [(case.engineer.pk, "Chen Siyuan")]),
        ("test", [(tester.pk, "Tan Yu")]),
    ]
    call(client, case, other="Wu Di")
    assert set(Review.objects.get().invitations.values_list("person__name", flat=True)) == {"Chen Siyuan", "Wu Di"}


# ── the page ────────────────────────────────────────────────────────────


def shown(client, person, review):
    client.force_login(person)
    answer = client.get(review.get_absolute_url())
    return answer.context, answer.content.decode()


def test_the_agenda_puts_what_has_no_answer_first_then_by_expected_loss(client, case):
    Risk.objects.filter(pk=case.terminals.pk).update(
        probability=Decimal("0.5"), impact_amount=Decimal(90_000), exposure_amount=Decimal(45_000)
    )
    review = case.call()

    context, html = shown(client, case.colleague, review)

    assert [row.item.risk for row in context["rows"]] == [case.terminals, case.network]
    assert "0 of 1 have answered" in html
    assert context["may_show"] is False


def test_who_has_answered_sees_the_spread_and_the_others_do_not(client, case):
    review = case.call(case.engineer, case.second, case.third())
    case.answer_all("0.03", 1)
    assert shown(client, case.engineer, review)[0]["shows_answers"] is False  # alone there is nothing to see
    case.answer_all("0.60", 10, person=case.second)

    context, html = shown(client, case.engineer, review)

    assert context["shows_answers"] is True
    assert "middle 32%, from 3% to 60%" in html
    assert "The chance goes from 3% to 60%" in html
    for person in (case.owner, case.lead, case.third(), case.colleague):
        context, html = shown(client, person, review)
        assert (context["shows_answers"], [row.item.spread for row in context["rows"]]) == (False, [None, None])
        assert "60%" not in html


def test_half_an_answer_of_another_is_not_shown_to_who_has_answered(client, case):
    review = case.call(case.engineer, case.second, case.third())
    case.answer_all("0.30", 5)
    case.answer_all("0.30", 5, person=case.second)
    assess(case.invitation(case.third()), case.network, Answer(Decimal("0.9"), Decimal(20)), by=case.third(), now=NOW)

    _context, html = shown(client, case.engineer, review)

    assert "90%, " not in html
    assert "2 answers" in html
    assert "3 answers" not in html


def test_shown_answers_say_the_middle_the_ends_and_how_many_and_no_name(client, case):
    review = case.meet(case.engineer, case.second)

    context, html = shown(client, case.colleague, review)

    agenda = html.partition('id="agenda"')[2].partition("</section>")[0]
    assert "2 answers" in agenda
    assert "Chen Siyuan" not in agenda
    assert "Wu Di" not in agenda
    assert [picture.finding for picture in context["rows"][0].pictures] == ["30%", "5"]


def test_the_page_costs_the_same_for_one_risk_and_for_many(client, case):
    review = case.meet(case.engineer, case.second)
    client.force_login(case.owner)
    client.get(review.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(review.get_absolute_url())
    for number in range(8):
        Risk.objects.create(
            project=case.project,
            event=f"Another {number}",
            owner=case.owner,
            raised_by=case.owner,
            raised_at=NOW,
            updated_at=NOW,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(review.get_absolute_url())
    assert (len(few), len(many)) == (12, 12)


# ── the deeds ───────────────────────────────────────────────────────────


def test_the_answers_are_shown_by_the_owner(client, case):
    review = case.call(case.engineer, meeting=TOMORROW)
    case.answer_all()
    client.force_login(case.owner)

    answer = client.post(url_of(case, "review_close", review.pk))

    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, review.get_absolute_url())
    assert Review.objects.get().is_open is False


def test_the_boxes_of_an_agreement_start_with_the_middle_of_the_answers(client, case):
    review = case.meet(case.engineer, case.second)
    client.force_login(case.owner)
    url = url_of(case, "review_agree", review.pk, case.network.pk)

    form = client.get(url).context["form"]
    assert (form.initial["probability"], form.initial["impact_days"]) == ("30%", "5")

    answer = client.post(url, {"probability": "25%", "impact_days": "4", "reason": "As at the last hubs"})
    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, review.get_absolute_url())
    _context, html = shown(client, case.colleague, review)
    assert "Agreed: 25% and 4 working days" in html
    assert "As at the last hubs" in html


def test_the_page_of_the_risk_says_what_was_agreed_and_what_each_had_said(client, case):
    review = case.meet(case.engineer, case.second)
    figures: dict[str, Any] = {
        "probability": Decimal("0.25"),
        "impact_days": Decimal(4),
        "reason": "As at the last hubs",
    }
    agree_estimate(review, case.network, **figures, by=case.owner, now=NOW)
    client.force_login(case.colleague)

    def terms():
        figures = client.get(case.network.get_absolute_url()).context["figures"]
        return [(term.reckoning, term.amount, term.is_sum) for term in figures[0].terms]

    assert terms() == [("All said the same", "30%", False), ("Agreed in the review", "25%", True)]
    conclude_review(review, Outcome(Conclusion.PASSED), by=case.owner, now=NOW)
    case.meet(case.second)  # a later review says something else: its middle counts
    assert terms() == [("What the engineer said", "30%", True)]


def test_an_agreement_without_a_reason_keeps_what_was_typed(client, case):
    review = case.meet()
    client.force_login(case.owner)

    answer = client.post(
        url_of(case, "review_agree", review.pk, case.network.pk), {"probability": "25%", "impact_days": "4"}
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["reason"]
    assert 'value="25%"' in answer.content.decode()
    assert AgreedEstimate.objects.count() == 0


def test_a_review_is_concluded_with_a_condition_and_its_minutes_say_so(client, case):
    review = case.meet(case.engineer, case.second)
    agree_estimate(
        review, case.network, probability=Decimal("0.25"), impact_days=Decimal(4), reason="Old", by=case.owner, now=NOW
    )
    client.force_login(case.owner)
    values = {
        "conclusion": "conditions",
        "summary": "The network worries most",
        "attended": [case.engineer.pk],
        "condition_1": "Spare routers",
        "owner_1": case.engineer.pk,
        "due_on_1": "2026-12-04",
        "owner_2": case.owner.pk,
        "owner_3": case.owner.pk,
    }

    answer = client.post(url_of(case, "review_conclude", review.pk), values)

    assert answer.status_code == HTTPStatus.FOUND
    assert FollowUp.objects.get().title == "Spare routers"
    client.force_login(case.colleague)
    html = client.get(url_of(case, "review_minutes", review.pk)).content.decode()
    minutes = html.partition('id="minutes"')[2].partition("</article>")[0]
    for words in ("Passed with conditions", "Spare routers", "The network worries most", "Agreed: 25%", "Chen Siyuan"):
        assert words in minutes
    assert "Wu Di" not in minutes


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, ["conclusion"]),
        ({"conclusion": "conditions"}, ["condition_1"]),
        ({"conclusion": "conditions", "condition_1": "Spare routers"}, ["due_on_1"]),
        ({"conclusion": "conditions", "condition_2": "Spare routers", "due_on_2": "2026-11-01"}, ["due_on_2"]),
        ({"conclusion": "not_passed"}, ["summary"]),
        ({"conclusion": "passed", "attended": ["0"]}, ["attended"]),
    ],
)
def test_a_conclusion_that_lacks_something_keeps_what_was_typed(client, case, values, fields):
    review = case.meet()
    client.force_login(case.owner)
    owners = {f"owner_{number}": case.owner.pk for number in (1, 2, 3)}

    answer = client.post(url_of(case, "review_conclude", review.pk), owners | values)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == fields
    assert Review.objects.get().conclusion == ""


def test_concluding_twice_by_one_press_is_once_and_by_two_a_conflict(client, case):
    review = case.meet()
    client.force_login(case.owner)
    values = {"conclusion": "passed", "owner_1": case.owner.pk, "owner_2": case.owner.pk, "owner_3": case.owner.pk}
    values["_key"] = "a" * 32

    first = client.post(url_of(case, "review_conclude", review.pk), values)
    again = client.post(url_of(case, "review_conclude", review.pk), values)
    other = client.post(url_of(case, "review_conclude", review.pk), values | {"_key": "b" * 32})

    assert (first.status_code, again.status_code, other.status_code) == (302, 302, HTTPStatus.CONFLICT)


def test_a_moved_review_shows_the_boxes_as_they_are(client, case):
    review = case.call(meeting=TOMORROW)
    client.force_login(case.owner)
    url = url_of(case, "review_move", review.pk)

    html = client.get(url).content.decode()
    assert 'value="14:30"' in html
    assert 'value="Room 3.12"' in html
    client.post(url, {"meets_on": "2026-11-25", "meets_time": "09:00", "place": "Room 2"})
    assert Review.objects.get().place == "Room 2"


def test_after_the_conclusion_only_what_was_assessed_stays_on_the_agenda(client, case):
    review = case.meet()
    conclude_review(review, Outcome(Conclusion.PASSED), by=case.owner, now=NOW)
    Risk.objects.create(
        project=case.project, event="Later", owner=case.owner, raised_by=case.owner, raised_at=NOW, updated_at=NOW
    )

    context, _html = shown(client, case.owner, Review.objects.get(pk=review.pk))

    assert {row.item.risk for row in context["rows"]} == {case.network, case.terminals}
    assert context["may_conclude"] is False


def test_colleagues_for_three_conditions_are_read_once(client, case):
    review = case.meet(case.engineer, case.second)
    client.force_login(case.owner)

    with CaptureQueriesContext(connection) as captured:
        html = client.get(url_of(case, "review_conclude", review.pk)).text

    assert html.count(f'<option value="{case.engineer.pk}">') == 3
    assert sum('JOIN "accounts_department"' in query["sql"] for query in captured) == 1
