"""What a reader saw, guessed and refused: shown to the user before any finding."""

from dataclasses import dataclass
from typing import Literal, get_args

from servoloop.kernel.interchange.cleaning_steps import Proposal

Role = Literal["case", "activity", "timestamp", "start", "resource", "team", "lifecycle"]
ROLES: tuple[Role, ...] = get_args(Role)
REQUIRED: tuple[Role, ...] = ("case", "activity", "timestamp")
GuessedBy = Literal["given", "standard", "name", "content"]

REFUSALS_LISTED = 200
"""How many refused rows a report lists; the count is always complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row or event that was not taken into the log."""

    line: int  # 1 is the first line of the (decompressed) file; the row of a Parquet file
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """Which column(s) play a role, and why: given by the user, standard, or guessed."""

    role: Role
    columns: tuple[str, ...]  # more than one: joined with a blank
    by: GuessedBy
    others: tuple[str, ...] = ()  # columns that would also have fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectCount:
    """A type of objects that an object-centric log could be flattened on."""

    name: str
    objects: int
    events: int  # that concern at least one of them
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatUse:
    """A date format and the number of values it read."""

    format: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something the reader decided or noticed; `code` is stable, `values` fill its sentence."""

    code: str
    values: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """How a file became an event log.

    `rows_read` counts what the file offered (CSV data rows, XES events); `rows_read` =
    events + `rows_refused`. `refusals` lists the first `REFUSALS_LISTED` in file order.
    `equal_timestamps` counts the events with the timestamp of the event before in their case;
    `duplicates` the events equal to an earlier one in case, activity, time, resource and lifecycle;
    `out_of_order` the events that stand in the file before an earlier event of their case;
    `ends_before_start` the events whose start lies after their end; `suspicious_years` the events
    dated before 1990 or after 2100; `without_resource` the events with no resource though the log
    has resources; `before_opening` the events earlier than the activity that opens nearly all cases
    that have it. `cut_at_start` counts the cases begun before the log was and `open_at_end` those
    that go on after it (see `log_edges`); None where too few cases lie away from that edge.
    `offsets` counts the rows by the offset from UTC they are written with. `proposals` are the
    cleaning steps that would touch something.
    """

    format: str  # one of LogFormat
    compression: str  # none, gzip
    bytes_read: int
    encoding: str
    delimiter: str  # '' for XES
    roles: tuple[RoleChoice, ...]
    timestamp_formats: tuple[FormatUse, ...]
    zone: str  # the zone applied to stamps without offset
    zoned_rows: int
    naive_rows: int
    offsets: tuple[tuple[str, int], ...]  # +01:00; most frequent first
    rows_read: int
    rows_refused: int
    refusals: tuple[Refusal, ...]
    refused_by_reason: tuple[tuple[str, int], ...]
    empty_cases: int
    equal_timestamps: int
    duplicates: int
    out_of_order: int
    ends_before_start: int
    before_opening: int
    cut_at_start: int | None
    open_at_end: int | None
    suspicious_years: int
    without_resource: int
    lifecycles: tuple[tuple[str, int], ...]  # as written in the file, most frequent first
    classifiers: tuple[tuple[str, str], ...]  # XES: name, keys
    notes: tuple[Note, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProgress:
    """How far a reader is; bytes are those of the file on disk."""

    bytes_read: int
    bytes_total: int  # 0 when unknown
    rows: int
