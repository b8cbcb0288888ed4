"""`servoloop diagnose LOG --engine spark`: the questions that outgrow one machine."""

import argparse
import json

from servoloop.cli.log_options import read_options
from servoloop.kernel.errors import ServoloopError
from servoloop.loop.diagnose_tables import TableDiagnosis, diagnose_on_spark
from servoloop.loop.report.as_json import flow_as_json
from servoloop.loop.report.words import counted, duration, percent

NOT_THERE = {
    "output": "-o",
    "live": "--live",
    "discover": "--discover",
    "join": "--join",
    "definition": "--definition",
    "clean": "--clean",
}
"""Options that only the local engine has, by their name in `args`."""


def run_on_spark(args: argparse.Namespace) -> int:
    """Ask Spark, then print the JSON or a summary."""
    if args.log is None:
        raise ServoloopError(
            "Name a Parquet file or folder, or a table, such as "
            "'servoloop diagnose events.parquet --engine spark'."
        )
    for name, option in NOT_THERE.items():
        if getattr(args, name, None):
            raise ServoloopError(f"{option} is the local engine's; leave it or --engine spark out.")
    found = diagnose_on_spark(str(args.log), options=read_options(args), sequence=args.sequence)
    print(json.dumps(flow_as_json(found), ensure_ascii=False) if args.json else summary(found))
    return 0


def summary(found: TableDiagnosis) -> str:
    """A few lines for the terminal."""
    counts, times = found.counts, found.cycle_times
    lines = [
        f"{found.name}: {counted(counts.events, 'event')} of {counted(counts.cases, 'case')}, "
        f"{counted(counts.activities, 'activity', 'activities')}, "
        f"{counted(counts.variants, 'variant')}",
        f"Cycle time: median {duration(times.median).en}, "
        f"90 % within {duration(times.quantile(0.9)).en}",
        f"Rework: {percent(found.rework.share)} of the cases repeat an activity",
    ]
    if found.slowest:
        worst = found.slowest[0]
        lines.append(
            f"Waiting: {percent(worst.total_wait / found.total_wait)} lies between "
            f"'{worst.source}' and '{worst.target}' (median {duration(worst.median_wait).en})"
        )
    if found.handovers is not None:
        lines.append(
            f"Handovers: {percent(found.handovers.handed_over_share)} of the steps change the "
            f"{found.handovers.by}; {counted(found.handovers.ping_pong_cases, 'case')} came back"
        )
    return "\n".join(lines)
