"""A diagnosis as JSON: the keys are stable and documented in docs/reference/diagnose-json.md."""

from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from servoloop.kernel.interchange.read_report import ReadReport
from servoloop.kernel.mining.durations import CycleTimes
from servoloop.kernel.mining.process_map import MapEdge, MapNode
from servoloop.kernel.mining.value import ValueStream
from servoloop.kernel.mining.variants import Variant
from servoloop.loop.diagnose import Diagnosis
from servoloop.loop.findings import improvements_as_json
from servoloop.loop.waiting import ActivityWaiting, WaitingFindings

if TYPE_CHECKING:  # they load the compiler, or an engine
    from servoloop.kernel.mining.conformance.check import Conformance
    from servoloop.loop.conform import DefinitionConformance
    from servoloop.loop.diagnose_tables import TableDiagnosis
    from servoloop.loop.discover import DiscoveredModel

Json = dict[str, Any]

VARIANTS_LISTED = 100


def as_json(found: Diagnosis) -> Json:
    """Counts first, then each section; durations in seconds, shares 0..1, moments ISO 8601."""
    return {
        **flow_as_json(found),
        "read": None if found.read_report is None else _read(found.read_report),
        "examined": None if found.examined is None else asdict(found.examined),
        "cleaning": [asdict(each) for each in found.cleaning],
        **improvements_as_json(found.improvements),
        "waiting": None if found.waiting is None else _waiting(found.waiting),
        "value": None if found.value is None else value_as_json(found.value),
        "conformance": [conformance_as_json(each) for each in found.conformance],
        "discovered": None if found.discovered is None else model_as_json(found.discovered),
    }


def flow_as_json(found: "Diagnosis | TableDiagnosis") -> Json:
    """What every engine answers, and answers alike: the same bytes from the same events."""
    counts = found.counts
    return {
        "name": found.name,
        "cases": counts.cases,
        "events": counts.events,
        "activities": counts.activities,
        "variants": counts.variants,
        "resources": counts.resources,
        "first": counts.first.isoformat(),
        "last": counts.last.isoformat(),
        "map": {
            "nodes": [_node(node) for node in found.process_map.nodes],
            "edges": [_edge(edge, found.total_wait) for edge in found.process_map.edges],
            "honesty": [asdict(figure) for figure in found.process_map.honesty],
        },
        "top_variants": [_variant(variant) for variant in found.variants[:VARIANTS_LISTED]],
        "cycle_times": _cycle_times(found.cycle_times),
        "slowest": [_edge(edge, found.total_wait) for edge in found.slowest],
        "total_wait": found.total_wait.total_seconds(),
        "rework": _seconds(asdict(found.rework)),
        "reopenings": _seconds(asdict(found.reopenings)),
        "handovers": None if found.handovers is None else asdict(found.handovers),
        "arrivals": {
            "zone": found.arrivals.zone,
            "by_hour": [list(day) for day in found.arrivals.by_hour],
            "by_month": [[month.isoformat(), cases] for month, cases in found.arrivals.by_month],
        },
    }


def value_as_json(found: ValueStream) -> Json:
    """The shape of docs/reference/value-json.md; times are seconds."""
    return {
        "service_from": found.service_from,
        "has_waiting": found.has_waiting,
        "shares": {key.value: share for key, share in found.shares.items()},
        "repeats_share": found.again_share,
        "efficiency": found.efficiency,
        "cycle": found.cycle.total_seconds(),
        "currency": found.currency or None,
        "cost": _amount(found.cost),
        "cost_per_case": _amount(found.cost_per_case),
        "steps": [
            {
                "activity": step.activity,
                "value": step.valued.value.value,
                "source": step.valued.source.value,
                "word": step.valued.word or None,
                "executions": step.executions,
                "cases": step.cases,
                "repeats": step.again,
                "service": None if step.service is None else step.service.total_seconds(),
                "median_service": (
                    None if step.median_service is None else step.median_service.total_seconds()
                ),
                "waiting": step.waiting.total_seconds(),
                "mean_waiting": step.mean_waiting.total_seconds(),
                "rate": None if step.rate is None else float(step.rate.amount),
                "cost": _amount(step.cost),
            }
            for step in found.steps
        ],
        "variants": [
            {
                "activities": list(each.activities),
                "cases": each.cases,
                "cost_per_case": float(each.per_case),
            }
            for each in found.variants
        ],
    }


