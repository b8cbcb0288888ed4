"""The variant multiset: each distinct sequence once, with its number of cases.

Discovery and conformance work on it, so their cost follows the variants and not the events.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.same_paths import same_paths
from servoloop.kernel.mining.swept import Counts, Ids, Sweep


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VariantMultiset:
    """V sequences of activity codes (into `names`), by cases descending.

    `cases` has V entries, `example` the name of one case of each; `is_open` marks sequences of
    cases that were still running when the log ended. `of_case` is the sequence of each case.
    """

    names: tuple[str, ...]
    sequences: tuple[Ids, ...]
    cases: Counts
    example: tuple[str, ...]
    is_open: npt.NDArray[np.bool_]
    of_case: Ids

    @property
    def total(self) -> int:
        """The number of cases."""
        return int(self.cases.sum())

    @property
    def events(self) -> int:
        return int(sum(len(s) * int(n) for s, n in zip(self.sequences, self.cases, strict=True)))


def variant_multiset(
    log: EventLog,
    *,
    swept: Sweep | None = None,
    open_cases: npt.NDArray[np.bool_] | None = None,
) -> VariantMultiset:
    """The variants of a log; open cases (a flag per case) are kept apart from closed ones."""
    variant_of = _ranked(log) if swept is None else swept.case_variant
    if open_cases is None:
        open_cases = np.zeros(log.cases, dtype=np.bool_)
    keys = variant_of.astype(np.int64) * 2 + open_cases
    counted = np.bincount(keys)
    first_case = np.empty(len(counted), dtype=np.int64)
    first_case[keys[::-1]] = np.arange(log.cases)[::-1]  # the last write wins: the first case
    found = np.flatnonzero(counted)
    order = found[np.lexsort((found, -counted[found]))]
    place = np.zeros(len(counted), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    examples = first_case[order]
    ends = zip(log.offsets[examples].tolist(), log.offsets[examples + 1].tolist(), strict=True)
    return VariantMultiset(
        names=log.activity.names,
        sequences=tuple(log.activity.codes[begin:end] for begin, end in ends),
        cases=counted[order],
        example=tuple(log.case.names[case] for case in examples.tolist()),
        is_open=open_cases[examples],
        of_case=place[keys],
    )


def _ranked(log: EventLog) -> Ids:
    """The variant of each case, numbered as a sweep does: by (cases descending, first case)."""
    path_of, first_case = same_paths(log.activity.codes, log.offsets)
    place = np.empty(len(first_case), dtype=np.int32)
    rank = np.argsort(-np.bincount(path_of, minlength=len(first_case)), kind="stable")
    place[rank] = np.arange(len(rank), dtype=np.int32)
    ranked: Ids = place[path_of]
    return ranked
