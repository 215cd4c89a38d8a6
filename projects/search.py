"""Projects and products, as the search finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.search import Hit, Source, hit, holding
from projects.converters import numbered
from projects.models import Product, Project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import User


def find_projects(user: User, words: Sequence[str], most: int) -> list[Hit]:
    """By number, title or problem; the latest first."""
    seen = Project.objects.visible_to(user)
    by_words = Q(pk__in=holding(seen, words).values("pk"))
    found = seen.filter(by_words | Q(pk=numbered(" ".join(words)))).select_related("owner").order_by("-pk")[:most]
    return [
        hit(
            project.title,
            project.get_absolute_url(),
            f"{project.code} · {project.get_stage_display()} · {project.owner}",
            [project.problem],
            words,
        )
        for project in found
    ]


def find_products(user: User, words: Sequence[str], most: int) -> list[Hit]:
    """By name, purpose, users or direction."""
    found = holding(Product.objects.visible_to(user), words).order_by("name", "pk")[:most]
    return [
        hit(
            product.name,
            product.get_absolute_url(),
            product.purpose,
            [product.purpose, product.users, product.direction],
            words,
        )
        for product in found
    ]


SOURCES = (
    Source(_("Projects"), "project", find_projects, list_name="projects:list", list_query="view=all"),
    Source(_("Products"), "product", find_products),
)
