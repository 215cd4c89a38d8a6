import re
from http import HTTPStatus

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]

STATUSES = {
    "/": 200,
    "/login/": 200,
    "/probe/text/": 200,
    "/probe/400/": 400,
    "/probe/403/": 403,
    "/probe/404/": 404,
    "/nowhere/": 404,
    "/probe/405/": 405,
    "/probe/409/": 409,
    "/probe/410/": 410,
    "/probe/500/": 500,
    "/probe/503/": 503,
    "/health/live": 200,
    "/robots.txt": 200,
    "/static/foresight.css": 200,
    "/static/nowhere.css": 404,
    "/?q=%00": 400,
    "/a%00b/": 404,
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def lin(client):
    person = UserFactory(name="Lin Yue")
    client.force_login(person)
    return person


def policy_of(response):
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize(("path", "status"), STATUSES.items())
def test_every_answer_has_every_header(client, lin, path, status):
    if path == "/login/":
        client.logout()
    response = client.get(path)
    assert response.status_code == status
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    policy = policy_of(response)
    nonces = [source for source in policy.pop("script-src") if source.startswith("'nonce-")]
    assert len(nonces) <= 1
    assert {
        name: [source for source in sources if not source.startswith("'nonce-")] for name, sources in policy.items()
    } == POLICY
    assert "Access-Control-Allow-Origin" not in response
    assert "Server" not in response
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])
    assert 'charset="utf-8"' in response["Content-Type"].replace("=utf-8", '="utf-8"')
    response.close()


@pytest.mark.parametrize("path", [path for path in STATUSES if not path.startswith(("/static", "/health", "/robots"))])
def test_every_page_is_of_one_person_and_one_moment(client, lin, path):
    response = client.get(path)
    if not response["Content-Type"].startswith("text/html"):
        return
    assert response["Cache-Control"] == "no-store"
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in response["Vary"].split(",")}


def test_a_nonce_is_new_each_time_and_the_one_of_its_page(client, lin):
    pages = [client.get("/") for _ in range(2)]
    nonces = [re.findall(r"'nonce-([^']+)'", page["Content-Security-Policy"])[0] for page in pages]
    assert len(set(nonces)) == 2
    for page, nonce in zip(pages, nonces, strict=True):
        scripts = re.findall(r"<script[^>]*>", page.text)
        assert scripts
        assert [script for script in scripts if f'nonce="{nonce}"' not in script] == []


@pytest.mark.parametrize(
    "path", ["/", "/login/", "/more/", "/settings/", "/styleguide/", "/notes/", "/probe/409/", "/probe/500/"]
)
def test_no_page_has_inline_script_or_style(client, lin, path):
    page = client.get(path, follow=True).text
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|hx-on|javascript:", page) == []


def test_the_request_id_is_ours(client, lin):
    answers = [client.get("/probe/text/", headers={"x-request-id": "0" * 32}) for _ in range(2)]
    assert len({answer["X-Request-ID"] for answer in answers} | {"0" * 32}) == 3


def test_a_body_over_the_limit_is_refused_unread(client, lin, settings):
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    too_large = client.post("/notes/", {"text": "x" * limit})
    assert (too_large.status_code, too_large["Connection"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "close")
    assert "2.5\xa0MB" in too_large.text
    lying = client.generic(
        "POST", "/notes/", b"", CONTENT_LENGTH=str(10**12), content_type="application/x-www-form-urlencoded"
    )
    assert lying.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_length_that_is_no_number_does_not_break(client, lin):
    response = client.generic("GET", "/", CONTENT_LENGTH="many")
    assert response.status_code == HTTPStatus.OK


def test_more_fields_than_any_form_has_are_refused(client, lin):
    response = client.post("/notes/", {f"f{n}": "" for n in range(1001)})
    assert response.status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("cookie", ["foresight-session", "foresight-csrf", "foresight-theme", "foresight-language"])
def test_nul_in_a_cookie_is_refused(client, lin, cookie):
    response = client.get("/", headers={"cookie": f"{cookie}=a\x00b"})
    assert response.status_code == HTTPStatus.BAD_REQUEST


def test_nul_in_a_body_is_refused_at_its_field(client, lin):
    response = client.post("/notes/", {"name": "a\x00b", "text": "c\x00d"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(response.context["form"].errors) == {"name", "text"}


@pytest.mark.parametrize("host", ["evil.test", "localhost:80@evil.test", "evil.test:80", "", "a b"])
def test_another_host_is_refused(client, lin, host):
    response = client.get("/login/", headers={"host": host})
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "evil.test" not in response.text


def test_a_forwarded_host_is_not_believed(client):
    UserFactory()
    page = client.get("/login/", headers={"x-forwarded-host": "evil.test"})
    assert page.status_code == HTTPStatus.OK
    assert "evil.test" not in page.text


def test_a_preflight_from_elsewhere_allows_nothing(client, lin):
    response = client.options(
        "/notes/", headers={"origin": "http://evil.test", "access-control-request-method": "POST"}
    )
    assert [name for name in response.headers if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize(
    "path",
    [
        "/login/",
        "/logout/",
        "/settings/",
        "/settings/password/",
        "/settings/sessions/end/",
        "/look/",
        "/password/reset/",
        "/login/as/1/",
        "/setup/",
        "/notes/",
        "/nowhere/",
    ],
)
def test_a_post_without_a_token_is_refused(path):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory(is_demo=True))
    response = strict.post(path, {"name": "x", "text": "y"})
    assert response.status_code == (HTTPStatus.NOT_FOUND if path == "/nowhere/" else HTTPStatus.FORBIDDEN)


@pytest.mark.parametrize("header", [{"x-http-method-override": "DELETE"}, {"x-http-method": "PUT"}])
def test_a_method_cannot_be_overridden(client, lin, header):
    assert client.post("/more/", {"_method": "GET"}, headers=header).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/db.sqlite3",
        "/static/../portal/settings.py",
        "/static/%2e%2e/portal/settings.py",
        "/metrics",
    ],
)
def test_what_is_not_a_page_is_not_served(client, lin, path):
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND
