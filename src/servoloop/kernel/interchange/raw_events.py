"""What a reader hands over before roles and times are settled."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.interchange.read_report import REFUSALS_LISTED, Note, ObjectCount, Refusal


@dataclass(slots=True)
class Refusals:
    """Collects what was refused: every one counted, the first ones listed with their line."""

    listed: list[Refusal] = field(default_factory=list)
    by_reason: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def add(self, line: int, reason: str, *, kind: str | None = None) -> None:
        """Refuse one row; `kind` groups reasons that differ in a value only."""
        self.count += 1
        key = kind or reason
        self.by_reason[key] = self.by_reason.get(key, 0) + 1
        if len(self.listed) < REFUSALS_LISTED:
            self.listed.append(Refusal(line=line, reason=reason))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawEvents:
    """The rows of a file in file order, columns as text or as the file types them.

    `lines` gives the line of each row; columns named `case:…` describe the case, not the event;
    `rows_read` counts the refused rows too.
    """

    columns: pl.DataFrame
    lines: npt.NDArray[np.int64]
    rows_read: int
    refusals: Refusals
    encoding: str
    delimiter: str = ""
    empty_cases: int = 0
    classifiers: tuple[tuple[str, str], ...] = ()
    notes: tuple[Note, ...] = ()
    object_types: tuple[ObjectCount, ...] = ()  # of an object-centric log
    sheets: tuple[str, ...] = ()  # of a workbook, the one that was read first

    def without(self, columns: Sequence[str]) -> "RawEvents":
        """The same without some columns, which need not be there."""
        return replace(self, columns=self.columns.drop(columns, strict=False)) if columns else self
