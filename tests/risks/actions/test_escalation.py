"""A question on its way: private, asked, climbing, countered, agreed, applied, withdrawn."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.accounts.models import Delegation, User
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import sweep
from portal.notifications.models import Delivery, Obligation
from projects.enums import ChangeKind, Stage
from projects.lifecycle import Transition, missing_for
from projects.models import Change, Project
from risks.actions import agreement
from risks.actions.escalation import Way, end_private_day, escalate, let_it_go_up, move_up, withdraw
from risks.enums import EscalationState, OptionKind
from risks.lifecycle import InvalidEscalationMoveError
from risks.models import Escalation, EscalationOption
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory
from tests.factories.risks import RiskFactory

pytestmark = pytest.mark.django_db

#: Monday, 10:00 at the site.
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DAY = timedelta(days=1)
WEDNESDAY = date(2026, 11, 25)
PHONE = Way("Scan by phone for two weeks", days=3, cost_amount=Decimal(3200), scope="No offline mode")


@dataclass
class Cast:
    """A project in delivery; its owner below a manager below a head, and a colleague of another project."""

    project: Project
    owner: User
    manager: User
    head: User
    colleague: User

    def ask(self, **changes: Any) -> Escalation:
        values: dict[str, Any] = {"question": "May we scan by phone?", "proposal": PHONE, "decider": self.manager}
        values |= {"answer_on": WEDNESDAY, "by": self.owner, "now": NOW} | changes
        return escalate(self.project, **values)

    def option(self, kind: OptionKind = OptionKind.PROPOSAL) -> EscalationOption:
        return Escalation.objects.get().options.filter(kind=kind).latest("pk")


@pytest.fixture
def cast(db: None) -> Cast:
    head = UserFactory(name="Bo Head")
    manager = UserFactory(name="Zhou Min", manager=head)
    owner = UserFactory(name="Lin Yue", manager=manager)
    project = ProjectFactory(
        owner=owner,
        stage=Stage.IN_DELIVERY,
        started_at=NOW,
        planned_launch_on=date(2026, 12, 15),
        baseline_launch_on=date(2026, 12, 15),
        baseline_cost_amount=Decimal(20000),
    )
    return Cast(project, owner, manager, head, UserFactory(name="Li Ran"))


def owing() -> list[tuple[str, str]]:
    return [(row.kind, str(row.person)) for row in Obligation.objects.open().order_by("kind", "pk")]


def test_a_question_goes_to_the_decider_with_doing_nothing_beside_the_proposal(cast):
    escalation = cast.ask(others=[Way("Rent scanners", cost_amount=Decimal(9000))])

    assert (escalation.state, escalation.decider, escalation.asked_at, escalation.level) == (
        EscalationState.WAITING,
        cast.manager,
        NOW,
        0,
    )
    assert [(o.kind, str(o)) for o in escalation.options.all()] == [
        ("proposal", "Scan by phone for two weeks"),
        ("other", "Rent scanners"),
        ("nothing", "Do nothing"),
    ]
    assert owing() == [("escalation_answer", "Zhou Min")]
    assert {row.person for row in Delivery.objects.filter(event="escalation")} == {cast.manager}
    assert list(AuditEntry.objects.filter(verb__startswith="escalation").values_list("verb", flat=True)) == [
        "escalation.raised",
        "escalation.asked",
    ]


def test_the_counterpart_has_a_working_day_that_nobody_else_knows_of(cast):
    escalation = cast.ask(counterpart=cast.colleague)

    assert (escalation.state, escalation.asked_at) == (EscalationState.OPEN, None)
    assert escalation.private_until == datetime(2026, 11, 24, 15, 59, 59, 999999, tzinfo=UTC)
    assert owing() == [("escalation_counterpart", "Li Ran")]
    assert {row.person for row in Delivery.objects.filter(event="escalation")} == {cast.colleague}
    seen = {person: Escalation.objects.visible_to(person).count() for person in (cast.owner, cast.colleague)}
    hidden = {person: Escalation.objects.visible_to(person).count() for person in (cast.manager, UserFactory())}
    assert (set(seen.values()), set(hidden.values())) == ({1}, {0})


def test_after_the_private_day_the_decider_is_asked(cast):
    escalation = cast.ask(counterpart=cast.colleague)

    assert end_private_day(escalation, now=NOW + DAY) is False
    assert end_private_day(escalation, now=NOW + 2 * DAY) is True
    assert end_private_day(escalation, now=NOW + 2 * DAY) is False

    escalation.refresh_from_db()
    assert escalation.state == EscalationState.WAITING
    # A working day at least, though the day named ends today.
    assert escalation.answer_by == datetime(2026, 11, 26, 15, 59, 59, 999999, tzinfo=UTC)
    assert owing() == [("escalation_answer", "Zhou Min")]


def test_the_counterpart_lets_it_go_up_or_settles_it_low(cast):
    first, second = cast.ask(counterpart=cast.colleague), cast.ask(counterpart=cast.colleague)

    up = let_it_go_up(first, note="Not mine to give", by=cast.colleague, now=NOW)
    low = agreement.settle_low(second, by=cast.colleague, now=NOW)

    assert (up.state, up.decider) == (EscalationState.WAITING, cast.manager)
    assert (low.state, low.agreed_with, low.is_reported) == (EscalationState.AGREED, cast.colleague, False)
    assert owing() == [("escalation_answer", "Zhou Min"), ("escalation_next", "Lin Yue")]


def test_an_escalation_that_climbs(cast):
    """Missed twice: to the direct manager of whoever missed it, one level at a time, and then nowhere."""
    escalation = cast.ask()
    after = datetime(2026, 11, 26, 1, tzinfo=UTC)

    assert move_up(escalation, now=NOW + DAY) is False
    assert move_up(escalation, now=after) is True
    assert move_up(escalation, now=after) is False

    escalation.refresh_from_db()
    assert (escalation.decider, escalation.level, escalation.state) == (cast.head, 1, EscalationState.WAITING)
    assert escalation.answer_by == datetime(2026, 11, 30, 15, 59, 59, 999999, tzinfo=UTC)
    assert owing() == [("escalation_answer", "Bo Head")]
    told = Delivery.objects.filter(event="escalation", channel="inbox", created_at=after)
    assert {str(row.person) for row in told} == {"Bo Head", "Zhou Min", "Lin Yue"}
    assert AuditEntry.objects.get(verb="escalation.moved_up").actor_id is None
    with pytest.raises(PermissionDenied):
        agreement.decide(escalation, cast.option(), by=cast.manager, now=after)

    assert move_up(escalation, now=after + 7 * DAY) is False  # nobody stands above
    decided = agreement.decide(escalation, cast.option(), by=cast.head, now=after)
    assert (decided.state, decided.agreed_with) == (EscalationState.AGREED, cast.head)


def test_the_sweep_lets_it_climb_after_two_private_notices(cast):
    """Policy acts by the ladder of what is owed: reminded on the two mornings, moved up on the third."""
    cast.ask()
    morning = datetime(2026, 11, 24, 10, tzinfo=UTC)

    told = []
    for day in range(3):
        sweep(now=morning + day * DAY)
        reminded = Delivery.objects.filter(obligation__kind="escalation_answer", channel="inbox").count()
        told.append((reminded, str(Escalation.objects.get().decider)))

    assert told == [(1, "Zhou Min"), (2, "Zhou Min"), (2, "Bo Head")]
    assert owing() == [("escalation_answer", "Bo Head")]


def test_where_nobody_stands_above_the_decider_is_reminded_once_more(cast):
    cast.ask(decider=cast.head)

    sweep(now=datetime(2026, 11, 26, 10, tzinfo=UTC))

    assert owing() == [("escalation_answer", "Bo Head")]
    assert Delivery.objects.filter(obligation__kind="escalation_answer", channel="inbox").count() == 1


def test_the_sweep_ends_the_private_day(cast):
    cast.ask(counterpart=cast.colleague, answer_on=date(2026, 11, 27))

    sweep(now=datetime(2026, 11, 25, 10, tzinfo=UTC))

    assert Escalation.objects.get().state == EscalationState.WAITING
    assert owing() == [("escalation_answer", "Zhou Min")]


def test_it_climbs_past_those_who_left_and_never_to_the_owner(cast):
    cast.head.is_active = False
    top = UserFactory(name="Cy Top")
    cast.head.manager = top
    cast.head.save()
    escalation = cast.ask()

    move_up(escalation, now=NOW + 3 * DAY)

    assert Escalation.objects.get().decider == top
    below = UserFactory(manager=cast.owner)
    other = cast.ask(decider=below)
    move_up(other, now=NOW + 3 * DAY)
    assert Escalation.objects.get(pk=other.pk).decider == cast.manager


def test_it_does_not_climb_to_somebody_who_may_not_see_the_project(cast):
    stranger = UserFactory()
    outside = UserFactory(manager=stranger)
    cast.project.is_restricted = True
    cast.project.business_partner = outside
    cast.project.save()
    escalation = cast.ask(decider=outside)

    assert move_up(escalation, now=NOW + 3 * DAY) is False
    assert Escalation.objects.get().decider == outside


def test_what_is_decided_is_applied_as_changes_of_the_plan(cast):
    escalation = cast.ask()
    agreement.decide(escalation, cast.option(), note="Go", by=cast.manager, now=NOW)
    assert owing() == [("escalation_next", "Lin Yue")]

    applied = agreement.apply(escalation, by=cast.owner, now=NOW)

    assert (applied.state, applied.closed_at) == (EscalationState.APPLIED, NOW)
    changes = list(applied.changes.order_by("number"))
    assert [(c.kind, c.before, c.after) for c in changes] == [
        (ChangeKind.SCOPE, "", "No offline mode"),
        (ChangeKind.BUDGET, "20000.00", "23200.00"),
        (ChangeKind.DATE, "2026-12-15", "2026-12-18"),
    ]
    assert changes[0].reason == "May we scan by phone? Agreed with Zhou Min: Scan by phone for two weeks"
    cast.project.refresh_from_db()
    assert cast.project.planned_launch_on == date(2026, 12, 18)
    assert [kind for kind, _who in owing()] == ["launch"]
    with pytest.raises(InvalidEscalationMoveError):
        agreement.apply(escalation, by=cast.owner, now=NOW)
    assert Change.objects.count() == 3


def test_deciding_for_nothing_settles_it_at_once(cast):
    escalation = cast.ask()

    done = agreement.decide(escalation, cast.option(OptionKind.NOTHING), by=cast.manager, now=NOW)

    assert (done.state, done.changes.count(), owing()) == (EscalationState.APPLIED, 0, [])


def test_a_change_that_cannot_be_made_leaves_the_agreement_as_it_was(cast):
    escalation = cast.ask(proposal=Way("Cut it", cost_amount=Decimal(-50000), days=-10))
    agreement.decide(escalation, cast.option(), by=cast.manager, now=NOW)

    with pytest.raises(InvalidInputError) as refused:
        agreement.apply(escalation, by=cast.owner, now=NOW)

    assert list(refused.value.errors) == ["cost_amount"]
    assert Escalation.objects.get().state == EscalationState.AGREED
    assert Change.objects.count() == 0


def test_a_counter_proposal_is_accepted_or_answered(cast):
    escalation = cast.ask()
    agreement.counter(escalation, Way("Scan by phone for one week", days=1), note="Shorter", by=cast.manager, now=NOW)
    assert owing() == [("escalation_next", "Lin Yue")]

    again = agreement.reply(escalation, Way("Ten days", days=2), by=cast.owner, now=NOW)
    assert (again.state, owing()) == (EscalationState.WAITING, [("escalation_answer", "Zhou Min")])

    agreement.counter(escalation, Way("Eight days", days=1), by=cast.manager, now=NOW)
    agreed = agreement.accept_counter(escalation, by=cast.owner, now=NOW)
    assert (agreed.state, str(agreed.chosen), agreed.agreed_with) == (
        EscalationState.AGREED,
        "Eight days",
        cast.manager,
    )


def test_an_agreement_typed_by_another_counts_once_it_is_ratified(cast):
    escalation = cast.ask()
    with pytest.raises(InvalidInputError):
        agreement.report(escalation, cast.option(), note=" ", by=cast.owner, now=NOW)

    reported = agreement.report(escalation, cast.option(), note="On the phone", by=cast.owner, now=NOW)

    assert (reported.state, reported.is_reported, reported.reported_by) == (EscalationState.AGREED, True, cast.owner)
    assert owing() == [("escalation_answer", "Zhou Min")]
    with pytest.raises(IllegalStateError):
        agreement.apply(escalation, by=cast.owner, now=NOW)
    ratified = agreement.ratify(escalation, by=cast.manager, now=NOW)
    assert (ratified.is_reported, ratified.ratified_at, owing()) == (False, NOW, [("escalation_next", "Lin Yue")])
    with pytest.raises(IllegalStateError):
        agreement.ratify(escalation, by=cast.manager, now=NOW)


def test_a_reported_agreement_that_is_disputed_waits_again(cast):
    escalation = cast.ask()
    agreement.report(escalation, cast.option(), note="On the phone", by=cast.owner, now=NOW)

    disputed = agreement.dispute(escalation, note="I said one week", by=cast.manager, now=NOW)

    assert (disputed.state, disputed.chosen, disputed.reported_by) == (EscalationState.WAITING, None, None)
    assert owing() == [("escalation_answer", "Zhou Min")]


def test_withdrawing_close_to_the_launch_asks_why_and_shows_at_the_launch(cast):
    early, late = cast.ask(), cast.ask()
    withdraw(early, by=cast.owner, now=NOW)
    close = datetime(2026, 12, 9, 2, tzinfo=UTC)

    with pytest.raises(InvalidInputError):
        withdraw(late, by=cast.owner, now=close)
    gone = withdraw(late, reason="The scanners came", by=cast.owner, now=close)

    assert (gone.state, gone.is_withdrawn_late, gone.why_withdrawn) == (
        EscalationState.WITHDRAWN,
        True,
        "The scanners came",
    )
    assert not Escalation.objects.get(pk=early.pk).is_withdrawn_late
    assert owing() == []


def test_the_launch_waits_for_every_open_question(cast):
    cast.project.nothing_deferred_by = cast.owner
    cast.project.save()
    escalation = cast.ask()

    def missing() -> list[str]:
        return [r.code for r in missing_for(cast.project, Transition.LAUNCH, by=cast.owner, now=NOW)]

    assert missing() == ["escalation_open"]
    agreement.decide(escalation, cast.option(), by=cast.manager, now=NOW)
    assert missing() == ["escalation_open"]  # agreed, not yet in the plan
    agreement.apply(escalation, by=cast.owner, now=NOW)
    assert missing() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question": " "}, "question"),
        ({"proposal": Way("")}, "proposal_title"),
        ({"proposal": Way("x", days=251)}, "proposal_days"),
        ({"others": [Way("", days=3)]}, "other_title"),
        ({"answer_on": date(2026, 11, 20)}, "answer_on"),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(cast, changes, field):
    with pytest.raises(InvalidInputError) as refused:
        cast.ask(**changes)
    assert list(refused.value.errors) == [field]
    assert Escalation.objects.count() == 0


def test_who_is_asked_is_another_who_sees_the_project(cast):
    gone = UserFactory(is_active=False)
    other_risk = RiskFactory()
    refused: list[str] = []
    for changes in (
        {"decider": cast.owner},
        {"decider": gone},
        {"counterpart": cast.manager, "answer_on": date(2026, 12, 1)},
        {"counterpart": cast.colleague, "answer_on": date(2026, 11, 24)},
        {"risk": other_risk},
    ):
        with pytest.raises(InvalidInputError) as error:
            cast.ask(**changes)
        refused += error.value.errors
    assert refused == ["decider", "decider", "counterpart", "answer_on", "risk"]


def test_only_the_right_person_says_each_word(cast):
    escalation = cast.ask()
    option = cast.option()
    for deed in (
        lambda: cast.ask(by=cast.manager),
        lambda: agreement.decide(escalation, option, by=cast.owner, now=NOW),
        lambda: agreement.decide(escalation, option, by=cast.colleague, now=NOW),
        lambda: agreement.counter(escalation, PHONE, by=cast.owner, now=NOW),
        lambda: agreement.report(escalation, option, note="x", by=cast.manager, now=NOW),
        lambda: agreement.ratify(escalation, by=cast.owner, now=NOW),
        lambda: agreement.accept_counter(escalation, by=cast.manager, now=NOW),
        lambda: let_it_go_up(escalation, by=cast.colleague, now=NOW),
        lambda: withdraw(escalation, by=cast.manager, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert Escalation.objects.get().state == EscalationState.WAITING


def test_a_stand_in_decides_for_the_decider_and_the_record_says_so(cast):
    Delegation.objects.create(
        person=cast.manager, delegate=cast.colleague, starts_at=NOW - DAY, ends_at=NOW + 3650 * DAY, reason="Leave"
    )
    escalation = cast.ask()
    assert list(Escalation.objects.waiting_for(cast.colleague)) == [escalation]

    agreement.decide(escalation, cast.option(), by=cast.colleague, now=NOW)

    row = AuditEntry.objects.get(verb="escalation.decided")
    assert (row.actor, row.on_behalf_of) == (cast.colleague, cast.manager)


def test_words_out_of_order_are_refused(cast):
    escalation = cast.ask()
    other = ProjectFactory(owner=cast.owner, stage=Stage.IN_DELIVERY)
    strange = escalate(
        other, question="Other?", proposal=PHONE, decider=cast.manager, answer_on=WEDNESDAY, by=cast.owner, now=NOW
    )
    with pytest.raises(InvalidInputError):
        agreement.decide(escalation, strange.options.get(kind="nothing"), by=cast.manager, now=NOW)
    with pytest.raises(InvalidEscalationMoveError):
        agreement.accept_counter(escalation, by=cast.owner, now=NOW)
    withdraw(escalation, by=cast.owner, now=NOW)
    with pytest.raises(InvalidEscalationMoveError):
        agreement.decide(escalation, escalation.options.get(kind="nothing"), by=cast.manager, now=NOW)


def test_the_database_keeps_an_agreement_whole(cast):
    escalation = cast.ask()
    for broken in ({"state": "agreed"}, {"state": "withdrawn"}, {"state": "nonsense"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Escalation.objects.filter(pk=escalation.pk).update(**broken)
