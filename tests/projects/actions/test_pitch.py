from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.policy.store import change
from projects import policy
from projects.actions.pitch import PITCH_FIELDS, content_of, difference, save_pitch, snapshot, start_pitch
from projects.business_inputs import preferred
from projects.enums import Basis, CostKind, Stage, Tier
from projects.models import BenefitLine, CostLine, Project
from tests.factories.accounts import AdminFactory, SiteFactory, UserFactory
from tests.factories.projects import (
    DAY,
    NOW,
    GoalFactory,
    ProductFactory,
    ProjectFactory,
    cast,
    draft,
    light_values,
    verbs,
)

pytestmark = pytest.mark.django_db


# --- Begun ------------------------------------------------------------------------------------------------------------


def test_first_pitch_begins_empty():
    pm = cast().pm

    project = start_pitch("Bags that come back", by=pm, now=NOW)

    project.refresh_from_db()
    assert (project.title, project.owner, project.site) == ("Bags that come back", pm, pm.site)
    assert (project.stage, project.tier, project.version) == (Stage.DRAFT, Tier.LIGHT, 1)
    assert (project.product, project.goal, project.business_partner) == (None, None, None)
    assert (project.net_benefit_amount, project.effort_days, project.cost_amount) == (None, None, None)
    line = BenefitLine.objects.get(project=project)
    assert (line.unit_benefit_amount, line.reach, line.probability, line.basis) == (None, None, None, Basis.JUDGEMENT)
    assert CostLine.objects.filter(project=project).count() == 0
    entry = AuditEntry.objects.for_project(project.pk).get()
    assert (entry.verb, entry.actor_id, entry.at, entry.after) == (
        "project.begun",
        pm.pk,
        NOW,
        {"title": "Bags that come back"},
    )


def test_next_pitch_is_prefilled_from_the_last_one_with_a_product():
    people = cast()
    last = draft(people)
    start_pitch("Never went on", by=people.pm, now=NOW)
    of_somebody_else = ProjectFactory(product=ProductFactory())

    project = start_pitch("Next", by=people.pm, now=NOW)

    assert (project.product, project.goal, project.business_partner) == (
        last.product,
        last.product.goal,
        people.partner,
    )
    assert project.product != of_somebody_else.product


def test_goal_is_the_one_the_product_has_today():
    people = cast()
    last = draft(people)
    newer = GoalFactory(quarter="2027 Q1")
    last.product.goal = newer
    last.product.save()

    assert start_pitch("Next", by=people.pm, now=NOW).goal == newer


def test_partner_who_left_is_not_suggested():
    people = cast()
    draft(people)
    people.partner.is_active = False
    people.partner.save()

    assert start_pitch("Next", by=people.pm, now=NOW).business_partner is None


@pytest.mark.parametrize("roles", [[], [Role.ENGINEER], [Role.ADMIN]])
def test_only_managers_of_products_and_leads_pitch(roles):
    person = UserFactory(site=SiteFactory(), roles=roles)

    with pytest.raises(PermissionDenied):
        start_pitch("Bags", by=person, now=NOW)
    assert Project.objects.count() == 0


def test_lead_may_pitch():
    assert start_pitch("Bags", by=cast().lead, now=NOW).stage == Stage.DRAFT


def test_nobody_inactive_pitches():
    pm = cast().pm
    pm.is_active = False

    with pytest.raises(PermissionDenied):
        start_pitch("Bags", by=pm, now=NOW)


@pytest.mark.parametrize("title", ["", "   ", "\u3000", "a\u200bb", "x" * 121])
def test_pitch_needs_a_readable_title(title):
    with pytest.raises(InvalidInputError) as refused:
        start_pitch(title, by=cast().pm, now=NOW)
    assert list(refused.value.errors) == ["title"]
    assert Project.objects.count() == 0


def test_pitch_needs_a_site_to_count_working_days():
    with pytest.raises(InvalidInputError) as refused:
        start_pitch("Bags", by=UserFactory(roles=[Role.PM]), now=NOW)
    assert list(refused.value.errors) == ["title"]


# --- Saved ------------------------------------------------------------------------------------------------------------


