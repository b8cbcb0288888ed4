"""Compiling comparisons, logic, arithmetic and tests, with short cuts for their common shapes."""

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from servoloop.kernel.feel import operators, tree
from servoloop.kernel.feel.compiler import Compiler, Run
from servoloop.kernel.feel.tree_shape import is_surely_boolean, mentions
from servoloop.kernel.feel.values import LARGEST_INT, MATH, NUMBERS

Binary = Callable[[Any, Any], Any]

_COMPARE: dict[str, tuple[Binary, Binary]] = {
    "=": (operator.eq, operators.equal),
    "!=": (operator.ne, operators.not_equal),
    "<": (operator.lt, operators.less),
    "<=": (operator.le, operators.less_or_equal),
    ">": (operator.gt, operators.greater),
    ">=": (operator.ge, operators.greater_or_equal),
}
"""For each comparison: Python's, for two numbers or two texts, and FEEL's, for anything."""

_ARITHMETIC: dict[str, Binary] = {
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "**": operators.power,
}


_EXACT: dict[str, Binary] = {
    "+": MATH.add,
    "-": MATH.subtract,
    "*": MATH.multiply,
    "/": MATH.divide,
}
"""Decimal arithmetic for two numbers that are not both whole."""


def compile_compare(compiler: Compiler, node: tree.Compare) -> Run:
    """``left < right``"""
    plain, full = _COMPARE[node.operator]
    left = compiler.compile(node.left)
    if isinstance(node.right, tree.Literal) and type(node.right.value) in (int, str):
        place = compiler.own_place(node.left)
        if place is not None:
            return _compare_local_to(place, node.right.value, plain, full)
        return _compare_to(left, node.right.value, plain, full)
    return _compare(left, compiler.compile(node.right), plain, full, counted=compiler.framed)


_TEXT = frozenset({str})


def _compare_to(left: Run, constant: Any, plain: Binary, full: Binary) -> Run:
    kinds = _TEXT if type(constant) is str else NUMBERS

    def run(env: Any) -> Any:
        value = left(env)
        if type(value) in kinds:
            return plain(value, constant)
        return full(value, constant)

    return run


def _compare_local_to(place: int, constant: Any, plain: Binary, full: Binary) -> Run:
    """The same for a local name, as in ``some x in xs satisfies x > 10``: one call less a round."""
    kinds = _TEXT if type(constant) is str else NUMBERS

    def run(env: Any) -> Any:
        value = env[place]
        if type(value) in kinds:
            return plain(value, constant)
        return full(value, constant)

    return run


def _compare(left: Run, right: Run, plain: Binary, full: Binary, *, counted: bool) -> Run:
    def run(env: Any) -> Any:
        one, other = left(env), right(env)
        if type(one) in NUMBERS and type(other) in NUMBERS:
            return plain(one, other)
        if counted:
            env[1].spend_on(one)
        return full(one, other)

    return run


def compile_between(compiler: Compiler, node: tree.Between) -> Run:
    """``value between low and high``"""
    value = compiler.compile(node.value)
    low, high = compiler.compile(node.low), compiler.compile(node.high)
    return lambda env: operators.between(value(env), low(env), high(env))


def compile_logic(compiler: Compiler, node: tree.Logic) -> Run:
    """``a and b`` or ``a or b``; stops at the first operand that decides."""
    operands = tuple(compiler.compile(operand) for operand in node.operands)
    decisive = node.operator == "or"
    if len(operands) == 2:
        return _logic_of_two(operands[0], operands[1], decisive=decisive)

    def run(env: Any) -> Any:
        answer: bool | None = not decisive
        for operand in operands:
            value = operand(env)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                answer = None
        return answer

    return run


def _logic_of_two(first: Run, second: Run, *, decisive: bool) -> Run:
    neutral = not decisive

    def run(env: Any) -> Any:
        one = first(env)
        if one is decisive:
            return decisive
        other = second(env)
        if other is decisive:
            return decisive
        return neutral if one is neutral and other is neutral else None

    return run


def compile_arithmetic(compiler: Compiler, node: tree.Arithmetic) -> Run:
    """``first + a - b``; what has no result (a division by zero, an overflow) is null."""
    first = compiler.compile(node.first)
    rest = [(sign, compiler.compile(operand)) for sign, operand in node.rest]
    if len(rest) == 1:
        run = _arithmetic_of_two(first, rest[0][0], rest[0][1])
    else:
        run = _arithmetic_chain(first, rest)
    if not compiler.framed or not any(sign == "+" for sign, _ in rest):
        return run
    return _growing(run)


