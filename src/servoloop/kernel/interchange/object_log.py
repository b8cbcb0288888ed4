"""Object-centric event logs (OCEL): events about many objects, flattened on one type of object.

OCEL 2.0: https://www.ocel-standard.org (Berti et al., 2023). One event may concern an order, two
items and a customer; a case is one object of the chosen type, and an event belongs to every case
it concerns. What flattening repeats and leaves out is said in the notes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from servoloop.kernel.interchange.raw_events import RawEvents, Refusals
from servoloop.kernel.interchange.read_report import Note, ObjectCount
from servoloop.kernel.interchange.roles import STANDARD
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.interchange.timestamps import parse_timestamps
from servoloop.kernel.mining.event_log import NO_TIME

LONG_LIVED = 0.5
"""Objects present for more than this share of the log (a recruiter, a product) are no cases."""
NEARLY_AS_MANY = 0.9
"""Types within this share of the best in events per object: the one with most events is taken."""
MOST_ATTRIBUTES = 2_000
EVENT_ID = "ocel:eid"


@dataclass(slots=True)
class Table:
    """Rows with a few attributes each, collected column by column."""

    rows: int = 0
    columns: dict[str, tuple[list[int], list[Any]]] = field(default_factory=dict)

    def add(self, attributes: Mapping[str, Any]) -> None:
        """One row more."""
        for name, value in attributes.items():
            if value is not None:
                if len(self.columns) > MOST_ATTRIBUTES:
                    raise UnreadableLog(
                        f"The log has more than {MOST_ATTRIBUTES:,} different attributes; values "
                        "were perhaps written as names."
                    )
                at, values = self.columns.setdefault(name, ([], []))
                at.append(self.rows)
                values.append(value)
        self.rows += 1

    def frame(self) -> pl.DataFrame:
        """Missing values are null; columns of mixed types become text."""
        return pl.DataFrame(
            [_column(name, at, values, self.rows) for name, (at, values) in self.columns.items()]
        )


@dataclass(slots=True)
class ObjectLog:
    """What the readers of OCEL's four notations collect, in file order.

    `relations` are (row of the event, id of the object); attributes of events and objects are rows
    beside `activities` and `object_ids`.
    """

    name: str
    version: str  # 1.0, 2.0
    event_ids: list[str] = field(default_factory=list)
    activities: list[str | None] = field(default_factory=list)
    times: list[str | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    event_attributes: Table = field(default_factory=Table)
    relations: tuple[list[int], list[str]] = field(default_factory=lambda: ([], []))
    object_ids: list[str] = field(default_factory=list)
    object_types: list[str] = field(default_factory=list)
    object_attributes: Table = field(default_factory=Table)

    def add_event(
        self,
        id: str,
        *,
        activity: str | None,
        time: str | None,
        line: int,
        attributes: Mapping[str, Any],
        objects: list[str],
    ) -> None:
        """One event with the objects it concerns."""
        row = len(self.event_ids)
        self.event_ids.append(id)
        self.activities.append(activity)
        self.times.append(time)
        self.lines.append(line)
        self.event_attributes.add(attributes)
        events, related = self.relations
        events.extend([row] * len(objects))
        related.extend(objects)

    def add_object(self, id: str, *, type: str, attributes: Mapping[str, Any]) -> None:
        """One object; of an attribute that changes give the value it has first."""
        self.object_ids.append(id)
        self.object_types.append(type)
        self.object_attributes.add(attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType:
    """How a type of object would do as the case; `presence` is the median object's share of the
    time the log spans, 0..1.
    """

    name: str
    objects: int
    events: int  # that concern at least one of its objects
    presence: float

    @property
    def events_per_object(self) -> float:
        """Events that each object has to itself, in the mean: what many share counts once, so items
        that are always handled together do not outrun their order.
        """
        return self.events / max(1, self.objects)


def flatten(log: ObjectLog, *, object_type: str | None) -> RawEvents:
    """The log with the objects of one type as its cases.

    Without `object_type` the type with the most events per object is taken, long-lived ones (see
    `LONG_LIVED`) aside. Raises UnreadableLog when there is no such type or no event concerns one.
    """
    if not log.event_ids:
        raise UnreadableLog(f"{log.name} is an object-centric log (OCEL) without a single event.")
    pairs = _pairs(log)
    types = object_types(log, pairs)
    if not types:
        raise UnreadableLog(
            f"{log.name} is an object-centric log (OCEL) whose events concern no objects."
        )
    chosen = _chosen(log, types, object_type)
    rows = pairs.filter(pl.col("type") == chosen.name)
    if rows.is_empty():
        raise UnreadableLog(
            f"No event of {log.name} concerns an object of type '{chosen.name}'; "
            f"use one of {_listed(types)}."
        )
    return RawEvents(
        object_types=tuple(
            ObjectCount(
                name=each.name,
                objects=each.objects,
                events=each.events,
                is_chosen=each is chosen,
            )
            for each in types
        ),
        columns=_flat_columns(log, pairs, rows, types),
        lines=np.array(log.lines, dtype=np.int64)[rows["event"].to_numpy()],
        rows_read=rows.height,
        refusals=Refusals(),
        encoding="utf-8",
        notes=_notes(log, rows, types, chosen, is_given=object_type is not None),
    )


def object_types(log: ObjectLog, pairs: pl.DataFrame) -> tuple[ObjectType, ...]:
    """The types by name; those without any object are left out."""
    micros = parse_timestamps(pl.Series(log.times, dtype=pl.String), format=None, zone="UTC").ts
    at = pl.Series("at", micros)[pairs["event"]]
    timed = pairs.with_columns(at.alias("at")).filter(pl.col("at") != NO_TIME)
    known = micros[micros != NO_TIME]
    span = max(1, int(known.max() - known.min())) if len(known) else 1
    lives = timed.group_by("type", "object").agg(
        ((pl.col("at").max() - pl.col("at").min()) / span).alias("presence")
    )
    presence = dict(lives.group_by("type").agg(pl.col("presence").median()).iter_rows())
    events = dict(pairs.group_by("type").agg(pl.col("event").n_unique()).iter_rows())
    counts = _objects(log).group_by("type").len().sort("type")
    return tuple(
        ObjectType(
            name=name,
            objects=objects,
            events=events.get(name, 0),
            presence=presence.get(name, 0.0) or 0.0,
        )
        for name, objects in counts.iter_rows()
    )


def _objects(log: ObjectLog) -> pl.DataFrame:
    """Each object once: `object`, `type` and the row it has in the log."""
    frame = pl.DataFrame(
        {"object": log.object_ids, "type": log.object_types},
        schema={"object": pl.String, "type": pl.String},
    )
    return frame.with_row_index("row").unique("object", keep="first", maintain_order=True)


def _pairs(log: ObjectLog) -> pl.DataFrame:
    """`event`, `object`, `type`, `row` of the object: each pair once, in file order."""
    events, related = log.relations
    frame = pl.DataFrame(
        {"event": events, "object": related}, schema={"event": pl.Int64, "object": pl.String}
    )
    return frame.unique(maintain_order=True).join(
        _objects(log), on="object", how="inner", maintain_order="left"
    )


def _chosen(log: ObjectLog, types: tuple[ObjectType, ...], wanted: str | None) -> ObjectType:
    if wanted is not None:
        for type in types:
            if type.name == wanted:
                return type
        raise UnreadableLog(f"{log.name} has no object type '{wanted}'. It has: {_listed(types)}.")
    passing = [type for type in types if type.objects > 1 and type.presence <= LONG_LIVED]
    candidates = passing or types
    enough = NEARLY_AS_MANY * max(type.events_per_object for type in candidates)
    return max(
        (type for type in candidates if type.events_per_object >= enough),
        key=lambda type: type.events,
    )


def _listed(types: tuple[ObjectType, ...]) -> str:
    return ", ".join(
        f"{type.name} ({type.objects:,} objects, {type.events:,} events)" for type in types
    )


def _flat_columns(
    log: ObjectLog, pairs: pl.DataFrame, rows: pl.DataFrame, types: tuple[ObjectType, ...]
) -> pl.DataFrame:
    events = rows["event"]
    columns = {
        STANDARD["case"]: rows["object"],
        STANDARD["activity"]: pl.Series(log.activities, dtype=pl.String)[events],
        STANDARD["timestamp"]: pl.Series(log.times, dtype=pl.String)[events],
        EVENT_ID: pl.Series(log.event_ids, dtype=pl.String)[events],
    }
    attributes = log.event_attributes.frame()
    for name in attributes.columns:
        columns.setdefault(name, attributes[name][events])
    related_to_kept = pairs.join(rows.select("event").unique(), on="event", how="semi")
    for type in types:
        is_case = type.name == rows["type"][0]
        related = None if is_case else _single(related_to_kept, type.name, log)
        if related is not None:
            columns.setdefault(type.name, related[events])
    of_objects = log.object_attributes.frame()
    for name in of_objects.columns:
        values = of_objects[name][rows["row"]]
        if values.null_count() < len(values):
            columns.setdefault(f"case:{name}", values)
    return pl.DataFrame(columns)


def _single(pairs: pl.DataFrame, type: str, log: ObjectLog) -> pl.Series | None:
    """The object of another type per event, if none of these events concerns two."""
    of_type = pairs.filter(pl.col("type") == type)
    if of_type.is_empty() or of_type["event"].is_duplicated().any():
        return None
    related = pl.Series([None] * len(log.event_ids), dtype=pl.String)
    return related.scatter(of_type["event"], of_type["object"])


def _notes(
    log: ObjectLog,
    rows: pl.DataFrame,
    types: tuple[ObjectType, ...],
    chosen: ObjectType,
    *,
    is_given: bool,
) -> tuple[Note, ...]:
    others = tuple(type for type in types if type is not chosen)
    values = (("type", chosen.name), ("version", log.version), ("others", _listed(others) or "–"))
    notes = [Note(code="object_type_given" if is_given else "object_type_chosen", values=values)]
    kept = rows["event"].n_unique()
    if kept < len(log.event_ids):
        notes.append(
            Note(
                code="events_without_object",
                values=(("events", len(log.event_ids) - kept), ("type", chosen.name)),
            )
        )
    if rows.height > kept:
        copies = rows.height - kept
        notes.append(
            Note(code="events_of_several_cases", values=(("rows", copies), ("type", chosen.name)))
        )
    return tuple(notes)


def _column(name: str, at: list[int], values: list[Any], rows: int) -> pl.Series:
    if any(isinstance(value, dict | list) for value in values):
        values = [str(value) for value in values]
    kinds = {bool if isinstance(value, bool) else type(value) for value in values}
    if not (len(kinds) == 1 or kinds <= {int, float}):
        values = [str(value) for value in values]
    full: list[Any] = [None] * rows
    for row, value in zip(at, values, strict=True):
        full[row] = value
    if kinds == {int, float}:
        return pl.Series(name, full, dtype=pl.Float64, strict=False)
    if kinds == {int} and max(map(abs, values)) >= 1 << 63:
        return pl.Series(name, [None if v is None else str(v) for v in full], dtype=pl.String)
    return pl.Series(name, full)
