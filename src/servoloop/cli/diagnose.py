"""`servoloop diagnose LOG`: from an event log to a page with answers; needs no database."""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from zoneinfo import available_timezones

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read_report import ReadProgress
from servoloop.loop.diagnose import Diagnosis, diagnose_log
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.render import render
from servoloop.loop.report.words import duration, number, percent

DESCRIPTION = """\
Read an event log (CSV, TSV or XES, also .gz; Parquet) and show how the process really runs: the
process map, the variants, where the time goes, rework and handovers. Columns, encoding and date
formats are guessed and shown; every guess can be overridden. Rows that cannot be read are listed
with their line.
"""
EXAMPLES = """\
examples:
  servoloop diagnose log.xes.gz -o report.html
  servoloop diagnose tickets.csv --case 'Ticket ID' --activity Status --timestamp 'Changed at'
  servoloop diagnose calls.tsv --timestamp date+vru_entry --json
"""
COLUMNS = ("case", "activity", "timestamp", "start", "resource", "team", "lifecycle")
BAR, REDRAW_AFTER = 24, 0.1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "diagnose",
        help="show where the cases of an event log lose time",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", nargs="?", type=Path, help="the event log")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the HTML report")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument(
        "--join", action="store_true", help="join start and complete events into one piece of work"
    )
    parser.add_argument("--live", action="store_true", help="diagnose the cases that ran here")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language shown first")
    guessed = parser.add_argument_group("instead of guessing")
    for role in COLUMNS:
        guessed.add_argument(f"--{role}", metavar="COLUMN", help=f"the column of the {role}")
    guessed.add_argument(
        "--format", choices=("csv", "xes", "parquet"), help="the format of the file"
    )
    guessed.add_argument("--encoding", help="such as utf-8, gb18030, cp1252")
    guessed.add_argument("--delimiter", help="one character (\\t for a tab)")
    guessed.add_argument(
        "--timestamp-format", metavar="FORMAT", help="such as '%%d.%%m.%%Y %%H:%%M'"
    )
    guessed.add_argument(
        "--zone", default="UTC", help="IANA zone of timestamps without offset (default UTC)"
    )


def run(args: argparse.Namespace) -> int:
    """Diagnose, then write the report, the JSON or a summary."""
    _check_paths(args)
    found = _diagnosis(args)
    if args.output is not None:
        args.output.write_text(render(found, language=args.lang), encoding="utf-8")
    if args.json:
        print(json.dumps(as_json(found), ensure_ascii=False))
    else:
        print(summary(found))
        if args.output is not None:
            print(f"Report: {args.output}")
    return 0


def summary(found: Diagnosis) -> str:
    """A few lines for the terminal."""
    counts, times = found.counts, found.cycle_times
    lines = [
        f"{found.name}: {number(counts.events)} events of {number(counts.cases)} cases, "
        f"{number(counts.activities)} activities, {number(counts.variants)} variants",
        f"Cycle time: median {duration(times.median).en}, "
        f"90 % within {duration(times.quantile(0.9)).en}",
        f"Rework: {percent(found.rework.share)} of the cases repeat an activity",
    ]
    if found.slowest:
        worst = found.slowest[0]
        share = percent(worst.total_wait / found.total_wait)
        lines.append(
            f"Waiting: {share} lies between '{worst.source}' and '{worst.target}' "
            f"(median {duration(worst.median_wait).en})"
        )
    report = found.read_report
    if report is not None and report.rows_refused:
        lines.append(
            f"Not read: {number(report.rows_refused)} of {number(report.rows_read)} rows; "
            f"line {report.refusals[0].line}: {report.refusals[0].reason}"
        )
    return "\n".join(lines)


def _diagnosis(args: argparse.Namespace) -> Diagnosis:
    if args.live:
        return _live(args)
    if args.log is None:
        raise ServoloopError(
            "Name the event log to diagnose, such as 'servoloop diagnose log.csv'."
        )
    progress = _ProgressBar() if sys.stderr.isatty() else None
    found = diagnose_log(
        args.log, options=_options(args), join_lifecycle=args.join, progress=progress
    )
    if progress is not None:
        progress.close()
    return found


def _live(args: argparse.Namespace) -> Diagnosis:
    """Of the cases in the database; only this needs one."""
    if args.log is not None:
        raise ServoloopError("Give a log file or --live, not both.")
    from servoloop.cli.database import database_at_hand
    from servoloop.storage.folder import var_folder

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")
    with database_at_hand(var_folder()):
        import django

        django.setup()
        from servoloop.loop.diagnose_live import diagnose_live

        return diagnose_live(language="zh-hans" if args.lang == "zh" else "en", zone=args.zone)


def _check_paths(args: argparse.Namespace) -> None:
    """Before minutes of reading: can the report be written where it is wanted?"""
    if args.output is None:
        return
    folder = args.output.parent
    if not folder.is_dir():
        raise ServoloopError(f"There is no folder {folder} to write the report into.")
    if args.output.is_dir():
        raise ServoloopError(f"{args.output} is a folder; name a file such as report.html.")
    if args.log is not None and args.output.exists() and args.output.samefile(args.log):
        raise ServoloopError(f"The report would overwrite the log {args.log}; name another file.")


def _options(args: argparse.Namespace) -> ReadOptions:
    if args.zone not in available_timezones():
        raise ServoloopError(
            f"No time zone '{args.zone}'; use an IANA name such as Europe/Rome or UTC."
        )
    return ReadOptions(
        format=args.format,
        encoding=args.encoding,
        delimiter="\t" if args.delimiter == "\\t" else args.delimiter,
        timestamp_format=args.timestamp_format,
        zone=args.zone,
        **{role: getattr(args, role) for role in COLUMNS},
    )


class _ProgressBar:
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
