"""The cases behind a number: a sorted list in pages, a table of all, and one case in full."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.event_log import NO_TIME, NOT_GIVEN, Coded, EventLog, Micros
from servoloop.kernel.mining.filtering import durations, variant_key
from servoloop.kernel.mining.filters import Filter
from servoloop.kernel.mining.moments import moment
from servoloop.loop.explore import Subject, kept_of, path_of
from servoloop.loop.explore_columns import is_about_people

Sort = Literal["longest", "shortest", "newest", "oldest", "most_events", "name"]
SORTS: tuple[Sort, ...] = ("longest", "shortest", "newest", "oldest", "most_events", "name")
PAGE = 50


class NoSuchCase(ServoloopError):
    """The log has no case of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The log has no case '{name}'.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case in a list."""

    name: str
    began: datetime
    ended: datetime
    took: timedelta
    events: int
    variant: int  # its rank in the whole log, from 1
    last_activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A page of cases; `after` leads to the next one, None on the last."""

    rows: tuple[CaseRow, ...]
    cases: int  # that the filters keep
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """An event of a case; `waited` since the event before, `worked` where its start is known."""

    at: datetime
    activity: str
    waited: timedelta | None  # None for the first
    worked: timedelta | None
    team: str | None
    person: str | None
    lifecycle: str | None
    attributes: tuple[tuple[str, str], ...]  # that differ from those of the event before


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStory:
    """One case with all that the log says about it."""

    name: str
    began: datetime
    ended: datetime
    took: timedelta
    variant: int  # rank in the whole log, from 1
    variant_cases: int
    variant_key: str
    attributes: tuple[tuple[str, str], ...]
    events: tuple[CaseEvent, ...]


def list_cases(
    subject: Subject,
    filters: Sequence[Filter],
    *,
    sort: Sort = "longest",
    after: str | None = None,
    limit: int = PAGE,
) -> CasePage:
    """A page of the cases that the filters keep, behind the one that `after` names.

    `after` is what an earlier page said; a text that is none begins at the beginning. Equal cases
    stand in the order of the log, so no case is passed over or shown twice.
    """
    log = subject.log
    cases = np.flatnonzero(kept_of(subject, filters))
    order = cases[np.lexsort((cases, _keys(log, sort)[cases]))]
    first = _place(log, sort, order, after)
    shown = order[first : first + limit]
    more = first + limit < len(order)
    return CasePage(
        rows=tuple(_row(subject, case) for case in shown.tolist()),
        cases=len(cases),
        after=f"{int(_keys(log, sort)[shown[-1]])}.{int(shown[-1])}" if more else None,
    )


def case_table(
    subject: Subject, filters: Sequence[Filter], *, sort: Sort = "longest", with_people: bool
) -> Iterator[tuple[str, ...]]:
    """All cases that the filters keep as rows of text, the names of the columns first."""
    log = subject.log
    cases = np.flatnonzero(kept_of(subject, filters))
    order = cases[np.lexsort((cases, _keys(log, sort)[cases]))]
    columns = [c for c in log.case_attributes.columns if with_people or not is_about_people(c)]
    texts = [log.case_attributes[column][order].to_list() for column in columns]
    yield ("case", "begin", "end", "duration_s", "events", "variant", *columns)
    for place, case in enumerate(order.tolist()):
        row = _row(subject, case)
        yield (
            row.name,
            row.began.isoformat(),
            row.ended.isoformat(),
            f"{row.took.total_seconds():g}" if row.took.microseconds else str(_whole(row.took)),
            str(row.events),
            str(row.variant),
            *("" if column[place] is None else str(column[place]) for column in texts),
        )


