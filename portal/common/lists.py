"""A list as one declaration: what may be asked of it, in which order it stands, its address and its pages.

Page, export and saved view read the same `ListFilter`, so that they mean the same rows. Everything is in the address,
and only what the filter names is understood; what it cannot understand is refused, not guessed. A page of the list is
found by the sort key and the id of the row it begins or ends at (keyset), so that rows that come in meanwhile move
nothing, and the thousandth page costs what the first one does.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from portal.common.components import Facet, Link, Tab
from portal.common.counting import MOST_COUNTED, count_words
from portal.common.forms import PortalForm
from portal.common.menus import MOST_CHOICES, MenuField, WordMenuField
from portal.common.sorting import Order, Place
from portal.common.text import has_control_characters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet
    from django.http import QueryDict
    from django.utils.functional import _StrOrPromise

    from portal.common.sorting import Sort

PAGE: Final = 25
#: What an address says of the place within the list; a saved view keeps none of it.
PLACE: Final = frozenset({"after", "before", "shown"})

RowT = TypeVar("RowT", bound="Model")
ShownT = TypeVar("ShownT")
OtherT = TypeVar("OtherT")


@dataclass(frozen=True, slots=True)
class Kept:
    """A view that the reader saved: its name, what it asks, and where it is changed."""

    name: str
    query: str
    url: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column that sorts."""

    words: _StrOrPromise
    url: str
    #: "", "ascending" or "descending".
    direction: str


