"""A trend as a few points of an inline SVG; no script, no style."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 120, 32, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """Lines between neighbouring known points, and the last known one as a dot."""

    words: str
    lines: tuple[str, ...]  # polyline points
    dots: tuple[tuple[float, float], ...]  # known points without a known neighbour
    last: tuple[float, float]
    middle: float  # x between the two periods
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(trend: Sequence[float | None], *, words: str) -> Sparkline | None:
    """None for fewer than two known points. The lowest value stands at the bottom."""
    known = [value for value in trend if value is not None]
    if len(known) < 2:
        return None
    low, spread = min(known), max(known) - min(known)
    step = (WIDTH - 2 * MARGIN) / (len(trend) - 1)

    def place(index: int, value: float) -> tuple[float, float]:
        share = (value - low) / spread if spread else 0.5
        x, y = MARGIN + index * step, HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
        return round(x, 1), round(y, 1)

    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(trend):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(place(index, value))
    runs = [run for run in runs if run]
    return Sparkline(
        words=words,
        lines=tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1),
        dots=tuple(run[0] for run in runs if len(run) == 1),
        last=runs[-1][-1],
        middle=WIDTH / 2,
    )
