"""Values of our extension read one by one: bad content becomes a finding and counts as absent."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from lxml import etree

from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.iso8601 import BadTime, parse_duration
from servoloop.kernel.process.namespaces import SERVOLOOP, local_name_in, text_of
from servoloop.kernel.process.words import NO_WORDS, Words

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
# Roles, calendars and the like are names that people give; only what would be a list or an
# expression in another tool's dialect is refused.
ROLE = re.compile(r"\w[\w .\-]*")
CURRENCY = re.compile(r"[A-Z]{3}")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value")


@dataclass(slots=True, kw_only=True)
class Reading:
    """The BPMN element whose extension is being read, and what was found wrong with it."""

    id: str
    name: str = ""
    findings: list[Finding] = field(default_factory=list)

    def complain(self, reason: str, *, rule: str = "bad-extension") -> None:
        parameters = {"reason": reason}
        self.findings.append(finding(rule, id=self.id, name=self.name, parameters=parameters))


class Values:
    """The attributes of one of our elements, each read as what it should be."""

    def __init__(
        self, element: etree._Element, reading: Reading, *, expected: Iterable[str]
    ) -> None:
        self._element = element
        self._reading = reading
        for name in sorted(set(map(str, element.attrib)) - set(expected)):
            if not name.startswith("{"):
                tag = local_name_in(element, SERVOLOOP)
                reading.complain(
                    f"'{name}' is not an attribute of servoloop:{tag}."
                    f" Known: {', '.join(expected)}.",
                    rule="unknown-extension",
                )

    def text(self, name: str) -> str | None:
        value = self._element.get(name, "").strip()
        return value or None

    def matching(self, name: str, pattern: re.Pattern[str], wanted: str) -> str | None:
        value = self.text(name)
        if value is None or pattern.fullmatch(value):
            return value
        self._reading.complain(f"{name} '{value}' is not {wanted}.")
        return None

    def duration(self, name: str) -> timedelta | None:
        found = self.parsed(name, parse_duration)
        if found is not None and not found:
            self._reading.complain(f"{name} must be longer than zero.")
            return None
        return found

    def amount(self, name: str) -> Decimal | None:
        found = self.number(name)
        if found is not None and found < 0:
            self._reading.complain(f"{name} must not be negative, but it is {found}.")
            return None
        return found

    def number(self, name: str) -> Decimal | None:
        return self.parsed(name, decimal_of)

    def count(self, name: str, *, default: int) -> int:
        found = self.number(name)
        if found is None:
            return default
        if found < 0 or found != int(found) or found > 1000:
            self._reading.complain(f"{name} must be a whole number from 0 to 1000, not {found}.")
            return default
        return int(found)

    def boolean(self, name: str) -> bool:
        return flag(self._element.get(name), name, self._reading)

    def choice(self, name: str, kind: type[_Choice]) -> _Choice | None:
        value = self.text(name)
        if value is None or value in tuple(kind):
            return None if value is None else kind(value)
        self._reading.complain(f"{name} '{value}' is not one of {', '.join(kind)}.")
        return None

    def parsed(self, name: str, parse: Callable[[str], _Value]) -> _Value | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse(value)
        except BadTime as error:
            self._reading.complain(f"{name}: {error}")
            return None


def decimal_of(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise BadTime(f"'{text}' is not a number.") from None
    if not value.is_finite() or abs(value.adjusted()) > 30:
        raise BadTime(f"'{text}' is not a number that Servoloop can count with.")
    return value


def flag(value: str | None, name: str, reading: Reading) -> bool:
    text = (value or "false").strip().lower()
    if text not in ("true", "false", "1", "0"):
        reading.complain(f"{name} '{value}' is neither true nor false.")
    return text in ("true", "1")


def read_words(elements: Iterable[etree._Element], reading: Reading) -> Words:
    default = ""
    translations: dict[str, str] = {}
    for element in elements:
        language = (element.get("lang") or element.get(_LANG) or "").lower()
        if not language:
            default = text_of(element)
        elif not LANGUAGE.fullmatch(language):
            reading.complain(f"'{language}' is not a language tag such as en or zh-hans.")
        elif language in translations:
            tag = local_name_in(element, SERVOLOOP)
            reading.complain(f"servoloop:{tag} is given twice in the language '{language}'.")
        else:
            translations[language] = text_of(element)
    return (
        Words(default=default, translations=translations) if default or translations else (NO_WORDS)
    )


def expect_children(element: etree._Element, known: tuple[str, ...], reading: Reading) -> None:
    for child in element:
        if isinstance(child.tag, str) and (name := local_name_in(child, SERVOLOOP)) not in known:
            parent = local_name_in(element, SERVOLOOP)
            reading.complain(
                f"'{name or etree.QName(child).localname}' is not an element of"
                f" servoloop:{parent}. Known: {', '.join(known)}.",
                rule="unknown-extension",
            )
