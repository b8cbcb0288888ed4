"""`servoloop diagnose LOG`: from an event log to a page with answers; needs no database."""

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from servoloop.cli.log_options import (
    add_definition_options,
    add_log_options,
    check_output,
    progress_line,
    read_aliases,
    read_options,
)
from servoloop.kernel.errors import ServoloopError
from servoloop.loop.definition_file import read_definition
from servoloop.loop.diagnose import Diagnosis, diagnose_log
from servoloop.loop.findings import Improvements
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.findings import findings_title, hours_long, in_both, shown_outcomes
from servoloop.loop.report.render import render
from servoloop.loop.report.words import duration, number, percent

if TYPE_CHECKING:  # it loads the compiler
    from servoloop.loop.conform import DefinitionConformance

DESCRIPTION = """\
Read an event log (CSV, TSV, XES or OCEL, also .gz; XLSX, Parquet) and show how the process really
runs: the process map, the variants, where the time goes, rework and handovers. Columns, encoding
and date formats are guessed and shown; every guess can be overridden. Rows that cannot be read are
listed with their line.
"""
FINDINGS_SHOWN = 3
EXAMPLES = """\
examples:
  servoloop diagnose log.xes.gz -o report.html
  servoloop diagnose tickets.csv --case 'Ticket ID' --activity Status --timestamp 'Changed at'
  servoloop diagnose calls.tsv --timestamp date+vru_entry --json
  servoloop diagnose log.xes.gz --definition complaint.bpmn --discover -o report.html
"""


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
    parser.add_argument(
        "--discover", action="store_true", help="discover a model too; takes up to a minute"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language shown first")
    add_definition_options(parser.add_argument_group("compare with a definition"))
    add_log_options(parser)


def run(args: argparse.Namespace) -> int:
    """Diagnose, then write the report, the JSON or a summary."""
    check_output(args.output, log=args.log, what="report")
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
    lines += _change_first(found.improvements)
    if found.slowest:
        worst = found.slowest[0]
        share = percent(worst.total_wait / found.total_wait)
        lines.append(
            f"Waiting: {share} lies between '{worst.source}' and '{worst.target}' "
            f"(median {duration(worst.median_wait).en})"
        )
    lines += [_agreement(each) for each in found.conformance]
    if found.discovered is not None:
        from servoloop.cli.discover import model_lines

        lines += model_lines(found.discovered)
    report = found.read_report
    if report is not None and report.rows_refused:
        lines.append(
            f"Not read: {number(report.rows_refused)} of {number(report.rows_read)} rows; "
            f"line {report.refusals[0].line}: {report.refusals[0].reason}"
        )
    return "\n".join(lines)


def _change_first(found: Improvements) -> list[str]:
    """The first findings, a line each; else the first root cause, else that there is nothing."""
    if found.findings:
        return [
            f"Finding {rank}: {in_both(each.says).en} "
            f"Worth up to {hours_long(each.gain).en} of cycle time a week"
            for rank, each in enumerate(found.findings[:FINDINGS_SHOWN], 1)
        ]
    named = [each for each in shown_outcomes(found) if each.rows]
    return [findings_title(found).en, *(f"Root cause: {each.title.en}" for each in named[:1])]


def _agreement(found: "DefinitionConformance") -> str:
    share = percent(found.conforming_share)
    return (
        f"Conformance: {share} of the cases keep to '{found.name.in_language('en')}' in every step"
    )


def _diagnosis(args: argparse.Namespace) -> Diagnosis:
    if args.live:
        return _live(args)
    if args.log is None:
        raise ServoloopError(
            "Name the event log to diagnose, such as 'servoloop diagnose log.csv'."
        )
    definition = None
    if args.definition is not None:
        definition = read_definition(args.definition, process=args.process, library=args.library)
    with progress_line() as progress:
        return diagnose_log(
            args.log,
            options=read_options(args),
            join_lifecycle=args.join,
            definition=definition,
            aliases=read_aliases(args.alias),
            with_model=args.discover,
            progress=progress,
        )


def _live(args: argparse.Namespace) -> Diagnosis:
    """Of the cases in the database; only this needs one."""
    if args.log is not None:
        raise ServoloopError("Give a log file or --live, not both.")
    if args.definition is not None:
        raise ServoloopError("--live compares with the definitions here; leave --definition out.")
    from servoloop.cli.database import database_at_hand
    from servoloop.storage.folder import var_folder

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")
    with database_at_hand(var_folder()):
        import django

        django.setup()
        from servoloop.loop.diagnose_live import diagnose_live
        from servoloop.storage.queries.viewer import Viewer

        return diagnose_live(
            Viewer(is_colleague=True),  # whoever can reach the database sees all of it anyway
            at=datetime.now(UTC),
            language="zh-hans" if args.lang == "zh" else "en",
            zone=args.zone,
            with_model=args.discover,
        )
