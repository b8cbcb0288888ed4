"""How a process runs, asked of an engine that holds the events: nothing of them comes here."""

from datetime import datetime

from ibis.expr.types import Table

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.flow import Flow
from servoloop.kernel.mining.moments import moment
from servoloop.kernel.mining.tables.canonical import TableRoles, canonical
from servoloop.kernel.mining.tables.cases import (
    arrivals_by_quarter,
    cycle_times_of,
    reopenings_of,
    rework_of,
    variant_count,
    variants_of,
)
from servoloop.kernel.mining.tables.edges import map_of
from servoloop.kernel.mining.tables.handed_over import handovers_of
from servoloop.kernel.mining.tables.steps import cases_of, names_of, steps_of


class NoEvents(ServoloopError):
    """A table of which no row can be read."""

    def __init__(self, roles: TableRoles) -> None:
        super().__init__(
            f"No row of the table has a case ('{roles.case}'), an activity ('{roles.activity}') "
            f"and a time ('{roles.timestamp}')."
        )


def flow_in_table(
    table: Table, roles: TableRoles, *, engine: str, zone: str, variants_kept: int
) -> Flow:
    """Ask everything; the engine keeps two tables meanwhile, the events and the cases in order.

    `engine` is Ibis' name for it ("pyspark", "duckdb"). Raises UnusableColumn and NoEvents.
    """
    events = canonical(table, roles, engine=engine)
    activities = names_of(events, "activity")
    if not activities.names:
        raise NoEvents(roles)
    groups = names_of(events, "group")
    steps_asked = steps_of(events, activities=activities, groups=groups)
    with steps_asked.cache() as steps, cases_of(steps).cache() as cases:
        total = int(cases.count().to_pyarrow().as_py())
        drawn = map_of(steps, activities=activities.names)
        first, last = _span(steps, zone)
        return Flow(
            events=sum(node.events for node in drawn.nodes),
            cases=total,
            resources=_resources(table, roles, groups=len(groups.names)),
            variant_count=variant_count(cases),
            first=first,
            last=last,
            process_map=drawn,
            variants=variants_of(
                cases, activities=activities.names, total=total, top=variants_kept
            ),
            cycle_times=cycle_times_of(cases),
            rework=rework_of(cases, drawn.nodes, total=total),
            reopenings=reopenings_of(
                steps, cases, drawn.nodes, activities=activities.names, total=total
            ),
            handovers=None
            if roles.group is None
            else handovers_of(
                steps, by="team" if roles.team else "resource", groups=groups.names, total=total
            ),
            arrivals=arrivals_by_quarter(cases, zone=zone),
        )


def _resources(table: Table, roles: TableRoles, *, groups: int) -> int:
    if roles.resource is None:
        return 0
    if roles.team is None:
        return groups
    return int(table[roles.resource].nunique().to_pyarrow().as_py())


def _span(steps: Table, zone: str) -> tuple[datetime, datetime]:
    (row,) = steps.agg(first=steps.ts.min(), last=steps.ts.max()).to_pyarrow().to_pylist()
    return moment(row["first"], zone), moment(row["last"], zone)
