"""Diagnose a log that an engine holds (Spark): what outgrows one machine, in the same words.

Only what every engine answers alike is asked: the map, variants, cycle times, rework, reopenings,
handovers and arrivals. They equal the local engine's in every byte.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from ibis.backends.sql import SQLBackend
from ibis.expr.types import Table

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.read_report import Role
from servoloop.kernel.interchange.roles import SAMPLE_ROWS, SEQUENCE, Roles, as_text, choose_roles
from servoloop.kernel.mining.arrivals import Arrivals
from servoloop.kernel.mining.durations import CycleTimes
from servoloop.kernel.mining.handover_summary import HandoverSummary
from servoloop.kernel.mining.process_map import MapEdge, ProcessMap
from servoloop.kernel.mining.reopenings import Reopenings
from servoloop.kernel.mining.rework import Rework
from servoloop.kernel.mining.tables.canonical import TableRoles
from servoloop.kernel.mining.tables.flow import flow_in_table
from servoloop.kernel.mining.variants import Variant
from servoloop.loop.diagnose import VARIANTS_KEPT, Counts, counts_of
from servoloop.loop.spark_engine import spark_engine

_SCHEME = re.compile(r"^(\w+):/+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiagnosis:
    """The sections of a `Diagnosis` that every engine can answer."""

    name: str
    counts: Counts
    process_map: ProcessMap
    variants: tuple[Variant, ...]
    cycle_times: CycleTimes
    slowest: tuple[MapEdge, ...]
    total_wait: timedelta
    rework: Rework
    reopenings: Reopenings
    handovers: HandoverSummary | None
    arrivals: Arrivals


class NoSequence(ServoloopError):
    """A table without a column that orders events of equal times."""

    def __init__(self, name: str, *, known: tuple[str, ...]) -> None:
        super().__init__(
            f"No column of {name} orders events of equal times: name one with --sequence, or write "
            f"the log with 'servoloop convert', which numbers them. It has: {', '.join(known)}."
        )


def diagnose_on_spark(
    source: str, *, options: ReadOptions = GUESS, sequence: str | None = None
) -> TableDiagnosis:
    """Diagnose a Parquet file or folder, or a table by its name, on Spark.

    The session is the one that the surroundings set up (spark-submit, SPARK_REMOTE), else a local
    one. Raises NoSpark, UnreadableLog, NoSequence, UnusableColumn and NoEvents.
    """
    with spark_engine() as engine:
        return diagnose_on(engine, source, options=options, sequence=sequence)


def diagnose_on(
    engine: SQLBackend, source: str, *, options: ReadOptions = GUESS, sequence: str | None = None
) -> TableDiagnosis:
    """The same on any engine of Ibis that `tables.canonical` has times for."""
    source = _SCHEME.sub(lambda found: f"{found[1]}://", source)
    name = re.split(r"[/\\]", source.rstrip("/\\"))[-1]
    table = _table(engine, source)
    roles = _roles(table, options, sequence=sequence, name=name)
    found = flow_in_table(
        table, roles, engine=engine.name, zone=options.zone, variants_kept=VARIANTS_KEPT
    )
    return TableDiagnosis(
        name=name,
        counts=counts_of(found),
        process_map=found.process_map,
        variants=found.variants,
        cycle_times=found.cycle_times,
        slowest=found.slowest,
        total_wait=found.total_wait,
        rework=found.rework,
        reopenings=found.reopenings,
        handovers=found.handovers,
        arrivals=found.arrivals,
    )


def _table(engine: SQLBackend, source: str) -> Table:
    is_path = "/" in source or "\\" in source or source.endswith(".parquet")
    try:
        return engine.read_parquet(source) if is_path else engine.table(source)
    except Exception as error:
        # Every engine has its own errors, and Java's come with a page of trace.
        what = "Parquet file or folder" if is_path else "table"
        raise ServoloopError(f"{engine.name} finds no {what} '{source}'.") from error


def _roles(table: Table, options: ReadOptions, *, sequence: str | None, name: str) -> TableRoles:
    known = tuple(table.columns)
    sequence = sequence or (SEQUENCE if SEQUENCE in known else None)
    if sequence is None or sequence not in known:
        raise NoSequence(name, known=known)
    kinds = table.schema().items()
    readable = [column for column, dtype in kinds if not dtype.is_nested()]
    sample = pl.from_arrow(table.select(*readable).limit(SAMPLE_ROWS).to_pyarrow())
    assert isinstance(sample, pl.DataFrame)
    chosen = choose_roles(as_text(sample.drop(sequence)), options, name=name)
    return TableRoles(
        case=_one(chosen, "case"),
        activity=_one(chosen, "activity"),
        timestamp=_one(chosen, "timestamp"),
        sequence=sequence,
        start=_if_any(chosen, "start"),
        resource=_if_any(chosen, "resource"),
        team=_if_any(chosen, "team"),
    )


def _one(roles: Roles, role: Role) -> str:
    columns = roles.columns(role)
    if len(columns) > 1:
        raise ServoloopError(
            f"The {role} is read from one column here, not from {' and '.join(columns)}."
        )
    return columns[0]


def _if_any(roles: Roles, role: Role) -> str | None:
    return _one(roles, role) if roles.columns(role) else None
