"""One numbering of names for all parts of a log, and their order in the whole."""

import numpy as np

from servoloop.kernel.mining.event_log import Coded
from servoloop.kernel.mining.swept import Counts


class Naming:
    """Numbers names as they arrive and remembers in which row of the whole log each stood first."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._first: list[int] = []

    @property
    def names(self) -> tuple[str, ...]:
        """All names in the order of the whole log: by the row in which they stood first."""
        arrived = [*self._numbers]
        return tuple(arrived[number] for number in np.argsort(self._first).tolist())

    def __len__(self) -> int:
        return len(self._numbers)

    def numbered(self, coded: Coded, seq: Counts) -> Counts:
        """The number of each name of a part, by its code there; `seq` are its rows."""
        first = np.full(len(coded.names) + 1, np.iinfo(np.int64).max, dtype=np.int64)
        np.minimum.at(first, coded.codes, seq)  # missing ones count into the spare last place
        numbers = [self._numbers.setdefault(name, len(self._numbers)) for name in coded.names]
        for number, row in zip(numbers, first.tolist(), strict=False):
            if number == len(self._first):
                self._first.append(row)
            self._first[number] = min(self._first[number], row)
        return np.array(numbers, dtype=np.int64)

    def places(self) -> Counts:
        """The place in `names` of each number."""
        order = np.argsort(self._first)
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        return places
