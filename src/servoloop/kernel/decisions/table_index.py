"""Columns of decision tables as look-ups: from a value to the set of rules whose cell it passes.

The constants in a column cut the line of numbers (or texts, dates, durations) into points and
gaps. In one point or gap every cell made of constants answers the same, so each is asked once,
when the table is compiled, with one value from every piece. A set of rules is an int with one bit
for each. Cells that are not made of constants stay *open*: they are asked at evaluation, and only
for rules still in the running.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.compiler import Compiler, Run
from servoloop.kernel.feel.constants import constant_of
from servoloop.kernel.feel.temporal import (
    Date,
    DaysDuration,
    MonthsDuration,
    date_from_days,
)
from servoloop.kernel.feel.values import MATH, NUMBERS

_ORDERED = (Decimal, str, Date, DaysDuration, MonthsDuration)
"""Kinds whose values lie on a line; all numbers count as Decimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kind's points in order, and the rules for each piece: gap, point, gap, point, …, gap."""

    points: list[Any]
    pieces: list[int]
    samples: list[Any]
    exact: dict[Any, int] | None

    def rules(self, value: Any) -> int:
        """The rules whose cell the value passes."""
        if self.exact is not None:
            return self.exact.get(value, self.pieces[0])
        place = bisect_left(self.points, value)
        if place < len(self.points) and self.points[place] == value:
            return self.pieces[2 * place + 1]
        return self.pieces[2 * place]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnIndex:
    """The look-up of one column; ``open`` are the rules whose cell must be asked itself."""

    lines: dict[type, Line]
    others: dict[Any, int]
    tests: list[Run]
    place: int
    open: int
    fixed: int
    allowed: Run | None = field(default=None, repr=False)

    def look_up(self, value: Any, env: Any) -> int:
        """Rules that the value may match: settled for all but the open ones."""
        if self.allowed is not None and value is not None:
            env[self.place] = value
            if self.allowed(env) is not True:
                return 0
        kind = type(value)
        line = self.lines.get(kind)
        if line is not None:
            return line.rules(value)
        if value is None or kind is bool:
            return self.others[value]
        env[self.place] = value
        return self._ask(self.fixed, env) | self.open

    def settle(self, matches: int, value: Any, env: Any) -> int:
        """The matches without those open rules whose cell the value does not pass."""
        env[self.place] = value
        asked = matches & self.open
        return (matches ^ asked) | self._ask(asked, env)

    def _ask(self, rules: int, env: Any) -> int:
        found = 0
        budget = env[1]
        while rules:
            bit = rules & -rules
            rules ^= bit
            budget.spend(1)
            if self.tests[bit.bit_length() - 1](env) is True:
                found |= bit
        return found


def index_column(
    compiler: Compiler,
    cells: list[tree.UnaryTests | None],
    allowed: tree.UnaryTests | None,
    place: int,
) -> ColumnIndex:
    """Build the look-up of one column; ``?`` is already bound at ``place``."""
    tests = [_never if cell is None else compiler.compile(cell) for cell in cells]
    constants: dict[type, list[Any]] = {kind: [] for kind in _ORDERED}
    open_rules = 0
    only_equal = True
    for bit, cell in enumerate(cells):
        found = None if cell is None else _constants(cell)
        if found is None:
            open_rules |= 0 if cell is None else 1 << bit
            continue
        for value, is_equal in found:
            only_equal = only_equal and is_equal
            kind = Decimal if type(value) in NUMBERS else type(value)
            if kind in constants:
                constants[kind].append(value)
    fixed = ((1 << len(cells)) - 1) & ~open_rules
    maker = _Maker(tests=tests, place=place, places=compiler.places, open=open_rules, fixed=fixed)
    lines = {kind: maker.line(values, exact=only_equal) for kind, values in constants.items()}
    lines[int] = lines[Decimal]
    return ColumnIndex(
        lines=lines,
        others={value: maker.ask(value) for value in (None, True, False)},
        tests=tests,
        place=place,
        open=open_rules,
        fixed=fixed,
        allowed=None if allowed is None else compiler.compile(allowed),
    )


