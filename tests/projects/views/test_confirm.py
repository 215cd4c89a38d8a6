"""The business partner confirms unit benefit and reach, by a link and without a seat; what changes later is not confirmed."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from portal.links.actions import issue
from projects.actions.confirmation import answer_figures, ask_confirmation
from projects.actions.pitch import content_of, save_pitch
from projects.case_words import words_of
from projects.models import Confirmation, FiguresAnswer, Project, Submission
from projects.views.case import confirmed
from tests.factories.projects import NOW, draft, owed, submitted, told, verbs
from tests.projects.views.conftest import boxes

pytestmark = pytest.mark.django_db
NOT_YET = "The business has not confirmed the figures yet."


@pytest.fixture
def project(people):
    return draft(people)


def url(project, name="confirm"):
    return reverse(f"projects:{name}", args=[project.pk])


def said(project):
    return confirmed(words_of(content_of(Project.objects.get(pk=project.pk)))).words


def change(project, **values):
    version = Project.objects.get(pk=project.pk).version
    return save_pitch(project, values, version=version, by=project.owner, now=NOW)


def asked(project, people):
    ask_confirmation(project, by=people.pm, now=NOW)
    link = issue("projects.confirm", project.pk, people.partner, now=NOW)
    assert link is not None
    return link


def test_the_partner_is_asked_and_confirms_by_link_without_a_seat(client, people, project):
    client.force_login(people.pm)
    assert client.post(url(project, "confirm_ask")).status_code == HTTPStatus.FOUND
    client.logout()
    assert ("confirm_figures", "Pat Partner") in owed(project)
    assert ("figures_asked", "Pat Partner") in told(project)
    link = issue("projects.confirm", project.pk, people.partner, now=NOW)

    shown = client.get(link)
    assert FiguresAnswer.objects.count() == 0
    sent = boxes(shown.content.decode(), "confirm").values
    done = client.post(link, sent)

    assert done["Location"] == reverse("links:done")
    row = Confirmation.objects.get()
    assert (row.unit_benefit_amount, row.reach, row.answer.by) == (Decimal("40.00"), Decimal(3000), people.partner)
    assert said(project) == "Pat Partner confirmed unit benefit and reach on Mon 23 Nov."
    assert owed(project) == set()
    assert ("figures_answered", "Pia Manager") in told(project)
    assert verbs(project)[-2:] == ["figures.asked", "figures.answered"]
    assert client.get(link).status_code == client.post(link, sent).status_code == HTTPStatus.GONE


def test_unconfirmed_says_so_beside_the_number_and_a_change_voids(client, people, project):
    client.force_login(people.pm)
    assert NOT_YET in client.get(url(project, "pitch")).content.decode()

    answer_figures(project, [project.benefit_lines.get()], note="", by=people.partner, now=NOW)
    change(project, probability=Decimal("0.2"))
    assert said(project) == "Pat Partner confirmed unit benefit and reach on Mon 23 Nov."

    change(project, reach=Decimal(9000))
    moved = "Pat Partner confirmed other figures on Mon 23 Nov: they changed since, and are not confirmed."
    assert moved in client.get(url(project, "pitch")).content.decode()
    change(project, reach=Decimal(3000))
    assert said(project) == "Pat Partner confirmed unit benefit and reach on Mon 23 Nov."


def test_the_approver_sees_what_was_confirmed_after_the_submission(client, people, project):
    submitted(project)
    step = Submission.objects.get().steps.get()
    client.force_login(people.lead)
    page = reverse("projects:decide", args=[project.pk, step.pk])
    assert NOT_YET in client.get(page).content.decode()

    answer_figures(
        Project.objects.get(pk=project.pk), [project.benefit_lines.get()], note="", by=people.partner, now=NOW
    )

    assert "Pat Partner confirmed unit benefit and reach on Mon 23 Nov." in client.get(page).content.decode()


def test_what_is_not_right_is_said_and_confirms_nothing(client, people, project):
    client.force_login(people.partner)
    assert client.post(url(project), {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    sent = boxes(client.get(url(project)).content.decode(), "confirm").values
    client.post(url(project), {"_key": sent["_key"], "note": "Rather 2,000 a month"})

    assert FiguresAnswer.objects.get().note == "Rather 2,000 a month"
    assert said(project) == NOT_YET


def test_figures_that_moved_while_he_looked_are_not_confirmed(client, people, project):
    client.force_login(people.partner)
    sent = boxes(client.get(url(project)).content.decode(), "confirm").values
    change(project, reach=Decimal(9000))

    answer = client.post(url(project), sent | {"note": "Looks right"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "A figure changed while you looked" in answer.content.decode()
    assert "Looks right" in answer.content.decode()
    assert not Confirmation.objects.exists()


def test_another_partner_is_owed_nothing_by_the_one_before(people, project):
    link = asked(project, people)

    change(project, business_partner=people.engineer)

    assert owed(project) == set()
    assert issue("projects.confirm", project.pk, people.partner, now=NOW) is None
    assert link


def test_nobody_is_asked_without_a_partner_or_a_figure(client, people, project):
    client.force_login(people.pm)
    change(project, reach=None)
    assert client.post(url(project, "confirm_ask")).status_code == HTTPStatus.CONFLICT
    change(project, reach=Decimal(1), business_partner=None)
    assert client.post(url(project, "confirm_ask")).status_code == HTTPStatus.CONFLICT
    assert owed(project) == set()
