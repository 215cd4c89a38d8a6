"""People and where they work."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from portal.accounts.enums import Role
from portal.accounts.models import Department, Holiday, Site, User


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    name = factory.Sequence(lambda n: f"Site {n}")
    country = "CN"
    time_zone = "Asia/Shanghai"


class HolidayFactory(DjangoModelFactory):
    class Meta:
        model = Holiday

    site = factory.SubFactory(SiteFactory)
    day = date(2026, 10, 1)
    name = "National Day"


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    name = factory.Sequence(lambda n: f"Department {n}")


class UserFactory(DjangoModelFactory):
    """A colleague; `roles=[Role.PM]` gives roles, `password=` one that signs in."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)


class AdminFactory(UserFactory):
    roles = [Role.ADMIN]
