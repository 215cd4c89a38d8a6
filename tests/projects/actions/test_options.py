"""The options of a pitch: inherited, replaced and left out; reckoned, frozen and granted by the preferred one."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from projects.actions.copies import copy_pitch
from projects.actions.grants import asked_for
from projects.actions.options import (
    add_option,
    drop_option,
    prefer_option,
    remove_line,
    restore_line,
    save_benefit_line,
    save_cost_line,
    save_option,
)
from projects.actions.pitch import content_of, options_of, rate_of, save_pitch
from projects.business_inputs import canonical, case_of, preferred, read
from projects.content_difference import moves_between
from projects.enums import CostKind, OptionKind
from projects.models import BenefitLine, CostLine, Option, Project, RateCard, Submission
from projects.uncertain_inputs import outlook_of
from tests.factories.projects import NOW, TODAY, cast, draft, submitted
from tests.projects.test_uncertain_inputs import UNSAID

pytestmark = pytest.mark.django_db

TWO = {"label": "Fewer calls", "unit_benefit_amount": Decimal(10), "reach": Decimal(100), "probability": Decimal("0.5")}
HOSTING = {"kind": CostKind.MATERIAL, "label": "Hosting", "amount": Decimal(900), "is_monthly": True}


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def project(people):
    return draft(people)


def act(deed, thing, *args, by, **more):
    """Do it as the newest version allows."""
    project = thing if isinstance(thing, Project) else thing.project
    return deed(thing, *args, version=Project.objects.get(pk=project.pk).version, by=by, now=NOW, **more)


@pytest.fixture
def full(project):
    return project.options.get()


@pytest.fixture
def low(project, people):
    return act(add_option, project, OptionKind.LOW_COST, by=people.pm)


def costs_in(kind: OptionKind, project: Project) -> list[tuple[str, Decimal]]:
    lines = next(one for one in options_of(project) if one.option.kind == kind)
    return [(line.label, line.amount) for line in lines.costs]


def test_lines_add_up_and_monthly_ones_count_every_month(project, people, full):
    act(save_benefit_line, full, None, TWO, by=people.pm)
    act(save_cost_line, full, None, HOSTING, by=people.pm)

    project.refresh_from_db()
    # 216,000 + 10 × 100 × 0.5 × 12, against 16,000 + 900 × 12
    assert (project.net_benefit_amount, project.cost_amount) == (Decimal("195200.00"), Decimal("26800.00"))
    assert project.effort_days == 10


def test_people_cost_what_their_skill_costs_that_day(project, people, full):
    for day, rate in ((date(2026, 1, 1), 1200), (TODAY, 2000), (date(2027, 1, 1), 9000)):
        RateCard.objects.create(skill="algorithm", valid_from=day, day_amount=rate, set_by=people.boss, set_at=NOW)

    values = {"kind": CostKind.PEOPLE, "skill": "algorithm", "person_days": Decimal("2.5"), "label": "Model"}
    line = act(save_cost_line, full, None, values, by=people.pm)

    assert (line.unit_amount, line.amount) == (Decimal(2000), Decimal("5000.00"))
    assert rate_of("algorithm", on=date(2026, 6, 1)) == 1200
    assert rate_of("nobody has set this", on=TODAY) == rate_of("", on=TODAY) == 1600


def test_the_low_cost_option_has_the_lines_of_the_full_one_until_it_changes_them(project, people, full, low):
    hosting = act(save_cost_line, full, None, HOSTING, by=people.pm)
    assert costs_in(OptionKind.LOW_COST, project) == [("", 16000), ("Hosting", 900)]

    effort = full.cost_lines.get(position=1)
    act(save_cost_line, low, effort, {"person_days": Decimal(3)}, by=people.pm)
    act(remove_line, low, hosting, by=people.pm)
    act(save_cost_line, low, None, HOSTING | {"label": "By hand", "amount": Decimal(500)}, by=people.pm)

    assert costs_in(OptionKind.LOW_COST, project) == [("", 4800), ("By hand", 500)]
    assert costs_in(OptionKind.FULL, project) == [("", 16000), ("Hosting", 900)]
    assert list(CostLine.objects.of_option(low)) == [
        line for one in options_of(project) if one.option == low for line in one.costs
    ]

    act(restore_line, low, hosting, by=people.pm)
    act(restore_line, low, effort, by=people.pm)
    assert costs_in(OptionKind.LOW_COST, project) == [("", 16000), ("Hosting", 900), ("By hand", 500)]


def test_what_the_full_option_changes_reaches_the_low_cost_one(project, people, full, low):
    act(save_benefit_line, full, full.benefit_lines.get(), {"reach": Decimal(1000)}, by=people.pm)

    content = content_of(project)

    assert {case_of(content, option).benefit for option in content["options"]} == {Decimal("72000.00")}


def test_the_preferred_option_is_what_the_project_stands_for(project, people, full, low):
    effort = full.cost_lines.get()
    act(save_cost_line, low, effort, {"person_days": Decimal(2)}, by=people.pm)
    act(prefer_option, low, by=people.pm)

    project.refresh_from_db()
    assert (project.effort_days, project.cost_amount) == (2, Decimal("3200.00"))
    assert [line.person_days for line in CostLine.objects.in_force(project)] == [2]
    assert list(BenefitLine.objects.in_force(project)) == list(full.benefit_lines.all())
    submitted(project)
    assert asked_for(Submission.objects.get()) == (2, 0)


def test_money_asked_for_counts_permits_and_every_month(project, people, full):
    act(save_cost_line, full, None, HOSTING, by=people.pm)
    permit = {"kind": CostKind.PERMIT, "label": "Security", "amount": Decimal(3000), "lead_days": 15}
    assert act(save_cost_line, full, None, permit, by=people.pm).lead_days == 15
    submitted(project)

    submission = Submission.objects.get()
    assert asked_for(submission) == (10, Decimal(3000 + 900 * 12))
    assert submission.tier == "standard"


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (CostKind.PEOPLE, {}, "person_days"),
        (CostKind.PEOPLE, {"person_days": Decimal(-1)}, "person_days"),
        (CostKind.MATERIAL, {"label": "Scanners"}, "amount"),
        (CostKind.MATERIAL, {"amount": Decimal(-1)}, "amount"),
        (CostKind.PERMIT, {"amount": Decimal(1), "lead_days": 501}, "lead_days"),
        (CostKind.PERMIT, {"amount": Decimal(1), "label": "x" * 121}, "label"),
    ],
)
def test_a_cost_that_cannot_be_is_refused_at_its_field(project, people, full, kind, values, field):
    with pytest.raises(InvalidInputError) as caught:
        act(save_cost_line, full, None, {"kind": kind} | values, by=people.pm)
    assert set(caught.value.errors) == {field}


def test_a_stale_edit_and_another_hand_are_refused(project, people, full):
    with pytest.raises(StaleObjectError):
        save_benefit_line(full, None, TWO, version=project.version - 1, by=people.pm, now=NOW)
    with pytest.raises(PermissionDenied):
        act(save_benefit_line, full, None, TWO, by=people.lead)
    submitted(project)
    with pytest.raises(IllegalStateError):
        act(save_benefit_line, full, None, TWO, by=people.pm)
    assert BenefitLine.objects.count() == 1


def test_an_option_says_what_it_gives_up_and_when_to_decide_again(people, low):
    values = {"summary": "By hand", "gives_up": "Nights", "stays_switchable": "", "decide_again_on": date(2027, 6, 30)}

    saved = act(save_option, low, values, by=people.pm)

    assert (saved.gives_up, saved.decide_again_on) == ("Nights", date(2027, 6, 30))
    with pytest.raises(InvalidInputError) as caught:
        act(save_option, low, {"decide_again_on": TODAY}, by=people.pm)
    assert set(caught.value.errors) == {"decide_again_on"}


def test_options_come_once_and_the_one_asked_for_stays(project, people, full, low):
    nothing = act(add_option, project, OptionKind.NOTHING, by=people.pm)
    for deed, option in ((prefer_option, nothing), (drop_option, full)):
        with pytest.raises(IllegalStateError):
            act(deed, option, by=people.pm)
    with pytest.raises(IllegalStateError):
        act(add_option, project, OptionKind.LOW_COST, by=people.pm)
    act(drop_option, low, by=people.pm)
    assert [option.kind for option in Option.objects.filter(project=project)] == [OptionKind.NOTHING, OptionKind.FULL]


def test_the_last_benefit_stays_and_the_next_takes_the_first_place(project, people, full):
    first = full.benefit_lines.get()
    with pytest.raises(IllegalStateError):
        act(remove_line, full, first, by=people.pm)
    second = act(save_benefit_line, full, None, TWO, by=people.pm)

    act(remove_line, full, first, by=people.pm)

    second.refresh_from_db()
    assert second.position == 1
    project = Project.objects.get(pk=second.project_id)
    save_pitch(project, {"reach": Decimal(7)}, version=project.version, by=people.pm, now=NOW)
    second.refresh_from_db()
    assert second.reach == 7


def test_a_pitch_frozen_before_there_were_options_reads_as_its_full_option():
    text = (
        '{"annual_rate":"0.08","benefit":{"basis":"measured","evidence":"","line":1,"probability":"0.15","reach":"3000",'
        '"reach_unit":"bags","unit_benefit":"40"},"costs":[{"amount":"16000","kind":"people","label":"","line":1,'
        '"person_days":"10","unit_amount":"1600"}],"currency":"CNY","horizon_months":12,"title":"Bags"}'
    )

    content = read(text)

    assert (content["version"], content["title"], content["changed"]) == (5, "Bags", None)
    assert case_of(content).net_benefit == Decimal("200000.00")
    assert outlook_of(content, preferred(content)) is None
    assert read('{"version":3,"title":"x","options":[]}') == {
        "version": 5, "title": "x", "documents": [], "widening": None, "options": [],
    }  # fmt: skip


def test_a_pitch_frozen_before_lines_said_what_they_replace_reads_as_if_none_did():
    text = '{"options":[{"benefits":[{"line":1}],"costs":[{"line":2}],"kind":"full"}],"title":"Bags","version":2}'

    assert read(text) == {
        "version": 5,
        "title": "Bags",
        "changed": None,
        "documents": [],
        "widening": None,
        "options": [
            {
                "kind": "full",
                "benefits": [UNSAID | {"line": 1, "replaces": None}],
                "costs": [{"line": 2, "replaces": None}],
            }
        ],
    }


ENDS = {"probability_low": Decimal("0.1"), "probability_high": Decimal("0.2")}


def test_realistic_ends_are_frozen_told_apart_and_copied(project, people, full):
    before = content_of(project)
    act(save_benefit_line, full, full.benefit_lines.get(), ENDS, by=people.pm)
    project = Project.objects.get(pk=project.pk)

    content = content_of(project)
    (line,) = preferred(content)["benefits"]
    assert (line["probability_low"], line["probability_high"]) == ("0.1", "0.2")
    assert read(canonical(content)) == content
    assert [(move.field, move.new, move.is_material) for move in moves_between(before, content)] == [
        ("probability_low", "0.1", False),
        ("probability_high", "0.2", False),
    ]
    assert copy_pitch(project, by=people.pm, now=NOW).benefit_lines.get().has_ranges


def test_the_light_page_and_programs_keep_a_figure_inside_its_ends(project, people, full):
    act(save_benefit_line, full, full.benefit_lines.get(), ENDS, by=people.pm)

    with pytest.raises(InvalidInputError) as refused:
        act(save_pitch, project, {"probability": Decimal("0.5")}, by=people.pm)
    assert list(refused.value.errors) == ["probability"]
    act(save_pitch, project, {"probability": Decimal("0.12")}, by=people.pm)
    assert full.benefit_lines.get().probability == Decimal("0.12")


def test_the_database_keeps_a_figure_inside_its_ends(full):
    with pytest.raises(IntegrityError), transaction.atomic():
        full.benefit_lines.update(probability_low=Decimal("0.5"), probability_high=Decimal("0.6"))
    with pytest.raises(IntegrityError), transaction.atomic():
        full.benefit_lines.update(reach_low=Decimal(1))


def test_what_was_frozen_before_has_no_ends(project):
    content = content_of(project)
    for option in content["options"]:
        for line in option["benefits"]:
            for name in ("unit_benefit", "reach", "probability"):
                del line[f"{name}_low"], line[f"{name}_high"]

    assert read(canonical(content | {"version": 4})) == content_of(project)
