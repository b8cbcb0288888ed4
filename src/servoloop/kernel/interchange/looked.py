"""What a look at a file found; see `look`. Plain data, so that pages load no data library."""

from dataclasses import dataclass

from servoloop.kernel.interchange.cleaning_steps import Proposal
from servoloop.kernel.interchange.options import LogFormat
from servoloop.kernel.interchange.read_report import (
    FormatUse,
    ObjectCount,
    Refusal,
    RoleChoice,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedColumn:
    """A column with its first cells, None where one is empty."""

    name: str
    cells: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a file before its diagnosis.

    `problem` is the sentence that says why it cannot be diagnosed so; '' when it can. `columns` is
    empty when the table could not be parted into columns; `lines` then holds its first lines.
    """

    format: LogFormat
    compression: str  # none, gzip
    encoding: str
    delimiter: str
    desk: str  # the desk whose export it is; ''
    columns: tuple[LookedColumn, ...]
    columns_in_all: int
    lines: tuple[str, ...]
    roles: tuple[RoleChoice, ...]
    date_formats: tuple[FormatUse, ...]
    possible_formats: tuple[str, ...]
    zone: str
    naive_rows: int  # timestamps without an offset: read as wall-clock time of the zone
    object_types: tuple[ObjectCount, ...]
    sheets: tuple[str, ...]
    classifiers: tuple[tuple[str, str], ...]
    has_starts_and_completes: bool
    events: int
    cases: int
    activities: tuple[tuple[str, int], ...]  # by events, descending
    rows_read: int
    rows_refused: int
    refusals: tuple[Refusal, ...]
    proposals: tuple[Proposal, ...]
    problem: str
