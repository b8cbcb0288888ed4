"""Handover of work: who passes cases to whom, and how often they come straight back."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.swept import Counts, Ids, begins

DENSE_OWNERS = 3_000
"""Up to so many owners a table of all pairs is counted into; it is then 72 MB."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Handovers:
    """Pairs of neighbouring events of a case that both name an owner, by count, descending.

    `source`, `target` are codes into `owners.names`, `count` the pairs and `cases` the cases with
    such a pair. Pairs with the same owner on both sides are included: they are work kept.
    """

    owners: Coded
    source: Ids
    target: Ids
    count: Counts
    cases: Counts

    @property
    def passed_on(self) -> int:
        """The pairs that change the owner."""
        return int(self.count[self.source != self.target].sum())

    def rows(self, *, top: int) -> tuple[tuple[str, str, int, int], ...]:
        """(from, to, count, cases) of the most frequent changes of owner."""
        changes = np.flatnonzero(self.source != self.target)[:top]
        names = self.owners.names
        return tuple(
            (names[s], names[t], int(n), int(c))
            for s, t, n, c in zip(
                self.source[changes],
                self.target[changes],
                self.count[changes],
                self.cases[changes],
                strict=True,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PingPong:
    """Work that went from `first` to `second` and back, by pair in the order of the first pass.

    `episodes` are stretches in which only the two alternate, at least first-second-first;
    `exchanges` counts the rounds in them (first-second-first and first-second-first-second are 1,
    the next round makes 2); `lost` is the time from the first pass to the last, summed.
    """

    first: str
    second: str
    cases: int
    episodes: int
    exchanges: int
    lost: timedelta


def handovers(log: EventLog, *, owners: Coded) -> Handovers:
    """Count the handovers between resources (`log.resource`) or teams (`log.team`)."""
    if len(owners.names) <= DENSE_OWNERS:
        count, cases = _counted(owners.codes, log.offsets, len(owners.names))
        pairs = np.flatnonzero(count)
        count, cases = count[pairs], cases[pairs]
    else:
        pairs, count, cases = _counted_sparsely(owners.codes, log.case.codes, len(owners.names))
    order = np.lexsort((pairs, -count))
    width = max(1, len(owners.names))
    return Handovers(
        owners=owners,
        source=(pairs[order] // width).astype(np.int32),
        target=(pairs[order] % width).astype(np.int32),
        count=count[order],
        cases=cases[order],
    )


def ping_pongs(log: EventLog, *, owners: Coded) -> tuple[PingPong, ...]:
    """Every pair with at least one return, by exchanges, descending."""
    found = _alternations(owners.codes, begins(log), log.ts, log.offsets)
    episodes: Counter[tuple[int, int]] = Counter()
    exchanges: Counter[tuple[int, int]] = Counter()
    lost: Counter[tuple[int, int]] = Counter()
    cases: dict[tuple[int, int], set[int]] = {}
    for case, first, second, runs, time in found.tolist():
        pair = (first, second)
        episodes[pair] += 1
        exchanges[pair] += (runs - 1) // 2
        lost[pair] += time
        cases.setdefault(pair, set()).add(case)
    return tuple(
        PingPong(
            first=owners.names[pair[0]],
            second=owners.names[pair[1]],
            cases=len(cases[pair]),
            episodes=episodes[pair],
            exchanges=count,
            lost=timedelta(microseconds=lost[pair]),
        )
        for pair, count in sorted(exchanges.items(), key=lambda each: (-each[1], each[0]))
    )


@compiled
def _counted(codes: Ids, offsets: Counts, owners: int) -> tuple[Counts, Counts]:
    count = np.zeros(owners * owners, np.int64)
    cases = np.zeros(owners * owners, np.int64)
    last_case = np.full(owners * owners, -1, np.int64)
    for case in range(len(offsets) - 1):
        for row in range(offsets[case] + 1, offsets[case + 1]):
            if codes[row - 1] >= 0 and codes[row] >= 0:
                pair = np.int64(codes[row - 1]) * owners + codes[row]
                count[pair] += 1
                if last_case[pair] != case:
                    last_case[pair] = case
                    cases[pair] += 1
    return count, cases


def _counted_sparsely(codes: Ids, case: Ids, owners: int) -> tuple[Counts, Counts, Counts]:
    together = (case[1:] == case[:-1]) & (codes[1:] >= 0) & (codes[:-1] >= 0)
    pair = codes[:-1][together].astype(np.int64) * owners + codes[1:][together]
    order = np.argsort(pair, kind="stable")  # rows are by case, so each pair stays by case
    pair, of_case = pair[order], case[1:][together][order]
    pairs, first, count = np.unique(pair, return_index=True, return_counts=True)
    fresh = np.ones(len(pair), dtype=np.int64)
    fresh[1:] = (pair[1:] != pair[:-1]) | (of_case[1:] != of_case[:-1])
    cases = np.add.reduceat(fresh, first) if len(first) else count
    return pairs, count, cases


@compiled
def _alternations(codes: Ids, began: Counts, ts: Counts, offsets: Counts) -> Counts:
    """Rows (case, first, second, runs, time lost) of every stretch that alternates."""
    longest = 0
    for case in range(len(offsets) - 1):
        longest = max(longest, offsets[case + 1] - offsets[case])
    owner = np.empty(longest, np.int32)
    run_began = np.empty(longest, np.int64)
    run_ended = np.empty(longest, np.int64)
    found = np.empty((256, 5), np.int64)
    count = 0
    for case in range(len(offsets) - 1):
        runs = 0
        for row in range(offsets[case], offsets[case + 1]):
            if codes[row] < 0:
                continue
            if runs == 0 or owner[runs - 1] != codes[row]:
                owner[runs], run_began[runs] = codes[row], began[row]
                runs += 1
            run_ended[runs - 1] = ts[row]
        run = 0
        while run + 2 < runs:
            end = run + 2
            while end < runs and owner[end] == owner[end - 2]:
                end += 1
            if end == run + 2:
                run += 1
                continue
            if count == len(found):
                larger = np.empty((2 * count, 5), np.int64)
                larger[:count] = found
                found = larger
            found[count, 0] = case
            found[count, 1] = owner[run]
            found[count, 2] = owner[run + 1]
            found[count, 3] = end - run
            found[count, 4] = max(run_began[end - 1] - run_ended[run], 0)
            count += 1
            run = end - 1  # the last owner of this stretch may be the first of the next
    return found[:count].copy()
