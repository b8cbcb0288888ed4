"""Handovers in a few numbers, for every log at once.

Plain NumPy, so that a small log need not load the compiler; `handovers` has the pairs between
people and the stretches of ping-pong in full.

Both count pairs, on purpose. On 1 M events the whole summary takes 0.06 s here; `handovers` takes
0.002 s for the pairs with their cases (20 times less than sorting them), but 0.5 s once to load
what was compiled, which every diagnosis would pay. A test holds them equal.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.distinct import distinct
from servoloop.kernel.mining.event_log import NOT_GIVEN, Coded, EventLog

Counts = npt.NDArray[np.int64]

WORDS = 8
DENSE_GROUPS = 2000
"""Up to this many groups all pairs are counted in one table; beyond it they are sorted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PassedWork:
    """Steps from one event of a case to the next whose groups are both known.

    `names` are the groups (teams or resources). Pair i: `transitions[i]` steps lead from group
    `source[i]` to group `target[i]`; pairs are ordered by (transitions descending, source, target)
    and include work that stays (source = target). Events without a group break no chain: they are
    stepped over in ping-pongs, but are no step themselves.
    """

    by: Literal["team", "resource"]
    names: tuple[str, ...]
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    transitions: Counts
    groups_of_case: Counts  # length C: how many different groups touched the case
    ping_pongs_of_case: Counts  # length C: A to B and back to A, whatever each does in between
    ping_pong_of_group: Counts  # length of names: how often the group got its work back

    @property
    def steps(self) -> int:
        """All steps between known groups."""
        return int(self.transitions.sum())

    @property
    def handed_over(self) -> int:
        """The steps that change the group."""
        return int(self.transitions[self.source != self.target].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """How often one team passed work to another."""

    source: str
    target: str
    transitions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSummary:
    """Handovers in a few numbers. Pairs are named between teams only: people stay unnamed.

    `ping_pong_cases` went from a group to another and back; `mean_groups` is over the cases that
    any known group touched.
    """

    by: Literal["team", "resource"]
    groups: int
    steps: int
    handed_over: int
    handed_over_share: float  # 0..1 of the steps
    ping_pong_cases: int
    ping_pong_share: float  # 0..1 of all cases
    ping_pongs: int
    mean_groups: float
    pairs: tuple[Handover, ...]  # by transitions, descending; those that change the team


PAIRS_NAMED = 30


def summary_of(found: PassedWork) -> HandoverSummary:
    """The whole log in a few numbers."""
    touched = found.groups_of_case[found.groups_of_case > 0]
    back = int((found.ping_pongs_of_case > 0).sum())
    return HandoverSummary(
        by=found.by,
        groups=len(found.names),
        steps=found.steps,
        handed_over=found.handed_over,
        handed_over_share=found.handed_over / max(1, found.steps),
        ping_pong_cases=back,
        ping_pong_share=back / max(1, len(found.groups_of_case)),
        ping_pongs=int(found.ping_pongs_of_case.sum()),
        mean_groups=float(touched.mean()) if len(touched) else 0.0,
        pairs=_named_pairs(found) if found.by == "team" else (),
    )


def _named_pairs(found: PassedWork) -> tuple[Handover, ...]:
    changing = np.flatnonzero(found.source != found.target)[:PAIRS_NAMED]
    return tuple(
        Handover(
            source=found.names[found.source[pair]],
            target=found.names[found.target[pair]],
            transitions=int(found.transitions[pair]),
        )
        for pair in changing
    )


def handover_summary(log: EventLog) -> HandoverSummary | None:
    """Between teams where the log knows them, else between resources; None for neither."""
    found = passed_work(log)
    return None if found is None else summary_of(found)


def passed_work(
    log: EventLog, *, by: Literal["team", "resource"] | None = None
) -> PassedWork | None:
    """Count the handovers between teams where the log knows them, else between resources.

    None when the log knows neither (or not the one asked for).
    """
    if by is None:
        by = "team" if log.team is not None else "resource"
    group: Coded | None = getattr(log, by)
    if group is None:
        return None
    codes = group.codes
    same_case = log.case.codes[1:] == log.case.codes[:-1]
    known = same_case & (codes[1:] != NOT_GIVEN) & (codes[:-1] != NOT_GIVEN)
    source, target, transitions = _pairs(codes[:-1][known], codes[1:][known], len(group.names))
    returned_case, returned_group = _ping_pongs(log.case.codes, codes)
    return PassedWork(
        by=by,
        names=group.names,
        source=source,
        target=target,
        transitions=transitions,
        groups_of_case=_groups_of_case(log, codes, len(group.names)),
        ping_pongs_of_case=np.bincount(returned_case, minlength=log.cases),
        ping_pong_of_group=np.bincount(returned_group, minlength=len(group.names)),
    )


def _pairs(
    source: npt.NDArray[np.int32], target: npt.NDArray[np.int32], groups: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Counts]:
    keys = source.astype(np.int64) * groups + target
    if groups <= DENSE_GROUPS:
        table = np.bincount(keys, minlength=groups * groups)
        found = np.flatnonzero(table)
        counts = table[found]
    else:
        found, counts = np.unique(keys, return_counts=True)
    order = np.lexsort((found, -counts))
    found, counts = found[order], counts[order].astype(np.int64)
    return (found // groups).astype(np.int32), (found % groups).astype(np.int32), counts


def _groups_of_case(log: EventLog, codes: npt.NDArray[np.int32], groups: int) -> Counts:
    """Sets of groups as bits, joined per case; for many groups the pairs are sorted instead."""
    if groups > 64 * WORDS:
        known = codes != NOT_GIVEN
        keys = log.case.codes[known].astype(np.int64) * groups + codes[known]
        return np.bincount(distinct(keys) // groups, minlength=log.cases)
    counts = np.zeros(log.cases, dtype=np.int64)
    for first in range(0, groups, 64):
        bits = np.zeros(len(codes), dtype=np.uint64)
        here = (codes >= first) & (codes < first + 64)
        bits[here] = np.uint64(1) << (codes[here] - first).astype(np.uint64)
        counts += np.bitwise_count(np.bitwise_or.reduceat(bits, log.offsets[:-1]))
    return counts


def _ping_pongs(
    case: npt.NDArray[np.int32], codes: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Case and group of every return: runs of one group are one stay; A, B, A is one return."""
    known = codes != NOT_GIVEN
    case, codes = case[known], codes[known]
    begins = np.ones(len(codes), dtype=np.bool_)
    begins[1:] = (case[1:] != case[:-1]) | (codes[1:] != codes[:-1])
    case, codes = case[begins], codes[begins]
    returns = (case[2:] == case[:-2]) & (codes[2:] == codes[:-2])
    return case[2:][returns], codes[2:][returns]
