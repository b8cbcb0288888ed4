import pytest

from servoloop.kernel.feel.data import to_data
from servoloop.kernel.feel.errors import BudgetExceeded, FeelError
from servoloop.kernel.feel.expression import compile


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "some i in 1..1000000000 satisfies i < 0",
        "for a in 1..10000, b in 1..10000 return a * b",
        "{f: function(n) f(n), r: f(1)}.r",
        "{f: function(n) f(n - 1) + f(n - 2), r: f(30)}.r",
        'for i in 1..1000 return if i = 1 then "aaaaaaaaaa" else partial[-1] + partial[-1]',
        "for i in 1..100 return partial",
        "for i in 1..1000 return upper case(long)",
        "for i in 1..100 return doubled = doubled",
        "doubled instance of list<list<list<list<list<list<list<number>>>>>>>",
        "list contains([doubled], doubled)",
        "string(doubled)",
        "doubled.x",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*\\1b")',
    ],
)
def test_what_would_not_end_is_stopped(text: str) -> None:
    with pytest.raises(BudgetExceeded):
        compile(f"{{{DOUBLED}, r: {text}}}").evaluate(
            {"long": "a" * 900}, steps=200_000, size=1_000
        )


DOUBLED = "d0: [1], " + ", ".join(f"d{n}: [d{n - 1}, d{n - 1}]" for n in range(1, 31))
DOUBLED += ", doubled: d30"


def test_a_value_too_large_to_keep_is_refused() -> None:
    value = compile(f"{{{DOUBLED}}}.doubled").evaluate({})

    with pytest.raises(BudgetExceeded):
        to_data(value)


def test_a_range_in_a_test_costs_nothing() -> None:
    assert compile("5 in [1..1000000000]").evaluate({}, steps=10, size=10) is True


@pytest.mark.parametrize("opening", ["(", "[", "{a:", "-", "if ", "x[", "f(", "not("])
def test_deep_nesting_is_an_error_of_the_tree(opening: str) -> None:
    with pytest.raises(FeelError):
        compile(opening * 10_000)


def test_ten_thousand_brackets_that_close_are_an_error_too() -> None:
    with pytest.raises(BudgetExceeded, match="nested more than"):
        compile("(" * 10_000 + "1" + ")" * 10_000)


def test_a_long_sum_is_no_nesting() -> None:
    assert compile(" + ".join(["1"] * 5_000)).evaluate({}) == 5_000


def test_a_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(FeelError, match="200000 characters"):
        compile("1" * 200_000)


def test_numbers_stay_within_34_digits() -> None:
    value = compile("99999999999999999999 ** 3").evaluate({})

    assert len(value.as_tuple().digits) == 34
