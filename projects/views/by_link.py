"""What a business partner does by the link in his message: says whether the figures of one pitch are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.links.purposes import LinkPurpose
from portal.notifications.models import Obligation
from projects.actions.confirmation import KIND
from projects.models import Project
from projects.permissions import can_confirm
from projects.views.confirm import confirm_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.models import User
    from portal.links.purposes import LinkRequest


def find(pk: int, person: User) -> Project | None:
    """The project of which the person is the business partner, as long as he sees it."""
    seen = Project.objects.visible_to(person).select_related("owner", "site", "business_partner")
    project = seen.filter(pk=pk).first()
    return project if project is not None and can_confirm(person, project) else None


def still_owed(project: Project) -> bool:
    """Until he has answered, or is no longer asked."""
    return Obligation.objects.open().filter(kind=KIND, object_id=project.pk).exists()


def figures(request: LinkRequest) -> HttpResponse:
    return confirm_page(request, request.link.found, request.link.url(), request.link.url())


PURPOSES = (LinkPurpose(key="projects.confirm", find=find, still_owed=still_owed, pages={"": figures}),)
