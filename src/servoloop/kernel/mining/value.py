"""The value stream: what each step is worth, how long it takes and waits, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.mining.event_log import NOT_GIVEN, EventLog
from servoloop.kernel.mining.moments import moment
from servoloop.kernel.mining.rates import NO_RATES, Rate, one_currency
from servoloop.kernel.mining.swept import Sweep, begins
from servoloop.kernel.mining.value_classes import Valued, value_of
from servoloop.kernel.process.step import Step, ValueClass

if TYPE_CHECKING:  # it loads the compiler, which logs without starts need not wait for
    from servoloop.kernel.mining.waiting.decompose import Waiting

Floats = npt.NDArray[np.float64]
ServiceFrom = Literal["log", "standard", "nothing"]
HOUR = 3_600_000_000  # microseconds
VARIANTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueOptions:
    """What the user says: classes by activity, and rates by activity, team or role."""

    classes: Mapping[str, ValueClass] = field(default_factory=dict)
    rates: Mapping[str, Rate] = field(default_factory=lambda: NO_RATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What a definition says of an activity."""

    step: Step
    currency: str = ""  # of the process, where the step names none
    calendar: Calendar = ALWAYS  # hours in which the work counts


@dataclass(frozen=True, slots=True, kw_only=True)
class StepValue:
    """One activity in the order in which cases come to it.

    `service` is working time, None where neither the log nor a standard tells it; `waiting` is the
    time before it (with the work, where the log has one time for each event). `again` executions
    repeat it in the same case: waste, whatever its class. `cost` is None without a rate.
    """

    activity: str
    valued: Valued
    executions: int
    cases: int
    again: int
    service: timedelta | None  # in all
    median_service: timedelta | None
    waiting: timedelta  # in all
    mean_waiting: timedelta
    rate: Rate | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantCost:
    """The mean cost of the cases that take one path."""

    activities: tuple[str, ...]
    cases: int
    per_case: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueStream:
    """All steps with their value, and the log as a whole.

    Shares are of the working time, or of the executions where no time is known (`service_from`
    'nothing'): `shares` by class, repeats counted as waste. `efficiency` is the process-cycle
    efficiency: customer value over cycle time, None without working times.
    """

    steps: tuple[StepValue, ...]
    service_from: ServiceFrom
    has_waiting: bool  # False: times between events, which hold the work as well
    shares: Mapping[ValueClass, float]  # 0..1, sum 1
    again_share: float  # 0..1 of the same total
    efficiency: float | None
    cycle: timedelta  # of all cases
    cases: int
    currency: str
    cost: Decimal | None
    variants: tuple[VariantCost, ...]  # by cases, descending; empty without rates

    @property
    def cost_per_case(self) -> Decimal | None:
        return None if self.cost is None else self.cost / self.cases


def value_stream(
    log: EventLog,
    swept: Sweep,
    *,
    waits: "Waiting | None" = None,
    standards: Mapping[str, Standard] | None = None,
    options: ValueOptions | None = None,
) -> ValueStream:
    """The value stream of a log of at least one event; of `waits.log` where waiting is known.

    `standards` by activity: value class, cost rate, role and standard time of the definition. A
    rate of the user for the activity counts first, then the definition's, then the user's for its
    role or team. Raises SeveralCurrencies.
    """
    options = options or ValueOptions()
    standards = standards or {}
    names = log.activity.names
    rates = [_rate(log, code, standards, options) for code in range(len(names))]
    currency = one_currency(rate for rate in rates if rate is not None)
    service, source = _service(log, standards)
    again = _again(log)
    waiting = _waiting(log, waits)
    hourly = np.array([float(rate.amount) if rate else 0.0 for rate in rates])
    costs = service / HOUR * hourly[log.activity.codes]
    has_cost = source != "nothing" and any(rate is not None for rate in rates)
    steps = _steps(log, swept, standards, options, service, source, again, waiting, rates)
    weights = np.ones(log.events) if source == "nothing" else service
    shares, again_share = _shares(log, steps, weights, again)
    cycle = float(swept.case_duration.sum())
    added = shares[ValueClass.CUSTOMER] * float(weights.sum())
    return ValueStream(
        steps=steps,
        service_from=source,
        has_waiting=waits is not None,
        shares=shares,
        again_share=again_share,
        efficiency=None if source == "nothing" or not cycle else min(1.0, added / cycle),
        cycle=_span(cycle),
        cases=log.cases,
        currency=currency,
        cost=_money(costs.sum()) if has_cost else None,
        variants=_variants(log, swept, costs) if has_cost else (),
    )


def _rate(
    log: EventLog, code: int, standards: Mapping[str, Standard], options: ValueOptions
) -> Rate | None:
    name = log.activity.names[code]
    if name in options.rates:
        return options.rates[name]
    standard = standards.get(name)
    step = None if standard is None else standard.step
    if standard is not None and step is not None and step.cost_rate is not None:
        return Rate(amount=step.cost_rate, currency=step.currency or standard.currency)
    if step is not None and step.role in options.rates:
        return options.rates[step.role or ""]
    if log.team is None or not options.rates:
        return None
    teams = log.team.codes[log.activity.codes == code]
    teams = teams[teams != NOT_GIVEN]
    usual = log.team.names[int(np.bincount(teams).argmax())] if len(teams) else ""
    return options.rates.get(usual)


