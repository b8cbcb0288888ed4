"""Diagnose the cases that ran here, exactly as an imported log."""

from dataclasses import replace
from datetime import datetime

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.event_log import EventLog
from servoloop.loop.conform_live import conform_live
from servoloop.loop.diagnose import Diagnosis, diagnose
from servoloop.loop.findings import Improvements
from servoloop.loop.live_findings import live_findings
from servoloop.loop.live_work import LiveWork
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
) -> Diagnosis:
    """Diagnose all cases, or those of one process; activities are named in `language`.

    The cases are also compared with the definitions that they follow, and looked at for what an
    exported log would not tell: escalations and broken promises, as known `at` a moment. Raises
    NothingToDiagnose before the first completed step.
    """
    log = live_event_log(process=process, language=language)
    if not log.events:
        which = f"of process {process!r} " if process else ""
        raise NothingToDiagnose(
            f"No case {which}has completed a step yet; there is nothing to diagnose."
        )
    name = process or "live cases"
    found = diagnose(log, name=name, read_report=None, zone=zone, with_model=with_model)
    return replace(
        found,
        improvements=_with_live(found, viewer, at=at, zone=zone, process=process or ""),
        conformance=conform_live(process=process, language=language),
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
    return work.event_log()
