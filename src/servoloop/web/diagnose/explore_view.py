"""What the live pages show of a selection: figures that each lead to the cases behind them."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from servoloop.kernel.mining.durations import CycleTimes
from servoloop.kernel.mining.filtering import variant_key
from servoloop.kernel.mining.filters import (
    Contains,
    CycleTime,
    Filter,
    Follows,
    HandsOver,
    Happened,
    OfVariant,
    Repeats,
)
from servoloop.kernel.mining.process_map import MapEdge, MapNode
from servoloop.kernel.mining.variants import Variant
from servoloop.loop.explore import Exploration
from servoloop.loop.report.charts import Column, Histogram, histogram
from servoloop.loop.report.words import percent
from servoloop.web.diagnose.selection import Selection

COLOURS = 12
"""So many activities have a colour of their own, the most frequent; the rest share a grey."""
STEPS_SHOWN = 40
VARIANTS_SHOWN, VARIANTS_MORE = 12, 200
SLOWEST_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure with its name; `query` leads to the cases behind it, '' where there are none."""

    name: str
    value: object  # a number, a share as text, or a timedelta
    words: str
    query: str = ""
    sort: str = ""

    @property
    def is_span(self) -> bool:
        return isinstance(self.value, timedelta)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    activity: str
    colour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantRow:
    rank: int
    variant: Variant
    steps: tuple[Step, ...]
    more_steps: int
    only: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRow:
    edge: MapEdge
    share: float  # of all waiting
    strength: float  # of the greatest share listed
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    node: MapNode
    colour: int
    query: str
    repeats_query: str
    first_query: str
    last_query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    source: str
    target: str
    transitions: int
    strength: float
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarLink:
    """A bar of the cycle times that keeps the cases in it."""

    column: Column
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExploreView:
    tiles: tuple[Tile, ...]
    variants: tuple[VariantRow, ...]
    variants_left: int
    slowest: tuple[EdgeRow, ...]
    activities: tuple[ActivityRow, ...]
    handovers: tuple[HandoverRow, ...]
    histogram: Histogram
    bars: tuple[BarLink, ...]


def explore_view(found: Exploration, selection: Selection, *, with_all: bool) -> ExploreView:
    """Everything the page shows of a selection, with the addresses that lead on."""
    colours = {
        node.activity: min(rank, COLOURS) for rank, node in enumerate(found.process_map.nodes)
    }
    shown = VARIANTS_MORE if with_all else VARIANTS_SHOWN
    drawn = histogram(found.cycle_times)
    return ExploreView(
        tiles=_tiles(found, selection),
        variants=tuple(
            _variant_row(rank, variant, selection, colours)
            for rank, variant in enumerate(found.variants[:shown], 1)
        ),
        variants_left=max(0, found.counts.variants - shown),
        slowest=_slowest(found, selection),
        activities=tuple(
            _activity_row(node, selection, colours) for node in found.process_map.nodes
        ),
        handovers=_handovers(found, selection),
        histogram=drawn,
        bars=_bars(drawn, found.cycle_times, selection),
    )


def _tiles(found: Exploration, selection: Selection) -> tuple[Tile, ...]:
    times, rework, reopened = found.cycle_times, found.rework, found.reopenings
    tiles = [
        Tile(
            name=_("Median cycle time"),
            value=times.median,
            words=_("of %(n)s cases") % {"n": f"{times.n:,}"},
            query=selection.query,
            sort="longest",
        ),
        Tile(
            name=_("Slowest tenth"),
            value=times.quantile(0.9),
            words=_("or longer"),
            query=selection.and_also(CycleTime(at_least=times.quantile(0.9))),
            sort="longest",
        ),
        Tile(
            name=_("Cases with rework"),
            value=percent(rework.share),
            words=_("%(n)s events done again") % {"n": f"{rework.repeated_events:,}"},
            query=selection.and_also(Repeats()),
        ),
    ]
    if reopened.closed:
        tiles.append(
            Tile(
                name=_("Reopened"),
                value=percent(reopened.share),
                words=_("of %(n)s closed cases") % {"n": f"{reopened.closed:,}"},
                query=selection.and_also(Happened(what="reopened")),
            )
        )
    if found.handovers is not None:
        tiles.append(
            Tile(
                name=_("Work came back"),
                value=percent(found.handovers.ping_pong_share),
                words=_("from one to another and back"),
                query=selection.and_also(Happened(what="ping_pong")),
            )
        )
    return tuple(tiles)


def _variant_row(
    rank: int, variant: Variant, selection: Selection, colours: dict[str, int]
) -> VariantRow:
    keys = (variant_key(variant.activities),)
    return VariantRow(
        rank=rank,
        variant=variant,
        steps=tuple(
            Step(activity=name, colour=colours[name]) for name in variant.activities[:STEPS_SHOWN]
        ),
        more_steps=max(0, len(variant.activities) - STEPS_SHOWN),
        only=selection.and_also(OfVariant(keys=keys)),
        without=selection.and_also(OfVariant(keys=keys, is_excluded=True)),
    )


def _slowest(found: Exploration, selection: Selection) -> tuple[EdgeRow, ...]:
    edges = found.slowest[:SLOWEST_SHOWN]
    total = found.total_wait or timedelta(microseconds=1)
    return tuple(
        EdgeRow(
            edge=edge,
            share=edge.total_wait / total,
            strength=edge.total_wait / edges[0].total_wait,
            query=selection.and_also(Follows(source=edge.source, target=edge.target)),
        )
        for edge in edges
    )


def _activity_row(node: MapNode, selection: Selection, colours: dict[str, int]) -> ActivityRow:
    name = node.activity
    return ActivityRow(
        node=node,
        colour=colours[name],
        query=selection.and_also(Contains(activity=name)),
        repeats_query=selection.and_also(Repeats(activity=name)),
        first_query=selection.and_also(Follows(source=None, target=name)),
        last_query=selection.and_also(Follows(source=name, target=None)),
    )


def _handovers(found: Exploration, selection: Selection) -> tuple[HandoverRow, ...]:
    """Between teams only: people are not named here."""
    if found.handovers is None or not found.handovers.pairs:
        return ()
    most = found.handovers.pairs[0].transitions
    return tuple(
        HandoverRow(
            source=pair.source,
            target=pair.target,
            transitions=pair.transitions,
            strength=pair.transitions / most,
            query=selection.and_also(HandsOver(source=pair.source, target=pair.target)),
        )
        for pair in found.handovers.pairs[:SLOWEST_SHOWN]
    )


def _bars(drawn: Histogram, times: CycleTimes, selection: Selection) -> tuple[BarLink, ...]:
    """The histogram leaves out empty bars at the left: it shows the last ones of the times."""
    shown = times.bars[len(times.bars) - len(drawn.columns) :]
    links = []
    for column, bar in zip(drawn.columns, shown, strict=True):
        within: Filter = CycleTime(at_least=bar.begin or None, below=bar.end)
        links.append(BarLink(column=column, query=selection.and_also(within)))
    return tuple(links)
