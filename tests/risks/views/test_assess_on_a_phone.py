"""The cards as an engineer holds them: 390 px, thumbs, and no script at all."""

import pytest
from django.conf import settings
from django.test import Client

from risks.actions.risk import raise_risk
from risks.models import Assessment, Review, Risk
from tests.risks.conftest import NOW, make_case

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

THUMB = 52


@pytest.fixture
def phone(browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, java_script_enabled=False, has_touch=True
    )
    yield context
    context.close()


def signed_in(context, live_server, person):
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return context.new_page()


def test_four_cards_in_twelve_taps_without_a_script(phone, live_server):
    case = make_case()
    for event in ("The gateway throttles", "Rules misjudge the weather"):
        raise_risk(case.project, event=event, by=case.owner, now=NOW)
    case.call()
    page = signed_in(phone, live_server, case.engineer)
    page.goto(case.invitation().get_absolute_url())
    taps = 0
    for card in range(1, 5):
        page.get_by_text(f"Card {card}", exact=True).wait_for()
        for chip in ("30%", "5"):
            page.locator("label", has=page.locator(f"b:text-is('{chip}')")).tap()
            taps += 1
        page.get_by_role("button", name="Next" if card < 4 else "Finish").tap()
        taps += 1

    page.get_by_role("heading", level=1, name="Thank you: 4 cards answered").wait_for()
    assert taps == 12
    assert Assessment.objects.count() == Risk.objects.count() == 4
    assert Review.objects.get().held_at is not None


def test_every_chip_is_as_large_as_a_thumb_and_nothing_is_cut(phone, live_server):
    case = make_case()
    case.call()
    page = signed_in(phone, live_server, case.engineer)
    page.goto(case.invitation().get_absolute_url())

    chips = [chip.bounding_box() for chip in page.locator(".fs-pick label").all()]
    assert len(chips) == 11
    assert min(box["height"] for box in chips) >= THUMB
    assert max(box["x"] + box["width"] for box in chips) <= 390
    buttons = [button.bounding_box() for button in page.locator(".fs-foot button").all()]
    assert min(box["height"] for box in buttons) >= 44
    assert abs(buttons[0]["width"] - buttons[1]["width"]) <= 1
    assert page.locator(".fs-rail").count() == 0


def test_a_forgotten_chip_keeps_the_other_and_the_note(phone, live_server):
    case = make_case()
    case.call()
    page = signed_in(phone, live_server, case.engineer)
    page.goto(case.invitation().get_absolute_url())
    page.locator("label", has=page.locator("b:text-is('60%')")).tap()
    page.locator("summary").tap()
    page.locator("textarea").fill("As last year")
    page.get_by_role("button", name="Next").tap()

    page.get_by_text("Choose how many working days it would cost.").wait_for()
    assert page.locator("input[name=probability]:checked").get_attribute("value") == "0.60"
    assert page.locator("textarea").input_value() == "As last year"
    assert page.locator("textarea").is_visible()
