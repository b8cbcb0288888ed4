"""Checking what a person typed against the fields that a form asks for."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any

from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.expression import Expression
from servoloop.kernel.feel.expression import compile as compile_feel
from servoloop.kernel.process.step import Field, FieldType


class Problem(StrEnum):
    """What is wrong with one value; the web says it in the reader's language."""

    REQUIRED = "required"
    UNKNOWN_FIELD = "unknown_field"
    NOT_A_TEXT = "not_a_text"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_A_DATE = "not_a_date"
    NOT_A_MOMENT = "not_a_moment"
    NOT_AN_OPTION = "not_an_option"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    NOT_VALID = "not_valid"


LONGEST_TEXT = 20_000  # characters
NO_VARIABLES: Mapping[str, Any] = {}

_TYPE_PROBLEM = {
    FieldType.TEXT: Problem.NOT_A_TEXT,
    FieldType.LONG_TEXT: Problem.NOT_A_TEXT,
    FieldType.NUMBER: Problem.NOT_A_NUMBER,
    FieldType.MONEY: Problem.NOT_A_NUMBER,
    FieldType.BOOLEAN: Problem.NOT_A_BOOLEAN,
    FieldType.DATE: Problem.NOT_A_DATE,
    FieldType.MOMENT: Problem.NOT_A_MOMENT,
    FieldType.CHOICE: Problem.NOT_AN_OPTION,
}


def problems_of(
    form: tuple[Field, ...],
    values: Mapping[str, Any],
    *,
    is_closed: bool = True,
    variables: Mapping[str, Any] = NO_VARIABLES,
    at: datetime | None = None,
) -> dict[str, Problem]:
    """The problem of each field that has one; empty when the values may be taken.

    `is_closed` refuses values for which the form has no field. Validations may also name the
    `variables` of the case; `at` is what they mean by now.
    """
    found = {}
    for field in form:
        if problem := _problem_of(field, values.get(field.name)):
            found[field.name] = problem
    context = {**variables, **dict.fromkeys((field.name for field in form), None)}
    context |= {name: value for name, value in values.items() if value != ""}
    for field in form:
        is_asked = field.validation is not None and context[field.name] is not None
        if is_asked and field.name not in found and not _is_valid(field, context, at=at):
            found[field.name] = Problem.NOT_VALID
    if is_closed:
        known = {field.name for field in form}
        found |= {name: Problem.UNKNOWN_FIELD for name in values if name not in known}
    return found


def _is_valid(field: Field, context: Mapping[str, Any], *, at: datetime | None) -> bool:
    """Only true is good: a rule that has no answer has not been kept."""
    try:
        return _compiled(field.validation or "true").evaluate(context, at=at) is True
    except FeelError:
        return False


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Expression:
    return compile_feel(text)


def _problem_of(field: Field, value: Any) -> Problem | None:
    if value is None or value == "":
        return Problem.REQUIRED if field.is_required else None
    if not _is_of_type(field, value):
        return _TYPE_PROBLEM[field.type]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return Problem.TOO_LONG
    return _range_problem(field, value)


def _is_of_type(field: Field, value: Any) -> bool:
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return isinstance(value, str)
        case FieldType.NUMBER | FieldType.MONEY:
            return _number(value) is not None
        case FieldType.BOOLEAN:
            return isinstance(value, bool)
        case FieldType.DATE:
            return _parses(date.fromisoformat, value)
        case FieldType.MOMENT:
            return _parses(datetime.fromisoformat, value)
        case FieldType.CHOICE:
            return any(value == option.value for option in field.options)


def _range_problem(field: Field, value: Any) -> Problem | None:
    if field.type not in (FieldType.NUMBER, FieldType.MONEY):
        return None
    number = _number(value)
    assert number is not None  # its type was checked before
    if field.minimum is not None and number < field.minimum:
        return Problem.TOO_SMALL
    if field.maximum is not None and number > field.maximum:
        return Problem.TOO_LARGE
    return None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _parses(parse: Any, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse(value)
    except ValueError:
        return False
    return True
