import json
import pytest
from django.test import Client
from portal.accounts.actions.api_token import make_token
from portal.accounts.enums import Role, Scope
from tests.factories.accounts import UserFactory, SiteFactory
from django.utils import timezone
pytestmark = pytest.mark.django_db

def test_smoke():
    person = UserFactory(roles=[Role.PM], site=SiteFactory())
    token, text = make_token(name="x", scope=Scope.WRITE, days=3, by=person, now=timezone.now())
    c = Client(headers={"authorization": f"Bearer {text}"})
    def show(r):
        print(r.status_code, dict(r.headers), r.content.decode()[:600])
        return r
    show(c.get("/api/v1/me"))
    show(Client().get("/api/v1/me"))
    show(c.post("/api/v1/projects", {"title": "Hello"}, content_type="application/json", headers={"idempotency-key":"a"}))
    show(c.post("/api/v1/projects", {"title": "Hello"}, content_type="application/json", headers={"idempotency-key":"a"}))
    show(c.post("/api/v1/projects", {"title": "Hell2"}, content_type="application/json", headers={"idempotency-key":"a"}))
    show(c.post("/api/v1/projects", {"title": 7, "x": 1}, content_type="application/json"))
    show(c.post("/api/v1/projects", {"title": ""}, content_type="application/json"))
    show(c.post("/api/v1/projects", "[NaN]", content_type="application/json"))
    show(c.post("/api/v1/projects", "abc", content_type="text/plain"))
    show(c.get("/api/v1/projects?page_size=1"))
    show(c.get("/api/v1/projects?pagesize=1"))
    show(c.get("/api/v1/projects/P-0001"))
    show(c.head("/api/v1/projects/P-0001"))
    show(c.get("/api/v1/projects/P-9999"))
    show(c.get("/api/v1/nothing"))
    show(c.put("/api/v1/projects"))
    show(c.get("/api/v1/people?q=a"))
    r = c.get("/api/v1/openapi.json")
    print(json.dumps(r.json(), indent=1)[:9000])
    c.force_login(person)
    show(c.get("/api/v1/docs"))
    assert 0
