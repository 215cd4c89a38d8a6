"""The pitch in steps: each step saves what it asks for, the last one lists what is missing."""

from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from portal.accounts.enums import Role
from projects.actions.options import add_option
from projects.actions.pitch import content_of
from projects.business_inputs import preferred
from projects.enums import OptionKind, Stage, Tier
from projects.models import BenefitLine, CostLine, Option, Project, RateCard, Submission
from projects.uncertain_inputs import outlook_of
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, ProductFactory, draft, submitted, weighed
from tests.projects.views.conftest import boxes

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pitch(client, people):
    """Twenty days of work: more than a light pitch."""
    client.force_login(people.pm)
    return draft(people, person_days=Decimal(20))


def url(name, project, *args):
    return reverse(f"projects:{name}", args=[project.pk, *args])


def sent(client, address, form="pitch", **typed):
    return boxes(client.get(address).content.decode(), form).values | typed


def fresh(project):
    return Project.objects.get(pk=project.pk)


def low_cost(project):
    return add_option(project, OptionKind.LOW_COST, version=fresh(project).version, by=project.owner, now=NOW)


def test_screening_is_saved_as_one_goes_and_an_answer_can_be_taken_back(client, pitch):
    address = url("pitch_step", pitch, "product")

    live = client.post(address, sent(client, address, is_in_scope="yes", is_reusable="no"), headers=HTMX)
    assert live.status_code == HTTPStatus.OK
    assert (fresh(pitch).is_in_scope, fresh(pitch).is_reusable, fresh(pitch).fits_roadmap) == (True, False, None)

    done = client.post(address, sent(client, address, is_reusable="", screening_note="Asked by law"))
    assert done["Location"] == url("pitch_step", pitch, "goal")
    assert (fresh(pitch).is_in_scope, fresh(pitch).is_reusable) == (True, None)
    assert fresh(pitch).screening_note == "Asked by law"


def test_a_step_that_is_not_understood_keeps_what_was_typed(client, pitch):
    address = url("pitch_step", pitch, "asks")

    answer = client.post(address, sent(client, address, wanted_on="soon"))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write a date" in answer.content.decode()
    assert 'value="soon"' in answer.content.decode()
    assert fresh(pitch).wanted_on == pitch.wanted_on


def test_its_button_leads_on_and_typing_stays(client, pitch):
    address, htmx = url("pitch_step", pitch, "product"), {"HX-Request": "true"}
    typed = sent(client, address, title="Bags that stay")

    saved = client.post(address, typed, headers=htmx)
    # Pressed before the page heard that its words were saved.
    pressed = client.post(address, typed | {"go_on": "1"}, headers=htmx)

    assert (saved.status_code, "HX-Redirect" in saved) == (HTTPStatus.OK, False)
    assert pressed["HX-Redirect"] == url("pitch_step", pitch, "goal")
    assert fresh(pitch).title == "Bags that stay"


def test_a_stale_step_shows_both_versions(client, pitch):
    address = url("pitch_step", pitch, "product")
    typed = sent(client, address, title="Typed by me")
    client.post(address, sent(client, address, title="Saved in the other window"))

    answer = client.post(address, typed)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert all(words in answer.content.decode() for words in ("Typed by me", "Saved in the other window"))
    assert fresh(pitch).title == "Saved in the other window"


def test_the_check_lists_exactly_what_is_missing_with_its_place(client, pitch):
    answer = client.get(url("pitch_step", pitch, "check"))

    place = url("pitch_step", pitch, "product")
    assert [(reason.code, reason.url) for reason in answer.context["missing"]] == [
        ("missing_is_in_scope", f"{place}#id_is_in_scope"),
        ("missing_is_reusable", f"{place}#id_is_reusable"),
        ("missing_fits_roadmap", f"{place}#id_fits_roadmap"),
        ("no_low_cost", url("pitch_options", pitch)),
    ]
    assert [(str(tab.words), tab.count) for tab in answer.context["steps"]] == [
        ("Product and screening", "3 missing"),
        ("Goal, metric, process", "✓"),
        ("Options", "1 missing"),
        ("Benefits", "✓"),
        ("Costs", "✓"),
        ("Asks", "✓"),
        ("Check", "4 missing"),
    ]
    refused = client.post(url("pitch_step", pitch, "check"), sent(client, url("pitch_step", pitch, "check"), "submit"))
    assert refused.status_code == HTTPStatus.CONFLICT
    assert fresh(pitch).stage == Stage.DRAFT