def _amount(amount: Decimal | None) -> float | None:
    return None if amount is None else round(float(amount), 2)


def conformance_as_json(found: "DefinitionConformance") -> Json:
    """The shape of docs/reference/conform-json.md."""
    uses = found.standard_times
    return {
        "definition": found.definition,
        "name": found.name.in_language("en"),
        "version": found.version,
        "activities": found.activities,
        "open_cases": found.open_cases,
        **_agreement(found.conformance),
        "conforming_share": found.conforming_share,
        "deviations": [
            {**asdict(each), "sentence": each.sentence} for each in found.conformance.deviations
        ],
        "steps_never_seen": list(found.conformance.steps_never_seen),
        "calendar": found.calendar,
        "late_answers": (
            None
            if found.late_answers is None
            else [{**asdict(each), "sentence": each.sentence} for each in found.late_answers]
        ),
        "standard_times": None if uses is None else [_seconds(asdict(use)) for use in uses],
    }


def model_as_json(found: "DiscoveredModel") -> Json:
    """The shape of docs/reference/discover-json.md."""
    return {
        "name": found.log,
        "events": found.events,
        "activities": found.activities,
        "activities_in_model": found.activities_in_model,
        "events_in_model": found.events_in_model,
        "mined_from": found.mined_from,
        "filter": found.filter,
        "size": found.size,
        **_agreement(found.quality),
        "conforming_share": found.conforming_share,
    }


def _agreement(found: "Conformance") -> Json:
    return {
        "method": found.method,
        "cases": found.cases,
        "variants": found.variants,
        "fitness": found.fitness,
        "precision": found.precision,
        "f_score": found.f_score,
        "conforming_cases": found.conforming_cases,
        "cases_left_out": found.cases_left_out,
        "activities_not_in_model": list(found.activities_not_in_model),
    }


def _read(report: ReadReport) -> Json:
    read = asdict(report)
    read["refused_by_reason"] = dict(report.refused_by_reason)
    read["lifecycles"] = dict(report.lifecycles)
    read["classifiers"] = dict(report.classifiers)
    read["notes"] = [{"code": note.code, **dict(note.values)} for note in report.notes]
    return read


def _node(node: MapNode) -> Json:
    return asdict(node)


def _edge(edge: MapEdge, total_wait: timedelta) -> Json:
    return {
        **_seconds(asdict(edge)),
        "wait_share": edge.total_wait / total_wait if total_wait else 0.0,
    }


def _variant(variant: Variant) -> Json:
    return {**_seconds(asdict(variant)), "activities": list(variant.activities)}


def _waiting(waiting: WaitingFindings) -> Json:
    causes = [each.cause for each in waiting.causes]
    return {
        "events": waiting.events,
        "waiting": waiting.waiting.total_seconds(),
        "working": waiting.working.total_seconds(),
        "efficiency": waiting.efficiency,
        "calendars": waiting.calendars,
        "causes": [_seconds(asdict(each)) for each in waiting.causes],
        "activities": [_waiting_row(row, causes) for row in waiting.activities],
        "transitions": [_waiting_row(row, causes) for row in waiting.transitions],
        "teams": [_waiting_row(row, causes) for row in waiting.teams],
        "by_hour": [[span.total_seconds() for span in day] for day in waiting.hours],
    }


def _waiting_row(row: ActivityWaiting, causes: list[str]) -> Json:
    return {
        "activity": row.activity,
        "events": row.events,
        "total": row.total.total_seconds(),
        "shares": dict(zip(causes, row.shares, strict=True)),
    }


def _cycle_times(times: CycleTimes) -> Json:
    return {
        "n": times.n,
        "shortest": times.shortest.total_seconds(),
        "longest": times.longest.total_seconds(),
        "mean": times.mean.total_seconds(),
        "median": times.median.total_seconds(),
        "quantiles": {f"{q:g}": span.total_seconds() for q, span in times.quantiles},
        "bars": [_seconds(asdict(bar)) for bar in times.bars],
    }


def _seconds(record: Json) -> Json:
    return {
        key: value.total_seconds() if isinstance(value, timedelta) else value
        for key, value in record.items()
    }
