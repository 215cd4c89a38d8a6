"""A copy of a pitch: the same options and figures, nobody's word for them, an own life."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from projects.actions.confirmation import answer_figures
from projects.actions.copies import copy_pitch
from projects.actions.options import prefer_option, remove_line, save_cost_line
from projects.actions.pitch import content_of
from projects.business_inputs import case_of
from projects.enums import Basis, OptionKind, Stage
from projects.models import BenefitLine, Confirmation, Option, Project
from tests.factories.projects import DAY, NOW, cast, draft, submitted, weighed

pytestmark = pytest.mark.django_db
OFTEN = {"kind": "material", "label": "Hosting", "amount": Decimal(900), "is_monthly": True}


def fresh(project):
    return Project.objects.get(pk=project.pk).version


def test_a_copy_has_the_figures_and_not_what_vouched_for_them():
    people = cast()
    source = weighed(draft(people, person_days=Decimal(20), is_restricted=True))
    full, low = (Option.objects.get(project=source, kind=kind) for kind in (OptionKind.FULL, OptionKind.LOW_COST))
    hosting = save_cost_line(full, None, OFTEN, version=fresh(source), by=people.pm, now=NOW)
    remove_line(low, hosting, version=fresh(source), by=people.pm, now=NOW)
    prefer_option(low, version=fresh(source), by=people.pm, now=NOW)
    answer_figures(source, [full.benefit_lines.get()], note="", by=people.partner, now=NOW)
    source = submitted(Project.objects.get(pk=source.pk))
    before = content_of(source)

    copy = copy_pitch(source, by=people.lead, now=NOW + DAY)

    assert (copy.owner, copy.stage, copy.title, copy.wanted_on) == (people.lead, Stage.DRAFT, source.title, None)
    assert copy.is_restricted
    now = content_of(copy)
    assert [(one["kind"], one["is_preferred"], one["gives_up"]) for one in now["options"]] == [
        (one["kind"], one["is_preferred"], one["gives_up"]) for one in before["options"]
    ]
    for old, new in zip(before["options"], now["options"], strict=True):
        assert case_of(now, new).net_benefit == case_of(before, old).net_benefit
        assert new["decide_again_on"] is None
    line = BenefitLine.objects.get(project=copy)
    assert (line.basis, line.evidence, line.confirmations.count()) == (Basis.JUDGEMENT, "", 0)
    assert Confirmation.objects.count() == 1
    assert content_of(source) == before


def test_who_may_not_pitch_copies_nothing():
    people = cast()
    source = draft(people)

    with pytest.raises(PermissionDenied):
        copy_pitch(source, by=people.engineer, now=NOW)
    assert Project.objects.count() == 1


def test_a_copy_pressed_twice_is_one(client):
    people = cast()
    source = submitted(draft(people))
    client.force_login(people.lead)
    page = client.get(reverse("projects:pitch", args=[source.pk])).content.decode()
    assert reverse("projects:pitch_copy", args=[source.pk]) in page
    key = "6a1f1f5e-8d0e-4c1c-9d0c-0a4b4f0f7a11"

    answers = [client.post(reverse("projects:pitch_copy", args=[source.pk]), {"_key": key}) for _ in range(2)]

    assert len({answer["Location"] for answer in answers}) == 1
    assert Project.objects.count() == 2
