"""What the addresses of the lists may ask for; anything else is refused, not guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.names import folded
from portal.common.forms import PortalForm
from portal.common.lists import ListFilter
from portal.common.menus import MenuField, WordMenuField
from portal.common.sorting import Sort, read_whole
from projects.models import Product
from retros.enums import LessonKind
from retros.models import Lesson, LessonTag

if TYPE_CHECKING:
    from retros.querysets import LessonQuerySet


class RetroFilter(PortalForm):
    """How many of the held retros the reader has seen already."""

    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    @property
    def start(self) -> int:
        return self.cleaned_data["shown"] or 0


class LessonFilter(ListFilter):
    """The address of the library of lessons."""

    url_name = "retros:lessons"
    views = {
        "all": pgettext_lazy("lessons", "All"),
        "adopted": pgettext_lazy("lessons", "Adopted somewhere"),
    }
    default_view = "all"
    sorts = {
        "written": Sort(_("Written on"), "pk", read_whole, starts_down=True),
        "lesson": Sort(_("Lesson"), "text"),
    }
    default_sort = "-written"
    menus = ("product", "kind", "tag")
    search_label = _("Search lessons")
    hint = _("Words of the lesson")

    product = MenuField(Product.objects.all(), label=_("Product"))
    kind = forms.ChoiceField(label=pgettext_lazy("lesson", "About"), choices=LessonKind.choices, required=False)
    tag = WordMenuField(label=_("Tag"), max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Lesson.objects.visible_to(self.reader).order_by()
        fields = self.fields
        fields["product"].offer = Product.objects.filter(pk__in=seen.values("project__product"))
        fields["tag"].offer = LessonTag.objects.filter(lesson__in=seen).values("name").distinct()

    def fits(self, rows: LessonQuerySet) -> LessonQuerySet:
        """Those in which every word stands, of the product, kind and tag chosen."""
        chosen = self.cleaned_data
        rows = rows.about(folded(chosen["q"]))
        for name, path in {"product": "project__product", "kind": "kind", "tag": "tags__name"}.items():
            if chosen[name]:
                rows = rows.filter(**{path: chosen[name]})
        return rows

    def in_view(self, rows: LessonQuerySet) -> LessonQuerySet:
        return rows.adopted(self.reader) if self.chosen_view == "adopted" else rows
