"""The value stream of a log, with what definitions say of its steps."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.mining.conformance.net import plain_name
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.value import Standard, ValueOptions, ValueStream, value_stream
from servoloop.kernel.process.program import Program

if TYPE_CHECKING:  # it loads the compiler, which logs without starts need not wait for
    from servoloop.kernel.mining.waiting.decompose import Waiting


def value_of_log(
    log: EventLog,
    *,
    waits: "Waiting | None",
    programs: Sequence[Program] = (),
    aliases: Mapping[str, str] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
    options: ValueOptions | None = None,
) -> ValueStream:
    """Of the joined events where the log tells starts; work counts on the calendars of the steps.

    Raises SeveralCurrencies.
    """
    read = log if waits is None else waits.log
    return value_stream(
        read,
        sweep(read),
        waits=waits,
        standards=standards_of(
            read.activity.names, programs, aliases=aliases or {}, calendars=calendars or {}
        ),
        options=options,
    )


def standards_of(
    activities: Sequence[str],
    programs: Sequence[Program],
    *,
    aliases: Mapping[str, str],
    calendars: Mapping[str, Calendar],
) -> dict[str, Standard]:
    """What the definitions say of activities, found by id or by name in any language."""
    known: dict[str, Standard] = {}
    for program in reversed(programs):  # so that the first of several counts
        for node in program.nodes:
            hours = node.step.calendar or program.sheet.calendar or ""
            standard = Standard(
                step=node.step,
                currency=program.sheet.currency or "",
                calendar=calendars.get(hours, ALWAYS),
            )
            names = (node.id, node.name.default, *node.name.translations.values())
            known |= {plain_name(name): standard for name in names if name}
    found = {name: known.get(plain_name(aliases.get(name, name))) for name in activities}
    return {name: standard for name, standard in found.items() if standard is not None}
