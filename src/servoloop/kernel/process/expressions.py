"""Expressions of a process file compiled: conditions, scripts, keys and timers."""

from servoloop.kernel.feel.errors import FeelError, FeelSyntaxError
from servoloop.kernel.feel.expression import Expression
from servoloop.kernel.feel.expression import compile as compile_feel
from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.iso8601 import BadTime, parse_cycle, parse_duration, parse_moment
from servoloop.kernel.process.model import EventDefinition, Text
from servoloop.kernel.process.program import TimerKind, TimerRule

_TIMER_KINDS = {
    "timeDate": TimerKind.DATE,
    "timeDuration": TimerKind.DURATION,
    "timeCycle": TimerKind.CYCLE,
}
_PARSERS = {
    TimerKind.DATE: parse_moment,
    TimerKind.DURATION: parse_duration,
    TimerKind.CYCLE: parse_cycle,
}


class ExpressionReader:
    """Compiles the expressions of one element and keeps what was wrong with them."""

    def __init__(self, *, id: str, name: str, findings: list[Finding]) -> None:
        self._id = id
        self._name = name
        self._findings = findings

    def expression(self, text: Text) -> Expression | None:
        """The compiled FEEL, or None after a finding."""
        if not _is_feel(text.language):
            self._found("expression-language", language=text.language)
            return None
        source = feel_source(text.text)
        try:
            return compile_feel(source)
        except FeelSyntaxError as error:
            self._found(
                "condition-syntax", position=str(error.position), reason=str(error), text=source
            )
        except FeelError as error:
            self._found("condition-syntax", position="0", reason=str(error), text=source)
        return None

    def optional(self, text: Text | None) -> Expression | None:
        return None if text is None else self.expression(text)

    def timer(self, event: EventDefinition) -> TimerRule | None:
        """When the timer is due; a literal is checked now, an expression when it is evaluated."""
        if len(event.timers) != 1 or not event.timers[0][1].text:
            self._found("bad-timer", reason="say exactly one date, duration or cycle.")
            return None
        tag, text = event.timers[0]
        kind = _TIMER_KINDS[tag]
        expression = self._timer_expression(kind, text)
        if expression is None:
            return None
        return TimerRule(kind=kind, expression=expression, is_working_time=event.is_working_time)

    def _timer_expression(self, kind: TimerKind, text: Text) -> Expression | None:
        if is_computed(text.text) or "(" in text.text:
            return self.expression(text)
        try:
            _PARSERS[kind](text.text)
        except BadTime as error:
            self._found("bad-timer", reason=str(error))
            return None
        return compile_feel(f'"{text.text}"')

    def _found(self, rule: str, **parameters: str) -> None:
        self._findings.append(finding(rule, id=self._id, name=self._name, parameters=parameters))


def is_computed(text: str) -> bool:
    """Whether the text is marked as an expression, with '=' before or '${}' around it."""
    return text.startswith("=") or (text.startswith("${") and text.endswith("}"))


def feel_source(text: str) -> str:
    """The FEEL text without the marks that modelling tools put around it."""
    text = text.strip()
    if text.startswith("="):
        return text[1:].strip()
    if text.startswith("${") and text.endswith("}"):
        return text[2:-1].strip()
    return text


def _is_feel(language: str) -> bool:
    return not language or "feel" in language.lower()
