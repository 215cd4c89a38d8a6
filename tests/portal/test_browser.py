"""The frame in a real browser: scripts under the policy, typed text that is kept, keys, and what axe says."""

import re
from http import HTTPStatus

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session

from portal.accounts.models import Site
from tests.factories.accounts import UserFactory

PASSWORD = "correct horse battery"

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.e2e,
    pytest.mark.usefixtures("probe"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def page(browser, live_server):
    context = browser.new_context(
        base_url=live_server.url, reduced_motion="reduce", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.complaints = []
    page.on(
        "console",
        lambda message: page.complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def lin():
    return UserFactory(email="lin@example.com", name="Lin Yue", password=PASSWORD)


def sign_in(page, where="/"):
    page.goto(f"/login/?next={where}")
    page.get_by_label("E-mail").fill("lin@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(re.escape(where)))


def serious(page):
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_every_page_of_the_frame_is_accessible_and_keeps_the_policy(page, lin, scheme, width):
    UserFactory(is_demo=True)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/login/")
    found = serious(page)
    sign_in(page)
    for path in ("/more/", "/settings/", "/settings/password/", "/styleguide/", "/notes/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found += [f"{path} {violation}" for violation in serious(page)]
    assert found == []
    assert page.complaints == []


@pytest.mark.parametrize("path", ["/probe/403/", "/nowhere/", "/probe/gate/", "/probe/500/", "/probe/410/"])
def test_pages_for_the_unusual_are_accessible(page, lin, path):
    sign_in(page)
    page.goto(path)
    assert serious(page) == []
    # The browser itself notes the status; nothing else is wrong.
    assert [words for words in page.complaints if "Failed to load resource" not in words] == []


def test_text_typed_before_the_session_was_lost_is_there_after_signing_in_again(page, lin):
    sign_in(page, "/notes/")
    page.get_by_label("Name").fill("Hub")
    page.get_by_label("Text").fill("Nobody counts the bags.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/login/"))

    sign_in_again(page)
    page.wait_for_url(re.compile("/notes/"))
    assert page.get_by_label("Text").input_value() == "Nobody counts the bags."
    assert "it was not saved yet" in page.locator("main").inner_text()

    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("made="))
    assert Site.objects.values_list("name", flat=True).get() == "Hub"
    page.goto("/notes/")
    assert page.get_by_label("Text").input_value() == ""


def sign_in_again(page):
    page.get_by_label("E-mail").fill("lin@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_text_survives_a_server_that_broke_and_one_that_is_gone(page, lin):
    sign_in(page, "/notes/")
    page.get_by_label("Text").fill("Nobody counts the bags.")
    page.evaluate("document.getElementById('note').action = '/probe/500/'")
    page.get_by_label("Name").fill("Hub")
    page.get_by_role("button", name="Save").click()
    assert page.locator("h1").inner_text() == "Not saved: something broke on our side"

    page.get_by_role("link", name="Back to the page").click()
    assert page.get_by_label("Text").input_value() == "Nobody counts the bags."

    page.get_by_label("Text").fill("Nobody counts them.")
    page.route("**/notes/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Save").click(no_wait_after=True)
    page.wait_for_timeout(300)
    page.unroute("**/notes/")
    page.goto("/notes/")
    assert page.get_by_label("Text").input_value() == "Nobody counts them."


def test_text_that_is_not_wanted_any_more_can_be_dropped(page, lin):
    sign_in(page, "/notes/")
    page.get_by_label("Text").fill("Nobody counts the bags.")
    page.wait_for_timeout(400)
    page.goto("/more/")
    page.goto("/notes/")
    page.get_by_role("button", name="Drop it").click()
    assert page.get_by_label("Text").input_value() == ""
    page.reload()
    assert page.get_by_label("Text").input_value() == ""


def test_text_is_of_one_person(page, lin):
    UserFactory(email="chen@example.com", password=PASSWORD)
    sign_in(page, "/notes/")
    page.get_by_label("Text").fill("Nobody counts the bags.")
    page.wait_for_timeout(400)
    Session.objects.all().delete()
    page.goto("/login/?next=/notes/")
    page.get_by_label("E-mail").fill("chen@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/notes/"))
    assert page.get_by_label("Text").input_value() == ""


def test_a_double_click_saves_once(page, lin):
    sign_in(page, "/notes/")
    page.get_by_label("Name").fill("Hub")
    page.get_by_label("Text").fill("Nobody counts the bags.")
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_url(re.compile("made="))
    assert Site.objects.count() == 1


def test_keys_go_to_places(page, lin):
    sign_in(page, "/more/")
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url(re.compile(r":\d+/$"))

    page.goto("/notes/")
    page.get_by_label("Name").press("?")
    assert page.get_by_label("Name").input_value() == "?"
    assert not page.get_by_role("dialog").is_visible()

    page.goto("/styleguide/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_first_tab_leads_past_the_rail(page, lin):
    sign_in(page, "/more/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"


def test_htmx_swaps_a_refused_form_and_tells_when_nobody_answers(page, lin):
    sign_in(page, "/notes/")
    page.evaluate(
        """() => { const form = document.getElementById("note");
        form.setAttribute("hx-post", "/notes/"); form.setAttribute("hx-swap", "outerHTML"); htmx.process(form); }"""
    )
    page.get_by_label("Name").fill("Hub")
    page.evaluate("document.getElementById('note').noValidate = true")
    with page.expect_response("**/notes/") as answer:
        page.get_by_role("button", name="Save").click()
    assert answer.value.status == HTTPStatus.UNPROCESSABLE_ENTITY
    page.get_by_text("This field is required.").wait_for()
    assert page.get_by_label("Name").input_value() == "Hub"

    page.evaluate(
        """() => { const form = document.getElementById("note"); form.noValidate = true;
        form.setAttribute("hx-post", "/probe/409/"); htmx.process(form); }"""
    )
    page.route("**/probe/409/", lambda route: route.abort())
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not saved: the server did not answer.").wait_for()
    assert page.get_by_label("Name").input_value() == "Hub"
    page.unroute("**/probe/409/")
    page.get_by_role("button", name="Try again").click()
    page.locator("#notice").get_by_text("It is closed already").wait_for()
    assert page.get_by_label("Name").input_value() == "Hub"


def test_a_toast_can_be_put_away(page, lin):
    sign_in(page, "/settings/")
    page.get_by_role("button", name="Save").click()
    toast = page.locator(".fs-toast")
    assert "Saved." in toast.inner_text()
    toast.get_by_role("button", name="Close").click()
    assert toast.count() == 0


def test_without_javascript_signing_in_and_settings_work(browser, live_server, lin):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "/settings/")
    page.get_by_label("Light or dark").select_option("dark")
    page.get_by_role("button", name="Save").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    context.close()


def test_after_signing_out_the_back_button_shows_nothing(page, lin):
    sign_in(page, "/settings/")
    page.get_by_role("button", name="Sign out").first.click()
    page.wait_for_url(re.compile("/login/"))
    page.go_back()
    assert "/login/" in page.url
    assert "lin@example.com" not in page.content()