def test_saving_keeps_all_values_and_reckons():
    people = cast()
    product = ProductFactory()
    project = start_pitch("Bags", by=people.pm, now=NOW)
    values = light_values(
        product=product,
        goal=product.goal,
        business_partner=people.partner,
        sponsor=people.boss,
        process=None,
        is_in_scope=True,
        is_reusable=False,
        fits_roadmap=None,
        screening_note="Asked by law",
        needs_permit=False,
        is_reversible=True,
        crosses_departments=False,
        is_restricted=True,
        material_amount=Decimal("1200.50"),
        material_label="Labels",
    )
    assert values.keys() == PITCH_FIELDS

    saved = save_pitch(project, values, version=1, by=people.pm, now=NOW + DAY)

    saved.refresh_from_db()
    # 40 × 3,000 × 0.15 × 12 months = 216,000; 10 days at 1,600 and the labels = 17,200.50.
    assert saved.net_benefit_amount == Decimal("198799.50")
    assert (saved.effort_days, saved.cost_amount, saved.tier) == (Decimal(10), Decimal("17200.50"), Tier.LIGHT)
    assert (saved.version, saved.updated_at, saved.updated_by) == (2, NOW + DAY, people.pm)
    people_and_things = {
        "business_partner": people.partner,
        "sponsor": people.boss,
        "product": product,
        "goal": product.goal,
    }
    expected = values | {name: one.pk for name, one in people_and_things.items()}
    assert snapshot(saved) == expected
    lines = CostLine.objects.filter(project=saved).values_list(
        "position", "kind", "person_days", "unit_amount", "amount"
    )
    assert list(lines) == [
        (1, CostKind.PEOPLE, Decimal("10.00"), Decimal("1600.00"), Decimal("16000.00")),
        (2, CostKind.MATERIAL, None, None, Decimal("1200.50")),
    ]


def test_saving_a_part_leaves_the_rest():
    people = cast()
    project = draft(people, material_amount=Decimal(900), material_label="Labels")
    before = snapshot(project)

    saved = save_pitch(project, {"reach": Decimal(6000)}, version=project.version, by=people.pm, now=NOW)

    assert snapshot(saved) == before | {"reach": Decimal(6000)}
    assert saved.net_benefit_amount == Decimal("432000.00") - Decimal("16900.00")
    entry = AuditEntry.objects.for_project(project.pk).last()
    assert entry is not None
    assert (entry.verb, entry.before, entry.after) == ("pitch.saved", {"reach": "3000.00"}, {"reach": "6000.00"})


def test_what_is_saved_already_is_no_conflict():
    """A page that saves by itself may be faster than its own button."""
    people = cast()
    project = draft(people)
    values = {"reach": Decimal(6000), "title": "Bags", "product": project.product}
    saved = save_pitch(project, values, version=project.version, by=people.pm, now=NOW)
    rows = AuditEntry.objects.count()

    again = save_pitch(project, values, version=project.version, by=people.pm, now=NOW)

    assert (again.version, AuditEntry.objects.count()) == (saved.version, rows)
    with pytest.raises(StaleObjectError):
        save_pitch(project, values | {"reach": Decimal(7000)}, version=project.version, by=people.pm, now=NOW)


def test_material_keeps_its_label_when_only_the_amount_is_saved():
    people = cast()
    project = draft(people, material_amount=Decimal(900), material_label="Labels")

    saved = save_pitch(project, {"material_amount": Decimal(950)}, version=project.version, by=people.pm, now=NOW)
    assert (snapshot(saved)["material_amount"], snapshot(saved)["material_label"]) == (Decimal(950), "Labels")

    saved = save_pitch(saved, {"material_label": "Codes"}, version=saved.version, by=people.pm, now=NOW)
    assert (snapshot(saved)["material_amount"], snapshot(saved)["material_label"]) == (Decimal(950), "Codes")


@pytest.mark.parametrize("emptied", [None, Decimal(0)])
def test_material_goes_when_it_is_emptied(emptied):
    people = cast()
    project = draft(people, material_amount=Decimal(900), material_label="Labels")

    saved = save_pitch(project, {"material_amount": emptied}, version=project.version, by=people.pm, now=NOW)

    assert CostLine.objects.filter(project=project).count() == 1
    assert saved.cost_amount == Decimal("16000.00")


def test_a_saved_line_stays_the_same_line():
    people = cast()
    project = draft(people)
    line = CostLine.objects.get(project=project)

    save_pitch(project, {"person_days": Decimal(12)}, version=project.version, by=people.pm, now=NOW)

    assert CostLine.objects.get(project=project).pk == line.pk


