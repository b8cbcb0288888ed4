"""Which cases a page is about: the filters in its address, and the addresses that lead on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from servoloop.kernel.mining.filter_words import said
from servoloop.kernel.mining.filters import (
    Filter,
    HandsOver,
    HasValue,
    OfVariant,
    UnreadableFilter,
    joined,
    read_filter,
    text_of,
)

MOST_FILTERS = 40
FILTERS, SIDE_A, SIDE_B = "f", "a", "b"
"""The parameters of an address that hold filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Filters as an address holds them; `unread` are texts that are none."""

    filters: tuple[Filter, ...]
    unread: tuple[str, ...] = ()

    def and_also(self, *more: Filter) -> str:
        """The query of the address with more filters."""
        return query_of(joined(self.filters, *more))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The filters as hidden fields of a form."""
        return tuple((FILTERS, text_of(each)) for each in self.filters)

    @property
    def query(self) -> str:
        """The query of the address as it is."""
        return query_of(self.filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One filter on the page; `without` is the query that takes it away."""

    words: str
    title: str
    without: str


def selection_of(request: HttpRequest, parameter: str = FILTERS) -> Selection:
    """What the address asks for; texts that are no filter are left out and told."""
    found: list[Filter] = []
    unread: list[str] = []
    for text in request.GET.getlist(parameter)[:MOST_FILTERS]:
        try:
            found.append(read_filter(text))
        except UnreadableFilter:
            unread.append(text)
    return Selection(filters=joined(found), unread=tuple(unread))


def query_of(filters: Iterable[Filter], parameter: str = FILTERS) -> str:
    """Filters as a query, with its question mark; '?' alone when there is none."""
    return f"?{urlencode([(parameter, text_of(each)) for each in filters])}"


def chips_of(
    filters: Sequence[Filter], *, parameter: str = FILTERS, rest: QueryDict | None = None
) -> tuple[Chip, ...]:
    """A chip for each filter; `rest` are other parameters that stay in the address."""
    others = [] if rest is None else _pairs(rest, without=parameter)
    found = []
    for each in filters:
        left = [(parameter, text_of(other)) for other in filters if other != each]
        found.append(
            Chip(words=in_words(each), title=_full(each), without=f"?{urlencode(others + left)}")
        )
    return tuple(found)


def in_words(each: Filter) -> str:
    """What a filter keeps, in the viewer's language."""
    return said(each).in_language(get_language() or "en")


def names_people(each: Filter) -> bool:
    """Whether a filter tells individuals apart."""
    from servoloop.loop.explore_columns import is_about_people

    if isinstance(each, HandsOver):
        return each.by == "resource"
    return isinstance(each, HasValue) and is_about_people(each.column)


def _pairs(given: QueryDict, *, without: str) -> list[tuple[str, str]]:
    return [(key, value) for key, values in given.lists() for value in values if key != without]


def _full(each: Filter) -> str:
    """What a chip shortens, in full."""
    if isinstance(each, HasValue | OfVariant):
        return ", ".join(each.values if isinstance(each, HasValue) else each.keys)
    return ""
