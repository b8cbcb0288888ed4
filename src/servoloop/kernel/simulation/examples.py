"""What somebody might do next: example moves for a dry run that plays by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, assert_never

from servoloop.kernel.engine.forms import problems_of
from servoloop.kernel.engine.state import CaseStatus
from servoloop.kernel.process.step import Field, FieldType
from servoloop.kernel.simulation.dry_run import DryRun, Move

TRIES = 30
"""So many draws are made to satisfy the validations of a form."""
REPLIES = 0.8
"""The share of waits for the customer that are answered; the others run into their timers."""


def next_move(run: DryRun, random: Random, *, language: str = "en") -> Move | None:
    """What goes on by itself: machines first, then people, then the customer, then the clock.

    Texts say what they stand for, in `language`.

    None when nothing is left to do: the case is closed, or stands still.
    """
    state = run.state
    if state.status is CaseStatus.NEW:
        return Move(
            kind="open", values=example_values(run.program.sheet.form, run, random, language)
        )
    if state.status is not CaseStatus.OPEN:
        return None
    if state.jobs:
        job = min(state.jobs)
        outputs = run.program.node(state.jobs[job].node).step.outputs
        return Move(kind="done", subject=job, values=example_values(outputs, run, random, language))
    if state.tasks:
        task = min(state.tasks)
        outputs = run.program.node(state.tasks[task].node).step.outputs
        return Move(
            kind="complete", subject=task, values=example_values(outputs, run, random, language)
        )
    awaited = [each for each in state.subscriptions.values() if each.is_customer]
    if awaited and random.random() < REPLIES:
        return Move(kind="say", words="…")
    if run.timers:
        return Move(kind="next")
    if state.subscriptions:
        return Move(kind="message", subject=min(state.subscriptions))
    return None


def example_values(
    form: tuple[Field, ...], run: DryRun, random: Random, language: str
) -> dict[str, Any]:
    """Values that the form takes, as far as chance finds them; the last draw otherwise."""
    values: dict[str, Any] = {}
    for _ in range(TRIES):
        values = {field.name: _example(field, run.at, random, language) for field in form}
        if not _problems(form, values, run):
            break
    return values


def _problems(form: tuple[Field, ...], values: Mapping[str, Any], run: DryRun) -> Mapping[str, Any]:
    return problems_of(form, values, variables=run.state.variables, at=run.at)


def _example(field: Field, at: datetime, random: Random, language: str) -> Any:
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return f"({field.label.in_language(language) or field.name})"
        case FieldType.NUMBER | FieldType.MONEY:
            return _number(field, random)
        case FieldType.BOOLEAN:
            return random.getrandbits(1) == 1
        case FieldType.DATE:
            return (at + timedelta(days=random.randint(0, 14))).date().isoformat()
        case FieldType.MOMENT:
            return (at + timedelta(hours=random.randint(1, 72))).isoformat()
        case FieldType.CHOICE:
            return random.choice(field.options).value if field.options else ""
    assert_never(field.type)


def _number(field: Field, random: Random) -> int:
    low = int(field.minimum if field.minimum is not None else Decimal(1))
    high = int(
        field.maximum if field.maximum is not None else max(Decimal(low) * 10, Decimal(1000))
    )
    return random.randint(low, max(low, high))