class ListFilter(PortalForm):
    """The address of a list. A list declares its views, sorts and filters; the fields in `menus` become chips.

    `fits` narrows by the filters, `in_view` by the chosen tab; both are the list's own.
    """

    url_name: ClassVar[str]
    views: ClassVar[Mapping[str, _StrOrPromise]]
    default_view: ClassVar[str]
    sorts: ClassVar[Mapping[str, Sort]]
    #: The name of a sort, with `-` where it goes down.
    default_sort: ClassVar[str]
    menus: ClassVar[Sequence[str]] = ()
    #: Chips that arrange the rows and hide none.
    arrangement: ClassVar[Sequence[str]] = ()
    #: Filters that are set elsewhere on the page than by a chip.
    unseen: ClassVar[Sequence[str]] = ()
    #: The address under which the list is a file.
    export_name: ClassVar[str] = ""
    search_label: ClassVar[_StrOrPromise] = _("Search")
    hint: ClassVar[_StrOrPromise] = ""

    view = forms.CharField(max_length=40, required=False)
    q = forms.CharField(max_length=120, required=False)
    sort = forms.CharField(max_length=40, required=False)
    after = forms.CharField(max_length=400, required=False, strip=False)
    before = forms.CharField(max_length=400, required=False, strip=False)
    shown = forms.IntegerField(min_value=0, max_value=10_000_000, required=False)

    def __init__(self, data: QueryDict, *, reader: Any, now: datetime, kept: Sequence[Kept] = ()) -> None:
        super().__init__(data)
        self.given, self.reader, self.now, self.kept = data, reader, now, kept

    def clean_view(self) -> str:
        view: str = self.cleaned_data["view"] or self.default_view
        if view not in self.views:
            raise forms.ValidationError(_("This list has no such view."))
        return view

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if has_control_characters(text):
            raise forms.ValidationError(_("Write words, a number or a name."))
        return text

    def clean_sort(self) -> str:
        sort: str = self.cleaned_data["sort"] or self.default_sort
        if sort.removeprefix("-") not in self.sorts:
            raise forms.ValidationError(_("This list has no such order."))
        return sort

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("after", "before"):
            if cleaned.get(name) and "sort" in cleaned:
                try:
                    cleaned[name] = Place.read(cleaned[name], self.order.sort)
                except ValueError:
                    self.add_error(name, _("This is no page of the list."))
        return cleaned

    @property
    def chosen_view(self) -> str:
        return str(self.cleaned_data["view"])

    @property
    def order(self) -> Order:
        name = self.cleaned_data["sort"]
        return Order(name, self.sorts[name.removeprefix("-")], is_down=name.startswith("-"))

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the view limits the list."""
        return any(self.cleaned_data[name] for name in ("q", *self.menus, *self.unseen))

    # ── the address ─────────────────────────────────────────────────────

    def pairs(self, **changed: str | Sequence[str]) -> list[tuple[str, str]]:
        """The parameters of the address with some of them replaced; empty ones go, and so does the place."""
        if not changed:
            return self._pairs
        kept = [pair for pair in self._pairs if pair[0] not in changed]
        for name, values in changed.items():
            kept += [(name, value) for value in ([values] if isinstance(values, str) else values) if value]
        return sorted(kept, key=lambda pair: self._places[pair[0]])

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        asked = (name for name in self.fields if name not in PLACE)
        return [(name, value) for name in asked for value in self.given.getlist(name) if value]

    @cached_property
    def _places(self) -> dict[str, int]:
        """In which order the parameters of an address stand."""
        return {name: place for place, name in enumerate(self.fields)}

    @property
    def query(self) -> str:
        """What is asked, in the one spelling by which saved views are compared."""
        return urlencode(self.pairs())

    def address(self, **changed: str | Sequence[str]) -> str:
        """The address of the list with some of its parameters replaced."""
        query = urlencode(self.pairs(**changed))
        # The bare address belongs to the view that the reader made his own.
        return self.list_url + f"?{query or urlencode({'view': self.default_view})}"

    @cached_property
    def list_url(self) -> str:
        return reverse(self.url_name)

    @property
    def clear_url(self) -> str:
        return self.address(q="", **dict.fromkeys((*self.menus, *self.unseen), ""))

    @property
    def kept_fields(self) -> list[tuple[str, str]]:
        """What the form of the search box sends along unseen."""
        return self.pairs(q="")

    # ── around the rows ─────────────────────────────────────────────────

    @property
    def kept_here(self) -> Kept | None:
        """The saved view that the reader stands in."""
        return next((kept for kept in self.kept if kept.query == self.query), None)

    @property
    def save_url(self) -> str:
        """Where what is asked now gets a name."""
        return reverse("view_new", args=[self.url_name]) + (f"?{self.query}" if self.query else "")

    def export_url(self, form: str) -> str:
        """The list as a file."""
        return reverse(self.export_name, args=[form]) + (f"?{self.query}" if self.query else "")

    def tabs(self, counts: Mapping[str, int]) -> list[Tab]:
        """The views of the list with their counts, then those that the reader saved."""
        here = self.kept_here
        offered = [
            Tab(
                words,
                self.address(view=view),
                is_current=view == self.chosen_view and here is None,
                count=count_words(counts[view]) if view in counts else None,
            )
            for view, words in self.views.items()
        ]
        own = [Tab(kept.name, f"{self.list_url}?{kept.query}", is_current=kept == here) for kept in self.kept]
        last = Tab(_("Change this view"), here.url) if here else Tab(_("Save this view"), self.save_url, icon="new")
        return [*offered, *own, last]

    def head(self, name: str) -> Head:
        """The head of a column: a click sorts by it, the next one turns the order."""
        sort, order = self.sorts[name], self.order
        is_here = order.name.removeprefix("-") == name
        falls = not order.is_down if is_here else sort.starts_down
        direction = ("descending" if order.is_down else "ascending") if is_here else ""
        return Head(sort.words, self.address(sort=f"-{name}" if falls else name), direction)

    def facets(self) -> list[Facet]:
        """A chip for every filter: set, it says its value; one query for all menus of rows."""
        rows = self._menu_rows()
        return [self._facet(name, self.fields[name], rows.get(name, [])) for name in (*self.menus, *self.arrangement)]

    def _facet(self, name: str, field: Any, rows: Sequence[tuple[str, str]]) -> Facet:
        words, value = field.label or "", self.cleaned_data[name]
        if isinstance(field, forms.MultipleChoiceField):
            return self._several(name, field, self.given.getlist(name))
        if isinstance(field, forms.BooleanField):
            return Facet(words, value=words if value else "", url=self.address(**{name: "" if value else "on"}))
        choices = rows if isinstance(field, MenuField | WordMenuField) else [pair for pair in field.choices if pair[0]]
        if value:
            return Facet(words, value=str(dict(choices).get(value, value)), url=self.address(**{name: ""}))
        links = [Link(label, self.address(**{name: key})) for key, label in choices[:MOST_CHOICES]]
        return Facet(words, choices=links, is_cut=len(choices) > MOST_CHOICES)

    def _several(self, name: str, field: Any, chosen: Sequence[str]) -> Facet:
        labels = {str(value): label for value, label in field.choices}
        links = []
        for value, label in labels.items():
            others = [each for each in chosen if each != value]
            is_on = value in chosen
            links.append(Link(label, self.address(**{name: others if is_on else [*chosen, value]}), is_on=is_on))
        return Facet(
            field.label or "",
            values=[str(labels[value]) for value in chosen],
            url=self.address(**{name: ""}),
            choices=links,
        )

    def _menu_rows(self) -> dict[str, list[tuple[str, str]]]:
        """What the menus that are not set yet offer."""
        found: dict[str, list[tuple[str, str]]] = {}
        asked = [
            field.offered(name)
            for name in self.menus
            if isinstance(field := self.fields[name], MenuField | WordMenuField) and not self.cleaned_data[name]
        ]
        if asked:
            first, *others = asked
            for name, pk, label in first.union(*others, all=True) if others else first:
                found.setdefault(name, []).append((pk, label))
        return {name: sorted(rows, key=lambda row: row[1].casefold()) for name, rows in found.items()}

    # ── the rows ────────────────────────────────────────────────────────

    def fits(self, rows: Any) -> Any:
        """The rows that fit the filters, whatever the view: all of them where a list names no filter."""
        return rows

    def in_view(self, rows: Any) -> Any:
        """The rows of the chosen view: all of them where there is one view only."""
        return rows

    def stretch(self, rows: QuerySet[RowT], size: int = PAGE) -> tuple[list[RowT], bool]:
        """The rows from the place that the address names, and whether more of them follow that way."""
        after, before = self.cleaned_data["after"], self.cleaned_data["before"]
        order, place = self.order, after or before
        backward = bool(before and not after)
        ordered = order.applied(rows, backward=backward)
        if place:
            ordered = ordered.filter(order.beyond(place, backward=backward))
        found = list(ordered[: size + 1])
        is_more, found = len(found) > size, found[:size]
        if backward:
            found.reverse()
        return found, is_more

    def page_of(self, rows: QuerySet[RowT], total: int) -> ListPage[RowT]:
        """The page that the address names, of rows that fit and are in view."""
        place = self.cleaned_data["after"] or self.cleaned_data["before"]
        backward = bool(self.cleaned_data["before"] and not self.cleaned_data["after"])
        found, is_more = self.stretch(rows)
        seen = self.cleaned_data["shown"] or 0
        end = max(seen, len(found)) if backward else seen + len(found)
        return ListPage(
            rows=found,
            total=total,
            first=max(end - len(found), 0) + 1,
            last=end,
            earlier_url=self._earlier(found, end) if (is_more if backward else place) else "",
            later_url=self._later(found, end) if (is_more or backward) else "",
            is_further=bool(place),
        )

    def every(
        self, rows: QuerySet[RowT], dressed: Callable[[Any], QuerySet[RowT]], size: int = 500
    ) -> Iterator[list[RowT]]:
        """All rows in the order of the list, whatever page the address names; `dressed` adds what a line says.

        Which rows and in which order is asked once, as bare ids; then the rows are read by id, some at a time. To ask by
        filter and place for each page anew would look through the whole register hundreds of times.
        """
        ids = array("q", self.order.applied(rows).values_list("pk", flat=True))
        for start in range(0, len(ids), size):
            page = ids[start : start + size]
            found = {row.pk: row for row in dressed(rows.model._base_manager.filter(pk__in=page)).order_by()}
            yield [found[pk] for pk in page if pk in found]

    def _later(self, rows: Sequence[Any], end: int) -> str:
        return self.address(after=Place(rows[-1].pk, rows[-1].sort_key).text, shown=str(end)) if rows else ""

    def _earlier(self, rows: Sequence[Any], end: int) -> str:
        if not rows:
            return self.address()
        place = Place(rows[0].pk, rows[0].sort_key)
        return self.address(before=place.text, shown=str(max(end - len(rows), 0)))


@dataclass(frozen=True, slots=True)
class ListPage(Generic[ShownT]):
    """One page of a list: rows `first` to `last` of `total`, and where it goes on both ways."""

    rows: Sequence[ShownT]
    total: int
    first: int
    last: int
    earlier_url: str
    later_url: str
    is_further: bool

    @property
    def total_words(self) -> str:
        return count_words(self.total)

    @property
    def step(self) -> int:
        """How many the next page adds."""
        return PAGE if self.total > MOST_COUNTED else min(PAGE, self.total - self.last)

    @classmethod
    def nothing(cls, total: int) -> ListPage[Any]:
        """No row of them: the list is shown otherwise."""
        return ListPage([], total, 0, 0, "", "", is_further=False)

    def showing(self, rows: Sequence[OtherT]) -> ListPage[OtherT]:
        """The same page with its rows as a template shows them."""
        return ListPage(rows, self.total, self.first, self.last, self.earlier_url, self.later_url, self.is_further)


@dataclass(frozen=True, slots=True)
class Listing(Generic[ShownT]):
    """A list as a page shows it: the rows, and around them views, search box and filters."""

    asked: ListFilter
    page: ListPage[ShownT]
    counts: Mapping[str, int]

    @property
    def tabs(self) -> list[Tab]:
        return self.asked.tabs(self.counts)

    @property
    def facets(self) -> list[Facet]:
        return self.asked.facets()
