import re
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from portal.accounts.models import FormKey
from projects.enums import Stage, Tier
from projects.forms.pitch import PitchForm
from projects.models import BenefitLine, CostLine, Project, Submission
from tests.factories.projects import ProductFactory, approved, draft, submitted
from tests.projects.views.conftest import boxes, restrict

HTMX = {"HX-Request": "true"}


def url(project, name="pitch"):
    return reverse(f"projects:{name}", args=[project.pk])


def page(client, project, name="pitch"):
    return client.get(url(project, name)).content.decode()


def sent(client, project, **typed):
    """The pitch as the page shows it, with some boxes typed over."""
    return boxes(page(client, project), "pitch").values | typed


def save(client, project, *, htmx=True, **typed):
    headers = HTMX if htmx else {}
    return client.post(url(project, "pitch_save"), sent(client, project, **typed), headers=headers)


@pytest.fixture
def pitch(client, people):
    client.force_login(people.pm)
    return draft(people)


def test_a_title_begins_a_draft_once_however_often_it_is_sent(client, people):
    client.force_login(people.pm)
    typed = boxes(client.get(reverse("projects:new")).content.decode(), "").values
    assert typed == {}
    key = re.search(r'name="_key" value="([^"]+)"', client.get(reverse("projects:new")).content.decode())[1]

    answers = [client.post(reverse("projects:new"), {"title": "Count the bags", "_key": key}) for _ in range(2)]

    project = Project.objects.get()
    assert [answer["Location"] for answer in answers] == [url(project)] * 2
    assert (project.title, project.owner, project.stage) == ("Count the bags", people.pm, Stage.DRAFT)
    assert FormKey.objects.count() == 1


def test_a_draft_without_a_title_is_not_begun(client, people):
    client.force_login(people.pm)

    answer = client.post(reverse("projects:new"), {"title": "   "})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write what it is about, in a few words." in answer.content.decode()
    assert not Project.objects.exists()


def test_who_does_not_pitch_is_told_who_does(client, people):
    client.force_login(people.engineer)

    for answer in (client.get(reverse("projects:new")), client.post(reverse("projects:new"), {"title": "x"})):
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Product managers and leads pitch projects" in answer.content.decode()
    assert not Project.objects.exists()


def test_light_pitch_in_at_most_eleven_inputs(client, pitch):
    """What is asked for, and that nothing else is needed: with these alone it can be submitted."""
    form = boxes(page(client, pitch), "pitch")

    assert form.asked == list(PitchForm.ASKED)
    assert len(form.asked) == 11
    beside = {name: value for name, value in form.values.items() if name not in form.asked}
    assert client.post(url(pitch, "submit"), form.values | dict.fromkeys(beside, "") | version_of(beside)).url
    assert Project.objects.get(pk=pitch.pk).stage == Stage.SUBMITTED


def version_of(values):
    """What the page keeps for itself: the version, and the key of this showing."""
    return {name: value for name, value in values.items() if name in {"version", "_key"} or name.startswith("initial-")}


def test_first_number_after_the_third_value(client, people):
    """A title, then what is saved each time, how often, and the probability: the month is there, unasked."""
    client.force_login(people.pm)
    client.post(reverse("projects:new"), {"title": "Count the bags"})
    project = Project.objects.get()
    shown = []

    for name, typed in (("unit_benefit_amount", "46"), ("reach", "1200 bags"), ("probability", "15%")):
        answer = save(client, project, **{name: typed})
        shown.append(re.search('id="pitch-month"[^>]*>([^<]*)<', answer.content.decode())[1])

    assert shown == ["not known yet", "not known yet", "¥8,280"]


def test_what_was_pitched_last_is_filled_in_and_says_so(client, people, pitch):
    client.post(reverse("projects:new"), {"title": "The next one"})
    html = page(client, Project.objects.get(title="The next one"))

    assert boxes(html, "pitch").values["product"] == str(pitch.product_id)
    assert html.count("as last time") == 2
    assert html.count("from the product") == 1


def test_a_value_understood_is_saved_and_the_result_follows(client, pitch):
    answer = save(client, pitch, person_days="3人周", probability="1 in 10")

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert "<html" not in html
    assert BenefitLine.objects.get(project=pitch).probability == Decimal("0.1")
    assert CostLine.objects.get(project=pitch).person_days == Decimal(15)
    assert 'id="pitch-result"' in html
    assert "¥120,000" in html  # 40 × 3,000 × 10 % × 12 − 15 × 1,600
    assert f'name="version" value="{Project.objects.get(pk=pitch.pk).version}"' in html


def test_a_save_without_a_change_writes_nothing(client, pitch):
    assert save(client, pitch).status_code == HTTPStatus.OK
    assert Project.objects.get(pk=pitch.pk).version == pitch.version


