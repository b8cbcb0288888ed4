"""`servoloop convert LOG -o FILE`: an event log in another format; needs no database."""

import argparse
from pathlib import Path

from servoloop.cli.log_options import add_log_options, check_output, progress_line, read_options
from servoloop.loop.convert import convert_log
from servoloop.loop.report.words import counted

DESCRIPTION = """\
Read an event log of any kind and write it as Parquet, CSV or XES, by the ending of FILE. Parquet is
read again in a fraction of the time, and is what --engine spark takes.
"""
EXAMPLES = """\
examples:
  servoloop convert tickets.csv -o tickets.parquet
  servoloop convert export.json --object-type order -o orders.xes
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "convert",
        help="write an event log as Parquet, CSV or XES",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", type=Path, help="the event log")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", required=True, help=".parquet, .csv or .xes"
    )
    add_log_options(parser)


def run(args: argparse.Namespace) -> int:
    """Convert, and say what was read and what was not."""
    check_output(args.output, log=args.log, what="log")
    with progress_line() as progress:
        report = convert_log(args.log, args.output, options=read_options(args), progress=progress)
    written = report.rows_read - report.rows_refused
    print(f"Written: {args.output}, {counted(written, 'event')}")
    if report.rows_refused:
        first = report.refusals[0]
        print(
            f"Not read: {counted(report.rows_refused, 'row')}, the first in line {first.line}: "
            f"{first.reason}"
        )
    return 0
