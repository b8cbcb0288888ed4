"""A form that a process asks for: from `Field`s to inputs, from what was typed to values, and back.

Only the shape of a value is judged here (a number is a number, a date a date). Whether a value is
allowed is the engine's say; its problem codes come back through `problems`.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, assert_never

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from servoloop.kernel.process.step import Field, FieldType

PREFIX = "f-"  # keeps the names of fields apart from the form's own inputs
MOST_DIGITS = 15  # before or after the point; JSON readers keep no more
FEW_OPTIONS = 5  # up to this many options are shown at once, more are a drop-down list


class NotThatShape(ValueError):
    """What was typed is no value of the field's type; `code` names the problem."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input, ready to draw."""

    name: str  # of the HTML input, with the prefix
    type: str  # a FieldType value
    label: str
    help: str
    is_required: bool
    value: str
    choices: tuple[Choice, ...]
    minimum: Decimal | None
    maximum: Decimal | None
    unit: str  # currency of money, else empty
    problem: str  # problem code, empty when there is none

    @property
    def shown_choices(self) -> tuple[Choice, ...]:
        """The options to show at once: those of a choice, or yes and no."""
        if self.type != FieldType.BOOLEAN:
            return self.choices
        answers = (("true", _("Yes")), ("false", _("No")))
        return tuple(
            Choice(value=value, label=label, is_chosen=value == self.value)
            for value, label in answers
        )

    @property
    def is_dropdown(self) -> bool:
        return self.type == FieldType.CHOICE and len(self.choices) > FEW_OPTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a person typed: values for the engine and the typed text, kept for a second try."""

    values: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)  # field name -> problem code


def read(fields: Iterable[Field], posted: Mapping[str, str]) -> Entered:
    """Values of the fields out of a posted form; an empty input is no value at all."""
    values: dict[str, Any] = {}
    typed: dict[str, str] = {}
    problems: dict[str, str] = {}
    for asked in fields:
        text = posted.get(PREFIX + asked.name, "").strip()
        typed[asked.name] = text
        if not text:
            continue
        try:
            values[asked.name] = _value(asked.type, text)
        except NotThatShape as wrong:
            problems[asked.name] = wrong.code
    return Entered(values=values, typed=typed, problems=problems)


def present(
    fields: Iterable[Field],
    *,
    language: str,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    currency: str = "",
) -> tuple[Input, ...]:
    return tuple(
        Input(
            name=PREFIX + asked.name,
            type=asked.type.value,
            label=asked.label.in_language(language) or asked.name,
            help=asked.help.in_language(language),
            is_required=asked.is_required,
            value=typed.get(asked.name, ""),
            choices=_choices(asked, language, typed.get(asked.name, "")),
            minimum=asked.minimum,
            maximum=asked.maximum,
            unit=currency if asked.type is FieldType.MONEY else "",
            problem=problems.get(asked.name, ""),
        )
        for asked in fields
    )


def typed_of(values: Mapping[str, Any], fields: Iterable[Field]) -> dict[str, str]:
    """The text that an input would hold for values which the case already has."""
    known = ((asked.name, values.get(asked.name)) for asked in fields)
    return {name: _text(value) for name, value in known if value is not None}


def value_words(value: Any, field: Field | None = None, *, language: str = "en") -> str:
    """A value of a case for people: yes and no, grouped numbers, the label of an option."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field is not None and field.type is FieldType.CHOICE:
        labels = {option.value: option.label.in_language(language) for option in field.options}
        return labels.get(value) or str(value)
    if isinstance(value, int | float):
        return number_format(value, use_l10n=True, force_grouping=True)
    return str(value)


def _choices(asked: Field, language: str, chosen: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            value=option.value,
            label=option.label.in_language(language) or option.value,
            is_chosen=option.value == chosen,
        )
        for option in asked.options
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _value(kind: FieldType, text: str) -> Any:
    match kind:
        case FieldType.TEXT | FieldType.LONG_TEXT | FieldType.CHOICE:
            return text
        case FieldType.NUMBER | FieldType.MONEY:
            return _number(text)
        case FieldType.BOOLEAN:
            return text == "true"
        case FieldType.DATE:
            return _date(text)
        case FieldType.MOMENT:
            return _moment(text)
        case _:
            assert_never(kind)


def _number(text: str) -> int | float:
    """'1,234.5' and full-width '１２' are numbers too; JSON has no decimals: whole ones are int."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise NotThatShape("not_a_number") from None
    # Six letters ('1e9999') can ask for a number of ten thousand digits.
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise NotThatShape("not_a_number")
    return int(number) if number == number.to_integral_value() else float(number)


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotThatShape("not_a_date") from None


def _moment(text: str) -> str:
    """A wall-clock time of the viewer's zone as an ISO moment with its offset."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise NotThatShape("not_a_moment") from None
    aware = local if local.tzinfo else timezone.make_aware(local)
    return aware.isoformat()
