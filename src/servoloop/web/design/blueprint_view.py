"""A service blueprint laid out: layers as bands, columns in the direction of time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.kernel.process.blueprint import (
    Blueprint,
    Cell,
    Evidence,
    Exhibit,
    Link,
    LinkKind,
)
from servoloop.kernel.process.step import Layer
from servoloop.storage.queries.step_times import StepTimes
from servoloop.web.shell.names import Names
from servoloop.web.shell.time_words import span_words

COLUMN, CARD, HIGH = 192, 164, 104  # px: pitch of columns, width and height of a card
SLIP = 44  # height of a piece of evidence
GAP, PAD = 14, 20
_LAYERS = (Layer.CUSTOMER, Layer.FRONTSTAGE, Layer.BACKSTAGE, Layer.SUPPORT)
LATE, ENOUGH = 0.2, 10  # a fail point by experience: this share late, of at least so many tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    id: str
    name: str
    x: int
    y: int
    height: int
    kind: str  # step, wait or evidence
    who: str
    times: str
    live: str  # what the log says
    fails: str  # words of the fail points, '' without
    waits: str
    where: str  # words of the layer, for readers who do not see it


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    key: str
    words: str
    line: str  # words of the line below, '' below the last band
    y: int
    height: int
    middle: int
    bottom: int
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    path: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueprintView:
    width: int
    height: int
    bands: tuple[Band, ...]
    threads: tuple[Thread, ...]
    hints: tuple[tuple[str, str], ...]  # (words, BPMN id)


def blueprint_view(
    blueprint: Blueprint, *, times: Mapping[str, StepTimes], names: Names
) -> BlueprintView:
    drawing = _Drawing(blueprint, times, names)
    bands = tuple(drawing.bands())
    return BlueprintView(
        width=max(blueprint.columns, 1) * COLUMN + PAD,
        height=bands[-1].bottom,
        bands=bands,
        threads=tuple(drawing.threads()),
        hints=tuple((each.words(drawing.language), each.element) for each in blueprint.hints),
    )


class _Drawing:
    def __init__(self, blueprint: Blueprint, times: Mapping[str, StepTimes], names: Names) -> None:
        self._blueprint = blueprint
        self._times = times
        self._names = names
        self._at: dict[str, tuple[int, int]] = {}  # cell id -> left, top
        self.language = get_language() or "en"

    def bands(self) -> Iterator[Band]:
        y = 0
        slips = list(self._evidence(y + PAD))
        yield self._band("evidence", slips, y, slip=True)
        y += self._height(slips, slip=True)
        for layer in _LAYERS:
            cards = list(self._cards(layer, y + PAD))
            yield self._band(layer.value, cards, y, slip=False)
            y += self._height(cards, slip=False)

    def threads(self) -> Iterator[Thread]:
        for link in self._blueprint.links:
            yield Thread(path=self._path(link), kind=link.kind.value)

    def _band(self, key: str, cards: list[Card], y: int, *, slip: bool) -> Band:
        height = self._height(cards, slip=slip)
        words, line = _words_of(key)
        return Band(
            key=key,
            words=words,
            line=line,
            y=y,
            height=height,
            middle=y + height // 2,
            bottom=y + height,
            cards=tuple(cards),
        )

    def _height(self, cards: list[Card], *, slip: bool) -> int:
        high = SLIP if slip else HIGH
        per_column: dict[int, int] = defaultdict(int)
        for each in cards:
            per_column[each.x] += 1
        rows = max(per_column.values(), default=1)
        return rows * high + (rows - 1) * GAP + 2 * PAD

    def _cards(self, layer: Layer, top: int) -> Iterator[Card]:
        stacked: dict[int, int] = defaultdict(int)
        for cell in self._blueprint.in_layer(layer):
            x = cell.column * COLUMN + PAD
            y = top + stacked[cell.column] * (HIGH + GAP)
            stacked[cell.column] += 1
            self._at[cell.id] = (x, y)
            yield self._card(cell, x, y, where=_words_of(layer.value)[0])

    def _card(self, cell: Cell, x: int, y: int, *, where: str) -> Card:
        known = self._times.get(cell.id)
        return Card(
            id=cell.id,
            name=cell.name.in_language(self.language),
            x=x,
            y=y,
            height=HIGH,
            kind="wait" if cell.is_wait else "step",
            who=self._names.role(cell.role) if cell.role else "",
            times=_times(cell),
            live=_live(known),
            fails=self._fails(cell, known),
            waits=_("waits, standard unknown") if cell.is_wait and cell.wait is None else "",
            where=where,
        )

    def _fails(self, cell: Cell, known: StepTimes | None) -> str:
        said = [each.name.in_language(self.language) or _("error") for each in cell.fails]
        if known is not None and known.tasks >= ENOUGH and known.late >= LATE:
            said.append(_("%(percent)d %% late") % {"percent": round(known.late * 100)})
        return _("Fail point: %(what)s") % {"what": _("; ").join(said)} if said else ""

    def _evidence(self, top: int) -> Iterator[Card]:
        stacked: dict[int, int] = defaultdict(int)
        for cell in self._blueprint.cells:
            for exhibit in cell.exhibits:
                yield Card(
                    id=cell.id,
                    name=_exhibit_words(exhibit, cell, self.language),
                    x=cell.column * COLUMN + PAD,
                    y=top + stacked[cell.column] * (SLIP + GAP),
                    height=SLIP,
                    kind="evidence",
                    who="",
                    times="",
                    live="",
                    fails="",
                    waits="",
                    where=_words_of("evidence")[0],
                )
                stacked[cell.column] += 1

    def _path(self, link: Link) -> str:
        """From the right side to the left side; a way back leaves and enters from below."""
        (x1, y1), (x2, y2) = self._at[link.source], self._at[link.target]
        middle = HIGH // 2
        if link.kind is LinkKind.BACK:
            below = max(y1, y2) + HIGH + GAP // 2
            return f"M{x1 + CARD // 2} {y1 + HIGH}V{below}H{x2 + CARD // 2}V{y2 + HIGH}"
        aisle = (COLUMN - CARD) // 2  # beside a card, where no other stands
        path = f"M{x1 + CARD} {y1 + middle}H{x1 + CARD + aisle}"
        if x2 - x1 > COLUMN:  # over the cards between, not behind them
            path += f"V{y2 - GAP // 2}H{x2 - aisle}"
        return path + f"V{y2 + middle}H{x2 - 2}"


def _words_of(key: str) -> tuple[str, str]:
    """The layer, and the line that lies below it."""
    return {
        "evidence": (_("Evidence"), ""),
        "customer": (_("Customer"), _("line of interaction")),
        "frontstage": (_("Frontstage"), _("line of visibility")),
        "backstage": (_("Backstage"), _("line of internal interaction")),
        "support": (_("Support"), ""),
    }[key]


def _times(cell: Cell) -> str:
    if cell.is_wait:
        return _("waits %(span)s") % {"span": span_words(cell.wait)} if cell.wait else ""
    if cell.standard_time is None:
        return ""
    said = _("standard %(span)s") % {"span": span_words(cell.standard_time)}
    if cell.response_time is not None:
        said += _(", within %(span)s") % {"span": span_words(cell.response_time)}
    return said


def _live(known: StepTimes | None) -> str:
    if known is None or not known.tasks:
        return ""
    return _("%(n)d×, 90 %% taken in %(span)s") % {
        "n": known.tasks,
        "span": span_words(known.p90_wait),
    }


def _exhibit_words(exhibit: Exhibit, cell: Cell, language: str) -> str:
    if name := exhibit.name.in_language(language):
        return name
    if exhibit.kind is Evidence.FORM:
        return _("Form of the portal")
    return _("Message: %(step)s") % {"step": cell.name.in_language(language)}
