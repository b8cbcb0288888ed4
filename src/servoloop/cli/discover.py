"""`servoloop discover LOG`: from an event log to a sound model of it; needs no database."""

import argparse
import json
from pathlib import Path

from servoloop.cli.log_options import add_log_options, check_output, progress_line, read_options
from servoloop.kernel.errors import ServoloopError
from servoloop.loop.discover import DiscoveredModel, Setting, discover_log
from servoloop.loop.report.as_json import model_as_json
from servoloop.loop.report.words import number, percent

DESCRIPTION = """\
Read an event log and draw the process that it shows as BPMN 2.0: sound (no case can get stuck),
readable, and with figures that say how well it agrees with all the cases. Several settings are
tried and the best model is kept; --coverage and --filter choose one setting instead. The model is a
draft: what a log cannot tell, such as why a way was taken, is left to people.
"""
EXAMPLES = """\
examples:
  servoloop discover log.xes.gz -o model.bpmn
  servoloop discover tickets.csv --json
  servoloop discover tickets.csv --coverage 0.9 --filter 0.2 -o model.bpmn
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "discover",
        help="draw the model that an event log shows, as BPMN",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", type=Path, help="the event log")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the BPMN file")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.add_argument_group("one setting instead of the best of many")
    chosen.add_argument(
        "--coverage",
        metavar="SHARE",
        help="mine from this share of the cases, the most frequent variants first (0 to 1)",
    )
    chosen.add_argument(
        "--filter",
        metavar="SHARE",
        help="leave out what is this much rarer than what is frequent at the same place (0 to 1)",
    )
    add_log_options(parser)


def run(args: argparse.Namespace) -> int:
    """Discover, write the model, then print the figures."""
    check_output(args.output, log=args.log, what="model")
    setting = _setting(args)
    with progress_line() as progress:
        found = discover_log(
            args.log, options=read_options(args), setting=setting, progress=progress
        )
    if args.output is not None:
        args.output.write_bytes(found.bpmn)
    if args.json:
        print(json.dumps(model_as_json(found), ensure_ascii=False))
        return 0
    print(
        f"{found.log}: {number(found.events)} events of {number(found.cases)} cases, "
        f"{number(found.activities)} activities, {number(found.variants)} variants"
    )
    print("\n".join(model_lines(found)))
    if args.output is not None:
        print(f"Written: {args.output}")
    return 0


def model_lines(found: DiscoveredModel) -> list[str]:
    """How good the model is, each figure with its metric and its sample."""
    quality = found.quality
    lines = [
        f"Model: {_count(found.activities_in_model, 'step')}, {found.size} elements with events "
        "and gateways; sound",
        f"Mined from: the most frequent variants, {percent(found.mined_from)} of the cases"
        + (f", rare relations left out (filter {found.filter:g})" if found.filter else ""),
        f"Fitness: {quality.fitness:.3f} ({_fitness_metric(found)}, {_sample(found)})",
    ]
    if quality.precision is None:
        lines.append("Precision: unknown, because the model is too large to align every case")
    else:
        lines.append(f"Precision: {quality.precision:.3f} (escaping edges after aligned prefixes)")
        lines.append(f"F-score: {quality.f_score:.3f} (harmonic mean of both)")
    lines.append(
        f"Coverage: {number(quality.conforming_cases)} of {number(quality.cases)} cases "
        f"({percent(found.conforming_share)}) follow it in every step; "
        f"{found.activities_in_model} of {found.activities} activities are in it, with "
        f"{percent(found.events_in_model)} of the events"
    )
    if quality.activities_not_in_model:
        lines.append(f"Not in the model: {', '.join(quality.activities_not_in_model)}")
    return lines


def _fitness_metric(found: DiscoveredModel) -> str:
    return "optimal alignments" if found.quality.method == "alignment" else "token replay"


def _sample(found: DiscoveredModel) -> str:
    left_out = found.quality.cases_left_out
    aligned = f"mean over {number(found.quality.cases - left_out)} cases"
    return f"{aligned}; {number(left_out)} took too long" if left_out else aligned


def _setting(args: argparse.Namespace) -> Setting | None:
    if args.coverage is None and args.filter is None:
        return None
    return Setting(
        coverage=_share("--coverage", args.coverage or "1"),
        filter=_share("--filter", args.filter or "0"),
    )


def _share(option: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ServoloopError(f"{option} takes a share from 0 to 1, not '{text}'.")
    return share


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