def test_rate_is_that_of_the_day_on_which_the_days_were_saved():
    people = cast()
    project = draft(people)
    change(policy.DAY_RATE, Decimal("2000.00"), by=None, now=NOW)

    saved = save_pitch(project, {"reach": Decimal(3000)}, version=project.version, by=people.pm, now=NOW)
    assert saved.cost_amount == Decimal("16000.00")

    saved = save_pitch(saved, {"person_days": Decimal(10)}, version=saved.version, by=people.pm, now=NOW)
    assert saved.cost_amount == Decimal("20000.00")


@pytest.mark.parametrize("driver", ["unit_benefit_amount", "reach", "probability"])
def test_a_driver_that_is_not_known_makes_the_benefit_not_known(driver):
    people = cast()
    project = draft(people)
    assert project.net_benefit_amount == Decimal("200000.00")

    saved = save_pitch(project, {driver: None}, version=project.version, by=people.pm, now=NOW)

    saved.refresh_from_db()
    assert saved.net_benefit_amount is None
    assert (
        preferred(content_of(saved))["benefits"][0][{"unit_benefit_amount": "unit_benefit"}.get(driver, driver)] is None
    )


def test_a_driver_of_zero_is_known():
    people = cast()
    project = draft(people, probability=Decimal(0))

    assert project.net_benefit_amount == Decimal("-16000.00")


def test_effort_that_is_not_known_is_not_zero():
    people = cast()

    project = draft(people, person_days=None)

    assert (project.effort_days, project.cost_amount, project.net_benefit_amount) == (None, None, None)
    assert CostLine.objects.filter(project=project).count() == 0


@pytest.mark.parametrize(
    ("values", "tier"),
    [
        ({"person_days": Decimal(15)}, Tier.LIGHT),
        ({"person_days": Decimal("15.01")}, Tier.STANDARD),
        ({"person_days": Decimal(121)}, Tier.MAJOR),
        ({"needs_permit": True}, Tier.STANDARD),
        ({"crosses_departments": True}, Tier.STANDARD),
        ({"is_reversible": False}, Tier.MAJOR),
        ({"material_amount": Decimal(1_000_001)}, Tier.MAJOR),
    ],
)
def test_tier_follows_what_is_saved_both_ways(values, tier):
    people = cast()
    project = draft(people)

    saved = save_pitch(project, values, version=project.version, by=people.pm, now=NOW)
    assert Project.objects.get(pk=project.pk).tier == tier

    back = {name: light_values().get(name, name == "is_reversible" or None) for name in values}
    back = {name: False if name in {"needs_permit", "crosses_departments"} else value for name, value in back.items()}
    save_pitch(saved, back, version=saved.version, by=people.pm, now=NOW)
    assert Project.objects.get(pk=project.pk).tier == Tier.LIGHT


def test_stale_version_saves_nothing():
    people = cast()
    project = draft(people)
    seen = project.version
    save_pitch(project, {"reach": Decimal(6000)}, version=seen, by=people.pm, now=NOW)
    kept = snapshot(Project.objects.get(pk=project.pk))
    said = verbs(project)

    with pytest.raises(StaleObjectError) as refused:
        save_pitch(project, {"reach": Decimal(1), "title": "Mine"}, version=seen, by=people.pm, now=NOW)

    assert refused.value.obj == project
    assert snapshot(Project.objects.get(pk=project.pk)) == kept
    assert verbs(project) == said


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.DRAFT])
def test_what_was_submitted_does_not_change(stage):
    project = ProjectFactory(stage=stage)

    with pytest.raises(IllegalStateError):
        save_pitch(project, {"title": "Other"}, version=project.version, by=project.owner, now=NOW)

    project.refresh_from_db()
    assert (project.title == "Other", project.version) == (False, 1)


def test_unknown_names_are_refused_by_name():
    project = ProjectFactory()

    with pytest.raises(InvalidInputError) as refused:
        save_pitch(project, {"title": "Other", "stage": "approved", "owner": 1}, version=1, by=project.owner, now=NOW)

    assert list(refused.value.errors) == ["owner", "stage"]
    project.refresh_from_db()
    assert (project.stage, project.version) == (Stage.DRAFT, 1)


