"""`servoloop diagnose LOG`: from an event log to a page with answers; needs no database."""

import argparse
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from servoloop.cli.log_options import (
    add_cleaning_option,
    add_definition_options,
    add_log_options,
    check_output,
    progress_line,
    read_aliases,
    read_options,
    read_steps,
)
from servoloop.cli.value_options import add_value_options, read_value_options
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.cleaning_steps import Cleaned
from servoloop.kernel.interchange.read_report import ReadReport
from servoloop.kernel.process.program import Program
from servoloop.loop.definition_file import read_definition
from servoloop.loop.diagnose import Diagnosis, diagnose_log
from servoloop.loop.diagnose_large import diagnose_large, outgrows_memory
from servoloop.loop.findings import Improvements
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.findings import (
    findings_title,
    gain_words,
    hours_long,
    in_both,
    shown_outcomes,
)
from servoloop.loop.report.render import render
from servoloop.loop.report.words import counted, duration, number, percent

if TYPE_CHECKING:  # it loads the compiler
    from servoloop.loop.conform import DefinitionConformance

DESCRIPTION = """\
Read an event log (CSV, TSV, XES or OCEL, also .gz; XLSX, Parquet) and show how the process really
runs: the process map, the variants, where the time goes, rework and handovers. Columns, encoding
and date formats are guessed and shown; every guess can be overridden. Rows that cannot be read are
listed with their line.
"""
FINDINGS_SHOWN = 3
REFUSALS_SHOWN = 10
EXAMPLES = """\
examples:
  servoloop diagnose log.xes.gz -o report.html
  servoloop diagnose tickets.csv --case 'Ticket ID' --activity Status --timestamp 'Changed at'
  servoloop diagnose calls.tsv --timestamp date+vru_entry --json
  servoloop diagnose log.csv --clean drop-duplicates --clean drop-cut-cases -o report.html
  servoloop diagnose log.xes.gz --definition complaint.bpmn --discover -o report.html
  servoloop diagnose log.csv --value 'Check stock=business' --rate 'agents=45EUR/h' -o report.html
  servoloop diagnose s3a://desk/events/ --engine spark --json
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
    parser.add_argument(
        "--engine",
        choices=("local", "spark"),
        default="local",
        help="spark: LOG is a Parquet file or folder, or a table; map, variants, times, handovers",
    )
    parser.add_argument(
        "--sequence", metavar="COLUMN", help="for spark: what orders events of equal times"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language shown first")
    add_cleaning_option(parser)
    add_value_options(parser.add_argument_group("value and cost"))
    add_definition_options(parser.add_argument_group("compare with a definition"))
    add_log_options(parser)


def run(args: argparse.Namespace) -> int:
    """Diagnose, then write the report, the JSON or a summary."""
    if args.engine == "spark":
        from servoloop.cli.diagnose_on_spark import run_on_spark

        return run_on_spark(args)
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
        *map(_cleaned, found.cleaning),
        f"{found.name}: {counted(counts.events, 'event')} of {counted(counts.cases, 'case')}, "
        f"{counted(counts.activities, 'activity', 'activities')}, "
        f"{counted(counts.variants, 'variant')}",
        f"Cycle time: median {duration(times.median).en}, "
        f"90 % within {duration(times.quantile(0.9)).en}",
        f"Rework: {percent(found.rework.share)} of the cases repeat an activity",
    ]
    if found.examined is not None:
        lines.append(
            "Too large to hold: findings, value and conformance are of "
            f"{counted(found.examined.events, 'event')} of {counted(found.examined.cases, 'case')}"
        )
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
    if report is not None:
        lines += _not_read(report)
        if report.proposals and not found.cleaning:
            steps = ", ".join(each.step for each in report.proposals)
            lines.append(f"Nothing was cleaned; --clean could: {steps}")
    return "\n".join(lines)


def _cleaned(step: Cleaned) -> str:
    """What one step did, in events and cases."""
    if step.changed:
        return f"Cleaned ({step.step}): {counted(step.changed, 'event')} changed, none dropped"
    events = counted(step.events_before - step.events_after, "event")
    cases = counted(step.cases_before - step.cases_after, "whole case")
    return f"Cleaned ({step.step}): {events} dropped, and with them {cases}"


def _not_read(report: ReadReport) -> list[str]:
    """The first rows that could not be read, a line each."""
    if not report.rows_refused:
        return []
    shown = report.refusals[:REFUSALS_SHOWN]
    more = report.rows_refused - len(shown)
    return [
        f"Not read: {number(report.rows_refused)} of {counted(report.rows_read, 'row')}",
        *(f"  line {number(each.line)}: {each.reason}" for each in shown),
        *([f"  and {number(more)} more (--json lists 200)"] if more else []),
    ]


def _change_first(found: Improvements) -> list[str]:
    """The first findings, a line each; else the first root cause, else that there is nothing."""
    if found.findings:
        return [
            f"Finding {rank}: {in_both(each.says).en} "
            f"Worth up to {gain_words(each, hours_long).en} a month"
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
    found = _diagnosis_of_file(args, definition)
    return found if args.definition is None else _with_changes(found, args)


def _diagnosis_of_file(args: argparse.Namespace, definition: Program | None) -> Diagnosis:
    """In parts where the log outgrows memory; but cleaning and joining look at it as a whole."""
    steps, options, aliases = read_steps(args.clean), read_options(args), read_aliases(args.alias)
    in_parts = not steps and not args.join and outgrows_memory(args.log)
    with progress_line() as progress:
        if in_parts:
            return diagnose_large(
                args.log,
                options=options,
                definition=definition,
                aliases=aliases,
                with_model=args.discover,
                value=read_value_options(args),
                progress=progress,
            )
        return diagnose_log(
            args.log,
            options=options,
            cleaning=steps,
            join_lifecycle=args.join,
            definition=definition,
            aliases=aliases,
            with_model=args.discover,
            value=read_value_options(args),
            progress=progress,
        )


def _with_changes(found: Diagnosis, args: argparse.Namespace) -> Diagnosis:
    """The findings with the change of the definition that each proposes."""
    from servoloop.loop.redesigns import with_changes_of_file

    improvements = with_changes_of_file(
        found.improvements,
        args.definition,
        process=args.process,
        library=args.library,
        aliases=read_aliases(args.alias),
    )
    return replace(found, improvements=improvements)


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
            value=read_value_options(args),
        )
