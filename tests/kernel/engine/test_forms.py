"""What a form takes and what it refuses."""

from datetime import UTC, datetime
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


def test_a_validation_may_compare_fields_and_variables_of_the_case():
    form = (
        Field(name="amount", type=FieldType.MONEY, validation="amount <= paid - discount"),
        Field(name="discount", type=FieldType.MONEY),
    )
    case = {"paid": 100}
    assert problems_of(form, {"amount": 60, "discount": 40}, variables=case) == {}
    assert problems_of(form, {"amount": 61, "discount": 40}, variables=case) == {
        "amount": "not_valid"
    }


def test_a_validation_asks_only_what_was_filled_in_and_takes_no_silence_for_yes():
    form = (Field(name="f", validation="starts with(f, unknown)"),)
    assert problems_of(form, {}) == {}
    assert problems_of(form, {"f": ""}) == {}
    assert problems_of(form, {"f": "x"}) == {"f": "not_valid"}
    required = (Field(name="f", is_required=True, validation="false"),)
    assert problems_of(required, {}) == {"f": "required"}


def test_a_validation_knows_the_moment():
    form = (Field(name="f", type=FieldType.DATE, validation="date(f) <= date(now())"),)
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert problems_of(form, {"f": "2026-03-02"}, at=at) == {}
    assert problems_of(form, {"f": "2026-03-03"}, at=at) == {"f": "not_valid"}
