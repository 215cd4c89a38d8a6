"""The walk: one light project from nothing to closed, as product manager, engineer and lead, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.utils import timezone

from portal.accounts.enums import Role
from portal.notifications.actions import deliver, sweep
from portal.notifications.ladder import next_morning
from projects.enums import Stage
from projects.models import Project
from retros.models import Retro
from risks.models import ReviewInvitation, Risk
from tests.e2e.walker import DESKTOP, PHONE, Findings, Walker, path_of, stage_of
from tests.factories.accounts import DepartmentFactory, SiteFactory, UserFactory
from tests.factories.projects import GoalFactory, ProductFactory

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

    from portal.accounts.models import User

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

RISKS = ("Codes wear off", "Drivers skip the count", "Hubs rebuild their gates", "Scanners come late")
TITLE = "Bags that come back"


def people(language: str) -> dict[str, User]:
    site = SiteFactory(name="Hangzhou")
    common = {"site": site, "language": language, "is_demo": True, "department": DepartmentFactory(name="Last mile")}
    lead = UserFactory(name="Zhou Min", roles=[Role.LEAD], **common)
    below = common | {"manager": lead}
    return {
        "lead": lead,
        "pm": UserFactory(name="Lin Yue", roles=[Role.PM], **below),
        "partner": UserFactory(name="Lin Xiao", **below),
        "engineer": UserFactory(name="Chen Siyuan", roles=[Role.ENGINEER], **below),
    }


@pytest.mark.parametrize(
    ("language", "size"),
    [
        pytest.param("en", DESKTOP, id="en-desktop"),
        pytest.param("zh-hans", PHONE, id="zh-hans-phone", marks=[pytest.mark.one_database, pytest.mark.proof]),
    ],
)
def test_a_light_project_goes_from_nothing_to_closed(
    live_server: object, browser: Browser, language: str, size: ViewportSize
) -> None:
    cast = people(language)
    ProductFactory(name="Vans and containers", goal=GoalFactory(objective="Halve the cost of lost bags"))
    findings = Findings()
    base = str(live_server)
    pm, lead, engineer = (Walker(browser, base, cast[who], size, findings) for who in ("pm", "lead", "engineer"))

    project = pitch(pm)
    approve(lead, project)
    list_risks(pm, project)
    assess(engineer, project)
    prepare(pm, project)
    deliver_it(pm, project)
    remind(pm, cast["pm"])
    look_back(pm, engineer, project)
    close(pm, project)

    assert findings.errors == []
    assert findings.barriers == []


def pitch(pm: Walker) -> Project:
    """At most eleven values; the number is there before the pitch is submitted."""
    pm.go("/")
    pm.go("/projects/new/")
    pm.taps = 0
    pm.fill("id_title", TITLE)
    pm.press()
    project = Project.objects.get(title=TITLE)
    pm.taps = 1
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    pm.choose("id_product", "Vans and containers")
    pm.fill("id_problem", "One bag in seven is lost. A code on each, read at every stop.")
    pm.fill("id_unit_benefit_amount", "46")
    pm.fill("id_reach", "1200 bags lost")
    pm.fill("id_probability", "15%")
    pm.fill("id_person_days", "14 pd")
    pm.fill("id_wanted_on", day)
    pm.choose("id_business_partner", pm.page.locator("#id_business_partner option", has_text="Lin Xiao").inner_text())
    pm.page.locator("#id_goal").select_option(index=1)
    pm.page.locator("#id_basis").select_option("measured")
    assert pm.taps + 2 <= 11
    pm.page.get_by_text("76,960").first.wait_for()
    pm.examine()
    with pm.page.expect_navigation():
        pm.page.locator("button.btn-primary:visible").last.click()
    assert stage_of(project) == Stage.SUBMITTED, pm.text
    assert TITLE in pm.heading
    return project


def approve(lead: Walker, project: Project) -> None:
    """From the desk to the decision in one press; the grant is what was asked."""
    lead.go("/")
    with lead.page.expect_navigation():
        lead.tap(lead.page.locator(".fs-task a.btn-primary"))
    lead.examine()
    assert "76,960" in lead.text
    with lead.page.expect_navigation():
        lead.tap('button[name=decision][value="approved"]')
    assert stage_of(project) == Stage.APPROVED


def list_risks(pm: Walker, project: Project) -> None:
    for event in RISKS:
        pm.go(path_of(project, "risks/new/"))
        pm.fill("id_event", event)
        pm.press()
    pm.go(path_of(project, "reviews/new/"))
    pm.page.locator("#id_persons_0").check()
    pm.press()


def assess(engineer: Walker, project: Project) -> None:
    """Four risks, three taps each, without any figure of somebody else."""
    invitation = ReviewInvitation.objects.get(review__project=project)
    engineer.go(path_of(project, f"assess/{invitation.pk}/"))
    engineer.taps = 0
    for _risk in RISKS:
        engineer.tap("label:has(#id_probability_2)")
        engineer.tap("label:has(#id_impact_days_3)")
        with engineer.page.expect_navigation():
            engineer.tap("form button.btn-primary")
    assert engineer.taps <= 12
    assert Risk.objects.filter(project=project, probability__isnull=False).count() == len(RISKS)


def prepare(pm: Walker, project: Project) -> None:
    """Money for each risk, plan B for the one above the line, the metric; the gate says what is missing."""
    pm.go(path_of(project, "move/start/"))
    with pm.page.expect_navigation():
        pm.tap("main form button.btn-primary")
    assert stage_of(project) == Stage.APPROVED
    risks = list(Risk.objects.filter(project=project).order_by("pk"))
    for risk, money in zip(risks, ("12万", "5000", "800", "1.2k"), strict=True):
        pm.go(path_of(project, f"risks/{risk.pk}/edit/"))
        pm.fill("id_impact_amount", money)
        pm.press()
    pm.go(path_of(project, f"risks/{risks[0].pk}/plan-b/"))
    pm.fill("id_trigger", "One code in ten cannot be read")
    pm.fill("id_deed", "Print each code twice")
    pm.fill("id_decide_by", (timezone.localdate() + timedelta(days=20)).isoformat())
    pm.fill("id_cost_amount", "3000")
    pm.fill("id_days", "2")
    pm.press()
    pm.go(path_of(project, "metric/"))
    pm.fill("id_name", "Bags that do not come back")
    pm.fill("id_numerator_label", "bags missing after 14 days")
    pm.fill("id_denominator_label", "bags handed out")
    pm.fill("id_baseline_numerator", "180")
    pm.fill("id_baseline_denominator", "1200")
    pm.fill("id_target", "5%")
    pm.press()
    pm.go(path_of(project, "move/start/"))
    pm.press()
    assert stage_of(project) == Stage.IN_DELIVERY, pm.text


def deliver_it(pm: Walker, project: Project) -> None:
    """A risk in one line, one that happens, plan B with what it cost, a moved date, figures used, scope, launch."""
    pm.go(path_of(project, "risks/new/"))
    pm.fill("id_event", "Two hubs close for the holidays")
    pm.press()
    risk = Risk.objects.filter(project=project).earliest("pk")
    pm.go(path_of(project, f"risks/{risk.pk}/occurred/"))
    pm.press()
    pm.go(path_of(project, f"risks/{risk.pk}/"))
    with pm.page.expect_navigation():
        pm.tap('form[action$="/plan-b/use/"] button')
    pm.go(path_of(project, f"risks/{risk.pk}/resolved/"))
    pm.fill("id_actual_amount", "2800")
    pm.fill("id_actual_days", "2")
    pm.page.locator('input[name=verdict][value="good"]').check(force=True)
    pm.fill("id_outcome", "Printed twice, every code is read")
    pm.press()
    pm.go(path_of(project, "change/"))
    pm.fill("id_launch_on", (timezone.localdate() + timedelta(days=43)).isoformat())
    pm.fill("id_reason", "Printing twice took two days")
    pm.press()
    line = project.cost_lines.get()
    pm.go(path_of(project, "resources/"))
    pm.fill(f"id_line{line.pk}-person_days", "15.5 pd")
    pm.press(f'form[action$="/resources/{line.pk}/"]')
    pm.go(path_of(project, "deferred/"))
    pm.fill("id_title", "The three smallest hubs")
    pm.fill("id_due_on", (timezone.localdate() + timedelta(days=90)).isoformat())
    pm.fill("id_share", "11%")
    pm.press("form:has(#id_title)")
    measure(pm, project, "150", "1250")
    pm.go(path_of(project, "move/launch/"))
    pm.press()
    assert stage_of(project) == Stage.LAUNCHED, pm.text
    pm.go(path_of(project))
    assert "89%" in pm.text


def measure(pm: Walker, project: Project, numerator: str, denominator: str) -> None:
    pm.go(path_of(project, "metric/"))
    pm.fill("id_period_on", timezone.localdate().isoformat())
    pm.fill("id_numerator", numerator)
    pm.fill("id_denominator", denominator)
    pm.press('form[action$="/measure/"]')


def remind(pm: Walker, owner: User) -> None:
    """Three weeks later the retro is overdue: a private notice in the inbox and by mail, not in quiet hours."""
    later = next_morning(timezone.now() + timedelta(days=21), owner.zone, owner.calendar())
    sweep(now=later)
    deliver(now=later)
    assert [message for message in mail.outbox if owner.email in message.to and TITLE in message.subject]
    pm.go("/inbox/")
    assert TITLE in pm.text


def look_back(pm: Walker, engineer: Walker, project: Project) -> None:
    """Three questions answered apart, a lesson, a follow-up, held."""
    path = Retro.objects.get(project=project).get_absolute_url()
    for walker, words in ((pm, "Codes on each bag"), (engineer, "Testing in the rain")):
        walker.go(path)
        for name in ("answer_went_well", "answer_was_hard", "answer_do_next"):
            walker.fill(name, words)
        with walker.page.expect_navigation():
            walker.tap('form[action$="/answer/"] button:not([type=button])')
    pm.go(path)
    assert "Testing in the rain" in pm.text
    pm.fill("lesson_text", "Print codes twice from the start")
    with pm.page.expect_navigation():
        pm.tap('form[action$="/lesson/"] button:not([type=button])')
    pm.tap("details:has(#follow_up_title) > summary")
    pm.fill("follow_up_title", "Put the printer into the checklist")
    pm.page.locator("#follow_up_owner").select_option(index=1)
    pm.fill("follow_up_due_on", (timezone.localdate() + timedelta(days=30)).isoformat())
    with pm.page.expect_navigation():
        pm.tap('form[action$="/follow-up/"] button:not([type=button])')
    with pm.page.expect_navigation():
        pm.tap('form[action$="/hold/"] button:not([type=button])')
    assert Retro.objects.get(project=project).held_at is not None
    pm.examine()


def close(pm: Walker, project: Project) -> None:
    """The measurement of the launch day is in, so that holding the retro has closed the light project by itself."""
    assert stage_of(project) == Stage.CLOSED, pm.text
    pm.go(path_of(project))
    assert "15.5" in pm.text
    pm.go(path_of(project, "activity/"))