def test_what_is_not_understood_is_said_beside_its_box_while_the_rest_is_saved(client, pitch):
    answer = save(client, pitch, person_days="14 pd or so", evidence="Retro of P-0031")

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write a number and a unit, such as 14 person-days or 0.7 person-months." in html
    assert "The result still uses the last value understood: 10 person-days." in html
    assert CostLine.objects.get(project=pitch).person_days == Decimal(10)
    assert BenefitLine.objects.get(project=pitch).evidence == "Retro of P-0031"


def test_without_a_script_the_page_comes_back_with_what_was_typed(client, pitch):
    refused = save(client, pitch, htmx=False, person_days="14 pd or so")
    done = save(client, pitch, htmx=False, person_days="14 pd")

    html = refused.content.decode()
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<html" in html
    assert boxes(html, "pitch").values["person_days"] == "14 pd or so"
    assert (done.status_code, done["Location"]) == (HTTPStatus.FOUND, url(pitch))
    assert CostLine.objects.get(project=pitch).person_days == Decimal(14)


def test_a_driver_not_known_yet_answers_with_the_breakeven(client, pitch):
    html = save(client, pitch, probability="not known yet").content.decode()

    assert BenefitLine.objects.get(project=pitch).probability is None
    assert "Pays if at least" in html
    assert "Pays if it helps in at least 1.2% of 3,000 bags a month." in html  # 16,000 / (40 × 3,000 × 12), rounded up


def test_the_tier_follows_with_its_reason(client, pitch):
    html = save(client, pitch, person_days="16").content.decode()

    assert Project.objects.get(pk=pitch.pk).tier == Tier.STANDARD
    assert "16 person-days (limit 15)" in html
    assert "2 approvers in a row" in html


def test_money_permits_and_other_departments_are_folded_and_count(client, pitch):
    save(
        client,
        pitch,
        material_amount="1.2万",
        material_label="Scanners",
        needs_permit="on",
        cannot_be_undone="on",
        crosses_departments="on",
    )

    project = Project.objects.get(pk=pitch.pk)
    material = CostLine.objects.get(project=pitch, position=2)
    assert (material.amount, material.label) == (Decimal("12000.00"), "Scanners")
    assert (project.needs_permit, project.is_reversible, project.crosses_departments) == (True, False, True)
    assert project.tier == Tier.MAJOR


def test_a_product_brings_its_goal_unless_one_was_chosen_by_hand(client, pitch):
    other = ProductFactory()

    html = save(client, pitch, product=str(other.pk)).content.decode()
    assert Project.objects.get(pk=pitch.pk).goal == other.goal
    assert 'id="id_goal"' in html

    by_hand = ProductFactory().goal
    save(client, pitch, goal=str(by_hand.pk))
    save(client, pitch, product=str(ProductFactory().pk))
    assert Project.objects.get(pk=pitch.pk).goal == by_hand


BAD = ["NaN", "-1", "1e400", "1e-400", "Infinity", "9" * 900, "0.0000001", "1/0", "\u202e12", "--", "0x10", "12,34,5"]


@pytest.mark.parametrize("name", ["unit_benefit_amount", "reach", "probability", "person_days", "material_amount"])
@pytest.mark.parametrize("text", BAD)
def test_a_bad_number_is_refused_beside_its_box_and_changes_nothing(client, pitch, name, text):
    before = PitchForm(project=pitch).initial[name]

    answer = save(client, pitch, **{name: text})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'class="fs-err"' in answer.content.decode()
    assert PitchForm(project=Project.objects.get(pk=pitch.pk)).initial[name] == before


def test_the_largest_figures_never_break_the_page(client, pitch):
    answer = save(client, pitch, unit_benefit_amount="10000000000000", reach="100000000000 bags", probability="100%")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Project.objects.get(pk=pitch.pk).net_benefit_amount == pitch.net_benefit_amount


@pytest.mark.parametrize(
    "typed",
    [
        {"version": "0", "evidence": "x"},
        {"version": "9" * 30, "evidence": "x"},
        {"product": "999999"},
        {"product": "9" * 30},
        {"business_partner": "x"},
        {"wanted_on": "0001-01-01"},
        {"wanted_on": "9999-12-31"},
        {"wanted_on": "2026-02-30"},
        {"basis": "hearsay"},
        {"title": "x" * 121},
        {"title": "Bags\u202egnp"},
        {"problem": "x" * 4001},
        {"evidence": "a\x00b"},
    ],
)
def test_what_no_pitch_can_hold_is_a_clear_answer(client, pitch, typed):
    answer = save(client, pitch, **typed)

    assert answer.status_code in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}
    saved = Project.objects.get(pk=pitch.pk)
    assert (saved.title, saved.version, saved.wanted_on) == (pitch.title, pitch.version, pitch.wanted_on)


