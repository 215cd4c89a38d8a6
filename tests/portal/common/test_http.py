from http import HTTPStatus

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.test import Client

from portal.accounts.models import Site
from portal.common.errors import GateError, IllegalStateError, InvalidInputError, PortalError, Reason
from portal.common.forms import KEY_FIELD, PortalForm
from portal.common.http import attempt
from tests.factories.accounts import UserFactory

KEY = "9f4d0b1c-2f3e-4a5b-8c6d-7e8f9a0b1c2d"


class NameForm(PortalForm):
    name = forms.CharField(max_length=5)


def bound(name="Lin"):
    return NameForm(QueryDict(mutable=False) if name is None else {"name": name})


def refusing(error):
    def deed():
        raise error

    return deed


# ── attempt ─────────────────────────────────────────────────────────────


def test_a_deed_that_is_done_leaves_nothing_to_say():
    done = []
    form = bound()
    assert attempt(form, lambda: done.append(form.cleaned_data)) is None
    assert done == [{"name": "Lin"}]


def test_an_invalid_form_is_not_tried():
    form = bound("Lin Yue")
    assert attempt(form, refusing(AssertionError)) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(form.errors) == ["name"]


@pytest.mark.parametrize(
    ("error", "status", "errors"),
    [
        (InvalidInputError({"name": "Too long ago."}), 422, {"name": ["Too long ago."]}),
        (InvalidInputError({"name": ["One.", "Two."]}), 422, {"name": ["One.", "Two."]}),
        (
            InvalidInputError({"elsewhere": "Not here.", "__all__": "Nor there."}),
            422,
            {"__all__": ["Not here.", "Nor there."]},
        ),
        (IllegalStateError("It is closed."), 409, {"__all__": ["It is closed."]}),
        (PortalError(), 409, {"__all__": ["This cannot be done as things stand."]}),
    ],
)
def test_a_refusal_lands_where_it_belongs(error, status, errors):
    form = bound()
    assert attempt(form, refusing(error)) == status
    assert form.errors == errors


def test_a_gate_gives_the_form_its_reasons():
    reasons = (Reason("target", "The metric has no target", "/metrics/"),)
    form = bound()
    assert attempt(form, refusing(GateError(reasons))) == HTTPStatus.CONFLICT
    assert form.reasons == reasons


@pytest.mark.parametrize("error", [PermissionDenied("Only the owner."), RuntimeError("broken")])
def test_what_no_form_can_answer_goes_on(error):
    with pytest.raises(type(error)):
        attempt(bound(), refusing(error))


# ── leave_to, page, post_once: through a view ───────────────────────────


@pytest.fixture
def lin(client, probe):
    person = UserFactory()
    client.force_login(person)
    return person


def note(name="Hub", key=KEY, **more):
    return {"name": name, "text": "Nobody counts the bags.", KEY_FIELD: key, **more}


@pytest.mark.django_db
def test_htmx_gets_the_fragment_and_everybody_else_the_page(client, lin):
    assert client.get("/notes/").text.startswith("<!doctype html>")
    assert client.get("/notes/", headers={"hx-request": "true"}).text.startswith('<form id="note"')
    from_history = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert client.get("/notes/", headers=from_history).text.startswith("<!doctype html>")


@pytest.mark.django_db
def test_htmx_is_led_away_by_its_own_header(client, lin):
    response = client.post("/notes/", note(), headers={"hx-request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (HTTPStatus.OK, f"/notes/?made={Site.objects.get().pk}")
    assert "Location" not in response


@pytest.mark.django_db
def test_an_invalid_form_comes_back_with_what_was_typed(client, lin):
    response = client.post("/notes/", note(name="x" * 81))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Nobody counts the bags." in response.text
    assert Site.objects.count() == 0


@pytest.mark.django_db
def test_a_form_sent_twice_acts_once_and_both_answers_lead_to_the_same_place(client, lin):
    answers = [client.post("/notes/", note()) for _ in range(3)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, f"/notes/?made={Site.objects.get().pk}")
    }


@pytest.mark.django_db
def test_another_showing_of_the_form_acts_again(client, lin):
    client.post("/notes/", note())
    client.post("/notes/", note(name="Other hub", key=KEY.replace("9", "8")))
    assert Site.objects.count() == 2


@pytest.mark.django_db
def test_the_same_key_with_other_words_is_refused_with_a_way_to_what_it_made(client, lin):
    client.post("/notes/", note())
    response = client.post("/notes/", note(name="Other hub"))
    assert response.status_code == HTTPStatus.CONFLICT
    assert f'href="/notes/?made={Site.objects.get().pk}"' in response.text
    assert 'value="Other hub"' in response.text


@pytest.mark.django_db
def test_a_key_is_of_one_person(client, lin):
    client.post("/notes/", note())
    other = Client()
    other.force_login(UserFactory())
    other.post("/notes/", note(name="Other hub"))
    assert Site.objects.count() == 2


@pytest.mark.django_db
def test_a_refused_deed_leaves_nothing_and_its_key_free(client, lin):
    assert client.post("/notes/", note(name="illegal")).status_code == HTTPStatus.CONFLICT
    assert Site.objects.count() == 0
    assert client.post("/notes/", note()).status_code == HTTPStatus.FOUND


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 65, "a\x00b", "a\nb"])
def test_a_key_that_was_never_ours_is_refused(client, lin, key):
    assert client.post("/notes/", note(key=key)).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Site.objects.count() == 0


@pytest.mark.django_db
def test_a_stale_object_that_no_form_expected_is_409(client, lin):
    assert client.get("/probe/stale/").status_code == HTTPStatus.CONFLICT
