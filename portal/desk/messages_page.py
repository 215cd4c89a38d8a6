"""For administrators: what was sent to whom and why, and what will be. Kinds and steps only, no words about the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import Q, TextChoices
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import User
from portal.accounts.permissions import ADMINS_MAY, require
from portal.common.components import Facet, Link
from portal.common.forms import PortalForm
from portal.common.http import leave_to, page
from portal.desk.summaries import whole_number
from portal.notifications import registry
from portal.notifications.actions.hold import drop_mail, release_mail
from portal.notifications.digest import DIGEST
from portal.notifications.enums import Channel, DeliveryState, Reach, WhyNot
from portal.notifications.foresight import coming
from portal.notifications.models import Delivery
from portal.notifications.policy import HOLD_MAIL
from portal.policy.store import value
from projects.models import Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpResponse
    from django.utils.functional import _StrOrPromise

    from portal.accounts.http import PortalRequest

PAGE = 50
MENUS: Mapping[str, type[TextChoices]] = {"channel": Channel, "state": DeliveryState}


class LedgerForm(PortalForm):
    """Which messages: by channel, by state, and to whom."""

    channel = forms.ChoiceField(label=_("Channel"), choices=[("", _("all")), *Channel.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("all")), *DeliveryState.choices], required=False)
    to = forms.CharField(label=_("To whom"), max_length=80, required=False)

    @property
    def asked(self) -> dict[str, str]:
        """What the address asks for, as far as it is understood."""
        found = getattr(self, "cleaned_data", {})
        return {name: found[name] for name in self.fields if found.get(name)}

    def facets(self) -> list[Facet]:
        """A chip for each menu, as over every list."""
        return [self._facet(name) for name in MENUS]

    def _facet(self, name: str) -> Facet:
        words, choices = self.fields[name].label or "", MENUS[name].choices
        others = {key: value for key, value in self.asked.items() if key != name}
        if name in self.asked:
            return Facet(words, value=str(dict(choices)[self.asked[name]]), url=f"?{urlencode(others)}")
        links = [Link(label, f"?{urlencode(others | {name: key})}") for key, label in choices]
        return Facet(words, choices=links)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One message: when, to whom, about which kind of thing, by which step, and what became of it."""

    delivery: Delivery
    kind: _StrOrPromise
    step: _StrOrPromise
    why: _StrOrPromise
    at: datetime


@require_safe
def ledger(request: PortalRequest) -> HttpResponse:
    require(request.user.is_admin, ADMINS_MAY)
    form = LedgerForm(request.GET)
    rows = Delivery.objects.filter(seen_by(request.user)).select_related("person", "obligation").order_by("-pk")
    if form.is_valid():
        rows = rows.filter(**wanted(form.cleaned_data))
    before = whole_number(request.GET.get("before"))
    found = list((rows if before is None else rows.filter(pk__lt=before))[: PAGE + 1])
    older = request.GET.copy()
    older["before"] = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    held = (
        Delivery.objects.filter(channel=Channel.MAIL, state=DeliveryState.PENDING).count() if value(HOLD_MAIL) else None
    )
    context = {
        "form": form,
        "clear_url": reverse("ledger"),
        "held": held,
        "rows": [row_of(delivery) for delivery in found[:PAGE]],
        "older": older.urlencode() if older["before"] else "",
    }
    return page(request, "desk/ledger.html", context)


@require_POST
def held_mail(request: PortalRequest) -> HttpResponse:
    by, now = request.user, timezone.now()
    match request.POST.get("deed"):
        case "release":
            release_mail(by=by, now=now)
            words: str = gettext("What waited goes out now, as far as it is still wanted.")
        case "drop":
            count = drop_mail(by=by, now=now)
            words = ngettext("%(count)s mail was dropped.", "%(count)s mails were dropped.", count) % {
                "count": f"{count:,}"
            }
        case _:
            require(by.is_admin, ADMINS_MAY)
            raise Http404
    messages.success(request, words)
    return leave_to(request, "ledger")


@require_safe
def ahead(request: PortalRequest) -> HttpResponse:
    require(request.user.is_admin, ADMINS_MAY)
    return page(request, "desk/ahead.html", {"rows": coming(timezone.now(), of=seen_by(request.user))})


def seen_by(reader: User) -> Q:
    """What is about no project, or about one that the reader may see: even that somebody is reminded tells of it."""
    return Q(project_id=None) | Q(project_id__in=Project.objects.visible_to(reader).values("pk"))


def wanted(data: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, as a filter."""
    narrowed = {name: data[name] for name in ("channel", "state") if data[name]}
    return narrowed | ({"person__in": User.objects.find(data["to"]).values("pk")} if data["to"] else {})


def row_of(delivery: Delivery) -> LedgerRow:
    obligation = delivery.obligation
    kind: _StrOrPromise = _("The mail of the morning") if delivery.event == DIGEST else _("News")
    step: _StrOrPromise = ""
    if obligation is not None:
        is_known = obligation.kind in registry.known_obligations()
        kind = registry.obligation_kind(obligation.kind).label if is_known else obligation.kind
        rung = obligation.ladder[delivery.rung or 0]
        step = Reach(rung.get("reach", Reach.PERSON)).label
    why = WhyNot(delivery.why).label if delivery.why in WhyNot.values else delivery.why
    return LedgerRow(delivery, kind, step, why, delivery.sent_at or delivery.created_at)
