"""What every verb that reads an event log understands: its columns, and a progress line."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import get_args
from zoneinfo import available_timezones

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.cleaning_steps import STEPS, CleaningStep, known_step
from servoloop.kernel.interchange.options import LogFormat, ReadOptions
from servoloop.kernel.interchange.read_report import ReadProgress

COLUMNS = ("case", "activity", "timestamp", "start", "resource", "team", "lifecycle")
REQUIRED = COLUMNS[:3]
BAR, REDRAW_AFTER = 24, 0.1


def add_log_options(parser: argparse.ArgumentParser) -> None:
    """The options that stand in for a guess."""
    guessed = parser.add_argument_group("instead of guessing")
    for role in COLUMNS:
        guessed.add_argument(f"--{role}", metavar="COLUMN", help=_help_of(role))
    guessed.add_argument("--format", choices=get_args(LogFormat), help="the format of the file")
    guessed.add_argument(
        "--object-type", metavar="TYPE", help="of an OCEL log: the objects that are the cases"
    )
    guessed.add_argument(
        "--classifier", metavar="NAME", help="of a XES log: the one whose keys name the activity"
    )
    guessed.add_argument("--sheet", metavar="NAME", help="of a workbook: the sheet to read")
    guessed.add_argument(
        "--as-table",
        action="store_true",
        help="read a table of a service desk as it stands, not as its events",
    )
    guessed.add_argument(
        "--leave-out",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column that does not become part of the log; may be repeated",
    )
    guessed.add_argument("--encoding", help="such as utf-8, gb18030, cp1252")
    guessed.add_argument("--delimiter", help="one character (\\t for a tab)")
    guessed.add_argument(
        "--timestamp-format", metavar="FORMAT", help="such as '%%d.%%m.%%Y %%H:%%M'"
    )
    guessed.add_argument(
        "--zone", default="UTC", help="IANA zone of timestamps without offset (default UTC)"
    )


def _help_of(role: str) -> str:
    known = "" if role in REQUIRED else " ('': the log has none)"
    return f"the column of the {role}{known}"


def add_cleaning_option(parser: argparse.ArgumentParser) -> None:
    """The steps by which a log is cleaned, and in which order that is done."""
    parser.add_argument(
        "--clean",
        metavar="STEP",
        action="append",
        default=[],
        help=f"clean the log first; may be repeated; applied in this order: {', '.join(STEPS)}",
    )


def read_steps(names: Sequence[str]) -> frozenset[CleaningStep]:
    """The steps of `--clean`; one option may name several with commas. Raises UnknownStep."""
    words = [word.strip() for name in names for word in name.split(",")]
    return frozenset(known_step(word) for word in words if word)


def add_definition_options(
    group: "argparse.ArgumentParser | argparse._ArgumentGroup", *, named: bool = True
) -> None:
    """The definition that a log is compared with; `named` as an option `--definition`."""
    if named:
        group.add_argument("--definition", type=Path, metavar="FILE.bpmn", help="the BPMN file")
    group.add_argument(
        "--alias",
        metavar="LOGNAME=STEP",
        action="append",
        default=[],
        help="the activity of the log is this step (name or id); may be repeated",
    )
    group.add_argument("--process", metavar="ID", help="which process of the BPMN file is meant")
    group.add_argument(
        "--library",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a file with processes that the definition calls; may be repeated",
    )


def read_options(args: argparse.Namespace) -> ReadOptions:
    """What was said instead of guessing. Raises ServoloopError for a zone that does not exist."""
    check_zone(args.zone)
    return ReadOptions(
        format=args.format,
        object_type=args.object_type,
        classifier=args.classifier,
        sheet=args.sheet,
        as_table=args.as_table,
        left_out=tuple(args.leave_out),
        encoding=args.encoding,
        delimiter="\t" if args.delimiter == "\\t" else args.delimiter,
        timestamp_format=args.timestamp_format,
        zone=args.zone,
        **{role: getattr(args, role) for role in COLUMNS},
    )


def check_zone(zone: str) -> None:
    """Raises ServoloopError for a zone that does not exist."""
    if zone not in available_timezones():
        raise ServoloopError(f"No time zone '{zone}'; use an IANA name such as Europe/Rome or UTC.")


def read_aliases(texts: list[str]) -> dict[str, str]:
    """'LOGNAME=STEP' as a mapping; only the last `=` divides, as step ids have none."""
    aliases = {}
    for text in texts:
        activity, sign, step = text.rpartition("=")
        if not (activity and sign and step):
            raise ServoloopError(f"--alias takes LOGNAME=STEP, not '{text}'.")
        aliases[activity] = step
    return aliases


def check_output(output: Path | None, *, log: Path | None, what: str) -> None:
    """Before minutes of reading: can `what` be written where it is wanted?"""
    if output is None:
        return
    folder = output.parent
    if not folder.is_dir():
        raise ServoloopError(f"There is no folder {folder} to write the {what} into.")
    if output.is_dir():
        raise ServoloopError(f"{output} is a folder; name a file in it.")
    if log is not None and output.exists() and log.exists() and output.samefile(log):
        raise ServoloopError(f"The {what} would overwrite the log {log}; name another file.")


@contextmanager
def progress_line() -> Iterator["ProgressLine | None"]:
    """A line on standard error while the log is read; None when nobody watches."""
    line = ProgressLine() if sys.stderr.isatty() else None
    try:
        yield line
    finally:
        if line is not None:
            line.close()


class ProgressLine:
    """One line on stderr: share of the file, rows, rows a second, seconds left."""

    def __init__(self) -> None:
        self._began = self._drawn = time.monotonic()

    def __call__(self, progress: ReadProgress) -> None:
        now = time.monotonic()
        if now - self._drawn < REDRAW_AFTER:
            return
        self._drawn = now
        spent = now - self._began
        share = min(1.0, progress.bytes_read / progress.bytes_total) if progress.bytes_total else 0
        bar = "█" * round(share * BAR) + "░" * (BAR - round(share * BAR))
        left = f"{spent / share - spent:,.0f} s left" if share else ""
        rate = progress.rows / spent if spent else 0
        line = f"{bar} {share:4.0%}  {progress.rows:,} rows  {rate:,.0f} rows/s  {left}"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Remove the line."""
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
