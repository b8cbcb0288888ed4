"""Outcomes of cases, one number for each: what root causes are looked for."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog


def reopened_outcome(log: EventLog, closing: Sequence[str]) -> npt.NDArray[np.float64]:
    """1 for cases that go on after a closing activity, 0 for closed ones, NaN without a closing."""
    codes = [log.activity.names.index(name) for name in closing]
    closes = np.isin(log.activity.codes, codes)
    outcome = np.full(log.cases, np.nan)
    outcome[log.case.codes[closes]] = 0.0
    again = np.zeros(log.events, dtype=np.bool_)
    again[1:] = closes[:-1] & ~closes[1:] & (log.case.codes[1:] == log.case.codes[:-1])
    outcome[log.case.codes[again]] = 1.0
    return outcome
