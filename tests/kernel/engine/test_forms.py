"""What a form takes and what it refuses."""

from decimal import Decimal

import pytest

from servoloop.kernel.engine.forms import LONGEST_TEXT, problems_of
from servoloop.kernel.process.step import Field, FieldType, Option


def field(kind, **more):
    return (Field(name="f", type=kind, **more),)


@pytest.mark.parametrize(
    ("form", "value", "problem"),
    [
        (field(FieldType.TEXT), "words", None),
        (field(FieldType.TEXT), 5, "not_a_text"),
        (field(FieldType.LONG_TEXT), "x" * (LONGEST_TEXT + 1), "too_long"),
        (field(FieldType.NUMBER), 0, None),
        (field(FieldType.NUMBER), "5", "not_a_number"),
        (field(FieldType.NUMBER), True, "not_a_number"),
        (field(FieldType.NUMBER), float("nan"), "not_a_number"),
        (field(FieldType.MONEY, minimum=Decimal(1)), 1, None),
        (field(FieldType.MONEY, minimum=Decimal(1)), 0.99, "too_small"),
        (field(FieldType.MONEY, maximum=Decimal(9)), 9.01, "too_large"),
        (field(FieldType.BOOLEAN), False, None),
        (field(FieldType.BOOLEAN, is_required=True), False, None),
        (field(FieldType.BOOLEAN), "yes", "not_a_boolean"),
        (field(FieldType.DATE), "2026-02-28", None),
        (field(FieldType.DATE), "2026-02-30", "not_a_date"),
        (field(FieldType.MOMENT), "2026-02-28T10:00:00+08:00", None),
        (field(FieldType.MOMENT), "10 o'clock", "not_a_moment"),
        (field(FieldType.CHOICE, options=(Option(value="a"),)), "a", None),
        (field(FieldType.CHOICE, options=(Option(value="a"),)), "b", "not_an_option"),
        (field(FieldType.TEXT, is_required=True), "", "required"),
        (field(FieldType.TEXT, is_required=True), None, "required"),
        (field(FieldType.TEXT), "", None),
    ],
)
def test_a_value_is_taken_or_named(form, value, problem):
    assert problems_of(form, {"f": value}).get("f") == problem


def test_a_closed_form_refuses_what_it_did_not_ask_for():
    assert problems_of((), {"x": 1}) == {"x": "unknown_field"}
    assert problems_of((), {"x": 1}, is_closed=False) == {}
