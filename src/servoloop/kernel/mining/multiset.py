"""The variant multiset: each distinct sequence once, with its number of cases.

Discovery and conformance work on it, so their cost follows the variants and not the events.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.sweep import sweep
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
    variant_of = (swept or sweep(log)).case_variant.astype(np.int64)
    if open_cases is None:
        open_cases = np.zeros(log.cases, dtype=np.bool_)
    keys, first, of_case, cases = np.unique(
        variant_of * 2 + open_cases, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((keys, -cases))
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    examples = first[order]
    return VariantMultiset(
        names=log.activity.names,
        sequences=tuple(
            log.activity.codes[log.offsets[case] : log.offsets[case + 1]] for case in examples
        ),
        cases=cases[order].astype(np.int64),
        example=tuple(log.case.names[case] for case in examples),
        is_open=open_cases[examples],
        of_case=place[of_case],
    )
