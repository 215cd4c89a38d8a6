"""Questions put to a decider in the demo, one in each state: what is asked, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.demo.words import Say
from risks.actions import agreement, escalation
from risks.actions.escalation import Way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from portal.demo.company import Company
    from projects.models import Project
    from risks.models import Escalation


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put `ago` working days before today, to be answered `answer_in` working days from today.

    `fate` says what became of it, `word` is what was said with that.
    """

    question: Say
    proposal: Say
    nothing: Say
    fate: Callable[[Company, Escalation, Asked], object]
    decider: str = "lead"
    counterpart: str | None = None
    days: int = 0
    cost: str | None = None
    ago: int = 4
    answer_in: int = 2
    word: Say | None = None


def put(company: Company, project: Project, asked: Asked) -> None:
    """Put the question, and let come what came of it."""
    question = escalation.escalate(
        project,
        question=company.say(asked.question),
        proposal=Way(
            company.say(asked.proposal),
            days=asked.days,
            cost_amount=None if asked.cost is None else Decimal(asked.cost),
        ),
        nothing=Way(company.say(asked.nothing)),
        decider=company.people[asked.decider],
        counterpart=None if asked.counterpart is None else company.people[asked.counterpart],
        answer_on=company.day(asked.answer_in),
        by=project.owner,
        now=company.at(asked.ago, 10),
    )
    asked.fate(company, question, asked)


def in_private(_company: Company, _question: Escalation, _asked: Asked) -> None:
    """The other side has its working day."""


def climbed(company: Company, question: Escalation, _asked: Asked) -> None:
    """The answer was missed, and the next one up is asked."""
    escalation.move_up(question, now=company.at(1, 9))


def reported(company: Company, question: Escalation, asked: Asked) -> None:
    """Answered on the telephone and written down; the decider has not confirmed it yet."""
    proposal = question.options.earliest("pk")
    word, now = company.say(asked.word), company.at(2, 15)
    agreement.report(question, proposal, note=word, by=question.project.owner, now=now)


def countered(company: Company, question: Escalation, asked: Asked) -> None:
    """The decider proposes another way."""
    way = Way(company.say(asked.word), cost_amount=Decimal(6000))
    agreement.counter(question, way, by=question.decider, now=company.at(1, 15))


def applied(company: Company, question: Escalation, asked: Asked) -> None:
    """Decided the next day, and put into the plan."""
    proposal, word = question.options.earliest("pk"), company.say(asked.word)
    agreement.decide(question, proposal, note=word, by=question.decider, now=company.at(asked.ago - 1, 10))
    agreement.apply(question, by=question.project.owner, now=company.at(asked.ago - 1, 17))


ASKED: Mapping[str, Asked] = {
    "MORE_SCANNERS": Asked(
        question=Say("May we rent ten scanners until ours are delivered?", "我们的扫码枪到货前，能否先租十把？"),
        proposal=Say("Rent ten for a month", "租十把，一个月"),
        nothing=Say("Three hubs begin a month later", "三个网点晚一个月开始"),
        fate=applied,
        days=3,
        cost="2400",
        ago=12,
        answer_in=-9,
        word=Say("Yes, for one month", "可以，一个月为限"),
    ),
    "BUY_WHERE": Asked(
        question=Say("May we buy the last two sensors from the second maker?", "最后两个传感器能否从第二家采购？"),
        proposal=Say("Buy two from the second maker", "向第二家采购两个"),
        nothing=Say("The line stands each night for two weeks more", "产线每晚再停两周"),
        fate=reported,
        cost="1800",
        word=Say("On the phone on the way to hub 3", "去 3 号网点路上电话说的"),
    ),
    "WHICH_CHAIN": Asked(
        question=Say("Does the second chain begin with us, or in January?", "第二家连锁现在一起上，还是一月再上？"),
        proposal=Say("With us, in ten of its stores", "现在上，先十家门店"),
        nothing=Say("It begins in January", "一月再上"),
        fate=in_private,
        counterpart="ops",
        days=4,
        ago=1,
        answer_in=3,
    ),
    "WHO_ANSWERS": Asked(
        question=Say("Must the foreman of a hub answer a complaint within a day?", "网点领班是否必须一天内回复投诉？"),
        proposal=Say("Yes, and care answers after that", "必须；超时由客服答复"),
        nothing=Say("Half of the complaints wait for a week", "一半投诉要等一周"),
        fate=climbed,
        decider="lead2",
        answer_in=-2,
    ),
    "OLD_VANS": Asked(
        question=Say("Do we leave out the vans that go in spring?", "春季要淘汰的车是否不做？"),
        proposal=Say("Leave out the eleven oldest", "最老的十一辆不做"),
        nothing=Say("All vans, two weeks later", "全部车辆，晚两周"),
        fate=countered,
        ago=3,
        word=Say("All vans, with four borrowed phones", "全部都做，借四部手机"),
    ),
}
