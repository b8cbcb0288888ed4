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
    them: `activity="concept:name+lifecycle:transition"`, `timestamp="date+time"`.
    """

    format: LogFormat | None = None
    case: str | None = None
    activity: str | None = None
    timestamp: str | None = None
    start: str | None = None
    resource: str | None = None
    team: str | None = None
    lifecycle: str | None = None
    object_type: str | None = None  # of an object-centric log: whose objects are the cases
    encoding: str | None = None
    delimiter: str | None = None
    timestamp_format: str | None = None  # as strftime writes it, or s, ms, us of the epoch
    zone: str = "UTC"  # IANA zone of stamps that carry no offset
    largest_inflation: int = 300  # a compressed file may grow by this factor once over 64 MB


GUESS = ReadOptions()