def _service(log: EventLog, standards: Mapping[str, Standard]) -> tuple[Floats, ServiceFrom]:
    """Working time of each event, microseconds: measured, else the standard of its step."""
    if log.start is not None:
        measured: Floats = np.maximum(log.ts - begins(log), 0).astype(np.float64)
        if measured.any():
            return _in_hours(log, measured, standards), "log"
    standard = np.zeros(len(log.activity.names))
    for code, name in enumerate(log.activity.names):
        known = standards.get(name)
        if known is not None and known.step.standard_time is not None:
            standard[code] = known.step.standard_time / timedelta(microseconds=1)
    if not standard.any():
        return np.zeros(log.events), "nothing"
    of_event: Floats = standard[log.activity.codes]
    return of_event, "standard"


def _in_hours(log: EventLog, measured: Floats, standards: Mapping[str, Standard]) -> Floats:
    """The same, counted on the calendars of the steps: a task kept over night is no night's work.

    Only what is long enough to have met closed hours is looked at again.
    """
    for code, name in enumerate(log.activity.names):
        standard = standards.get(name)
        if standard is None or standard.calendar is ALWAYS:
            continue
        rows = np.flatnonzero((log.activity.codes == code) & (measured > HOUR / 2))
        begun = begins(log)[rows]
        for row, begin in zip(rows.tolist(), begun.tolist(), strict=True):
            worked = standard.calendar.between(moment(begin), moment(int(log.ts[row])))
            measured[row] = worked / timedelta(microseconds=1)
    return measured


def _again(log: EventLog) -> npt.NDArray[np.bool_]:
    """Events that repeat an activity of their case."""
    keys = log.case.codes.astype(np.int64) * len(log.activity.names) + log.activity.codes
    again = np.ones(log.events, dtype=np.bool_)
    again[np.unique(keys, return_index=True)[1]] = False
    return again


def _waiting(log: EventLog, waits: "Waiting | None") -> Floats:
    """Before each event, microseconds."""
    if waits is not None:
        told: Floats = waits.total.astype(np.float64)
        return told
    before = np.zeros(log.events)
    inner = np.ones(log.events, dtype=np.bool_)
    inner[log.offsets[:-1]] = False
    before[1:] = np.where(inner[1:], np.maximum(begins(log)[1:] - log.ts[:-1], 0), 0)
    return before


def _steps(
    log: EventLog,
    swept: Sweep,
    standards: Mapping[str, Standard],
    options: ValueOptions,
    service: Floats,
    source: ServiceFrom,
    again: npt.NDArray[np.bool_],
    waiting: Floats,
    rates: Sequence[Rate | None],
) -> tuple[StepValue, ...]:
    names, codes = log.activity.names, log.activity.codes
    width = len(names)
    place = np.arange(log.events) - log.offsets[:-1][log.case.codes]
    executions = np.bincount(codes, minlength=width)
    position = np.bincount(codes, weights=place, minlength=width) / executions
    worked = np.bincount(codes, weights=service, minlength=width)
    waited = np.bincount(codes, weights=waiting, minlength=width)
    repeats = np.bincount(codes[again], minlength=width)
    rows = np.split(np.argsort(codes, kind="stable"), np.cumsum(executions)[:-1])
    known = source != "nothing"
    found = []
    for code in np.argsort(position, kind="stable").tolist():
        rate, name = rates[code], names[code]
        standard = standards.get(name)
        hours = worked[code] / HOUR
        found.append(
            StepValue(
                activity=name,
                valued=value_of(
                    name, step=standard.step if standard else None, said=options.classes
                ),
                executions=int(executions[code]),
                cases=int(swept.activity_cases[code]),
                again=int(repeats[code]),
                service=_span(worked[code]) if known else None,
                median_service=_span(float(np.median(service[rows[code]]))) if known else None,
                waiting=_span(waited[code]),
                mean_waiting=_span(waited[code] / executions[code]),
                rate=rate,
                cost=_money(hours * float(rate.amount)) if rate is not None and known else None,
            )
        )
    return tuple(found)


def _shares(
    log: EventLog,
    steps: Sequence[StepValue],
    weights: Floats,
    again: npt.NDArray[np.bool_],
) -> tuple[Mapping[ValueClass, float], float]:
    classes = list(ValueClass)
    of = {step.activity: classes.index(step.valued.value) for step in steps}
    by_code = np.array([of[name] for name in log.activity.names])
    worth = np.where(again, classes.index(ValueClass.WASTE), by_code[log.activity.codes])
    total = max(float(weights.sum()), 1e-9)
    sums = np.bincount(worth, weights=weights, minlength=len(classes)) / total
    shares = {each: float(part) for each, part in zip(classes, sums, strict=True)}
    return shares, float(weights[again].sum()) / total


def _variants(log: EventLog, swept: Sweep, costs: Floats) -> tuple[VariantCost, ...]:
    per_case = np.bincount(log.case.codes, weights=costs, minlength=log.cases)
    sums = np.bincount(swept.case_variant, weights=per_case)
    counts = swept.variant_cases
    found = []
    for variant in np.argsort(-counts, kind="stable")[:VARIANTS].tolist():
        case = int(swept.variant_first_case[variant])
        rows = slice(log.offsets[case], log.offsets[case + 1])
        found.append(
            VariantCost(
                activities=tuple(log.activity.names[c] for c in log.activity.codes[rows]),
                cases=int(counts[variant]),
                per_case=_money(sums[variant] / counts[variant]),
            )
        )
    return tuple(found)


def _span(micros: float) -> timedelta:
    return timedelta(microseconds=round(float(micros)))


def _money(amount: float) -> Decimal:
    return Decimal(f"{float(amount):.2f}")
