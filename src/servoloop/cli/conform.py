"""`servoloop conform LOG DEFINITION.bpmn`: where cases depart from a definition."""

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from servoloop.cli.log_options import (
    add_definition_options,
    add_log_options,
    progress_line,
    read_aliases,
    read_options,
)
from servoloop.kernel.calendars.calendar import ALWAYS, Calendar, weekly_hours
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.conformance.standard_times import StandardTimeUse
from servoloop.loop.conform import DefinitionConformance, conform_log
from servoloop.loop.definition_file import read_definition
from servoloop.loop.report.as_json import conformance_as_json
from servoloop.loop.report.words import duration, number, percent

DESCRIPTION = """\
Compare every case of an event log with a process definition: how well they fit, which share keeps
to it in every step, and the deviations in plain words, the most frequent first. Where the log tells
when work began, also how often steps take longer than their standard time. Activities and steps are
matched by name (in any language of the definition) or id; --alias settles the rest.
"""
EXAMPLES = """\
The exit status is 0 whether the cases conform or not.

examples:
  servoloop conform log.xes.gz complaint.bpmn
  servoloop conform tickets.csv complaint.bpmn --alias 'In progress=Investigate' --json
  servoloop conform tickets.csv complaint.bpmn --hours 'mon-fri 09:00-17:00' --zone Europe/Rome
  servoloop conform --live complaint
"""
DEVIATIONS_LISTED = 20


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "conform",
        help="say where cases depart from a definition",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", nargs="?", type=Path, help="the event log")
    parser.add_argument("definition", nargs="?", type=Path, help="the BPMN file")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument(
        "--live", metavar="PROCESS_KEY", help="the cases of this process that ran here"
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of step names (--live)")
    parser.add_argument(
        "--hours",
        metavar="HOURS",
        help="standard times count in these hours, such as 'mon-fri 09:00-17:00' (default: always)",
    )
    add_definition_options(parser, named=False)
    add_log_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compare, then print the deviations or the JSON."""
    found = _live(args) if args.live is not None else (_file(args),)
    if args.json:
        name = None if args.log is None else args.log.name
        answer = {"log": name, "definitions": [conformance_as_json(each) for each in found]}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(_lines(each, args.lang)) for each in found))
    return 0


def _file(args: argparse.Namespace) -> DefinitionConformance:
    if args.log is None or args.definition is None:
        raise ServoloopError(
            "Name the event log and the definition, such as "
            "'servoloop conform log.csv complaint.bpmn', or a process with --live."
        )
    options = read_options(args)
    calendar = _hours(args)
    program = read_definition(args.definition, process=args.process, library=args.library)
    with progress_line() as progress:
        return conform_log(
            args.log,
            program,
            options=options,
            aliases=read_aliases(args.alias),
            calendar=calendar,
            progress=progress,
        )


def _live(args: argparse.Namespace) -> tuple[DefinitionConformance, ...]:
    """Of the cases in the database; only this needs one."""
    if args.log is not None:
        raise ServoloopError("Give a log with a definition, or --live PROCESS_KEY, not both.")
    from servoloop.cli.database import database_at_hand
    from servoloop.storage.folder import var_folder

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")
    with database_at_hand(var_folder()):
        import django

        django.setup()
        from servoloop.loop.conform_live import conform_process

        language = "zh-hans" if args.lang == "zh" else "en"
        return conform_process(args.live, language=language, at=datetime.now(UTC))


def _hours(args: argparse.Namespace) -> Calendar:
    if args.hours is None:
        return ALWAYS
    return Calendar(name=args.hours, zone=args.zone, weekly=weekly_hours(args.hours))


def _lines(found: DefinitionConformance, language: str) -> list[str]:
    agreed = found.conformance
    lines = [
        f"{found.name.in_language(language)} ({found.definition}, version {found.version[:12]})",
        f"{number(agreed.conforming_cases)} of {number(agreed.cases)} cases "
        f"({percent(found.conforming_share)}) keep to the definition in every step"
        + (f"; {number(found.open_cases)} are not finished" if found.open_cases else ""),
        _fitness(found),
    ]
    if agreed.cases_left_out:
        lines.append(f"{number(agreed.cases_left_out)} cases took too long to align: left out.")
    lines += _strangers(found)
    if agreed.deviations:
        lines.append("Deviations:")
        lines += [
            f"  {each.sentence} For example case {each.example_case}."
            for each in agreed.deviations[:DEVIATIONS_LISTED]
        ]
        if len(agreed.deviations) > DEVIATIONS_LISTED:
            lines.append(f"  And {len(agreed.deviations) - DEVIATIONS_LISTED} more kinds (--json).")
    return lines + _late_answers(found) + _standard_times(found)


def _late_answers(found: DefinitionConformance) -> list[str]:
    if found.late_answers is None:
        return []
    if not found.late_answers:
        return ["Escalations: every level answered in its time."]
    return [
        "Escalations answered late:",
        *(
            f"  {each.sentence} For example case {each.example_case}."
            for each in found.late_answers
        ),
    ]


def _fitness(found: DefinitionConformance) -> str:
    agreed = found.conformance
    if agreed.method == "token replay":
        return (
            f"Fitness: {agreed.fitness:.3f} by token replay, because the definition is too large "
            "to align; a skipped step shows as out of order"
        )
    return (
        f"Fitness: {agreed.fitness:.3f} by optimal alignments; "
        f"precision {agreed.precision:.3f} (what is allowed and never done lowers it)"
    )


def _strangers(found: DefinitionConformance) -> list[str]:
    """Where names differ, it may be only the names: say both lists, and what helps."""
    agreed = found.conformance
    unknown, unseen = agreed.activities_not_in_model, agreed.steps_never_seen
    lines = []
    if unknown:
        lines.append(f"Only in the log: {', '.join(unknown)}.")
    if unseen:
        lines.append(f"Only in the definition: {', '.join(unseen)}.")
    if unknown and unseen:
        lines.append("If some of these are the same, say so with --alias 'LOGNAME=STEP'.")
    return lines


def _standard_times(found: DefinitionConformance) -> list[str]:
    if found.standard_times is None:
        return ["Standard times: the log does not tell when work began."]
    if not found.standard_times:
        return ["Standard times: none of the steps done with a known start has one."]
    over = [use for use in found.standard_times if use.overruns]
    hours = "around the clock" if found.calendar == ALWAYS.name else f"hours: {found.calendar}"
    if not over:
        return [f"Standard times: no step took longer than its standard ({hours})."]
    return [f"Standard times ({hours}):", *(_overrun(use) for use in over)]


def _overrun(use: StandardTimeUse) -> str:
    return (
        f"  '{use.step}' over {duration(use.standard).en} in {number(use.overruns)} of "
        f"{number(use.executions)} executions ({percent(use.share)}); "
        f"median {duration(use.median).en}, 90 % within {duration(use.p90).en}"
    )
