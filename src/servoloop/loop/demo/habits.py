"""How the people and customers of the demo company behave: seeded, uneven, mostly well-meant.

Answers are drawn from the fields that a step declares, so a new step needs nothing here; the tables
only make frequent choices likelier and texts readable.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from math import exp, log
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from servoloop.kernel.engine.state import Escalation, State
from servoloop.kernel.events.event import Actor
from servoloop.kernel.process.program import Node
from servoloop.kernel.process.step import Field, FieldType
from servoloop.kernel.simulation.driver import Habits
from servoloop.loop.demo import phrases
from servoloop.loop.demo.hours import ZONE

# Share of each option, by field; options that are not named share the rest evenly.
_LIKELY: Mapping[str, Mapping[str, float]] = {
    "nature": {"complaint": 0.7},
    "severity": {"low": 0.35, "medium": 0.4, "high": 0.2, "critical": 0.05},
    "finding": {"need_information": 0.22},
    "approval": {"approved": 0.93},
    "customer_verdict": {"accepted": 0.82},
    "topic": {"delivery": 0.34, "quality": 0.3, "installation": 0.12},
    "return_reason": {"changed_mind": 0.4, "damaged": 0.3},
    "verdict": {"granted": 0.88},
    "goods": {"return": 0.8},
    "inspection": {"as_described": 0.85},
    "payment_result": {"paid": 0.94},
    "product": {"washing_machine": 0.3, "air_conditioner": 0.25},
    "diagnosis": {"visit": 0.64, "solved": 0.28},
    "part": {"none": 0.55},
    "stock": {"picked": 0.72},
    "visit_result": {"fixed": 0.76, "part_missing": 0.12, "absent": 0.08},
    "confirmation": {"confirmed": 0.86},
}
# Numbers whose middle is not that of an amount of money, and those known from another field.
_MEDIANS: Mapping[str, float] = {"days_since_delivery": 4.0, "order_amount": 160.0}
_SAME_AS: Mapping[str, str] = {"refund_amount": "order_amount"}
_DEFAULT_FIRST = 0.72  # share of the first option where nothing is known
_LONG_INTERRUPTION = 0.06  # share of tasks that somebody leaves lying
_SILENT_CUSTOMER = 0.12
_SILENT_SUPERIOR = 0.2
_GREETING = 0.85


def fill(
    fields: tuple[Field, ...], *, language: str, at: datetime, random: Random
) -> dict[str, Any]:
    """A plausible value for each field; optional ones are left out now and then."""
    values = {}
    for field in fields:
        if field.is_required or random.random() < 0.7:
            values[field.name] = _value(field, language=language, at=at, random=random)
    return values


def _value(field: Field, *, language: str, at: datetime, random: Random) -> Any:
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return phrases.text(field.name, language=language, random=random)
        case FieldType.CHOICE:
            return _choice(field, random)
        case FieldType.BOOLEAN:
            return random.random() < 0.8
        case FieldType.DATE:
            return (at + timedelta(days=random.randint(1, 5))).date().isoformat()
        case FieldType.MOMENT:
            day = at.astimezone(ZoneInfo(ZONE)) + timedelta(days=random.randint(1, 3))
            hour = random.choice((9, 10, 11, 14, 15, 16))
            return day.replace(hour=hour, minute=0).isoformat(timespec="minutes")
        case FieldType.NUMBER | FieldType.MONEY:
            return _amount(field, random)


def _choice(field: Field, random: Random) -> str:
    values = [option.value for option in field.options]
    known = _LIKELY.get(field.name) or {values[0]: _DEFAULT_FIRST}
    rest = max(1 - sum(known.values()), 0.0)
    others = [value for value in values if value not in known]
    weights = [known.get(value, rest / max(len(others), 1)) for value in values]
    return random.choices(values, weights)[0]


def _amount(field: Field, random: Random) -> int:
    """Skewed as money is: many small amounts, few large ones, within the field's limits."""
    low = int(field.minimum if field.minimum is not None else Decimal(0))
    high = int(field.maximum if field.maximum is not None else Decimal(5000))
    middle = log(_MEDIANS.get(field.name, 100.0))
    return min(low + round(exp(random.gauss(middle, 1.1))), high)


def _outputs(
    node: Node, variables: Mapping[str, Any], at: datetime, random: Random
) -> dict[str, Any]:
    language = str(variables.get("language") or "zh")
    values = fill(node.step.outputs, language=language, at=at, random=random)
    known = {name: variables.get(_SAME_AS.get(name, "")) for name in values}
    return {name: value if known[name] is None else known[name] for name, value in values.items()}


def _work(node: Node, random: Random) -> timedelta:
    """Around the standard time, with a long tail; now and then something else comes first."""
    standard = node.step.standard_time or timedelta(minutes=10)
    effort = standard * min(exp(random.gauss(0.15, 0.45)), 6.0)
    if random.random() < _LONG_INTERRUPTION:
        effort += timedelta(minutes=random.randint(60, 480))
    return effort


def _reply(state: State, random: Random) -> tuple[timedelta, str] | None:
    if random.random() < _SILENT_CUSTOMER:
        return None
    hours = min(exp(random.gauss(2.2, 1.1)), 200.0)
    language = str(state.variables.get("language") or "zh")
    return timedelta(hours=hours), phrases.text("customer_reply", language=language, random=random)


def _answer(escalation: Escalation, random: Random) -> tuple[timedelta, str] | None:
    if random.random() < _SILENT_SUPERIOR:
        return None
    minutes = min(exp(random.gauss(3.4, 0.8)), 400.0)
    return timedelta(minutes=minutes), phrases.text("advice", language="zh", random=random)


def _greeting(state: State, actor: Actor, random: Random) -> str | None:
    if random.random() > _GREETING:
        return None
    language = str(state.variables.get("language") or "zh")
    return phrases.text("greeting", language=language, random=random)


def _machine(node: Node, random: Random) -> timedelta:
    return timedelta(seconds=random.uniform(0.5, 20))


DEMO_HABITS = Habits(
    outputs=_outputs,
    work=_work,
    reply=_reply,
    answer=_answer,
    greeting=_greeting,
    machine=_machine,
)
