from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.feel.expression import compile_unary
from tests.kernel.decisions.cast import answer, program, table

SCORES = {"amount": "number"}
OVERLAPPING = [(("< 100",), '"low"'), (("< 1000",), '"middle"'), (("-",), '"high"')]


def test_a_unique_table_answers_with_its_only_match() -> None:
    model = program(table(SCORES, [(("< 10",), '"a"'), ((">= 10",), '"b"')]))

    assert [answer(model, amount=value) for value in (9, 10)] == ["a", "b"]


def test_a_unique_table_with_two_matches_has_no_answer() -> None:
    assert answer(program(table(SCORES, OVERLAPPING)), amount=5) is None


def test_no_match_is_null_or_the_default() -> None:
    assert answer(program(table(SCORES, [(("1",), '"a"')])), amount=2) is None
    assert answer(program(table(SCORES, [(("1",), '"a"')], default='"other"')), amount=2) == "other"


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", "low"),
        ("RULE ORDER", "", ["low", "middle", "high"]),
        ("COLLECT", "", ["low", "middle", "high"]),
        ("PRIORITY", "", "high"),
        ("OUTPUT ORDER", "", ["high", "middle", "low"]),
        ("ANY", "", None),
    ],
)
def test_the_hit_policy_says_what_several_matches_mean(
    policy: str, aggregation: str, expected: object
) -> None:
    model = program(
        table(SCORES, OVERLAPPING, policy=policy, output_values='"high", "middle", "low"')
    )

    assert answer(model, amount=5) == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 6), ("COUNT", 3), ("MIN", 1), ("MAX", 3)]
)
def test_collected_answers_are_aggregated(aggregation: str, expected: int) -> None:
    rules = [(("< 10",), "1"), (("< 20",), "2"), (("-",), "3")]

    model = program(table(SCORES, rules, policy="COLLECT", aggregation=aggregation))

    assert answer(model, amount=5) == expected


def test_any_answers_when_all_matches_agree() -> None:
    rules = [(("< 10",), '"a"'), (("< 20",), '"a"')]

    assert answer(program(table(SCORES, rules, policy="ANY")), amount=5) == "a"


def test_cells_may_ask_about_other_variables_and_about_the_value_itself() -> None:
    columns = {"amount": "number", "limit": "number"}
    rules = [((">= limit", "-"), '"over"'), (("? * 2 < limit", "-"), '"far under"')]

    model = program(table(columns, rules, policy="FIRST"))

    assert answer(model, amount=5, limit=3) == "over"
    assert answer(model, amount=1, limit=3) == "far under"
    assert answer(model, amount=2, limit=3) is None


def test_columns_of_dates_durations_and_truth_are_looked_up_too() -> None:
    columns = {"day": "date", "urgent": "boolean"}
    rules = [
        (('< date("2026-01-01")', "-"), '"past"'),
        (('[@"2026-01-01"..@"2026-12-31"]', "true"), '"now"'),
        (('[@"2026-01-01"..@"2026-12-31"]', "false"), '"later"'),
    ]

    model = program(table(columns, rules))

    assert answer(model, day=date(2025, 6, 1), urgent=None) == "past"
    assert answer(model, day=date(2026, 6, 1), urgent=True) == "now"
    assert answer(model, day=date(2026, 6, 1), urgent=False) == "later"


def test_one_is_not_true_and_no_value_is_null() -> None:
    columns = {"x": "Any"}
    rules = [(("1",), '"one"'), (("true",), '"true"'), (("null",), '"null"'), (('"1"',), '"text"')]

    model = program(table(columns, rules))

    found = [answer(model, x=x) for x in (1, True, None, "1", 2, False, Decimal("1.0"), [])]
    assert found == ["one", "true", "null", "text", None, None, "one", None]


CELLS = st.sampled_from(
    [
        "-",
        "1",
        "2,3",
        "< 2",
        ">= 2",
        "[1..3)",
        "(1..3]",
        "not(2)",
        "not(< 2)",
        '"a"',
        '"a","b"',
        "null",
        "true",
        "not(true)",
        '> "a"',
        "1.5",
        "[1..2], 4",
        "? = 2",
        "!= 1",
        "= 1",
        '@"2026-01-01"',
    ]
)
VALUES = st.sampled_from([None, True, False, 0, 1, 2, 3, 4, Decimal("1.5"), "a", "b", "c", [1], {}])


@given(st.lists(CELLS, min_size=1, max_size=6), VALUES)
@settings(deadline=None, max_examples=60)
def test_a_compiled_column_matches_as_its_cells_do(cells: list[str], value: object) -> None:
    rules = [((cell,), str(number)) for number, cell in enumerate(cells)]

    model = program(table({"x": "Any"}, rules, policy="COLLECT"))

    expected = [n for n, cell in enumerate(cells) if compile_unary(cell).test(value, {})]
    assert (answer(model, x=value) or []) == expected


def test_a_decision_says_which_rules_matched_and_why() -> None:
    columns = {"amount": "number", "tier": "string"}
    rules = [(("> 500", '"gold", "vip"'), '"high"'), (("-", "-"), '"normal"')]
    model = program(table(columns, rules, policy="FIRST"))

    outcome = model.evaluate("Answer", {"amount": 600, "tier": "vip"})

    assert outcome.to_data() == {
        "value": "high",
        "because": [
            {
                "table": "Answer",
                "hit_policy": "FIRST",
                "inputs": {"amount": 600, "tier": "vip"},
                "matched": [
                    {
                        "rule": 1,
                        "id": None,
                        "annotation": None,
                        "because": ["amount: > 500", 'tier: "gold", "vip"'],
                    },
                    {"rule": 2, "id": None, "annotation": None, "because": []},
                ],
                "result": "high",
            }
        ],
    }
