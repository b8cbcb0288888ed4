"""What a user may say about a log instead of having it guessed."""

from dataclasses import dataclass
from typing import Literal

LogFormat = Literal[
    "csv", "xes", "parquet", "xlsx", "ocel", "zendesk", "jira", "servicenow", "freshdesk"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """None means: guess, and show the guess in the report.

    Column names are those of the header (CSV) or the attribute keys (XES; those of the trace are
    written `case:KEY`). Several columns joined with `+` are read as one value with a blank between
    them: `activity="concept:name+lifecycle:transition"`, `timestamp="date+time"`. An empty name
    says that the log has no such column (for all but case, activity and timestamp).
    """

    format: LogFormat | None = None
    case: str | None = None
    activity: str | None = None
    timestamp: str | None = None
    start: str | None = None
    resource: str | None = None
    team: str | None = None
    lifecycle: str | None = None
    classifier: str | None = None  # of XES: the one whose keys name the activity
    left_out: tuple[str, ...] = ()  # columns that do not become part of the log
    as_table: bool = False  # read a table of a service desk as it stands, unmapped
    sheet: str | None = None  # of a workbook
    object_type: str | None = None  # of an object-centric log: whose objects are the cases
    encoding: str | None = None
    delimiter: str | None = None
    timestamp_format: str | None = None  # as strftime writes it, or s, ms, us of the epoch
    zone: str = "UTC"  # IANA zone of stamps that carry no offset
    largest_inflation: int = 300  # a compressed file may grow by this factor once over 64 MB


GUESS = ReadOptions()