def test_a_complete_one_is_submitted_once_and_the_approver_sees_the_options(client, pitch, people):
    weighed(pitch)
    check = url("pitch_step", pitch, "check")
    values = sent(client, check, "submit")

    answers = [client.post(check, values) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {pitch.get_absolute_url()}
    assert Submission.objects.get().tier == Tier.STANDARD
    client.force_login(people.lead)
    step = Submission.objects.get().steps.earliest("position")
    rows = client.get(url("decide", pitch, step.pk)).context["options"]
    assert [(row.name, row.cost, row.is_preferred) for row in rows] == [
        ("Do nothing", "", False),
        ("Low-cost", "¥32,000", False),
        ("Full", "¥32,000", True),
    ]


def test_a_no_must_say_why_all_the_same(client, pitch):
    project = weighed(pitch)
    Project.objects.update(is_in_scope=False)

    missing = client.get(url("pitch_step", project, "check")).context["missing"]

    assert [reason.code for reason in missing] == ["missing_screening_note"]


def test_a_major_pitch_says_what_happens_if_nothing_is_done(client, pitch):
    project = weighed(pitch)
    Option.objects.filter(project=project, kind=OptionKind.NOTHING).delete()
    Project.objects.update(tier=Tier.MAJOR)

    missing = client.get(url("pitch_step", project, "check")).context["missing"]

    assert [(reason.code, reason.url) for reason in missing] == [("no_nothing", url("pitch_options", project))]


def test_options_are_added_written_preferred_and_dropped(client, pitch):
    client.post(url("option_add", pitch, "low_cost"))
    page = client.get(url("pitch_options", pitch)).content.decode()
    version = fresh(pitch).version
    typed = {"low_cost-version": version, "low_cost-gives_up": "Nights", "low_cost-decide_again_on": "2027-06-30"}
    assert 'name="low_cost-gives_up"' in page

    assert client.post(url("option_save", pitch, "low_cost"), typed).status_code == HTTPStatus.FOUND
    option = Option.objects.get(kind=OptionKind.LOW_COST)
    assert (option.gives_up, option.decide_again_on) == ("Nights", date(2027, 6, 30))

    stale = client.post(url("option_save", pitch, "low_cost"), typed | {"low_cost-gives_up": "Rain"})
    assert stale.status_code == HTTPStatus.CONFLICT
    assert "Rain" in stale.content.decode()

    client.post(url("option_deed", pitch, "low_cost", "prefer"))
    assert Option.objects.get(is_preferred=True) == option
    assert client.post(url("option_deed", pitch, "low_cost", "drop")).status_code == HTTPStatus.CONFLICT
    client.post(url("option_deed", pitch, "full", "prefer"))
    client.post(url("option_deed", pitch, "low_cost", "drop"))
    assert not Option.objects.filter(kind=OptionKind.LOW_COST).exists()


def test_a_benefit_is_written_once_however_often_it_is_sent(client, pitch):
    address = url("line_new", pitch, "full", "benefits")
    values = sent(
        client, address, "line", label="Fewer calls", unit_benefit_amount="10", reach="100 calls", probability="50%"
    )

    for _ in range(2):
        assert client.post(address, values)["Location"] == url("pitch_benefits", pitch) + "?option=full"

    line = BenefitLine.objects.get(label="Fewer calls")
    assert (line.reach, line.reach_unit, line.probability) == (100, "calls", Decimal("0.5"))
    assert fresh(pitch).net_benefit_amount == Decimal("190000.00")
    assert client.get(url("pitch", pitch))["Location"] == url("pitch_step", pitch, "product")


@pytest.mark.parametrize(
    ("part", "typed", "words"),
    [
        ("benefits", {"label": ""}, "Write what it brings"),
        ("benefits", {"label": "x", "probability": "150%"}, "%"),
        ("costs", {"person_days": "-2"}, "0"),
        ("costs", {"person_days": ""}, "Write the effort"),
    ],
)
def test_a_line_that_is_not_understood_says_so_at_its_box(client, pitch, part, typed, words):
    address = url("line_new", pitch, "full", part)
    before = BenefitLine.objects.count(), CostLine.objects.count()

    answer = client.post(address, sent(client, address, "line", **typed))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    (name,) = set(typed) - {"label"} or {"label"}
    assert words in str(answer.context["form"].errors[name])
    assert (BenefitLine.objects.count(), CostLine.objects.count()) == before


def test_a_benefit_is_as_unsure_as_its_realistic_ends(client, pitch):
    line = pitch.benefit_lines.get()
    address = url("line_edit", pitch, "full", "benefits", line.pk)
    before = outlook_of(content_of(pitch), preferred(content_of(pitch)))

    client.post(address, sent(client, address, "line", label="Bags", probability_low="2%", probability_high="1 in 5"))

    line.refresh_from_db()
    assert (line.probability_low, line.probability, line.probability_high) == (Decimal("0.02"), Decimal("0.15"), Decimal("0.2"))  # fmt: skip
    content = content_of(fresh(pitch))
    after = outlook_of(content, preferred(content))
    assert after.conservative < before.conservative
    assert after.inputs[0].key.endswith("probability")
    # It reads back as it was written, the light page makes way, and whoever decides sees the ends.
    assert sent(client, address, "line")["probability_high"] == "20%"
    assert client.get(url("pitch", pitch))["Location"] == url("pitch_step", pitch, "product")
    assert "probability: realistic 2% to 20%" in client.get(url("pitch_benefits", pitch)).content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"reach_low": "4000", "reach_high": "2000"}, "reach_low", "The low end lies above the high one."),
        ({"reach_low": "4000", "reach_high": "5000"}, "reach", "What is likely lies outside its realistic ends."),
        ({"reach_low": "10"}, "reach_high", "Write both ends, or neither."),
        ({"reach_high": "9999"}, "reach_low", "Write both ends, or neither."),
        (
            {"probability": "", "probability_low": "1%", "probability_high": "2%"},
            "probability",
            "Write what is likely, too, or leave both ends empty.",
        ),
        ({"probability_low": "10%", "probability_high": "120%"}, "probability_high", "from 0 to 100"),
        ({"unit_benefit_amount_low": "-1", "unit_benefit_amount_high": "50"}, "unit_benefit_amount_low", "0 or more"),
    ],
)
def test_ends_that_cannot_be_say_so_at_their_box_and_nothing_is_lost(client, pitch, typed, field, words):
    line = pitch.benefit_lines.get()
    address = url("line_edit", pitch, "full", "benefits", line.pk)

    answer = client.post(address, sent(client, address, "line", label="Bags", **typed))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in str(answer.context["form"].errors[field])
    html = answer.content.decode()
    assert all(f'value="{value}"' in html for value in typed.values() if value)
    line.refresh_from_db()
    assert not line.has_ranges


