"""How points and ranges lie to each other (Allen's relations), each as the standard's table
defines it.

An answer that depends on a missing or incomparable end is null.
"""

from typing import Any

from servoloop.kernel.feel.operators import equal, inside, order
from servoloop.kernel.feel.signatures import Misfit, feel
from servoloop.kernel.feel.values import Range


def _cmp(left: Any, right: Any) -> int:
    found = order(left, right)
    if found is None:
        raise Misfit
    return found


@feel("before(point1: point, point2: point)")
def before(point1: Any, point2: Any) -> bool:
    return _cmp(point1, point2) < 0


@feel("before(point: point, range: range)")
def before_range(point: Any, range_: Range) -> bool:
    found = _cmp(point, range_.low)
    return found < 0 or (found == 0 and not range_.low_included)


@feel("before(range: range, point: point)")
def range_before(range_: Range, point: Any) -> bool:
    found = _cmp(range_.high, point)
    return found < 0 or (found == 0 and not range_.high_included)


@feel("before(range1: range, range2: range)")
def ranges_before(range1: Range, range2: Range) -> bool:
    found = _cmp(range1.high, range2.low)
    return found < 0 or (found == 0 and not (range1.high_included and range2.low_included))


@feel("after(point1: point, point2: point)")
def after(point1: Any, point2: Any) -> bool:
    return before(point2, point1)


@feel("after(point: point, range: range)")
def after_range(point: Any, range_: Range) -> bool:
    return range_before(range_, point)


@feel("after(range: range, point: point)")
def range_after(range_: Range, point: Any) -> bool:
    return before_range(point, range_)


@feel("after(range1: range, range2: range)")
def ranges_after(range1: Range, range2: Range) -> bool:
    return ranges_before(range2, range1)


@feel("meets(range1: range, range2: range)")
def meets(range1: Range, range2: Range) -> bool:
    touching = _cmp(range1.high, range2.low) == 0
    return touching and range1.high_included and range2.low_included


@feel("met by(range1: range, range2: range)")
def met_by(range1: Range, range2: Range) -> bool:
    return meets(range2, range1)


@feel("overlaps(range1: range, range2: range)")
def overlaps(range1: Range, range2: Range) -> bool:
    return not ranges_before(range1, range2) and not ranges_before(range2, range1)


@feel("overlaps before(range1: range, range2: range)")
def overlaps_before(range1: Range, range2: Range) -> bool:
    return (
        _starts_first(range1, range2)
        and not ranges_before(range1, range2)
        and _ends_within(range1, range2)
    )


@feel("overlaps after(range1: range, range2: range)")
def overlaps_after(range1: Range, range2: Range) -> bool:
    return overlaps_before(range2, range1)


def _starts_first(one: Range, other: Range) -> bool:
    found = _cmp(one.low, other.low)
    return found < 0 or (found == 0 and one.low_included and not other.low_included)


def _starts_within(one: Range, other: Range) -> bool:
    found = _cmp(one.low, other.low)
    return found > 0 or (found == 0 and (not one.low_included or other.low_included))


def _ends_within(one: Range, other: Range) -> bool:
    found = _cmp(one.high, other.high)
    return found < 0 or (found == 0 and (not one.high_included or other.high_included))


@feel("finishes(point: point, range: range)")
def finishes(point: Any, range_: Range) -> bool:
    return _cmp(point, range_.high) == 0 and range_.high_included


@feel("finishes(range1: range, range2: range)")
def range_finishes(range1: Range, range2: Range) -> bool:
    same_end = _cmp(range1.high, range2.high) == 0
    return (
        same_end and range1.high_included == range2.high_included and _starts_within(range1, range2)
    )


@feel("finished by(range: range, point: point)")
def finished_by(range_: Range, point: Any) -> bool:
    return finishes(point, range_)


@feel("finished by(range1: range, range2: range)")
def range_finished_by(range1: Range, range2: Range) -> bool:
    return range_finishes(range2, range1)


@feel("includes(range: range, point: point)")
def includes(range_: Range, point: Any) -> bool | None:
    return inside(point, range_)


@feel("includes(range1: range, range2: range)")
def includes_range(range1: Range, range2: Range) -> bool:
    return _starts_within(range2, range1) and _ends_within(range2, range1)


@feel("during(point: point, range: range)")
def during(point: Any, range_: Range) -> bool | None:
    return inside(point, range_)


@feel("during(range1: range, range2: range)")
def range_during(range1: Range, range2: Range) -> bool:
    return includes_range(range2, range1)


@feel("starts(point: point, range: range)")
def starts(point: Any, range_: Range) -> bool:
    return _cmp(point, range_.low) == 0 and range_.low_included


@feel("starts(range1: range, range2: range)")
def range_starts(range1: Range, range2: Range) -> bool:
    same_start = _cmp(range1.low, range2.low) == 0
    return (
        same_start and range1.low_included == range2.low_included and _ends_within(range1, range2)
    )


@feel("started by(range: range, point: point)")
def started_by(range_: Range, point: Any) -> bool:
    return starts(point, range_)


@feel("started by(range1: range, range2: range)")
def range_started_by(range1: Range, range2: Range) -> bool:
    return range_starts(range2, range1)


@feel("coincides(point1: point, point2: point)")
def coincides(point1: Any, point2: Any) -> bool:
    return _cmp(point1, point2) == 0


@feel("coincides(range1: range, range2: range)")
def ranges_coincide(range1: Range, range2: Range) -> bool | None:
    return equal(range1, range2)