def test_nobody_else_writes_the_pitch():
    people = cast()
    project = draft(people)
    other = UserFactory(site=people.site, roles=[Role.PM])

    for person in (people.boss, people.lead, people.engineer, people.partner, other, AdminFactory()):
        with pytest.raises(PermissionDenied) as refused:
            save_pitch(project, {"title": "Other"}, version=project.version, by=person, now=NOW)
        assert str(refused.value) == "Only the owner writes the pitch. The owner is Pia Manager."
    assert Project.objects.get(pk=project.pk).title == "Bags that come back"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"problem": "x" * 4001}, "problem"),
        ({"unit_benefit_amount": Decimal("-0.01")}, "unit_benefit_amount"),
        ({"unit_benefit_amount": Decimal("0.001")}, "unit_benefit_amount"),
        ({"unit_benefit_amount": Decimal("NaN")}, "unit_benefit_amount"),
        ({"unit_benefit_amount": Decimal("1e14")}, "unit_benefit_amount"),
        ({"reach": Decimal(-1)}, "reach"),
        ({"reach": Decimal("Infinity")}, "reach"),
        ({"reach": Decimal("1e12")}, "reach"),
        ({"reach_unit": "x" * 41}, "reach_unit"),
        ({"probability": Decimal("-0.01")}, "probability"),
        ({"probability": Decimal("1.000001")}, "probability"),
        ({"probability": Decimal("sNaN")}, "probability"),
        ({"basis": "hearsay"}, "basis"),
        ({"evidence": "x" * 301}, "evidence"),
        ({"person_days": Decimal(-1)}, "person_days"),
        ({"person_days": Decimal("1e6")}, "person_days"),
        ({"person_days": Decimal("NaN")}, "person_days"),
        ({"material_amount": Decimal(-1)}, "material_amount"),
        ({"material_amount": Decimal("1e14")}, "material_amount"),
        ({"material_label": "x" * 121}, "material_label"),
        ({"wanted_on": date(1, 1, 1)}, "wanted_on"),
        ({"wanted_on": date(9999, 12, 31)}, "wanted_on"),
    ],
)
def test_values_that_no_row_can_keep_are_refused_beside_their_field(values, field):
    people = cast()
    project = draft(people)
    kept = snapshot(project)

    with pytest.raises(InvalidInputError) as refused:
        save_pitch(project, {"reach_unit": "boxes"} | values, version=project.version, by=people.pm, now=NOW)

    assert list(refused.value.errors) == [field]
    assert snapshot(Project.objects.get(pk=project.pk)) == kept


def test_every_wrong_value_is_named_at_once():
    people = cast()
    project = draft(people)

    with pytest.raises(InvalidInputError) as refused:
        save_pitch(
            project,
            {"title": "", "reach": Decimal(-1), "person_days": Decimal(-1), "wanted_on": date(1, 1, 1)},
            version=project.version,
            by=people.pm,
            now=NOW,
        )

    assert set(refused.value.errors) == {"title", "reach", "person_days", "wanted_on"}


def test_partner_who_left_is_refused():
    people = cast()
    project = draft(people)
    gone = UserFactory(name="Gone", is_active=False)

    with pytest.raises(InvalidInputError) as refused:
        save_pitch(project, {"business_partner": gone}, version=project.version, by=people.pm, now=NOW)

    assert {name: str(words) for name, words in refused.value.errors.items()} == {
        "business_partner": "Gone no longer works here."
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"unit_benefit_amount": Decimal("99999999999.99"), "reach": Decimal("999999999999.99")}, "reach"),
        ({"material_amount": Decimal("9999999999999.99"), "person_days": Decimal(999_999)}, "material_amount"),
    ],
)
def test_figures_that_fit_apart_but_not_together_are_refused(values, field):
    people = cast()
    project = draft(people)
    kept = snapshot(project)

    with pytest.raises(InvalidInputError) as refused:
        save_pitch(project, values, version=project.version, by=people.pm, now=NOW)

    assert list(refused.value.errors) == [field]
    assert snapshot(Project.objects.get(pk=project.pk)) == kept


def test_difference_is_only_what_moved():
    assert difference({"a": 1, "b": None}, {"a": 1, "b": 2}) == ({"b": None}, {"b": 2})
