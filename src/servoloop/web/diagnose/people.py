"""Naming individuals: off until somebody writes down why; the reasons stay with the run."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from servoloop.web.diagnose import runs

NAME = "reasons.jsonl"
SHORTEST, LONGEST = 4, 500  # characters of a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Who began to name people, when and why; or who stopped, without a why."""

    who: str
    at: datetime
    why: str
    is_named: bool


def reasons_of(run: runs.Run) -> tuple[Reason, ...]:
    """Everything that was said about naming people in this run, oldest first."""
    path = runs.folder_of(run.id) / NAME
    if not path.is_file():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line]
    return tuple(Reason(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in found)


def naming(run: runs.Run) -> Reason | None:
    """The reason for which people are named now; None when they are not."""
    said = reasons_of(run)
    return said[-1] if said and said[-1].is_named else None


def is_reason(text: str) -> bool:
    """Whether a text says enough to be a reason."""
    return len("".join(text.split())) >= SHORTEST and len(text) <= LONGEST


def record(run: runs.Run, *, who: str, at: datetime, why: str) -> None:
    """Add a line; without a why, people are no longer named."""
    reason = Reason(who=who, at=at, why=why, is_named=bool(why))
    data = {**asdict(reason), "at": at.astimezone(UTC).isoformat()}
    with (runs.folder_of(run.id) / NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps(data, ensure_ascii=False) + "\n")