def _never(env: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Asks the cells of constants once for every piece of a line."""

    tests: list[Run]
    place: int
    places: int
    open: int
    fixed: int

    def ask(self, value: Any) -> int:
        env: list[Any] = [None] * max(self.places, self.place + 1)
        env[1] = Budget()
        env[self.place] = value
        found = self.open
        for bit, test in enumerate(self.tests):
            if self.fixed >> bit & 1 and test(env) is True:
                found |= 1 << bit
        return found

    def line(self, values: list[Any], *, exact: bool) -> Line:
        points = sorted(set(values))
        samples: list[Any] = []
        for place, point in enumerate(points):
            samples += [_between(points[place - 1] if place else None, point), point]
        samples.append(_after(points[-1]) if points else None)
        if not points:
            return Line(points=[], pieces=[self.elsewhere()], samples=samples, exact={})
        pieces = [0 if sample is None else self.ask(sample) for sample in samples]
        return Line(
            points=points,
            pieces=[pieces[-1], *pieces[1:]] if exact else pieces,
            samples=samples,
            exact=dict(zip(points, pieces[1::2], strict=True)) if exact else None,
        )

    def elsewhere(self) -> int:
        """Rules for a kind of value that no cell of the column speaks of.

        Asked with a value that equals nothing and is ordered against nothing: only ``-`` and
        negated cells let it pass.
        """
        return self.ask(_Nothing())


class _Nothing:
    """A value unlike any other."""


def _constants(cell: tree.UnaryTests) -> list[tuple[Any, bool]] | None:
    """The constants in a cell, and whether the cell only asks to equal them; None when it asks
    more."""
    found: list[tuple[Any, bool]] = []
    for test in cell.tests:
        match test:
            case tree.Literal(value=value):
                found.append((value, True))
            case tree.UnaryComparison(operator=operator, operand=operand):
                value = constant_of(operand)
                if value is None:
                    return None
                found.append((value, operator in ("=", "!=")))
            case tree.RangeLiteral(low=low, high=high):
                ends = constant_of(low), constant_of(high)
                if None in ends:
                    return None
                found += [(end, False) for end in ends]
            case _:
                value = constant_of(test)
                if value is None:
                    return None
                found.append((value, True))
    kinds = (*NUMBERS, str, bool, type(None), Date, DaysDuration, MonthsDuration)
    return found if all(type(value) in kinds for value, _ in found) else None


def _between(low: Any, high: Any) -> Any:
    """A value above low (anything when None) and below high, or None when there is none."""
    match high:
        case int() | Decimal():
            if low is None:
                return MATH.subtract(high, 1)
            middle = MATH.divide(MATH.add(low, high), 2)
            rounded = MATH.to_integral_value(middle)
            return rounded if low < rounded < high else middle
        case str():
            if low is None:
                return "" if high else None
            candidates = (low + "a", low + "\x00")
            return next((text for text in candidates if text < high), None)
        case Date():
            found = date_from_days((high.days - 2 if low is None else low.days) + 1)
        case DaysDuration():
            found_nanos = (high.nanos - 2 if low is None else low.nanos) + 1
            return DaysDuration(found_nanos) if found_nanos < high.nanos else None
        case MonthsDuration():
            months = (high.months - 2 if low is None else low.months) + 1
            return MonthsDuration(months) if months < high.months else None
    return found if found is not None and found < high else None


def _after(point: Any) -> Any:
    """A value above the highest point."""
    match point:
        case int() | Decimal():
            return MATH.add(point, 1)
        case str():
            return point + "a"
        case Date():
            return date_from_days(point.days + 1)
        case DaysDuration():
            return DaysDuration(point.nanos + 1)
    return MonthsDuration(point.months + 1)
