"""The walk of a standard project: five people, each in a browser of his own; two of them by the links in their mails.

A question climbs while the clock is moved on, plan B is used, and the retro is a meeting with two browsers open.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from portal.accounts.enums import Role
from portal.notifications.actions import sweep
from projects.enums import Stage, Tier
from projects.models import Confirmation, Project
from retros.models import Lesson, Note, Retro
from risks.enums import Conclusion, EscalationState
from risks.models import Assessment, Escalation, Review, ReviewInvitation, Risk
from tests.e2e.walker import DESKTOP, PHONE, Findings, Guest, Walker, mailed_to, path_of, stage_of
from tests.factories.accounts import DepartmentFactory, SiteFactory, UserFactory
from tests.factories.projects import GoalFactory, ProductFactory

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from portal.accounts.models import User

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.proof,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

#: Kinds of pages that the walk of a light project looks at: they are not looked at again.
LOOKED_AT = {
    "/",
    "/login/",
    "/projects/new/",
    *(
        f"/projects/P-#/{rest}"
        for rest in (
            "",
            "pitch/",
            "decisions/#/",
            "risks/new/",
            "risks/#/",
            "risks/#/edit/",
            "risks/#/plan-b/",
            "risks/#/occurred/",
            "risks/#/resolved/",
            "move/start/",
            "move/launch/",
            "metric/",
            "deferred/",
            "assess/#/",
        )
    ),
}
TITLE = "Bags that come back"
RISKS = ("Codes wear off", "Drivers skip the count", "Scanners come late")
QUESTION = "May we scan by phone until the scanners are here?"


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def people() -> dict[str, User]:
    common = {"site": SiteFactory(name="Hangzhou"), "department": DepartmentFactory(name="Last mile")}
    lead = UserFactory(name="Zhou Min", roles=[Role.LEAD], is_demo=True, **common)
    below = common | {"manager": lead}
    return {
        "lead": lead,
        "pm": UserFactory(name="Lin Yue", roles=[Role.PM], is_demo=True, **below),
        "engineer": UserFactory(name="Chen Siyuan", roles=[Role.ENGINEER], is_demo=True, **below),
        "second": UserFactory(name="Wu Di", roles=[Role.ENGINEER], **below),
        "partner": UserFactory(name="Lin Xiao", **below),
    }


def test_a_standard_project_is_walked_by_five_people(live_server: object, browser: Browser) -> None:
    cast = people()
    ProductFactory(name="Vans and containers", goal=GoalFactory(objective="Halve the cost of lost bags"))
    findings = Findings(seen=set(LOOKED_AT))
    base = str(live_server)
    pm, lead, engineer = (Walker(browser, base, cast[who], DESKTOP, findings) for who in ("pm", "lead", "engineer"))
    partner, second, decider = (
        Guest(browser, base, cast[who], PHONE, findings) for who in ("partner", "second", "lead")
    )

    project = begin(pm)
    write_in_steps(pm, project)
    confirm(pm, partner, cast["partner"], project)
    submit_and_approve(pm, lead, project)
    review(pm, engineer, second, cast["second"], project)
    prepare(pm, project)
    use_plan_b(pm, project)
    escalate(pm, lead, project)
    climb(pm, decider, cast["lead"], project)
    launch(pm, project)
    look_back(pm, engineer, project)

    assert stage_of(project) == Stage.CLOSED
    assert findings.errors == []
    assert findings.barriers == []


def begin(pm: Walker) -> Project:
    """The effort lifts the pitch above the light tier: the page says so and leads on to the steps."""
    pm.go("/projects/new/")
    pm.fill("id_title", TITLE)
    pm.press()
    project = Project.objects.get(title=TITLE)
    pm.fill("id_person_days", "40 pd")
    way = pm.page.get_by_role("link", name="It is more than a light pitch: go on in steps")
    with pm.page.expect_navigation():
        pm.tap(way)
    assert Project.objects.get().tier == Tier.STANDARD
    return project


def write_in_steps(pm: Walker, project: Project) -> None:
    """Each step leads to the next; the metric is agreed on the way, so that the approver sees it."""
    pm.choose("id_product", "Vans and containers")
    pm.fill("id_problem", "One bag in seven is lost. A code on each, read at every stop.")
    for name in ("id_is_in_scope", "id_is_reusable", "id_fits_roadmap"):
        pm.page.locator(f"#{name}").select_option("yes")
    pm.press("#pitch")
    pm.page.locator("#id_goal").select_option(index=1)
    pm.press("#pitch")
    pm.press('form[action$="/options/low_cost/add/"]')
    pm.fill("id_low_cost-summary", "Codes on the large bags only")
    pm.fill("id_low_cost-gives_up", "Small bags stay uncounted")
    pm.fill("id_low_cost-decide_again_on", in_days(120))
    pm.press('form[action$="/pitch/options/low_cost/"]')
    line = project.benefit_lines.get()
    pm.go(path_of(project, f"pitch/options/full/benefits/{line.pk}/"))
    pm.fill("id_label", "Fewer bags bought")
    pm.fill("id_unit_benefit_amount", "46")
    pm.fill("id_reach", "1200 bags lost")
    pm.fill("id_probability", "22%")
    pm.page.locator("#id_basis").select_option("measured")
    pm.press("#line")
    pm.go(path_of(project, "pitch/options/full/costs/new/?kind=material"))
    pm.fill("id_label", "Scanners, second hand")
    pm.fill("id_amount", "1.2万")
    pm.press("#line")
    effort = project.cost_lines.get(person_days=40)
    pm.go(path_of(project, f"pitch/options/low_cost/costs/{effort.pk}/"))
    pm.fill("id_person_days", "18 pd")
    pm.press("#line")
    pm.go(path_of(project, "metric/"))
    pm.fill("id_name", "Bags that do not come back")
    pm.fill("id_numerator_label", "bags missing after 14 days")
    pm.fill("id_denominator_label", "bags handed out")
    pm.fill("id_baseline_numerator", "180")
    pm.fill("id_baseline_denominator", "1200")
    pm.fill("id_target", "5%")
    pm.press()
    pm.go(path_of(project, "pitch/steps/asks/"))
    pm.fill("id_wanted_on", in_days(60))
    pm.choose("id_business_partner", pm.page.locator("#id_business_partner option", has_text="Lin Xiao").inner_text())
    pm.press("#pitch")
    assert "Nothing is missing" in pm.text


def confirm(pm: Walker, partner: Guest, person: User, project: Project) -> None:
    """The business partner has no seat: he ticks the figures on his phone, by the link in his mail."""
    pm.press('form[action$="/confirm/ask/"]')
    partner.go(mailed_to(person, timezone.now()))
    partner.press("#confirm")
    assert Confirmation.objects.get().answer.by == person
    assert "done" in partner.page.url


def submit_and_approve(pm: Walker, lead: Walker, project: Project) -> None:
    pm.go(path_of(project, "pitch/steps/check/"))
    pm.press("#submit")
    assert stage_of(project) == Stage.SUBMITTED, pm.text
    lead.go("/")
    with lead.page.expect_navigation():
        lead.tap(lead.page.locator(".fs-task a.btn-primary").first)
    lead.examine()
    assert "Lin Xiao confirmed unit benefit and reach" in lead.text
    assert "Small bags stay uncounted" in lead.text
    with lead.page.expect_navigation():
        lead.tap('button[name=decision][value="approved"]')
    assert stage_of(project) == Stage.APPROVED


def review(pm: Walker, engineer: Walker, second: Guest, person: User, project: Project) -> None:
    """Two engineers answer blind, one of them on a phone by link; then the spread is seen, agreed on, concluded."""
    for event in RISKS:
        pm.go(path_of(project, "risks/new/"))
        pm.fill("id_event", event)
        pm.press()
    pm.go(path_of(project, "reviews/new/"))
    for box in pm.page.locator("input[name=persons]").all():
        box.check()
    pm.press("#call")
    found = Review.objects.get()
    page = path_of(project, f"reviews/{found.pk}/")

    engineer.go(path_of(project, f"assess/{ReviewInvitation.objects.get(person__name='Chen Siyuan').pk}/"))
    answer_cards(engineer, chance=2, days=3)
    for who in (pm, engineer):
        who.go(page)
        assert "1 of 2" in who.text
        assert who.page.locator(".fs-spreads").count() == 0
    link = mailed_to(person, timezone.now())
    second.go(link)
    answer_cards(second, chance=3, days=2)
    assert Assessment.objects.count() == 2 * len(RISKS)
    assert second.page.request.get(f"{second.base}{link}").status == 410

    pm.go(page)
    assert pm.page.locator(".fs-spreads").count() == len(RISKS)
    pm.go(f"{page}agree/{Risk.objects.earliest('pk').pk}/")
    pm.fill("id_probability", "40%")
    pm.fill("id_impact_days", "5")
    pm.fill("id_reason", "The codes were tried for one rainy week only")
    pm.press("#deed")
    pm.go(f"{page}conclude/")
    pm.page.locator(f'input[name=conclusion][value="{Conclusion.WITH_CONDITIONS}"]').check()
    pm.fill("id_condition_1", "Try the codes in the rain for a second week")
    pm.fill("id_due_on_1", in_days(14))
    pm.press("#deed")
    found.refresh_from_db()
    assert found.has_passed
    assert project.follow_ups.get().title == "Try the codes in the rain for a second week"


def answer_cards(who: Guest, *, chance: int, days: int) -> None:
    who.taps = 0
    for _risk in RISKS:
        who.tap(f"label:has(#id_probability_{chance})")
        who.tap(f"label:has(#id_impact_days_{days})")
        with who.page.expect_navigation():
            who.tap("form button.btn-primary")
        who.page.wait_for_load_state()
    assert who.taps <= 12


def prepare(pm: Walker, project: Project) -> None:
    """Money for each risk, plan B for the greatest; then the gate lets it start."""
    risks = list(Risk.objects.filter(project=project).order_by("pk"))
    for risk, money in zip(risks, ("12万", "5000", "1.2k"), strict=True):
        pm.go(path_of(project, f"risks/{risk.pk}/edit/"))
        pm.fill("id_impact_amount", money)
        pm.press()
    pm.go(path_of(project, f"risks/{risks[0].pk}/plan-b/"))
    pm.fill("id_trigger", "One code in ten cannot be read")
    pm.fill("id_deed", "Print each code twice")
    pm.fill("id_decide_by", in_days(20))
    pm.fill("id_cost_amount", "3000")
    pm.fill("id_days", "2")
    pm.press()
    pm.go(path_of(project, "move/start/"))
    pm.press()
    assert stage_of(project) == Stage.IN_DELIVERY, pm.text


def use_plan_b(pm: Walker, project: Project) -> None:
    risk = Risk.objects.filter(project=project).earliest("pk")
    pm.go(path_of(project, f"risks/{risk.pk}/occurred/"))
    pm.press()
    pm.go(path_of(project, f"risks/{risk.pk}/"))
    pm.press('form[action$="/plan-b/use/"]')
    pm.go(path_of(project, f"risks/{risk.pk}/resolved/"))
    pm.fill("id_actual_amount", "2800")
    pm.fill("id_actual_days", "2")
    pm.page.locator('input[name=verdict][value="good"]').check()
    pm.fill("id_outcome", "Printed twice, every code is read")
    pm.press()


def escalate(pm: Walker, lead: Walker, project: Project) -> None:
    """A line raised on the project becomes a question with a proposal; for a day it stands between two people."""
    pm.go(path_of(project))
    pm.tap("details.fs-raise > summary")
    pm.fill("raise-line", QUESTION)
    pm.page.locator('input[name=kind][value="question"]').check()
    pm.press('form[action$="/raise/"]')
    assert pm.page.locator("#id_question").input_value() == QUESTION
    pm.fill("id_proposal_title", "Scan by phone for two weeks")
    pm.fill("id_proposal_days", "3")
    pm.fill("id_nothing_title", "The launch waits for the scanners")
    for name, who in (("id_decider", "Chen Siyuan"), ("id_counterpart", "Wu Di")):
        pm.choose(name, pm.page.locator(f"#{name} option", has_text=who).inner_text())
    pm.fill("id_answer_on", in_days(8))
    pm.press("#escalate")
    question = Escalation.objects.get()
    assert (question.state, question.is_private) == (EscalationState.OPEN, True)
    assert lead.page.request.get(f"{lead.base}{question.get_absolute_url()}").status == 404


def climb(pm: Walker, decider: Guest, person: User, project: Project) -> None:
    """The private day passes, the answer is missed, the next one up answers on a phone; the plan takes it over."""
    now = timezone.now()
    for days in range(1, 25):
        sweep(now=now + timedelta(days=days))
        question = Escalation.objects.get()
        if question.level:
            break
    assert (question.state, question.decider) == (EscalationState.WAITING, person)
    decider.go(mailed_to(person, now + timedelta(days=days)))
    assert "Went one level up" in decider.text
    decider.page.locator("input[name=option]").first.check()
    decider.fill("id_note", "Two weeks, not three")
    decider.press("#deed")
    question.refresh_from_db()
    assert question.state == EscalationState.AGREED

    planned = Project.objects.get().planned_launch_on
    pm.go(question.get_absolute_url())
    assert "Two weeks, not three" in pm.text
    with pm.page.expect_navigation():
        pm.tap(".fs-head a.btn-primary")
    pm.press("#deed")
    question.refresh_from_db()
    moved = Project.objects.get().planned_launch_on
    assert question.state == EscalationState.APPLIED
    assert planned is not None
    assert moved == project.site.calendar().add_working_days(planned, 3)


def launch(pm: Walker, project: Project) -> None:
    pm.go(path_of(project, "deferred/"))
    pm.fill("id_title", "The three smallest hubs")
    pm.fill("id_due_on", in_days(90))
    pm.fill("id_share", "11%")
    pm.press("form:has(#id_title)")
    pm.go(path_of(project, "metric/"))
    pm.fill("id_period_on", timezone.localdate().isoformat())
    pm.fill("id_numerator", "150")
    pm.fill("id_denominator", "1250")
    pm.press('form[action$="/measure/"]')
    pm.go(path_of(project, "move/launch/"))
    pm.press()
    assert stage_of(project) == Stage.LAUNCHED, pm.text


def look_back(pm: Walker, engineer: Walker, project: Project) -> None:
    """Two browsers on one board: each follows the other by itself; no note is seen too early, no vote is counted."""
    retro = Retro.objects.get()
    pm.go(retro.get_absolute_url())
    assert "Printed twice, every code is read" in pm.text
    pm.fill("day_planned_on", in_days(1))
    pm.press('form[action$="/day/"]')
    for who, text in ((pm, "The printers came late"), (engineer, "The count helped")):
        who.go(retro.get_absolute_url())
        who.fill("note_hindered_text", text)
        who.tap("#add-hindered")
        who.page.locator(".fs-note.is-mine", has_text=text).wait_for()
    assert "The count helped" not in pm.text
    pm.page.get_by_text("2 people have written").first.wait_for()
    pm.tap("#to-votes")
    engineer.page.locator("#join").wait_for()  # came by itself
    engineer.tap("#join")
    engineer.page.locator(".fs-note", has_text="The printers came late").wait_for()
    engineer.examine("voting")
    note = Note.objects.get(text="The printers came late")
    engineer.tap(f"#vote-{note.pk.hex}")
    engineer.page.get_by_text("1 of mine").wait_for()
    pm.page.get_by_text("1 of 2 people here").wait_for()
    assert "1 vote" not in pm.text
    pm.tap("#to-discussion")
    engineer.page.locator("#topics").wait_for()
    assert "1 vote" in engineer.text
    pm.fill("lesson_text", "Order printers first")
    pm.press("#lessons form[action$='/lesson/']")
    engineer.page.locator("#lessons", has_text="Order printers first").wait_for()
    pm.tap("#follow-ups details > summary")
    pm.fill("follow_up_title", "Put the printer into the checklist")
    pm.page.locator("#follow_up_owner").select_option(index=1)
    pm.fill("follow_up_due_on", in_days(30))
    pm.press('#follow-ups form[action$="/follow-up/"]')
    pm.press("#hold")
    retro.refresh_from_db()
    assert (retro.is_held, retro.vote_secret) == (True, "")
    assert Lesson.objects.get().text == "Order printers first"
    engineer.page.get_by_text("Order printers first").first.wait_for()
    pm.go(path_of(project, "move/close/"))
    pm.press()
