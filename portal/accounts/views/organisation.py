"""Departments, and sites with their days off: for everybody to read, for administrators to keep."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.actions.organisation import change_head, create_department, create_site, set_holiday
from portal.accounts.forms.organisation import DepartmentForm, HeadForm, HolidayForm, SiteForm
from portal.accounts.http import PortalRequest, post_once
from portal.accounts.models import Department, Site
from portal.accounts.permissions import ADMINS_MAY, can_manage_people, require
from portal.common.http import page
from portal.common.written import date_short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from portal.accounts.models import Holiday
    from portal.common.forms import PortalForm

#: Years of days off, as they are published; what lies further ahead is shown when it comes nearer.
MOST_DAYS = 200
WORK_HERE = Count("people", filter=Q(people__is_active=True), distinct=True)


@require_safe
def organisation(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    days = Count("holidays", filter=Q(holidays__day__gte=today), distinct=True)
    related = Department.objects.select_related("parent", "head")
    departments = list(related.annotate(people_count=WORK_HERE).order_by("name", "pk"))
    context = {
        "heading": heading(departments),
        "departments": departments,
        "sites": Site.objects.annotate(people_count=WORK_HERE, days_ahead=days).order_by("name"),
        "may_manage": can_manage_people(request.user),
    }
    return page(request, "accounts/organisation.html", context)


def heading(departments: Sequence[Department]) -> str:
    """The answer: how many departments there are, and how many of them nobody heads."""
    words = ngettext("%(count)s department", "%(count)s departments", len(departments)) % {"count": len(departments)}
    headless = sum(department.head_id is None for department in departments)
    if not headless:
        return words
    return ngettext("%(all)s, %(count)s has no head", "%(all)s, %(count)s have no head", headless) % {
        "all": words,
        "count": headless,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def department_new(request: PortalRequest) -> HttpResponse:
    require(can_manage_people(request.user), ADMINS_MAY)
    form = DepartmentForm(request.POST or None)

    def create() -> str:
        department = create_department(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("%(name)s is added.") % {"name": department.name})
        return reverse("accounts:organisation")

    answer = post_once(request, form, create)
    return _form_page(request, answer, form, _("Add a department"))


@require_http_methods(["GET", "HEAD", "POST"])
def department(request: PortalRequest, pk: int) -> HttpResponse:
    require(can_manage_people(request.user), ADMINS_MAY)
    found = get_object_or_404(Department, pk=pk)
    # An empty head is an answer too, so the method alone tells whether something came.
    form = HeadForm(request.POST if request.method == "POST" else None, department=found)

    def save() -> str:
        change_head(found, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Saved."))
        return reverse("accounts:organisation")

    answer = post_once(request, form, save)
    return _form_page(request, answer, form, _("Who heads %(name)s") % {"name": found.name})


@require_http_methods(["GET", "HEAD", "POST"])
def site_new(request: PortalRequest) -> HttpResponse:
    require(can_manage_people(request.user), ADMINS_MAY)
    form = SiteForm(request.POST or None)

    def create() -> str:
        site = create_site(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("%(name)s is added. Now list its days off.") % {"name": site.name})
        return reverse("accounts:site", args=[site.pk])

    answer = post_once(request, form, create)
    return _form_page(request, answer, form, _("Add a site"))


def _form_page(request: PortalRequest, answer: HttpResponse | HTTPStatus, form: PortalForm, words: str) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    return page(request, "accounts/organisation_form.html", {"form": form, "heading": words}, status=answer)


@require_http_methods(["GET", "HEAD", "POST"])
def site(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Site, pk=pk)
    may = can_manage_people(request.user)
    form = HolidayForm(request.POST or None)
    answer: HttpResponse | HTTPStatus = HTTPStatus.OK
    if request.method == "POST":
        require(may, ADMINS_MAY)
        answer = _day_set(request, found, form)
    if isinstance(answer, HttpResponse):
        return answer
    today = found.today(timezone.now())
    days = list(found.holidays.filter(day__gte=today.replace(month=1, day=1))[:MOST_DAYS])
    context = {"site": found, "days": days, "form": form if may else None, "heading": site_heading(found, days, today)}
    return page(request, "accounts/site.html", context, status=answer)


def _day_set(request: PortalRequest, found: Site, form: HolidayForm) -> HttpResponse | HTTPStatus:
    def save() -> str:
        holiday = set_holiday(found, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Saved: %(day)s.") % {"day": date_short(holiday.day)})
        return reverse("accounts:site", args=[found.pk])

    return post_once(request, form, save)


def site_heading(found: Site, days: Sequence[Holiday], today: date) -> str:
    """The answer: when the site rests next."""
    ahead = next((one for one in days if one.day >= today and not one.is_working), None)
    if ahead is None:
        return _("%(site)s has no day off listed ahead") % {"site": found.name}
    return _("Next day off in %(site)s: %(day)s") % {"site": found.name, "day": date_short(ahead.day)}
