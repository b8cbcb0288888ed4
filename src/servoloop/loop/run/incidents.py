"""Mending what a process cannot get over by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from servoloop.kernel.engine.commands import ResolveIncident
from servoloop.kernel.events.event import Actor, CaseId
from servoloop.loop.run.command import Applied, apply


def resolve_incident(
    case: CaseId,
    incident: int,
    *,
    variables: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    dedupe_key: str | None = None,
) -> Applied:
    """Correct variables of the case (none is fine) and try the failed step again."""
    command = ResolveIncident(incident=incident, variables=variables, actor=actor)
    return apply(case, command, at=at, dedupe_key=dedupe_key)