def test_a_stale_line_shows_both_versions(client, pitch):
    line = pitch.benefit_lines.get()
    address = url("line_edit", pitch, "full", "benefits", line.pk)
    mine, other = (sent(client, address, "line", label=label) for label in ("Mine", "Of the other window"))
    client.post(address, other)

    answer = client.post(address, mine)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Of the other window" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_the_low_cost_option_shows_what_differs_and_takes_lines_back(client, pitch):
    option = low_cost(pitch)
    line = pitch.cost_lines.get()
    address = url("line_edit", pitch, "low_cost", "costs", line.pk)
    client.post(address, sent(client, address, "line", person_days="3 person-days"))

    costs = url("pitch_costs", pitch) + "?option=low_cost"
    (row,) = client.get(costs).context["rows"]
    assert (row.reckoning, row.mark) == ("3 person-days", "changed")
    (own,) = CostLine.objects.filter(option=option)
    client.post(url("line_remove", pitch, "low_cost", "costs", own.pk))
    (row,) = client.get(costs).context["rows"]
    assert (row.mark, row.is_left_out, row.pk) == ("left out", True, line.pk)
    client.post(url("line_restore", pitch, "low_cost", "costs", line.pk))
    (row,) = client.get(costs).context["rows"]
    assert (row.reckoning, row.mark) == ("20 person-days", "as in the full one")


