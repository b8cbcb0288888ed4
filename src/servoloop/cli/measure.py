"""`servoloop measure`: the KPIs of the live cases, or those that an event log tells."""

import argparse
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from servoloop.cli.database import database_at_hand
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.metrics.definition import Aggregate, Kpi, Measured
from servoloop.kernel.metrics.estimates import Estimate
from servoloop.storage.folder import var_folder

if TYPE_CHECKING:  # loading it needs Django's settings
    from servoloop.loop.measure import Comparison, LiveMeasures

DESCRIPTION = """\
Compute the KPIs of service work, each with its number of observations and a 95 % interval. With
--live: of the cases that ran here, compared with the period before. With a log: those that its
columns tell; for the others it is said what is missing.
"""
EXAMPLES = """\
examples:
  servoloop measure --live
  servoloop measure --live --days 7 --process complaint --json
  servoloop measure log.xes.gz
"""
LONGEST = 3660  # days


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "measure",
        help="compute the KPIs of live cases or of an event log",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("log", nargs="?", type=Path, help="an event log: CSV, TSV, XES, Parquet")
    parser.add_argument("--live", action="store_true", help="measure the cases that ran here")
    parser.add_argument("--days", type=int, default=28, help="length of the period (default 28)")
    parser.add_argument("--process", default="", metavar="KEY", help="only cases of this process")
    parser.add_argument("--zone", default="UTC", help="zone of the log's times without offset")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the texts")


def run(args: argparse.Namespace) -> int:
    """Measure, then print a table or the JSON."""
    if args.live == (args.log is not None):
        raise ServoloopError("Say what to measure: an event log, or --live for the cases here.")
    if not 1 <= args.days <= LONGEST:
        raise ServoloopError(f"--days takes 1 to {LONGEST}, not {args.days}.")
    if args.zone not in available_timezones():
        raise ServoloopError(
            f"No time zone '{args.zone}'; use an IANA name such as Europe/Rome or UTC."
        )
    if args.live:
        _measure_live(args)
    else:
        _measure_file(args)
    return 0


def _measure_live(args: argparse.Namespace) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")
    with database_at_hand(var_folder()):
        import django

        django.setup()
        from servoloop.loop.measure import measure_live
        from servoloop.storage.queries.viewer import Viewer

        found = measure_live(
            Viewer(is_colleague=True),  # whoever can reach the database sees all of it anyway
            at=datetime.now(UTC),
            days=args.days,
            process=args.process,
        )
    if args.json:
        print(json.dumps(live_as_json(found, args.lang), ensure_ascii=False))
        return
    print(
        f"{found.cases:,} cases, {found.period.begin:%Y-%m-%d} to {found.period.end:%Y-%m-%d} UTC "
        f"({args.days} days), compared with the {args.days} days before"
    )
    print(_table([each.now for each in found.kpis], args.lang, found.kpis))


def _measure_file(args: argparse.Namespace) -> None:
    from servoloop.loop.measure_log import measure_file  # needs the extra 'analytics'

    found = measure_file(args.log, zone=args.zone)
    if args.json:
        data = {"log": args.log.name, "kpis": [as_json(each, args.lang) for each in found]}
        print(json.dumps(data, ensure_ascii=False))
    else:
        print(_table(found, args.lang))


def live_as_json(found: "LiveMeasures", language: str = "en") -> dict[str, Any]:
    """The shape of docs/reference/measure-json.md."""
    return {
        "process": found.process or None,
        "period": [found.period.begin.isoformat(), found.period.end.isoformat()],
        "previous": [found.previous.begin.isoformat(), found.previous.end.isoformat()],
        "cases": found.cases,
        "currency": found.currency or None,
        "kpis": [
            {
                **as_json(each.now, language),
                "previous": [_figure(f.name, f.estimate) for f in each.before.figures],
                "change": None if each.change is None else _estimate(each.change),
                "verdict": each.verdict or None,
                "trend": list(each.trend),
            }
            for each in found.kpis
        ],
    }


def as_json(measured: Measured, language: str = "en") -> dict[str, Any]:
    """One KPI with its definition."""
    kpi = measured.kpi
    return {
        "id": kpi.id,
        "version": kpi.version,
        "name": kpi.name.in_language(language),
        "formula": kpi.formula.in_language(language),
        "exclusions": kpi.exclusions.in_language(language) or None,
        "cohort": kpi.cohort.value,
        "clock": kpi.clock.value,
        "unit": unit_of(kpi),
        "direction": kpi.direction.value,
        "guard": kpi.guard or None,
        "n": measured.n,
        "figures": [_figure(each.name, each.estimate) for each in measured.figures],
        "unknown": measured.unknown.in_language(language) or None,
        "note": measured.note.in_language(language) or None,
    }


def unit_of(kpi: Kpi) -> str:
    """What a figure counts: share (0..1), cases, or seconds."""
    return {Aggregate.SHARE: "share", Aggregate.COUNT: "cases", Aggregate.AMOUNT: "amount"}.get(
        kpi.aggregate, "seconds"
    )


def _figure(name: str, estimate: Estimate) -> dict[str, Any]:
    return {"figure": name, **_estimate(estimate)}


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "interval": estimate.method,
    }


def _table(found: Sequence[Measured], language: str, compared: "Sequence[Comparison]" = ()) -> str:
    lines: list[str] = []
    silent: dict[str, list[str]] = {}  # reason -> names
    for place, measured in enumerate(found):
        name = measured.kpi.name.in_language(language)
        if not measured.figures:
            silent.setdefault(measured.unknown.in_language(language), []).append(name)
            continue
        unit = unit_of(measured.kpi)
        figures = "; ".join(_said(f.name, f.estimate, unit) for f in measured.figures)
        verdict = compared[place].verdict if compared else ""
        lines.append(f"  {name}: {figures}; n {measured.n:,}{verdict and f'; {verdict}'}")
    if silent:
        lines.append("Not computed:")
        lines += [f"  {reason} ({', '.join(names)})" for reason, names in silent.items()]
    return "\n".join(lines)


def _said(name: str, estimate: Estimate, unit: str) -> str:
    value = _amount(estimate.value, unit)
    if estimate.low is None and estimate.high is None:
        return f"{name} {value}"
    low = "…" if estimate.low is None else _amount(estimate.low, unit)
    high = "…" if estimate.high is None else _amount(estimate.high, unit)
    return f"{name} {value} ({low} to {high})"


def _amount(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.1%}"
    if unit == "cases":
        return f"{value:,.0f}"
    if unit == "amount":
        return f"{value:,.2f}"
    span = timedelta(seconds=value)
    for name, size in (("d", timedelta(days=1)), ("h", timedelta(hours=1))):
        if span >= 2 * size:
            return f"{span / size:.1f} {name}"
    return f"{span / timedelta(minutes=1):.1f} min"