def test_a_stale_save_shows_both_versions_and_loses_nothing(client, pitch):
    mine = sent(client, pitch, evidence="Typed by me", problem="My own words")
    save(client, pitch, evidence="Saved in the other window")

    answer = client.post(url(pitch, "pitch_save"), mine, headers=HTMX)

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer["HX-Retarget"] == "#pitch"
    assert all(words in html for words in ("Saved in the other window", "Typed by me", "My own words"))
    assert BenefitLine.objects.get(project=pitch).evidence == "Saved in the other window"

    resolved = boxes(html, "pitch").values
    assert client.post(url(pitch, "pitch_save"), resolved).status_code == HTTPStatus.FOUND
    project = Project.objects.get(pk=pitch.pk)
    assert BenefitLine.objects.get(project=pitch).evidence == "Typed by me"
    assert project.problem == "My own words"


def test_a_conflict_offers_what_is_saved_for_boxes_that_were_not_touched(client, pitch):
    mine = sent(client, pitch, problem="My own words")
    save(client, pitch, evidence="Saved in the other window")

    html = client.post(url(pitch, "pitch_save"), mine).content.decode()

    resolved = boxes(html, "pitch").values
    assert (resolved["evidence"], resolved["problem"]) == ("Saved in the other window", "My own words")


def test_submitting_answers_with_what_is_missing_and_keeps_what_was_typed(client, people):
    client.force_login(people.pm)
    client.post(reverse("projects:new"), {"title": "Count the bags"})
    project = Project.objects.get()

    answer = client.post(url(project, "submit"), sent(client, project, problem="They get lost"), headers=HTMX)

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "The effort is not written yet" in html
    assert f'href="{url(project)}#id_person_days"' in html
    assert Project.objects.get().problem == "They get lost"
    assert not Submission.objects.exists()


def test_the_list_of_what_is_missing_goes_on_living_with_the_page(client, people):
    client.force_login(people.pm)
    client.post(reverse("projects:new"), {"title": "Count the bags"})
    project = Project.objects.get()

    html = save(client, project, asked="1", person_days="10").content.decode()

    assert "The effort is not written yet" not in html
    assert "Problem and approach are not written yet" in html


def test_submitting_saves_what_is_typed_and_freezes_it_once(client, people, pitch):
    typed = sent(client, pitch, title="Bags that really come back")

    answers = [client.post(url(pitch, "submit"), typed) for _ in range(2)]

    submission = Submission.objects.get()
    assert [answer["Location"] for answer in answers] == [pitch.get_absolute_url()] * 2
    assert submission.read()["title"] == "Bags that really come back"
    html = client.get(pitch.get_absolute_url()).content.decode()
    assert "Submitted to Lea Lead." in html
    assert reverse("projects:move", args=[pitch.pk, "withdraw"]) in html


def test_a_value_not_understood_is_not_submitted(client, pitch):
    answer = client.post(url(pitch, "submit"), sent(client, pitch, person_days="some"))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert boxes(answer.content.decode(), "pitch").values["person_days"] == "some"
    assert Project.objects.get(pk=pitch.pk).stage == Stage.DRAFT


def test_a_submitted_pitch_is_read_only_and_a_late_save_is_refused(client, pitch):
    typed = sent(client, pitch, evidence="Too late")
    submitted(pitch)

    answer = client.post(url(pitch, "pitch_save"), typed, headers=HTMX)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "what was submitted does not change" in answer.content.decode()
    html = page(client, pitch)
    assert 'id="pitch"' not in html
    assert Submission.objects.get().short_digest in html
    assert BenefitLine.objects.get(project=pitch).evidence == "Count of October"


@pytest.mark.parametrize("reader", ["lead", "engineer", "partner", "outsider"])
def test_others_read_the_pitch_and_cannot_write_it(client, people, outsider, pitch, reader):
    typed = sent(client, pitch)
    client.force_login(outsider if reader == "outsider" else getattr(people, reader))

    html = page(client, pitch)
    answers = [client.post(url(pitch, name), typed) for name in ("pitch_save", "submit")]

    assert 'id="pitch"' not in html
    assert "A draft that Pia Manager is still writing." in html
    assert [answer.status_code for answer in answers] == [HTTPStatus.FORBIDDEN] * 2
    assert Project.objects.get(pk=pitch.pk).version == pitch.version


def test_a_restricted_pitch_does_not_exist_for_an_outsider(client, people, outsider, pitch):
    restrict(pitch)
    typed = sent(client, pitch)
    client.force_login(outsider)

    assert client.get(url(pitch)).status_code == HTTPStatus.NOT_FOUND
    for name in ("pitch_save", "submit"):
        assert client.post(url(pitch, name), typed).status_code == HTTPStatus.NOT_FOUND
        assert client.get(url(pitch, name)).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_what_others_named_things_is_shown_as_text(client, people):
    client.force_login(people.pm)
    project = draft(people, title="<script>alert(1)</script>", problem="<img onerror=x>", reach_unit="<b>bags</b>")

    for shown in (page(client, project), page(client, approved(project))):
        assert "<script>alert(1)" not in shown
        assert "<img onerror" not in shown
        assert "<b>bags" not in shown