def _arithmetic_of_two(first: Run, sign: str, second: Run) -> Run:
    full = _ARITHMETIC[sign]
    plain: Binary | None = {"+": operator.add, "-": operator.sub, "*": operator.mul}.get(sign)
    exact = _EXACT.get(sign, MATH.divide)

    def run(env: Any) -> Any:
        try:
            return full(first(env), second(env))
        except ArithmeticError:
            return None

    def run_on_integers(env: Any) -> Any:
        one, other = first(env), second(env)
        if type(one) is int and type(other) is int and plain is not None:
            result = plain(one, other)
            if -LARGEST_INT < result < LARGEST_INT:
                return result
        try:
            if type(other) is Decimal and type(one) in NUMBERS:
                return exact(one, other)
            return full(one, other)
        except ArithmeticError:
            return None

    return run if plain is None else run_on_integers


def _arithmetic_chain(first: Run, rest: Sequence[tuple[str, Run]]) -> Run:
    steps = [(_ARITHMETIC[sign], _EXACT.get(sign), operand) for sign, operand in rest]

    def run(env: Any) -> Any:
        value = first(env)
        try:
            for full, exact, operand in steps:
                other = operand(env)
                if exact is not None and type(value) is Decimal and type(other) in NUMBERS:
                    value = exact(value, other)
                else:
                    value = full(value, other)
        except ArithmeticError:
            return None
        return value

    return run


def _growing(run: Run) -> Run:
    """Counts the texts that addition makes."""

    def counted(env: Any) -> Any:
        value = run(env)
        if type(value) is str:
            env[1].grow(len(value))
        return value

    return counted


# Tests: ``in``, and the cells of decision tables.


def compile_in(compiler: Compiler, node: tree.In) -> Run:
    """``value in tests``"""
    value = compiler.compile(node.value)
    texts = _texts(node.tests)
    tests = [compile_test(compiler, test) for test in node.tests]

    def run(env: Any) -> bool | None:
        tested = value(env)
        answer: bool | None = False
        for test in tests:
            found = test(env, tested)
            if found is True:
                return True
            if found is None and len(tests) == 1:
                answer = None
        return answer

    if texts is None:
        return run

    def run_on_text(env: Any) -> bool | None:
        tested = value(env)
        return tested in texts if type(tested) is str else run(env)

    return run_on_text


def _texts(tests: tuple[tree.Node, ...]) -> frozenset[str] | None:
    """The texts of tests that are nothing but texts, also as one list."""
    if len(tests) == 1 and isinstance(tests[0], tree.ListLiteral):
        tests = tests[0].items
    texts = [
        test.value
        for test in tests
        if isinstance(test, tree.Literal) and isinstance(test.value, str)
    ]
    return frozenset(texts) if texts and len(texts) == len(tests) else None


Test = Callable[[Any, Any], Any]
"""Whether a value passes, in an environment."""


def compile_test(compiler: Compiler, node: tree.Node) -> Test:
    """One test of a value: a comparison, a range, a question of ``?``, or what it may equal."""
    if isinstance(node, tree.UnaryComparison):
        return _comparison_test(compiler, node)
    run = compiler.compile(node)
    if mentions(node, "?"):
        return _question_test(run)
    if isinstance(node, tree.RangeLiteral):
        return lambda env, value: operators.inside(value, run(env))
    if is_surely_boolean(node) and not isinstance(node, tree.Literal):
        return _condition_test(run)
    if not compiler.framed:
        return lambda env, value: operators.passes(value, run(env))

    def passes(env: Any, value: Any) -> Any:
        test = run(env)
        if type(test) is list or type(test) is dict:
            env[1].spend_on(test)
        return operators.passes(value, test)

    return passes


def _comparison_test(compiler: Compiler, node: tree.UnaryComparison) -> Test:
    operand = compiler.compile(node.operand)
    full = _COMPARE[node.operator][1]
    return lambda env, value: full(value, operand(env))


def _question_test(run: Run) -> Test:
    """A test that asks about ``?`` itself: true passes; otherwise its value is what to equal."""

    def test(env: Any, value: Any) -> Any:
        found = run(env)
        return found if type(found) is bool or found is None else operators.passes(value, found)

    return test


def _condition_test(run: Run) -> Test:
    """A condition on other values: true passes, unless true or false is itself what is tested."""

    def test(env: Any, value: Any) -> Any:
        found = run(env)
        return operators.equal(value, found) if type(value) is bool else found

    return test


def compile_tests(compiler: Compiler, node: tree.UnaryTests) -> Run:
    """A cell of a decision table, about the value that ``?`` names."""
    if not node.tests:
        return lambda env: True
    tests = [compile_test(compiler, test) for test in node.tests]
    place = compiler.place("?")
    negated = node.negated

    def run(env: Any) -> bool | None:
        value = env[place]
        found = any(test(env, value) is True for test in tests)
        return found is not negated

    return run
