"""What stands around a page: attributes of the document, scripts, the rail. Pages take their components from `ui`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import template
from django.contrib.messages import get_messages
from django.contrib.messages.constants import WARNING
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language

from portal.common import theme
from portal.common.navigation import ON_THE_RAIL, address, stops

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

register = template.Library()

#: htmx as a strict policy allows it: no eval, no scripts from answers, nothing kept in the browser's storage. A form that
#: comes back (409, 422) replaces itself; any other failure is said in the one place for it and leaves the page alone.
HTMX_CONFIG = {
    "allowEval": False,
    "allowScriptTags": False,
    # Without "style": copying it over would be an inline style, which the policy forbids.
    "attributesToSettle": ["class", "width", "height"],
    "historyCacheSize": 0,
    "includeIndicatorStyles": False,
    "refreshOnHistoryMiss": True,
    "selfRequestsOnly": True,
    "timeout": 30_000,
    "responseHandling": [
        {"code": "(204|304)", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "(409|422)", "swap": True},
        {"code": "[45]..", "swap": True, "error": True, "target": "#notice", "swapOverride": "innerHTML"},
    ],
}


@register.simple_tag
def htmx_config() -> str:
    """The content of the `htmx-config` meta element."""
    return json.dumps(HTMX_CONFIG)


@register.simple_tag
def document_language() -> str:
    """The language as HTML names it: zh-Hans."""
    language, _hyphen, script = (get_language() or "en").partition("-")
    return f"{language}-{script.title()}" if script else language


@register.simple_tag(takes_context=True)
def theme_attributes(context: Context) -> SafeString:
    """What the server paints; for the script beside it, whether the device is to be asked."""
    request = context["request"]
    asks = format_html(' data-theme="{}"', theme.AUTO) if theme.wish(request) == theme.AUTO else ""
    return format_html('data-bs-theme="{}"{}', theme.painted(request), asks)


@register.simple_tag(takes_context=True)
def script(context: Context, path: str, kind: str = "module") -> SafeString:
    """A script of ours, allowed by the nonce of this answer; without a kind it runs before the page is painted."""
    typed = format_html(' type="{}"', kind) if kind else ""
    return format_html(
        '<script src="{}"{} nonce="{}"></script>',
        static(path),
        typed,
        str(getattr(context["request"], "csp_nonce", "")),
    )


@register.inclusion_tag("components/rail.html", takes_context=True)
def rail(context: Context) -> dict[str, Any]:
    """The places in the order of the reader's role; the number on the desk counts what waits, and no other badge exists."""
    request = context["request"]
    new_url = address("projects:new")
    current = context.get("place") or ("new" if request.path == new_url else "")
    return {
        "stops": stops(request.user, request.path, current=current)[:ON_THE_RAIL],
        "waiting": context.get("desk_count", 0),
        "new_url": new_url,
        "search_url": address("search"),
        "more_url": address("accounts:more"),
        "path": request.path,
    }


@register.inclusion_tag("components/messages.html", takes_context=True)
def said(context: Context) -> dict[str, Any]:
    """What the deed before this page has to say: done as a toast, anything that asks for attention in the flow."""
    messages = list(get_messages(context["request"]))
    return {
        "done": [message for message in messages if message.level < WARNING],
        "warnings": [message for message in messages if message.level >= WARNING],
    }
