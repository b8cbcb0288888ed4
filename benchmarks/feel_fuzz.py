"""Mangled rules by the million: nothing may escape but errors of the tree, and nothing may hang."""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.feel.data import to_data
from servoloop.kernel.feel.expression import compile, compile_unary
from servoloop.kernel.feel.library import LIBRARY

SEEDS = (
    'amount > 500 and tier in ("gold", "vip")',
    "for i in 1..10, j in [1, 2] return i * j + partial[-1]",
    "some x in items satisfies x > 3 and every y in items satisfies y < x",
    "{a: function(n) if n < 2 then n else a(n - 1) + a(n - 2), r: a(9)}.r",
    'replace("banana", "(a)(n)?", "[$1$2]")',
    'matches(name, "^(a+)+$")',
    'split("a,b;c", "[,;]")',
    "sort(items, function(x, y) x > y)[1]",
    "order.lines[price > 10].price",
    '@"2024-02-29" + @"P1Y" - @"P3D"',
    'date and time("2026-03-29T02:30:00@Europe/Paris") + duration("PT1H")',
    '(date("2026-01-31") - born).days / 365.25',
    'number("1.234,5", ".", ",") ** 2',
    "(1..10) instance of range<number>",
    'context merge([{a: 1}, context put({b: 2}, ["c"], 3)])',
    'if x between 1 and 10 then string(x) + "!" else null',
    "-(2 ** -3) / 0.5 - modulo(-7, 3)",
    "flatten([[1, [2, [3]]], 4])[item > 1]",
    'string join(["a", null, "b"], "-")',
    "not(true) or null and x instance of list<context<a: number, b: string>>",
    "overlaps([1..5], (3..8]) and 5 in (< 3, [4..6])",
    'range("[1..9]").end included',
    "[1, 2, 3][-1] + [10][1]",
    "< 10, [20..30), not(5)",
    'not("a", "b")',
    "? > 3 and ? < 9",
)
PIECES = (
    *"()[]{},.:+-*/<>=?@\"'\\ \n",
    "..", "**", "<=", ">=", "!=", "->", "if ", " then ", " else ", "for ", " in ", " return ",
    "some ", "every ", " satisfies ", " and ", " or ", " between ", " instance of ", "function(",
    "external ", "null", "true", "false", "partial", "item", "1e9", "1..1000000000", "0", "1", "-1",
    "99999999999999999999999999999999999999", "0.1", "\"\"", "\"a\"", "@\"P1D\"", "@\"2026-01-01\"",
    "x", "items", "order", "name", "amount", "list<number>", "date and time", "// c\n", "/* c */",
    "é", "中文", "🐎", "\u0000", "\u2003", "[[[[[[[[", "((((((((", "{a:{a:{a:",
    *(f"{name}(" for name in LIBRARY),
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "amount": 600,
    "tier": "vip",
    "items": [3, 1, 2, None, "x", Decimal("2.5")],
    "order": {"lines": [{"price": 5}, {"price": 15.5}], "total": 20},
    "name": "a" * 40 + "b",
    "born": date(1990, 5, 17),
    "x": 7,
    "when": datetime(2026, 3, 1, 12, tzinfo=UTC),
    "wait": timedelta(hours=5),
}
_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class FuzzOutcome:
    """What a run came to; ``escaped`` are texts that raised what they must not."""

    count: int = 0
    answers: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    escaped: list[tuple[str, str]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    seconds: float = 0.0

    def as_data(self) -> dict[str, Any]:
        """The outcome as JSON-able data."""
        return {
            "inputs": self.count,
            "answers": self.answers,
            "errors": dict(self.errors),
            "escaped": self.escaped[:20],
            "slowest_seconds": round(self.slowest[0], 3),
            "slowest_input": self.slowest[1][:300],
            "seconds": round(self.seconds, 1),
        }


def fuzz(count: int, *, seed: int) -> FuzzOutcome:
    """Read and evaluate that many mangled rules on a small budget."""
    random = Random(seed)
    outcome = FuzzOutcome()
    begun = time.perf_counter()
    for _ in range(count):
        text = mangled(random)
        started = time.perf_counter()
        _try(text, random, outcome)
        taken = time.perf_counter() - started
        if taken > outcome.slowest[0]:
            outcome.slowest = (taken, text)
    outcome.count = count
    outcome.seconds = time.perf_counter() - begun
    return outcome


def _try(text: str, random: Random, outcome: FuzzOutcome) -> None:
    try:
        if random.random() < 0.8:
            names = ("credit score", "a-b", "items") if random.random() < 0.2 else None
            value = compile(text, names).evaluate(CONTEXT, at=_AT, steps=20_000, size=20_000)
        else:
            value = compile_unary(text).test(7, CONTEXT, at=_AT, steps=20_000, size=20_000)
        to_data(value)
        outcome.answers += 1
    except ServoloopError as error:
        outcome.errors[type(error).__name__] += 1
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        outcome.escaped.append((text, repr(error)))


def mangled(random: Random) -> str:
    """A rule that was cut, spliced, doubled and sprinkled; sometimes nothing but pieces."""
    if random.random() < 0.15:
        return "".join(random.choices(PIECES, k=random.randint(1, 30)))
    text = random.choice(SEEDS)
    for _ in range(random.randint(0, 5)):
        start = random.randint(0, len(text))
        end = min(len(text), start + random.randint(0, 12))
        match random.randrange(5):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:start] + random.choice(PIECES) + text[start:]
            case 2:
                text = text[:end] + text[start:]
            case 3:
                other = random.choice(SEEDS)
                cut = random.randint(0, len(other))
                text = text[:start] + other[cut : cut + random.randint(1, 40)] + text[end:]
            case _:
                text = f"({text}) {random.choice(('+', '=', 'and', 'in', '*'))} {text[start:end]}"
    return text[:2000]
