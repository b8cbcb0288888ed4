"""From the history of tickets (who changed which field when) to events.

A change of status becomes the activity `Status: …`, an assignment `Assigned`, a comment `Comment:
public` or `Comment: internal`. The assignee and the group of the moment are the resource and the
team of every event. The first value of every other field describes the case. What was made of what
is counted and told.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from servoloop.kernel.interchange.object_log import Table
from servoloop.kernel.interchange.raw_events import RawEvents, Refusals
from servoloop.kernel.interchange.read_report import Note
from servoloop.kernel.interchange.roles import STANDARD
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.interchange.timestamps import parse_timestamps

CHANGED_BY = "changed by"
LONGEST_VALUE = 80
"""Longer values are texts that describe no group of cases."""
MOST_FIELDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field set to `new`; None is empty."""

    name: str
    new: str | None
    old: str | None = None


@dataclass(slots=True)
class DeskHistory:
    """Collects events of tickets in file order; `raw_events` puts assignees and groups beside them.

    `fields` says which fields of the desk play a part: its own names, in lower case.
    """

    desk: str
    name: str
    status_fields: frozenset[str]
    assignee_fields: frozenset[str]
    team_fields: frozenset[str]
    status_names: Mapping[str, str] = field(default_factory=dict)
    mapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    ignored: int = 0
    _rows: Table = field(default_factory=Table)
    _lines: list[int] = field(default_factory=list)
    _first_values: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def events(self) -> int:
        """The events so far."""
        return len(self._lines)

    def add_event(
        self, case: str | None, activity: str, *, at: str | None, by: str | None, line: int, of: str
    ) -> None:
        """One event that changes no field; `of` is what the desk calls it."""
        self._add(case, activity, at=at, by=by, line=line, of=of, more={})

    def add_changes(
        self,
        case: str | None,
        changes: list[FieldChange],
        *,
        at: str | None,
        by: str | None,
        line: int,
    ) -> None:
        """What one update of a ticket changed: at most one assignment and one event per status."""
        assigned: dict[str, str] = {}
        names = []
        statuses: list[FieldChange] = []
        for change in changes:
            key = change.name.lower()
            if key in self.assignee_fields or key in self.team_fields:
                role = "assignee" if key in self.assignee_fields else "team"
                assigned |= {f"new {role}": change.new or "", f"old {role}": change.old or ""}
                names.append(change.name)
            elif key in self.status_fields:
                statuses.append(change)
            else:
                self._describe(case, change)
        for change in statuses:
            activity = f"Status: {self._status(change.new)}"
            self._add(case, activity, at=at, by=by, line=line, of=change.name, more=assigned)
        if assigned and not statuses:
            self._add(
                case, "Assigned", at=at, by=by, line=line, of=" + ".join(names), more=assigned
            )
        if not assigned and not statuses:
            self.ignored += 1

    def raw_events(
        self,
        *,
        names: Mapping[str, str] | None = None,
        encoding: str = "utf-8",
        delimiter: str = "",
    ) -> RawEvents:
        """The events under their XES names, people and groups called by `names` where it has them.

        Raises UnreadableLog when the history held no event.
        """
        if not self._lines:
            raise UnreadableLog(
                f"{self.name} looks like an export of {self.desk} but holds no change of a status, "
                "no assignment and no comment."
            )
        frame = self._rows.frame()
        columns = {
            STANDARD["case"]: frame["case"],
            STANDARD["activity"]: frame["activity"],
            STANDARD["timestamp"]: _column(frame, "at"),
            STANDARD["resource"]: _at_the_moment(frame, "assignee"),
            STANDARD["team"]: _at_the_moment(frame, "team"),
            CHANGED_BY: _column(frame, "by"),
        }
        if columns[STANDARD["resource"]].null_count() == frame.height:
            columns[STANDARD["resource"]] = columns[CHANGED_BY]  # no assignee is known at all
        for role in (STANDARD["resource"], STANDARD["team"], CHANGED_BY):
            if columns[role].null_count() == frame.height:
                del columns[role]
            elif names:
                columns[role] = columns[role].replace(names)
        described = [name for name, of in self._first_values.items() if of][:MOST_FIELDS]
        cases = frame["case"].to_list()
        for name in described:
            values = self._first_values[name]
            columns[f"case:{name}"] = pl.Series(
                [values.get(case) for case in cases], dtype=pl.String
            )
        return RawEvents(
            columns=pl.DataFrame(columns),
            lines=np.array(self._lines, dtype=np.int64),
            rows_read=frame.height,
            refusals=Refusals(),
            encoding=encoding,
            delimiter=delimiter,
            notes=self._notes(described),
        )

    def describe(self, case: str | None, values: Mapping[str, Any]) -> None:
        """What a ticket says of itself, without a change: its channel, its customer's tier."""
        for name, value in values.items():
            self._describe(case, FieldChange(name=name, new=as_text(value)))

    def _add(
        self,
        case: str | None,
        activity: str,
        *,
        at: str | None,
        by: str | None,
        line: int,
        of: str,
        more: Mapping[str, str],
    ) -> None:
        kind = "Status: …" if activity.startswith("Status: ") else activity
        self.mapped[kind, of] += 1
        self._rows.add({"case": case, "activity": activity, "at": at, "by": by, **more})
        self._lines.append(line)

    def _status(self, value: str | None) -> str:
        plain = self.status_names.get(value or "", value or "")
        return plain[:1].upper() + plain[1:] if plain.islower() else plain or "none"

    def _describe(self, case: str | None, change: FieldChange) -> None:
        if case and change.new and len(change.new) <= LONGEST_VALUE:
            self._first_values.setdefault(change.name, {}).setdefault(case, change.new)

    def _notes(self, described: list[str]) -> tuple[Note, ...]:
        notes = [Note(code="desk_export", values=(("desk", self.desk),))]
        notes += [
            Note(
                code="desk_mapped",
                values=(("events", events), ("activity", activity), ("source", source)),
            )
            for (activity, source), events in self.mapped.most_common()
        ]
        if described:
            values = (("fields", ", ".join(described)),)
            notes.append(Note(code="desk_described", values=values))
        if self.ignored:
            notes.append(Note(code="desk_ignored", values=(("updates", self.ignored),)))
        return tuple(notes)


def as_text(value: Any) -> str | None:
    """A value of JSON as text; None for what is empty or no single value."""
    if value is None or isinstance(value, dict | list) or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _column(frame: pl.DataFrame, name: str) -> pl.Series:
    if name in frame.columns:
        return frame[name].cast(pl.String)
    return pl.Series(name, [None] * frame.height, dtype=pl.String)


def _at_the_moment(frame: pl.DataFrame, role: str) -> pl.Series:
    """Who a ticket was assigned to after each event; before its first change, what that replaced.

    Exports list changes in either direction, so the rows are put in order of time first.
    """
    times = parse_timestamps(_column(frame, "at"), format=None, zone="UTC").ts
    rows = pl.DataFrame(
        {
            "row": np.arange(frame.height),
            "case": frame["case"],
            "at": times,
            "new": _column(frame, f"new {role}"),
            "old": _column(frame, f"old {role}"),
        }
    ).sort("case", "at", "row")
    known = (
        pl.col("new")
        .forward_fill()
        .fill_null(pl.col("old").drop_nulls().first())
        .over("case")
        .alias("known")
    )
    filled = rows.select("row", known).sort("row")["known"]
    return filled.set(filled == "", None)
