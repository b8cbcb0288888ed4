"""Attributes as a parser gives them, sorted into columns many rows at a time."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.interchange.source import UnreadableLog

MOST_KEYS = 2_000
TYPES = {"int": pl.Int64, "float": pl.Float64}


@dataclass(slots=True)
class Cells:
    """Rows of (key, value) cells, kept flat until `settle` turns them into columns.

    `given` holds the XML attributes of each cell (`["key", k, "value", v]`), `kinds` the names of
    their elements, `first_cells` where each row begins in `given`. A key that comes twice in one
    row keeps its last value. The lists are emptied in place: the parser holds their `append`.
    """

    given: list[list[str]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    first_cells: list[int] = field(default_factory=list)
    _blocks: list[pl.DataFrame] = field(default_factory=list)
    _settled: int = 0
    _kinds_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def keep(self, kind: str, given: list[str]) -> None:
        """Add a cell to the row that was begun last."""
        self.given.append(given)
        self.kinds.append(kind)

    @property
    def keys(self) -> int:
        """How many different keys the settled rows have."""
        return len(self._kinds_of)

    def waiting_rows(self, rows: int) -> int:
        """How many rows are not settled yet, the last of which may be incomplete."""
        return rows - self._settled

    def settle(self, rows: int, *, complete: bool = False) -> None:
        """Turn all rows but the last (which may still grow) into a block of columns."""
        ready = rows - self._settled - (0 if complete else 1)
        if ready <= 0:
            return
        cells = len(self.given) if complete else self.first_cells[ready]
        sizes = np.diff(np.append(self.first_cells[:ready], cells))
        self._blocks.append(self._columns(np.repeat(np.arange(ready), sizes), cells, ready))
        del self.given[:cells]
        del self.kinds[:cells]
        self.first_cells[:] = [first - cells for first in self.first_cells[ready:]]
        self._settled += ready

    def add_block(self, columns: pl.DataFrame, kinds: dict[str, set[str]]) -> None:
        """Append rows that were read elsewhere; no row may be waiting."""
        self._blocks.append(columns)
        self._settled += columns.height
        for key, names in kinds.items():
            self._kinds_of[key] |= names

    def frame(self, rows: int) -> pl.DataFrame:
        """All rows as columns, typed as the file types them; dates and the rest as text."""
        self.settle(rows, complete=True)
        if not self._blocks:
            return pl.DataFrame(height=rows)
        frame = pl.concat(self._blocks, how="diagonal", rechunk=True)
        typed = [_typed(frame[key], self._kinds_of[key]) for key in frame.columns]
        return pl.DataFrame(typed) if typed else frame

    def _columns(self, rows: npt.NDArray[np.int64], cells: int, ready: int) -> pl.DataFrame:
        keys, values = self._keys_and_values(cells)
        for kind, key in set(zip(self.kinds[:cells], keys, strict=True)):
            self._kinds_of[key].add(kind)
        number = {key: index for index, key in enumerate(dict.fromkeys(keys))}
        codes = np.fromiter((number[key] for key in keys), dtype=np.int64, count=cells)
        return columns_of(list(number), codes, pl.Series(values, dtype=pl.String), rows, ready)

    def _keys_and_values(self, cells: int) -> tuple[list[str], list[str | None]]:
        given = self.given[:cells]
        if all(len(cell) == 4 and cell[0] == "key" and cell[2] == "value" for cell in given):
            return [cell[1] for cell in given], [cell[3] for cell in given]
        attributes = [dict(zip(cell[::2], cell[1::2], strict=True)) for cell in given]
        return (
            [cell.get("key", "") for cell in attributes],
            [cell.get("value") for cell in attributes],
        )


def check_keys(keys: int) -> None:
    """Each key is a column as long as the log: thousands of them would fill any memory.

    Raises UnreadableLog.
    """
    if keys > MOST_KEYS:
        raise UnreadableLog(
            f"The log has more than {MOST_KEYS:,} different attributes; values were perhaps "
            "written as keys."
        )


def columns_of(
    names: list[str],
    codes: npt.NDArray[np.int64],
    values: pl.Series,
    rows: npt.NDArray[np.int64],
    height: int,
) -> pl.DataFrame:
    """Cells of (row, key code, value) as one column per key, null where a row lacks the key."""
    check_keys(len(names))
    series = []
    for code, name in enumerate(names):
        of_key = np.flatnonzero(codes == code)
        if len(of_key):
            series.append(_spread(values.gather(of_key), rows[of_key], height).alias(name))
    return pl.DataFrame(series, height=height) if series else pl.DataFrame(height=height)


def _spread(values: pl.Series, rows: npt.NDArray[np.int64], height: int) -> pl.Series:
    if len(rows) == height and (np.diff(rows) == 1).all():
        return values
    at = np.full(height, -1, dtype=np.int64)
    at[rows] = np.arange(len(rows))
    return values.gather(pl.Series(at).set(pl.Series(at < 0), None))


def _typed(column: pl.Series, kinds: set[str]) -> pl.Series:
    """The type of the file when all values have it; else text, so that nothing is lost."""
    if len(kinds) != 1:
        return column
    (kind,) = kinds
    if kind == "boolean":
        lowered = column.str.to_lowercase()
        fits = lowered.drop_nulls().is_in(["true", "false"]).all()
        return (lowered == "true").alias(column.name) if fits else column
    if kind not in TYPES:
        return column
    cast = column.cast(TYPES[kind], strict=False)
    return cast if cast.null_count() == column.null_count() else column