def test_a_permit_has_its_lead_and_people_their_skill(client, pitch, people):
    RateCard.objects.create(skill="frontend", valid_from=NOW, day_amount=2000, set_by=people.boss, set_at=NOW)
    for kind, typed in (
        ("permit", {"label": "Security assessment", "amount": "3,000", "lead_days": "15"}),
        ("people", {"label": "Screens", "skill": "frontend", "person_days": "4"}),
    ):
        address = f"{url('line_new', pitch, 'full', 'costs')}?kind={kind}"
        assert client.post(address, sent(client, address, "line", **typed)).status_code == HTTPStatus.FOUND

    lines = CostLine.objects.filter(position__gt=2).values_list("kind", "label", "amount", "lead_days", "skill")
    assert list(lines) == [
        ("permit", "Security assessment", Decimal("3000.00"), 15, ""),
        ("people", "Screens", Decimal("8000.00"), None, "frontend"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        ("pitch_step", "options-of-another-kind"),
        ("line_new", "full", "savings"),
        ("line_new", "low_cost", "benefits"),
        ("line_edit", "full", "costs", 0),
    ],
)
def test_what_is_not_there_does_not_exist(client, pitch, address):
    name, *args = address

    assert client.get(url(name, pitch, *args)).status_code == HTTPStatus.NOT_FOUND


def test_lines_of_another_project_are_not_reached(client, pitch, people):
    other = draft(people).cost_lines.get()

    assert client.get(url("line_edit", pitch, "full", "costs", other.pk)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(url("line_restore", pitch, "full", "costs", other.pk)).status_code == HTTPStatus.NOT_FOUND


def test_what_was_submitted_is_read_and_not_written(client, people, pitch):
    submitted(pitch)

    for name, *args in (("pitch_step", "product"), ("pitch_options",), ("pitch_costs",)):
        assert client.get(url(name, pitch, *args))["Location"] == pitch.get_absolute_url()
    assert client.post(url("option_add", pitch, "nothing")).status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize("count", [1, 12])
def test_a_step_costs_the_same_for_few_lines_and_many(client, pitch, django_assert_num_queries, count):
    option = Option.objects.get(kind=OptionKind.FULL)
    for position in range(3, 3 + count):
        CostLine.objects.create(project=pitch, option=option, position=position, kind="material", amount=1)
    client.get(url("pitch_costs", pitch))

    with django_assert_num_queries(15):  # one of them for what was approved for less last time
        client.get(url("pitch_costs", pitch))


def test_the_rate_card_is_read_by_all_and_set_by_admins(client, people):
    admin = UserFactory(roles=[Role.ADMIN])
    address = reverse("projects:rates")
    values = {"skill": "Frontend", "valid_from": "2027-01-01", "day_amount": "2,100"}
    client.force_login(people.pm)
    assert client.post(address, values).status_code == HTTPStatus.FORBIDDEN

    client.force_login(admin)
    for rate in ("1,900", "2,100"):
        assert (
            client.post(address, sent(client, address, "rate", **values | {"day_amount": rate}))["Location"] == address
        )
    assert list(RateCard.objects.values_list("skill", "day_amount")) == [("Frontend", Decimal("2100.00"))]
    refused = client.post(address, values | {"day_amount": "dear"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="dear"' in refused.content.decode()


def test_a_kind_names_lines_and_hints_and_no_figure(client, people):
    ProductFactory()
    client.force_login(people.pm)
    answer = client.post(reverse("projects:new"), {"title": "Fewer lost bags", "template": "loss", "_key": "k"})
    project = Project.objects.get(title="Fewer lost bags")
    assert answer["Location"] == reverse("projects:pitch", args=[project.pk])

    line = BenefitLine.objects.get(project=project)
    assert (line.label, line.reach_unit) == ("Less is lost or damaged", "losses")
    assert (line.unit_benefit_amount, line.reach, line.probability) == (None, None, None)
    assert not CostLine.objects.filter(project=project).exists()
    assert "What one loss costs" in client.get(answer["Location"]).content.decode()

    offers = client.get(reverse("projects:pitch_costs", args=[project.pk])).context["offers"]
    assert [offer.words for offer in offers][:2] == ["Building it", "Devices, labels, spare parts"]
    assert 'value="Building it"' in client.get(offers[0].url).content.decode()
    others = client.get(reverse("projects:pitch_benefits", args=[project.pk])).context["offers"]
    assert [offer.words for offer in others] == ["Fewer complaints and payments"]


def test_no_other_kind_is_chosen(client, people):
    client.force_login(people.pm)
    answer = client.post(reverse("projects:new"), {"title": "Fewer lost bags", "template": "magic"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
