"""The company of the demo: its site, people, products, goals and metrics, made by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from metrics.actions.metric import define_metric
from metrics.enums import Direction
from portal.accounts.actions.organisation import change_head, create_department, create_site, set_holiday
from portal.accounts.actions.person import create_person
from portal.accounts.enums import Role
from portal.demo.people import DEPARTMENTS, HEADS, PEOPLE, RATES
from portal.demo.products import GOALS, KEY_RESULTS, KNOWN, METRICS, PRODUCTS
from portal.demo.words import Say
from projects.actions.goal import carry_over, set_goal, set_key_result
from projects.actions.knowledge import add_part, give_feedback
from projects.actions.product import add_product
from projects.actions.rates import set_rate
from projects.models import BusinessProcess, ProductModule
from projects.quarters import later, quarter_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from metrics.models import Metric
    from portal.accounts.models import Site, User
    from portal.demo.products import KnownCase
    from portal.demo.words import Language
    from projects.models import Goal, Product
ZONE = "Asia/Shanghai"
#: So many days ago the company began to use the portal: before the first pitch of three quarters ago.
FOUNDED = 320
#: For so many quarters before this one its goals were carried over.
QUARTERS = 3
#: Days off of the country the demo plays in, and the weekends worked for them (2026).
HOLIDAYS = ("2026-09-25", *(f"2026-10-0{day}" for day in range(1, 8)), "2027-01-01")
MAKE_UP_DAYS = ("2026-09-20", "2026-10-10")


@dataclass(slots=True)
class Company:
    """What the builders share: the day it all leads up to, and who and what exists by key."""

    today: date
    language: Language
    people: Mapping[str, User]
    products: Mapping[str, Product]
    metrics: Mapping[str, Metric]
    site: Site

    def say(self, words: Say | None) -> str:
        return "" if words is None else words.in_(self.language)

    def at(self, working_days_ago: int, hour: int = 10) -> datetime:
        """A working day before today at an hour of the site; today itself for 0."""
        day = self.site.calendar().add_working_days(self.today, -working_days_ago) if working_days_ago else self.today
        return datetime.combine(day, time(hour), ZoneInfo(ZONE))

    def goal(self, product: Product, on: date) -> Goal | None:
        """The goal that the product served on a day: this quarter's, or what it was carried over from."""
        goal = product.goal
        while goal is not None and goal.quarter > quarter_of(on) and goal.carried_from is not None:
            goal = goal.carried_from
        return goal

    def day(self, working_days_from_now: int) -> date:
        return self.site.calendar().add_working_days(self.today, working_days_from_now)


def found(*, language: Language, now: datetime) -> Company:
    """The company as it stands before its first pitch, a year ago."""
    founded = now - timedelta(days=FOUNDED)
    site = build_site(language, founded)
    people = build_people(site, language, founded)
    metrics = build_metrics(people, language, founded)
    set_rates(people, site, founded)
    return Company(
        today=site.today(now),
        language=language,
        people=people,
        products=build_products(people, metrics, language, site.today(now), founded),
        metrics=metrics,
        site=site,
    )


def set_rates(people: Mapping[str, User], site: Site, now: datetime) -> None:
    """What a day of each trade costs, kept by the admin."""
    admin = next(person for person in people.values() if person.is_admin)
    for skill, amount in RATES.items():
        set_rate(skill, valid_from=site.today(now), day_amount=Decimal(amount), by=admin, now=now)


def build_site(language: Language, now: datetime) -> Site:
    name = Say("Hangzhou", "杭州").in_(language)
    site = create_site(name, country="CN", time_zone=ZONE, by=None, now=now)
    for day in HOLIDAYS:
        set_holiday(site, datetime.fromisoformat(day).date(), by=None, now=now)
    for day in MAKE_UP_DAYS:
        set_holiday(site, datetime.fromisoformat(day).date(), is_working=True, by=None, now=now)
    return site


def build_people(site: Site, language: Language, now: datetime) -> dict[str, User]:
    top = create_department(DEPARTMENTS["company"].in_(language), by=None, now=now)
    departments = {"company": top} | {
        key: create_department(name.in_(language), parent=top, by=None, now=now)
        for key, name in DEPARTMENTS.items()
        if key != "company"
    }
    people: dict[str, User] = {}
    for person in PEOPLE:
        people[person.key] = create_person(
            person.email,
            person.name.in_(language),
            by=None,
            now=now,
            roles=[Role(role) for role in person.roles],
            is_demo=True,
            staff_number=person.staff_number,
            department=departments[person.department],
            manager=people.get(person.manager) if person.manager else None,
            site=site,
            language="zh-hans" if language == "zh" else "en",
            time_zone=ZONE,
        )
    for key, head in HEADS.items():
        change_head(departments[key], people[head], by=None, now=now)
    return people


def build_products(
    people: Mapping[str, User], metrics: Mapping[str, Metric], language: Language, today: date, now: datetime
) -> dict[str, Product]:
    """The goals of this quarter with a key result each, and the products that serve them."""
    goals = {}
    for key, words in GOALS.items():
        owner = people["lead"]
        goal = set_goal(
            words.in_(language), quarter=later(quarter_of(today), -QUARTERS), owner=owner, by=owner, now=now
        )
        set_key_result(goal, metrics[key], target=Decimal(KEY_RESULTS[key]), by=owner, now=now)
        for _quarter in range(QUARTERS):
            goal = carry_over(goal, by=owner, now=now)
        goals[key] = goal
    products = {
        key: add_product(
            product.name.in_(language),
            purpose=product.purpose.in_(language),
            users=product.users.in_(language),
            direction=product.direction.in_(language),
            whom_to_ask=product.whom_to_ask.in_(language),
            owner=people["pm"],
            goal=goals[product.goal],
            by=people["pm"],
            now=now,
        )
        for key, product in PRODUCTS.items()
    }
    for key, known in KNOWN.items():
        describe(products[key], known, people, language, today)
    return products


def describe(product: Product, known: KnownCase, people: Mapping[str, User], language: Language, today: date) -> None:
    """What the page of a product says beyond its purpose, as it was written down by and by."""
    by = people["pm"]
    for name, summary, switches, document, days in known.modules:
        values = {"name": name, "summary": summary, "switches": switches}
        words = {field: say.in_(language) for field, say in values.items()}
        add_part(ProductModule, product, **words, document_url=document, by=by, now=noon(today, days))
    name, steps, roles, volume, exceptions = known.process
    described = {"name": name, "steps": steps, "roles": roles, "exceptions": exceptions}
    process = add_part(
        BusinessProcess,
        product,
        **{field: say.in_(language) for field, say in described.items()},
        monthly_volume=Decimal(volume),
        by=by,
        now=noon(today, 60),
    )
    for text, step, source, days in known.feedback:
        give_feedback(
            product,
            text=text.in_(language),
            step=step.in_(language),
            source=source.in_(language),
            heard_on=today - timedelta(days=days),
            process=process,
            by=people["engineer"],
            now=noon(today, days),
        )


def noon(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(12), ZoneInfo(ZONE))


def build_metrics(people: Mapping[str, User], language: Language, now: datetime) -> dict[str, Metric]:
    return {
        key: define_metric(
            name=name.in_(language),
            numerator_label=numerator.in_(language),
            denominator_label=denominator.in_(language),
            scale=scale,
            direction=Direction(direction),
            source=Say("daily export of the warehouse", "数仓每日导出").in_(language),
            by=people["pm"],
            now=now,
        )
        for key, (name, numerator, denominator, scale, direction) in METRICS.items()
    }
