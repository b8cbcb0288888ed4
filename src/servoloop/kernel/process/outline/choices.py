"""What a step asks so that the flow can decide: a number where one is compared, else a choice."""

import re
from decimal import Decimal

from servoloop.kernel.process.outline import words as known
from servoloop.kernel.process.outline.texts import text
from servoloop.kernel.process.step import Field, FieldType, Option
from servoloop.kernel.process.words import Words


def asked_by(cases: list[str], *, number: int, is_chinese: bool) -> tuple[Field, list[str]]:
    """The field, and a FEEL condition for each case; `number` is the line of the decision."""
    found = [each for case in cases if (each := known.NUMBER_CONDITION.match(case)) is not None]
    if len(found) == len(cases) and len({each.group("subject").lower() for each in found}) == 1:
        return _number(found, number=number)
    name = f"choice_{number}"
    options = [
        Option(value=f"way_{position}", label=Words(default=case))
        for position, case in enumerate(cases, start=1)
    ]
    other = Words(default=text("otherwise", is_chinese=is_chinese))
    asked = Field(
        name=name,
        type=FieldType.CHOICE,
        label=Words(default=text("outcome", is_chinese=is_chinese)),
        is_required=True,
        is_outcome=True,
        options=(*options, Option(value="otherwise", label=other)),
    )
    return asked, [f'{name} = "{option.value}"' for option in options]


def _number(found: list[re.Match[str]], *, number: int) -> tuple[Field, list[str]]:
    """Later cases exclude earlier ones: 'above 1000', then 'above 200'."""
    name = f"number_{number}"
    is_money = any(known.MONEY.search(each.group()) for each in found)
    asked = Field(
        name=name,
        type=FieldType.MONEY if is_money else FieldType.NUMBER,
        label=Words(default=found[0].group("subject").strip()),
        is_required=True,
    )
    plain = [f"{name} {_compared(each)}" for each in found]
    return asked, [
        condition + "".join(f" and not({earlier})" for earlier in plain[:position])
        for position, condition in enumerate(plain)
    ]


def _compared(found: re.Match[str]) -> str:
    sign = known.operator_of(found.group("word"), negated=bool(found.group("not")))
    return f"{sign} {Decimal(found.group('number').replace(',', '')):f}"


def approval_fields(number: int, *, is_chinese: bool) -> list[Field]:
    """Approved or sent back, and a remark."""

    def words(key: str) -> Words:
        return Words(default=text(key, is_chinese=is_chinese))

    options = tuple(Option(value=key, label=words(key)) for key in ("approved", "returned"))
    return [
        Field(
            name=f"approval_{number}",
            type=FieldType.CHOICE,
            label=words("result"),
            is_required=True,
            is_outcome=True,
            options=options,
        ),
        Field(name=f"remark_{number}", type=FieldType.LONG_TEXT, label=words("remark")),
    ]
