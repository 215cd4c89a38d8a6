"""The process, in one file: for each transition what refuses it (gates) and what it brings about (consequences);
and what every app contributes: kinds of obligations, news, deeds that may be done by a signed link, settings, lists,
what a search finds.

A newcomer reads this file and knows the process; the portal shows it as a page, from the same objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.accounts import search as people_search
from portal.accounts.filters import PeopleFilter
from portal.links import policy as link_policy
from portal.notifications import obligations as own_obligations
from portal.notifications import policy as notification_policy
from projects import gates as project_gates
from projects import notifications as project_news
from projects import obligations as project_obligations
from projects import policy as project_policy
from projects import search as project_search
from projects.actions import confirmation, deferred, delivery, duties, early_start, grants, pledge, submission
from projects.enums import Tier
from projects.filters import FollowUpFilter, ProjectFilter
from projects.lifecycle import Rules, Transition, for_every_tier, for_tiers
from projects.views import by_link as project_links
from retros import gates as retro_gates
from retros import notifications as retro_news
from retros import obligations as retro_obligations
from retros import policy as retro_policy
from retros import search as retro_search
from retros.actions import retro
from retros.filters import LessonFilter
from risks import gates as risk_gates
from risks import notifications as risk_news
from risks import obligations as risk_obligations
from risks import policy as risk_policy
from risks import search as risk_search
from risks.actions import escalation, register
from risks.filters import RiskFilter
from risks.views import by_link as risk_links

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.common.lists import ListFilter
    from portal.common.search import Source
    from portal.links.purposes import LinkPurpose
    from portal.notifications.kinds import EventKind, ObligationKind, ProjectDirectory
    from portal.policy.store import Setting
    from projects.lifecycle import Gate

T = Transition

#: Which reviews a project needs before delivery starts: one engineer's answer, one review passed, two.
REVIEWS: Mapping[Tier, Gate] = {
    Tier.LIGHT: risk_gates.review_held,
    Tier.STANDARD: risk_gates.review_passed,
    Tier.MAJOR: risk_gates.two_reviews_passed,
}
RULES: Mapping[Transition, Rules] = {
    T.SUBMIT: Rules(
        gates=for_tiers(
            light=(project_gates.pitch_complete, project_gates.has_approver),
            standard=(
                project_gates.pitch_complete,
                project_gates.screened,
                project_gates.options_weighed,
                project_gates.has_approver,
            ),
            major=(
                project_gates.pitch_complete,
                project_gates.screened,
                project_gates.options_weighed,
                project_gates.nothing_weighed,
                retro_gates.lessons_answered,
                project_gates.has_approver,
            ),
        ),
        consequences=(duties.settle_stage, submission.freeze),
    ),
    T.WITHDRAW: Rules(gates=for_every_tier(), consequences=(submission.take_back, early_start.owe_pitch)),
    T.ASK_BACK: Rules(gates=for_every_tier(), consequences=(duties.open_rework, early_start.owe_pitch)),
    T.DECLINE: Rules(gates=for_every_tier(), consequences=(confirmation.settle_confirmation,)),
    T.DEFER: Rules(gates=for_every_tier(), consequences=(duties.open_reconsideration,)),
    T.REVISE: Rules(gates=for_every_tier(), consequences=(duties.settle_stage, early_start.owe_pitch)),
    T.APPROVE: Rules(gates=for_every_tier(), consequences=(duties.open_preparation,)),
    T.START: Rules(
        gates={
            tier: (
                project_gates.approval_stands,
                reviews,
                risk_gates.risks_answered,
                project_gates.metric_pledged,
            )
            for tier, reviews in REVIEWS.items()
        },
        consequences=(duties.settle_stage, confirmation.settle_confirmation, delivery.freeze_baseline),
    ),
    T.HOLD: Rules(gates=for_every_tier(), consequences=(duties.settle_stage,)),
    T.RESUME: Rules(gates=for_every_tier(), consequences=(delivery.owe_again,)),
    T.LAUNCH: Rules(
        gates=for_every_tier(
            project_gates.approval_stands,
            risk_gates.go_live_passed,
            project_gates.deferred_listed,
            risk_gates.no_open_escalation,
        ),
        consequences=(duties.settle_stage, retro.owe_retro, pledge.owe_measurement, delivery.tell_people),
        notices=(risk_gates.withdrawn_late,),
    ),
    T.ROLL_BACK: Rules(gates=for_every_tier(), consequences=(delivery.owe_launch,)),
    T.CLOSE: Rules(
        gates=for_every_tier(retro_gates.retro_settled, project_gates.measured_after_launch),
        consequences=(
            duties.settle_stage,
            confirmation.settle_confirmation,
            register.close_register,
            escalation.withdraw_all,
            delivery.tell_people,
        ),
    ),
    T.CANCEL: Rules(
        gates=for_every_tier(),
        consequences=(
            submission.take_back,
            duties.settle_stage,
            grants.release_grants,
            confirmation.settle_confirmation,
            deferred.drop_deferred,
            register.close_register,
            escalation.withdraw_all,
            retro.owe_retro,
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class CompanyProcess:
    """What `settings.PROCESS` names."""

    rules: Mapping[Transition, Rules]
    obligation_kinds: Mapping[str, ObligationKind]
    event_kinds: Mapping[str, EventKind]
    link_purposes: Mapping[str, LinkPurpose]
    directory: ProjectDirectory
    policy_groups: Mapping[str, tuple[Setting[Any], ...]]
    #: By the name of their address: what one may save a view of.
    lists: Mapping[str, type[ListFilter]]
    #: In the order in which the search shows what they find.
    search_sources: tuple[Source, ...]


OBLIGATIONS = (
    *project_obligations.KINDS,
    *risk_obligations.KINDS,
    *retro_obligations.KINDS,
    *own_obligations.KINDS,
)
PROCESS = CompanyProcess(
    rules=RULES,
    obligation_kinds={kind.key: kind for kind in OBLIGATIONS},
    event_kinds={
        kind.key: kind
        for kind in (*project_news.EVENTS, *risk_news.EVENTS, *retro_news.EVENTS, *own_obligations.EVENTS)
    },
    link_purposes={purpose.key: purpose for purpose in (*project_links.PURPOSES, *risk_links.PURPOSES)},
    directory=project_news.DIRECTORY,
    policy_groups={
        project_policy.GROUP: project_policy.SETTINGS,
        risk_policy.GROUP: risk_policy.SETTINGS,
        retro_policy.GROUP: retro_policy.SETTINGS,
        notification_policy.GROUP: notification_policy.SETTINGS,
        notification_policy.LADDERS: notification_policy.ladders_of(OBLIGATIONS),
        link_policy.GROUP: link_policy.SETTINGS,
    },
    search_sources=(
        *project_search.SOURCES,
        *risk_search.SOURCES,
        *retro_search.SOURCES,
        *people_search.SOURCES,
    ),
    lists={kind.url_name: kind for kind in (ProjectFilter, FollowUpFilter, RiskFilter, LessonFilter, PeopleFilter)},
)
