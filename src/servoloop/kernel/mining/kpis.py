"""The KPIs that a log imported from another system can tell.

Such a log knows activities, times and perhaps people or teams; not who said what, nor promises. It
is measured as a whole: every case counts as ended with its last event.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.metrics.definition import Kpi, Measured, words
from servoloop.kernel.metrics.measure import measured_from
from servoloop.kernel.mining.event_log import NO_TIME, NOT_GIVEN, Coded, EventLog
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Sweep
from servoloop.kernel.process.words import Words

MICROS = 1_000_000

NO_CONVERSATION = words(
    "The log does not tell what customers and people said when.",
    "日志未记录客户与坐席何时说过什么。",
)
NO_PROMISES = words("The log holds no service-level promises.", "日志中没有服务级别承诺。")
NO_OPEN_CASES = words(
    "The log does not tell which cases are still open.", "日志未标明哪些工单尚未关闭。"
)
NO_WAITS = words(
    "The log does not tell when the customer was waited for.", "日志未标明何时在等待客户。"
)
NO_STARTS = words(
    "The log does not tell when work began; choose a column with its start.",
    "日志未记录处理何时开始；请指定开始时间列。",
)
NOBODY = words("The log names neither teams nor people.", "日志中没有班组或人员。")
NO_CLOSING = words(
    "No activity of the log regularly ends a case, so a reopening cannot be seen.",
    "日志中没有通常结束工单的活动，因此无法识别重开。",
)
NO_CUSTOMERS = words("The log does not tell whose case it is.", "日志未记录工单属于哪位客户。")
NO_COSTS = words(
    "Costs of a log are in the value section of its diagnosis, once rates are given.",
    "日志的成本见诊断报告的价值部分（给出费率后显示）。",
)
NO_ESCALATIONS = words("The log holds no escalations.", "日志中没有升级记录。")

_WHY_NOT = {
    "first_response": NO_CONVERSATION,
    "first_response.elapsed": NO_CONVERSATION,
    "first_response.any": NO_CONVERSATION,
    "next_response": NO_CONVERSATION,
    "resolution.net": NO_WAITS,
    "resolution.all": NO_OPEN_CASES,
    "first_contact_resolution": NO_CUSTOMERS,
    "service_level.first_response": NO_PROMISES,
    "service_level.resolution": NO_PROMISES,
    "service_level.step_response": NO_PROMISES,
    "escalation": NO_ESCALATIONS,
    "escalation_answered": NO_ESCALATIONS,
    "cost.resolved": NO_COSTS,
    "cost.contact": NO_COSTS,
    "backlog": NO_OPEN_CASES,
    "backlog.age": NO_OPEN_CASES,
    "backlog.overdue": NO_OPEN_CASES,
}

_NOTES = {
    "resolution": words(
        "Every case counts as ended with its last event.", "每个工单以最后一个事件为结束。"
    ),
    "handle_time": words(
        "Around the clock: the log names no calendar.", "按自然时间：日志未给出工作日历。"
    ),
    "transfer": words(
        "Cases in which somebody else repeats an activity at once.",
        "同一活动紧接着由他人再次执行的工单。",
    ),
    "first_contact_ownership": words(
        "Cases whose last known step is done by whom the first was.",
        "最后一个可识别步骤与第一个由同一人（或班组）完成的工单。",
    ),
    "reopen": words(
        "Cases that go on after an activity which usually ends them, however long after.",
        "在通常结束工单的活动之后又继续的工单，不限间隔。",
    ),
}


def measure_log(log: EventLog) -> tuple[Measured, ...]:
    """Every KPI of the catalogue in its order, for a log of at least one event.

    Computed: resolution time (first to last event), handle time (where starts are known, around
    the clock), transfers and ownership (by person, else by team), reopenings (see
    `mining.reopenings`; no days of grace, for the log may end anywhere).
    """
    swept = sweep(log)
    known = {
        "resolution": _resolution(CATALOGUE["resolution"], swept),
        "handle_time": _handle_time(CATALOGUE["handle_time"], log),
        "transfer": _transfer(CATALOGUE["transfer"], log),
        "first_contact_ownership": _ownership(CATALOGUE["first_contact_ownership"], log),
        "reopen": _reopen(CATALOGUE["reopen"], log, swept),
    }
    return tuple(_noted(known.get(kpi.id) or _unknown(kpi)) for kpi in CATALOGUE.values())


def _noted(measured: Measured) -> Measured:
    note = _NOTES.get(measured.kpi.id)
    return replace(measured, note=note) if note and measured.figures else measured


def _unknown(kpi: Kpi) -> Measured:
    return Measured(kpi=kpi, n=0, unknown=_WHY_NOT.get(kpi.id, kpi.missing))


def _not_told(kpi: Kpi, why: Words) -> Measured:
    return Measured(kpi=kpi, n=0, unknown=why)


def _resolution(kpi: Kpi, swept: Sweep) -> Measured:
    return measured_from(kpi, (swept.case_duration / MICROS).tolist())


def _handle_time(kpi: Kpi, log: EventLog) -> Measured:
    if log.start is None:
        return _not_told(kpi, NO_STARTS)
    known = log.start != NO_TIME
    spent = np.where(known, np.maximum(log.ts - log.start, 0), 0)
    per_case = np.add.reduceat(spent, log.offsets[:-1]) / MICROS
    has_work = np.bitwise_or.reduceat(known, log.offsets[:-1])
    return measured_from(kpi, per_case[has_work].tolist(), nothing=NO_STARTS)


def _transfer(kpi: Kpi, log: EventLog) -> Measured:
    """Activities repeated at once by somebody else: the same work passed on."""
    group = log.resource or log.team
    if group is None:
        return _not_told(kpi, NOBODY)
    return measured_from(kpi, _transferred(log, group).tolist())


def _transferred(log: EventLog, group: Coded) -> npt.NDArray[np.bool_]:
    codes = group.codes
    passed = np.zeros(log.events, dtype=np.bool_)
    passed[1:] = (
        (log.case.codes[1:] == log.case.codes[:-1])
        & (log.activity.codes[1:] == log.activity.codes[:-1])
        & (codes[1:] != codes[:-1])
        & (codes[1:] != NOT_GIVEN)
        & (codes[:-1] != NOT_GIVEN)
    )
    return np.bitwise_or.reduceat(passed, log.offsets[:-1])


def _ownership(kpi: Kpi, log: EventLog) -> Measured:
    """Cases whose first known person also did the last step that names one."""
    group = log.resource or log.team
    if group is None:
        return _not_told(kpi, NOBODY)
    rows = np.flatnonzero(group.codes != NOT_GIVEN)
    case = log.case.codes[rows]
    first = rows[np.flatnonzero(np.diff(case, prepend=-1))]
    last = rows[np.flatnonzero(np.diff(case, append=-1))]
    return measured_from(kpi, (group.codes[first] == group.codes[last]).tolist(), nothing=NOBODY)


def _reopen(kpi: Kpi, log: EventLog, swept: Sweep) -> Measured:
    found = reopenings(log, swept)
    if not found.closed:
        return _not_told(kpi, NO_CLOSING)
    observed = [True] * found.cases + [False] * (found.closed - found.cases)
    return measured_from(kpi, observed)
