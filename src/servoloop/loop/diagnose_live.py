"""Diagnose the cases that ran here, exactly as an imported log."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.findings.catalogue import UNANSWERED
from servoloop.kernel.mining.value import ValueOptions
from servoloop.loop.conform_live import conform_live
from servoloop.loop.diagnose import Diagnosis, Keep, diagnose
from servoloop.loop.findings import Improvements
from servoloop.loop.live_findings import live_findings
from servoloop.loop.live_work import LiveWork
from servoloop.loop.redesigns_live import with_changes
from servoloop.storage.calendars import calendars
from servoloop.storage.definitions import program_of
from servoloop.storage.queries.case_answers import case_answers
from servoloop.storage.queries.live_log import live_log
from servoloop.storage.queries.viewer import Viewer


class NothingToDiagnose(ServoloopError):
    """No case has completed a step yet."""


def diagnose_live(
    viewer: Viewer,
    *,
    at: datetime,
    process: str | None = None,
    language: str = "en",
    zone: str = "UTC",
    with_model: bool = False,
    keep: Keep | None = None,
    value: ValueOptions | None = None,
) -> Diagnosis:
    """Diagnose all cases, or those of one process; activities are named in `language`.

    The cases are also compared with the definitions that they follow, and looked at for what an
    exported log would not tell: escalations and broken promises, as known `at` a moment. `keep`
    gets the log. Raises NothingToDiagnose before the first completed step.
    """
    log = live_event_log(process=process, language=language)
    if not log.events:
        which = f"of process {process!r} " if process else ""
        raise NothingToDiagnose(
            f"No case {which}has completed a step yet; there is nothing to diagnose."
        )
    if keep is not None:
        keep(log)
    name = process or "live cases"
    conformance = conform_live(process=process, language=language, at=at)
    standards = [program_of(each.definition, each.version) for each in conformance]
    found = diagnose(
        log,
        name=name,
        read_report=None,
        zone=zone,
        with_model=with_model,
        standards=standards,
        calendars=calendars(),
        value=value,
    )
    improvements = _with_live(found, viewer, at=at, zone=zone, process=process or "")
    processes = {each.definition for each in conformance}
    return replace(
        found,
        improvements=with_changes(improvements, processes, viewer),
        conformance=conformance,
    )


def _with_live(
    found: Diagnosis, viewer: Viewer, *, at: datetime, zone: str, process: str
) -> Improvements:
    """The improvements together with those that only the live cases tell, by gain."""
    days = max(1, (at - found.counts.first).days + 1)  # as far back as the log goes
    live = live_findings(viewer, at=at, zone=zone, days=days, process=process)
    both = (*found.improvements.findings, *live.findings)
    return replace(
        found.improvements,
        findings=tuple(sorted(both, key=lambda each: -each.gain)),
        untold={n: why for n, why in found.improvements.untold.items() if n != UNANSWERED.number},
        slow=live.causes["slow"],
        reopened=live.causes["reopened"],
        late_first_response=live.causes["late_first_response"],
        late_resolution=live.causes["late_resolution"],
    )


def live_event_log(*, process: str | None = None, language: str = "en") -> EventLog:
    """One event for each completed piece of work, with the moment at which it was begun."""
    work = LiveWork()
    for columns in live_log(language=language, process=process):
        for case, element, at, lifecycle, activity, resource, role in zip(
            columns.case,
            columns.element,
            columns.at,
            columns.lifecycle,
            columns.activity,
            columns.resource,
            columns.role,
            strict=True,
        ):
            work.take(
                case=case,
                element=element,
                at=at,
                lifecycle=lifecycle,
                activity=activity,
                resource=resource,
                role=role,
            )
    log = work.event_log()
    return replace(log, case_attributes=_attributes(log.case.names, process))


def _attributes(cases: Sequence[str], process: str | None) -> pl.DataFrame:
    """Process, channel and the answers of the opening form; a row for each case."""
    known = {each.number: each for each in case_answers(process=process or "")}
    rows = [
        {"process": known[case].process, "channel": known[case].channel, **known[case].answers}
        for case in cases
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None, strict=False)
    return frame if rows else pl.DataFrame(height=0)
