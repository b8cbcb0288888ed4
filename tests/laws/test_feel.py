"""Laws of FEEL: what holds for all numbers, dates, truth values, trees and mangled texts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, localcontext
from random import Random
from zoneinfo import ZoneInfo

import pytest
from benchmarks.feel_fuzz import fuzz, mangled
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.data import to_python
from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.expression import compile, compile_unary
from servoloop.kernel.feel.library import LIBRARY
from servoloop.kernel.feel.parser import parse
from servoloop.kernel.feel.printing import print_tree

laws = settings(deadline=None, max_examples=60)
"""No deadline: the machine that runs this may be busy."""

# Trees.

NAMES = ("amount", "tier", "credit score")
names = st.sampled_from(NAMES)
numbers = st.one_of(
    st.integers(0, 10**20),
    st.decimals(0, 10**6, allow_nan=False, places=3).map(lambda d: d + Decimal("0.001")),
)
literals = st.builds(
    lambda value: tree.Literal(value=value),
    st.one_of(numbers, st.text(max_size=8), st.booleans(), st.none()),
)
leaves = st.one_of(
    literals,
    names.map(lambda name: tree.Name(name=name)),
    st.sampled_from(["2026-02-28", "P1D", "10:00:00"]).map(lambda t: tree.AtLiteral(text=t)),
)
types = st.recursive(
    st.sampled_from(["number", "string", "date and time"]).map(lambda n: tree.NamedType(name=n)),
    lambda inner: st.one_of(
        inner.map(lambda t: tree.ListType(item=t)),
        inner.map(lambda t: tree.ContextType(entries=(("a", t),))),
        st.tuples(inner, inner).map(lambda p: tree.FunctionType(parameters=p[:1], result=p[1])),
    ),
    max_leaves=3,
)


def operand(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    """A node that is not read as a part of the chain around it."""
    node = draw(inner)
    chained = (tree.Arithmetic, tree.Logic, tree.UnaryComparison, tree.Negate)
    return tree.ListLiteral(items=(node,)) if isinstance(node, chained) else node


@st.composite
def compound(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    """A node with nodes of ``inner`` below it."""
    build = draw(st.sampled_from(BUILDERS))
    return build(draw, inner)


def arithmetic(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    level = draw(st.sampled_from([("+", "-"), ("*", "/"), ("**",)]))
    count = draw(st.integers(1, 3))
    rest = tuple((draw(st.sampled_from(level)), operand(draw, inner)) for _ in range(count))
    return tree.Arithmetic(first=operand(draw, inner), rest=rest)


def comparison(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    return tree.Compare(operator=operator, left=operand(draw, inner), right=operand(draw, inner))


def logic(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    operands = tuple(operand(draw, inner) for _ in range(draw(st.integers(2, 3))))
    return tree.Logic(operator=draw(st.sampled_from(["and", "or"])), operands=operands)


def loop(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    domain = operand(draw, inner)
    if draw(st.booleans()):
        domain = tree.Span(low=domain, high=operand(draw, inner))
    return tree.For(iterators=(("x", domain),), result=draw(inner))


def quantified(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    kind = draw(st.sampled_from(["some", "every"]))
    iterators = (("x", operand(draw, inner)), ("y", operand(draw, inner)))
    return tree.Quantified(kind=kind, iterators=iterators, condition=draw(inner))


def range_of(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    return tree.RangeLiteral(
        low=operand(draw, inner),
        high=operand(draw, inner),
        low_included=draw(st.booleans()),
        high_included=draw(st.booleans()),
    )


def call(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    if draw(st.booleans()):
        arguments = tuple(draw(inner) for _ in range(draw(st.integers(0, 2))))
        return tree.Call(function=tree.Name(name="string join"), arguments=arguments)
    return tree.Call(
        function=tree.Name(name="substring"),
        arguments=(draw(inner), draw(inner)),
        names=("string", "start position"),
    )


def function(draw: st.DrawFn, inner: st.SearchStrategy[tree.Node]) -> tree.Node:
    type_ = draw(st.one_of(st.none(), types))
    return tree.FunctionLiteral(parameters=(("x", type_),), body=draw(inner))


BUILDERS: list[Callable[[st.DrawFn, st.SearchStrategy[tree.Node]], tree.Node]] = [
    arithmetic,
    comparison,
    logic,
    loop,
    quantified,
    range_of,
    call,
    function,
    lambda draw, inner: tree.Between(
        value=operand(draw, inner), low=operand(draw, inner), high=operand(draw, inner)
    ),
    lambda draw, inner: tree.In(value=operand(draw, inner), tests=(draw(inner), draw(inner))),
    lambda draw, inner: tree.If(condition=draw(inner), yes=draw(inner), no=draw(inner)),
    lambda draw, inner: tree.Negate(operand=operand(draw, inner)),
    lambda draw, inner: tree.InstanceOf(value=operand(draw, inner), type=draw(types)),
    lambda draw, inner: tree.Path(source=operand(draw, inner), name="total"),
    lambda draw, inner: tree.Filter(source=operand(draw, inner), condition=operand(draw, inner)),
    lambda draw, inner: tree.ListLiteral(items=(draw(inner), draw(inner))),
    lambda draw, inner: tree.ContextLiteral(entries=(("a", draw(inner)), ("b c!", draw(inner)))),
]

trees = st.recursive(leaves, compound, max_leaves=8)


@laws
@given(trees)
def test_printing_a_tree_and_reading_it_gives_the_tree(node: tree.Node) -> None:
    text = print_tree(node)

    assert parse(text, names=NAMES, functions=LIBRARY) == node


@laws
@given(st.text(max_size=30))
def test_a_text_literal_holds_any_text(text: str) -> None:
    literal = print_tree(tree.Literal(value=text))

    node = parse(literal)

    assert isinstance(node, tree.Literal)
    assert isinstance(node.value, str)
    assert node.value.encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")


# Numbers.

decimals = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=6)
DECIMAL128 = Context(prec=34)


@laws
@given(decimals, decimals)
def test_arithmetic_agrees_with_decimal(a: Decimal, b: Decimal) -> None:
    with localcontext(DECIMAL128):
        expected = [a + b, a - b, a * b, None if b == 0 else a / b]

    assert compile("[a + b, a - b, a * b, a / b]").evaluate({"a": a, "b": b}) == expected


@laws
@given(decimals, decimals)
def test_comparison_agrees_with_decimal(a: Decimal, b: Decimal) -> None:
    answers = compile("[a < b, a <= b, a = b, a != b, a >= b, a > b]").evaluate({"a": a, "b": b})

    assert answers == [a < b, a <= b, a == b, a != b, a >= b, a > b]


@laws
@given(st.integers(-(10**40), 10**40), st.integers(-(10**40), 10**40))
def test_large_whole_numbers_are_rounded_to_34_digits(a: int, b: int) -> None:
    with localcontext(DECIMAL128):
        expected = +Decimal(a + b)

    assert DECIMAL128.plus(compile("a + b").evaluate({"a": a, "b": b})) == expected


@laws
@given(decimals, decimals.filter(lambda d: d != 0))
def test_modulo_is_what_division_leaves_and_has_the_sign_of_the_divisor(
    a: Decimal, b: Decimal
) -> None:
    rest = compile("modulo(a, b)").evaluate({"a": a, "b": b})

    assert abs(rest) < abs(b)
    assert rest == 0 or (rest < 0) == (b < 0)


# Dates.

days = st.dates(date(1700, 1, 1), date(2400, 12, 31))
moments = st.datetimes(datetime(1950, 1, 1), datetime(2035, 12, 31))
zones = st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Shanghai", "UTC"])


@laws
@given(days, days)
def test_the_days_between_dates_agree_with_datetime(a: date, b: date) -> None:
    assert to_python(compile("a - b").evaluate({"a": a, "b": b})) == a - b


@laws
@given(days, st.integers(-10_000, 10_000))
def test_a_date_plus_days_agrees_with_datetime(day: date, count: int) -> None:
    expected = day + timedelta(days=count)

    value = compile("day + wait").evaluate({"day": day, "wait": timedelta(days=count)})

    assert to_python(value) == expected


@laws
@given(days)
def test_the_parts_of_a_date_agree_with_datetime(day: date) -> None:
    text = "[d.year, d.month, d.day, d.weekday, week of year(d), day of year(d)]"

    assert compile(text).evaluate({"d": day}) == [
        day.year,
        day.month,
        day.day,
        day.isoweekday(),
        day.isocalendar().week,
        day.timetuple().tm_yday,
    ]


@laws
@given(moments, moments, zones, zones)
def test_the_time_between_moments_in_zones_agrees_with_zoneinfo(
    a: datetime, b: datetime, zone_a: str, zone_b: str
) -> None:
    first, second = a.replace(tzinfo=ZoneInfo(zone_a)), b.replace(tzinfo=ZoneInfo(zone_b))

    value = compile("a - b").evaluate({"a": first, "b": second})

    assert to_python(value) == first.astimezone(UTC) - second.astimezone(UTC)


@laws
@given(moments, zones, st.integers(-10_000, 10_000))
def test_hours_added_in_a_zone_agree_with_zoneinfo(moment: datetime, zone: str, hours: int) -> None:
    start = moment.replace(tzinfo=ZoneInfo(zone))
    expected = (start.astimezone(UTC) + timedelta(hours=hours)).astimezone(ZoneInfo(zone))

    value = compile("start + wait").evaluate({"start": start, "wait": timedelta(hours=hours)})

    assert to_python(value).replace(tzinfo=None) == expected.replace(tzinfo=None)


@laws
@given(days, st.integers(-600, 600))
def test_months_added_and_taken_away_come_back_but_for_the_end_of_the_month(
    day: date, months: int
) -> None:
    text = f'd + @"{"-" if months < 0 else ""}P{abs(months)}M" - @"P{abs(months)}M" * sign'

    back = compile(text).evaluate({"d": day, "sign": -1 if months < 0 else 1})

    assert (back.year, back.month) == (day.year, day.month)
    assert back.day == day.day or back.day >= 28


# Three-valued logic.

truth = st.sampled_from([True, False, None])


@pytest.mark.parametrize(("word", "decisive"), [("and", False), ("or", True)])
@laws
@given(a=truth, b=truth)
def test_logic_has_three_values(word: str, decisive: bool, a: bool | None, b: bool | None) -> None:
    answer = compile(f"a {word} b").evaluate({"a": a, "b": b})

    if decisive in (a, b):
        assert answer is decisive
    elif None in (a, b):
        assert answer is None
    else:
        assert answer is not decisive


@laws
@given(a=truth, b=truth)
def test_de_morgans_law_holds_with_null(a: bool | None, b: bool | None) -> None:
    text = "[not(a and b), not(a or b)]"
    other = "[not(a) or not(b), not(a) and not(b)]"

    assert compile(text).evaluate({"a": a, "b": b}) == compile(other).evaluate({"a": a, "b": b})


# Lists.


@laws
@given(st.lists(st.integers(-50, 50), max_size=20))
def test_lists_are_sorted_reversed_and_freed_of_doubles(items: list[int]) -> None:
    text = "[sort(l, function(a, b) a < b), reverse(l), distinct values(l), count(l)]"

    assert compile(text).evaluate({"l": items}) == [
        sorted(items),
        items[::-1],
        list(dict.fromkeys(items)),
        len(items),
    ]


# Nothing breaks it.


@laws
@given(st.text(max_size=60))
def test_any_text_is_a_rule_or_an_error_of_the_tree(text: str) -> None:
    for read in (compile, compile_unary):
        try:
            read(text)
        except FeelError as error:
            assert str(error)


@laws
@given(st.integers(0, 10**9))
def test_mangled_rules_raise_only_errors_of_the_tree(seed: int) -> None:
    outcome = fuzz(10, seed=seed)

    assert outcome.escaped == []


def test_mangling_makes_many_kinds_of_texts() -> None:
    random = Random(7)

    texts = {mangled(random) for _ in range(200)}

    assert len(texts) > 150
