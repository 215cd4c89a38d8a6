from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.common.errors import IllegalStateError, InvalidInputError
from portal.policy.store import change
from projects import policy
from projects.actions.actuals import record_actual
from projects.actions.early_start import allow_early_start
from projects.actions.options import remove_line
from projects.actions.pitch import save_pitch
from projects.actions.stage import move
from projects.enums import CostKind, StepState
from projects.lifecycle import Transition
from projects.models import CostActual, EarlyStart, Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import DAY, NOW, TODAY, approved, cast, decided, draft, owed, submitted, told, verbs

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 12, 7)


@pytest.fixture
def people():
    return cast()


def people_line(project):
    return project.cost_lines.get(kind=CostKind.PEOPLE)


def use(project, days, people, *, as_of=TODAY, now=NOW):
    return record_actual(
        people_line(project), as_of=as_of, person_days=Decimal(days), amount=None, by=people.pm, now=now
    )


def test_an_early_start_is_possible_and_capped(people):
    project = draft(people)
    with pytest.raises(IllegalStateError):
        use(project, 1, people)

    early = allow_early_start(project, by=people.lead, now=NOW)

    assert (early.most_days, early.until_on, early.allowed_by) == (Decimal(10), UNTIL, people.lead)
    assert ("early_start", "Pia Manager") in owed(project)
    assert ("early_start_allowed", "Pia Manager") in told(project)
    assert verbs(project)[-1] == "early_start.allowed"
    assert use(project, 10, people).person_days == Decimal(10)
    with pytest.raises(InvalidInputError) as refused:
        use(project, "10.5", people)
    assert refused.value.errors == {
        "person_days": "The early start allows at most 10 person-days. More waits for the approval."
    }
    assert CostActual.objects.get().person_days == Decimal(10)


def test_day_after_its_end_is_refused_and_its_last_day_is_not(people):
    project = draft(people)
    allow_early_start(project, by=people.lead, now=NOW)
    later = NOW + timedelta(days=20)

    use(project, 4, people, as_of=UNTIL, now=later)
    with pytest.raises(InvalidInputError) as refused:
        use(project, 5, people, as_of=UNTIL + DAY, now=later)

    assert set(refused.value.errors) == {"as_of"}


def test_no_money_is_spent_by_it(people):
    project = draft(people, material_amount=Decimal(500), material_label="Codes")
    allow_early_start(project, by=people.lead, now=NOW)
    line = project.cost_lines.get(kind=CostKind.MATERIAL)

    with pytest.raises(InvalidInputError):
        record_actual(line, as_of=TODAY, person_days=None, amount=Decimal(10), by=people.pm, now=NOW)


def test_pitch_is_owed_until_it_is_submitted_and_again_when_it_comes_back(people):
    project = draft(people)
    allow_early_start(project, by=people.lead, now=NOW)

    project = submitted(project)
    assert ("early_start", "Pia Manager") not in owed(project)
    project = move(project, Transition.WITHDRAW, by=people.pm, now=NOW)
    assert ("early_start", "Pia Manager") in owed(project)
    project = decided(submitted(project), StepState.ASKED_BACK, reason="Which?")
    assert ("early_start", "Pia Manager") in owed(project)
    project = approved(project)
    assert owed(project) == {("prepare", "Pia Manager")}
    assert use(project, 12, people).person_days == Decimal(12)


def test_caps_are_those_of_the_policy_of_that_day(people):
    admin = UserFactory(roles=["admin"])
    change(policy.EARLY_START_MOST_DAYS, Decimal(3), version=0, by=admin, now=NOW)
    project = draft(people)

    early = allow_early_start(project, by=people.lead, now=NOW)
    change(policy.EARLY_START_MOST_DAYS, Decimal(30), version=1, by=admin, now=NOW)

    assert early.most_days == Decimal(3)
    with pytest.raises(InvalidInputError):
        use(project, 4, people)


@pytest.mark.parametrize("who", ["pm", "engineer", "boss", "partner"])
def test_only_the_manager_of_the_owner_allows_it(people, who):
    project = draft(people)

    with pytest.raises(PermissionDenied):
        allow_early_start(project, by=getattr(people, who), now=NOW)

    assert not EarlyStart.objects.exists()


def test_it_is_allowed_once_and_before_the_approval_only(people):
    project = draft(people)
    allow_early_start(project, by=people.lead, now=NOW)
    with pytest.raises(IllegalStateError):
        allow_early_start(project, by=people.lead, now=NOW)
    other = approved(draft(people))
    with pytest.raises(IllegalStateError):
        allow_early_start(other, by=people.lead, now=NOW)


def test_line_on_which_work_is_recorded_stays(people):
    project = draft(people)
    allow_early_start(project, by=people.lead, now=NOW)
    use(project, 2, people)
    project = Project.objects.get(pk=project.pk)
    line = people_line(project)

    with pytest.raises(InvalidInputError):
        save_pitch(project, {"person_days": None}, version=project.version, by=people.pm, now=NOW)
    with pytest.raises(IllegalStateError):
        remove_line(line.option, line, version=project.version, by=people.pm, now=NOW)
    assert CostActual.objects.count() == 1
