"""Logs for tests: built from plain tuples, read from our examples, or from the shared data."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.mining.event_log import EventLog

PROJECT = Path(__file__).resolve().parents[3]
EXAMPLES = PROJECT / "examples" / "logs"
SHARED = PROJECT.parent / "shared" / "data"

Row = tuple[str, str, str]


def log_of(rows: Iterable[Row]) -> EventLog:
    """A log of (case, activity, ISO moment) rows, in this file order."""
    text = "case,activity,timestamp\n" + "".join(f"{','.join(row)}\n" for row in rows)
    return read_text(text, ReadOptions(delimiter=",", timestamp_format="%Y-%m-%d %H:%M:%S")).log


def read_text(text: str, options: ReadOptions = GUESS, *, name: str = "log.csv") -> ReadLog:
    """Read a log from text."""
    return read_bytes(text.encode(), options, name=name)


def read_bytes(data: bytes, options: ReadOptions = GUESS, *, name: str = "log") -> ReadLog:
    """Read a log from bytes."""
    return read_log(BytesIO(data), name=name, size=len(data), options=options)


def shared_log(name: str) -> Path:
    """A log of the shared data; skips the test where it is absent."""
    path = SHARED / "logs" / name
    if not path.exists():
        pytest.skip(f"needs the shared log {name} under ../shared/data/logs")
    return path
