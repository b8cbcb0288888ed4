"""Cleaning a log: steps that somebody chose, applied in one stated order, each recorded.

Nothing here happens by itself. `proposals` says what each step would touch, `clean` applies those
that were chosen and says what each of them did. The order is that of `STEPS`: names before times,
single events before whole cases, so that a later step sees what an earlier one put right.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.cleaning_steps import STEPS, Cleaned, CleaningStep, Proposal
from servoloop.kernel.interchange.log_edges import cut_cases
from servoloop.kernel.mining.event_log import NO_TIME, EventLog
from servoloop.kernel.mining.rows import log_of_cases, log_of_rows, renamed_activities

YEAR_1990 = 631_152_000_000_000
YEAR_2100 = 4_102_444_800_000_000
COMPLETE = "complete"

Mask = npt.NDArray[np.bool_]


class NothingLeft(ServoloopError):
    """A step would have left a log without events."""

    def __init__(self, step: CleaningStep, events: int) -> None:
        self.step = step
        super().__init__(
            f"The cleaning step '{step}' would drop the last of the {events:,} events; "
            "leave it out."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedLog:
    """The log after all steps, and what each did, in the order in which they were applied."""

    log: EventLog
    done: tuple[Cleaned, ...]


def proposals(log: EventLog) -> tuple[Proposal, ...]:
    """The steps that would touch something, in their order, each by itself; of a log of at least
    one event.
    """
    found = []
    for step in STEPS:
        touched = TOUCHES[step](log)
        if touched.any():
            cases = len(np.unique(log.case.codes[touched]))
            found.append(Proposal(step=step, events=int(touched.sum()), cases=cases))
    return tuple(found)


def clean(log: EventLog, steps: Collection[CleaningStep]) -> CleanedLog:
    """Apply the chosen steps to a log of at least one event. Raises NothingLeft."""
    done = []
    for step in STEPS:
        if step not in steps:
            continue
        touched = TOUCHES[step](log)
        cleaned = _applied(step, log, touched)
        if not cleaned.events:
            raise NothingLeft(step, log.events)
        done.append(
            Cleaned(
                step=step,
                events_before=log.events,
                events_after=cleaned.events,
                cases_before=log.cases,
                cases_after=cleaned.cases,
                changed=int(touched.sum()) if step in CHANGING else 0,
            )
        )
        log = cleaned
    return CleanedLog(log=log, done=tuple(done))


def duplicates(log: EventLog) -> Mask:
    """Per event: is it equal to one before it in case, activity, time, start, lifecycle, person?"""
    return _repeats(log, pl.DataFrame())


def exact_duplicates(log: EventLog) -> Mask:
    """Per event: is it equal to one before it in case, activity, time, start, lifecycle, person?"""
    attributes = log.attributes
    if log.team is not None:
        attributes = attributes.with_columns(pl.Series("", log.team.codes))
    return _repeats(log, attributes)


def _repeats(log: EventLog, more: pl.DataFrame) -> Mask:
    """Only events that share their moment with a neighbour can be equal to another."""
    equal = equal_moments(log)
    near = np.flatnonzero(equal | np.append(equal[1:], False))
    columns: dict[str, npt.NDArray[np.signedinteger]] = {
        "case": log.case.codes,
        "ts": log.ts,
        "activity": log.activity.codes,
    }
    if log.resource is not None:
        columns["resource"] = log.resource.codes
    if log.lifecycle is not None:
        columns["lifecycle"] = log.lifecycle.codes
    if log.start is not None:
        columns["start"] = log.start
    found = np.zeros(log.events, dtype=np.bool_)
    if len(near):
        rows = pl.DataFrame({f"role {name}": column[near] for name, column in columns.items()})
        whole = pl.concat([rows, more[near]], how="horizontal") if more.width else rows
        is_first = whole.select(pl.struct(pl.all()).is_first_distinct()).to_series().to_numpy()
        found[near[~is_first]] = True
    return found


def equal_moments(log: EventLog) -> Mask:
    """Per event: does it share the timestamp of the event before in its case?"""
    equal = np.zeros(log.events, dtype=np.bool_)
    equal[1:] = log.ts[1:] == log.ts[:-1]
    equal[log.offsets[:-1]] = False
    return equal


def implausible(log: EventLog) -> Mask:
    """Per event: is it dated before 1990 or after 2100?"""
    outside: Mask = (log.ts < YEAR_1990) | (log.ts > YEAR_2100)
    return outside


def ends_before_start(log: EventLog) -> Mask:
    """Per event: does its start lie after its end?"""
    if log.start is None:
        return np.zeros(log.events, dtype=np.bool_)
    later: Mask = (log.start != NO_TIME) & (log.start > log.ts)
    return later


def _renamed(log: EventLog) -> Mask:
    new = _merged_names(log)
    differs = [old != name for old, name in zip(log.activity.names, new, strict=True)]
    return np.array(differs, dtype=np.bool_)[log.activity.codes]


def _merged_names(log: EventLog) -> list[str]:
    counts = np.bincount(log.activity.codes, minlength=len(log.activity.names))
    return merged_names(log.activity.names, counts.tolist())


def merged_names(names: Sequence[str], counts: Sequence[int]) -> list[str]:
    """For each activity the most frequent spelling of it; names that nobody else has stay."""
    spellings: dict[str, list[int]] = {}
    for code, name in enumerate(names):
        spellings.setdefault(_plain(name), []).append(code)
    chosen = {
        plain: names[max(codes, key=lambda code: (counts[code], -code))]
        for plain, codes in spellings.items()
    }
    return [chosen[_plain(name)] for name in names]


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip()).casefold()


def _incomplete(log: EventLog) -> Mask:
    """Events of another lifecycle step than `complete`; none in a log that has no such step."""
    nothing = np.zeros(log.events, dtype=np.bool_)
    if log.lifecycle is None:
        return nothing
    is_complete = [name.strip().casefold() == COMPLETE for name in log.lifecycle.names]
    if not any(is_complete):
        return nothing
    return ~np.array([*is_complete, False], dtype=np.bool_)[log.lifecycle.codes]  # -1: the last


def _of_cut_cases(log: EventLog) -> Mask:
    cut = cut_cases(log)
    is_cut = np.zeros(log.cases, dtype=np.bool_)
    for edge in (cut.at_start, cut.at_end):
        if edge is not None:
            is_cut |= edge
    return is_cut[log.case.codes]


TOUCHES: dict[CleaningStep, Callable[[EventLog], Mask]] = {
    "merge-names": _renamed,
    "drop-implausible-times": implausible,
    "drop-duplicates": exact_duplicates,
    "only-complete": _incomplete,
    "forget-impossible-starts": ends_before_start,
    "drop-cut-cases": _of_cut_cases,
}
"""Per step the events that it drops or changes."""
CHANGING: tuple[CleaningStep, ...] = ("merge-names", "forget-impossible-starts")
"""These change events; the others drop them."""


def _applied(step: CleaningStep, log: EventLog, touched: Mask) -> EventLog:
    if not touched.any():
        return log
    if step == "merge-names":
        return renamed_activities(log, _merged_names(log))
    if step == "forget-impossible-starts":
        assert log.start is not None  # else nothing would have been touched
        return replace(log, start=np.where(touched, NO_TIME, log.start))
    if step == "drop-cut-cases":
        kept = np.ones(log.cases, dtype=np.bool_)
        kept[log.case.codes[touched]] = False
        return log_of_cases(log, kept)
    return log_of_rows(log, np.flatnonzero(~touched))