def case_story(subject: Subject, name: str, *, with_people: bool) -> CaseStory:
    """One case by its name; individuals and columns about them are left out unless asked for.

    Raises NoSuchCase.
    """
    log = subject.log
    try:
        case = log.case.names.index(name)
    except ValueError:
        raise NoSuchCase(name) from None
    row = _row(subject, case)
    variant = int(subject.swept.case_variant[case])
    return CaseStory(
        name=name,
        began=row.began,
        ended=row.ended,
        took=row.took,
        variant=variant + 1,
        variant_cases=int(subject.swept.variant_cases[variant]),
        variant_key=variant_key(path_of(log, case)),
        attributes=_attributes_of_case(log, case, with_people=with_people),
        events=tuple(
            _event(subject, row, is_first=row == log.offsets[case], with_people=with_people)
            for row in range(int(log.offsets[case]), int(log.offsets[case + 1]))
        ),
    )


def _whole(span: timedelta) -> int:
    return span // timedelta(seconds=1)


def _keys(log: EventLog, sort: Sort) -> Micros:
    """By what the cases are sorted, ascending; length C."""
    if sort in ("longest", "shortest"):
        took = durations(log)
        return took if sort == "shortest" else -took
    if sort in ("newest", "oldest"):
        began = log.ts[log.offsets[:-1]]
        return began if sort == "oldest" else -began
    if sort == "most_events":
        fewer: Micros = -np.diff(log.offsets)
        return fewer
    ranks = np.empty(log.cases, dtype=np.int64)
    ranks[np.argsort(np.array(log.case.names, dtype=np.str_), kind="stable")] = np.arange(log.cases)
    return ranks


def _place(log: EventLog, sort: Sort, order: np.ndarray, after: str | None) -> int:
    """Where in the order the page begins: behind the (key, case) of `after`."""
    key, _, case = (after or "").partition(".")
    try:
        last_key, last_case = int(key), int(case)
    except ValueError:
        return 0
    keys = _keys(log, sort)[order]
    behind = (keys > last_key) | ((keys == last_key) & (order > last_case))
    return int(np.argmax(behind)) if behind.any() else len(order)


def _row(subject: Subject, case: int) -> CaseRow:
    log = subject.log
    first, end = int(log.offsets[case]), int(log.offsets[case + 1])
    return CaseRow(
        name=log.case.names[case],
        began=moment(int(log.ts[first]), subject.zone),
        ended=moment(int(log.ts[end - 1]), subject.zone),
        took=timedelta(microseconds=int(subject.swept.case_duration[case])),
        events=end - first,
        variant=int(subject.swept.case_variant[case]) + 1,
        last_activity=log.activity.names[log.activity.codes[end - 1]],
    )


def _event(subject: Subject, row: int, *, is_first: bool, with_people: bool) -> CaseEvent:
    log = subject.log
    began = int(log.ts[row])
    worked = None
    if log.start is not None and log.start[row] != NO_TIME:
        began = int(log.start[row])
        worked = timedelta(microseconds=max(0, int(log.ts[row]) - began))
    waited = None if is_first else timedelta(microseconds=max(0, began - int(log.ts[row - 1])))
    return CaseEvent(
        at=moment(int(log.ts[row]), subject.zone),
        activity=log.activity.names[log.activity.codes[row]],
        waited=waited,
        worked=worked,
        team=_named(log.team, row),
        person=_named(log.resource, row) if with_people else None,
        lifecycle=_named(log.lifecycle, row),
        attributes=_news(log, row, is_first=is_first, with_people=with_people),
    )


def _news(
    log: EventLog, row: int, *, is_first: bool, with_people: bool
) -> tuple[tuple[str, str], ...]:
    """What the event says beside its roles, but for what the event before said as well."""
    found = []
    for name in log.attributes.columns:
        value = log.attributes[name][row]
        if value is None or value == "" or (is_about_people(name) and not with_people):
            continue
        if is_first or log.attributes[name][row - 1] != value:
            found.append((name, str(value)))
    return tuple(found)


def _attributes_of_case(
    log: EventLog, case: int, *, with_people: bool
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.removeprefix("case:"), str(value))
        for name, value in (
            (name, log.case_attributes[name][case]) for name in log.case_attributes.columns
        )
        if value is not None and value != "" and (with_people or not is_about_people(name))
    )


def _named(coded: Coded | None, row: int) -> str | None:
    if coded is None or coded.codes[row] == NOT_GIVEN:
        return None
    return coded.names[int(coded.codes[row])]
