from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from servoloop.kernel.feel.errors import BudgetExceeded, FeelSyntaxError, FeelTypeError
from servoloop.kernel.feel.expression import compile, compile_unary


def value_of(text: str, **variables: Any) -> Any:
    return compile(text).evaluate(variables)


def test_a_condition_reads_its_variables_from_the_context() -> None:
    condition = compile('amount > 500 and tier in ("gold", "vip")')

    assert condition.names == ("amount", "tier")
    assert condition.evaluate({"amount": 600, "tier": "vip"}) is True
    assert condition.evaluate({"amount": 600, "tier": "bronze"}) is False


def test_a_missing_variable_is_null_and_a_condition_on_it_has_no_answer() -> None:
    assert value_of("amount > 500") is None


def test_a_declared_name_may_contain_spaces_and_operators() -> None:
    expression = compile("credit score - pre-bureau risk", ["credit score", "pre-bureau risk"])

    assert expression.evaluate({"credit score": 700, "pre-bureau risk": 50}) == 650


def test_undeclared_words_in_a_row_are_one_name() -> None:
    assert compile("credit score > 600").evaluate({"credit score": 700}) is True


def test_names_that_are_functions_too_can_be_variables() -> None:
    assert compile("count > 2 and date > 1", ["count", "date"]).evaluate({"count": 3, "date": 2})


def test_dates_and_durations_of_python_are_those_of_feel() -> None:
    variables = {"opened": datetime(2026, 3, 1, 12, tzinfo=UTC), "wait": timedelta(hours=30)}

    assert value_of('opened + wait = @"2026-03-02T18:00:00Z"', **variables) is True
    assert value_of("born.year", born=date(1990, 5, 17)) == 1990


def test_floats_are_the_numbers_they_are_written_as() -> None:
    assert value_of("a + b", a=0.1, b=0.2) == Decimal("0.3")
    assert value_of("a", a=float("nan")) is None


def test_an_object_of_python_is_refused() -> None:
    with pytest.raises(FeelTypeError, match="cannot read a value of type object"):
        value_of("x", x=object())


def test_a_rule_cannot_reach_into_an_object_of_python() -> None:
    with pytest.raises(FeelTypeError):
        value_of("x.__class__", x=lambda: None)


def test_a_list_within_itself_ends_in_an_error() -> None:
    loop: list[Any] = []
    loop.append(loop)

    with pytest.raises(BudgetExceeded, match="nested"):
        value_of("count(x)", x=loop)


def test_now_is_the_moment_that_was_handed_in() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    assert compile('now() = @"2026-03-01T12:00:00Z"').evaluate({}, at=at) is True
    assert compile("now()").evaluate({}) is None


def test_what_does_not_fit_together_is_null() -> None:
    assert value_of('1 + "a"') is None
    assert value_of("1 / 0") is None
    assert value_of("10 ** 7000") is None
    assert value_of('date("2026-02-30")') is None


def test_a_function_can_call_itself_by_the_name_of_its_entry() -> None:
    assert value_of("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r") == 3628800


def test_a_function_remembers_where_it_was_made() -> None:
    assert value_of("(for i in 1..3 return function() i)[2]()") == 2


def test_an_item_of_a_filter_hides_the_variables_around_it() -> None:
    assert value_of("[{a: 1}, {a: 2}][a > limit].a", limit=1, a=100) == [2]


def test_unary_tests_ask_about_one_value() -> None:
    cell = compile_unary("< 10, [20..30)")

    assert [cell.test(value, {}) for value in (5, 15, 20, 30)] == [True, False, True, False]
    assert compile_unary('not("a", "b")').test("c", {}) is True
    assert compile_unary("-").test(None, {}) is True
    assert compile_unary("? > limit").test(5, {"limit": 3}) is True
    assert compile_unary("> limit").test(2, {"limit": 3}) is False


def test_a_syntax_error_says_where_and_what_was_expected() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile("if amount > 1\nthen 2")

    error = caught.value
    assert (error.line, error.column, error.position) == (2, 7, 20)
    assert error.expected == "'else' and the value otherwise"
    assert str(error).startswith("Line 2, column 7: The rule ends here. Expected 'else'")


@pytest.mark.parametrize(
    "text", ["1 +", "(1", '"a', "a b c (", "{a 1}", "for x in", "1 2", "a.", "@1", "/* x", "# "]
)
def test_a_text_that_is_no_rule_is_a_syntax_error(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile(text)
