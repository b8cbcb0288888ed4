"""Diagnoses on their way: each a folder with the log, how far it is, and in the end the report.

A run is a process of its own (`job`), so it outlives the request and its memory is gone with it.
It tells how far it is in `state.json`; a run whose file has gone silent has ended unheard.
"""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

SILENT_AFTER = 20.0  # seconds; the job writes every two at the latest
MOST_RUNNING = 2  # at a time: mining takes what cores there are

_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    id: str
    name: str  # of the log
    person: str
    language: str  # "zh" or "en": shown first in the report
    began_at: datetime
    zone: str  # IANA name: in which moments are told
    is_live: bool  # our own cases, instead of a log brought along
    state: str  # running, done, failed or cancelled
    share: float | None = None  # 0..1 of the log that has been read
    rows: int = 0
    words: str = ""  # why it failed, in English

    @property
    def percent(self) -> int:
        return round(100 * (self.share or 0))


def begin(
    name: str,
    chunks: Iterable[bytes] | None,
    *,
    person: str,
    language: str,
    zone: str,
    at: datetime,
) -> str:
    """Start the diagnosis of a log, or without one of our own cases; the id of the run."""
    run = Run(
        id=uuid.uuid4().hex,
        name=name,
        person=person,
        language=language,
        began_at=at,
        zone=zone,
        is_live=chunks is None,
        state="running",
    )
    folder = folder_of(run.id)
    folder.mkdir(parents=True)
    if chunks is not None:
        with (folder / f"log{''.join(Path(name).suffixes[-2:])}").open("wb") as log:
            for chunk in chunks:
                log.write(chunk)
    write(run)
    _children[:] = [child for child in _children if child.poll() is None]
    command = [sys.executable, "-m", "servoloop.web.diagnose.job", str(folder)]
    _children.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
    return run.id


def find(run: str) -> Run | None:
    """The run, or None when there is none of this id."""
    if not _is_id(run):
        return None
    return read(folder_of(run))


def recent(person: str, *, limit: int = 20) -> list[Run]:
    """A person's runs, newest first."""
    root = _root()
    folders = root.iterdir() if root.is_dir() else iter(())
    runs = (read(folder) for folder in folders)
    own = [run for run in runs if run is not None and run.person == person]
    return sorted(own, key=lambda run: run.began_at, reverse=True)[:limit]


def is_busy() -> bool:
    root = _root()
    folders = root.iterdir() if root.is_dir() else iter(())
    running = [run for run in map(read, folders) if run is not None and run.state == "running"]
    return len(running) >= MOST_RUNNING


def ask_to_stop(run: str) -> None:
    (folder_of(run) / "cancel").touch()


def folder_of(run: str) -> Path:
    return _root() / run


def read(folder: Path) -> Run | None:
    state = folder / "state.json"
    try:
        data = json.loads(state.read_text(encoding="utf-8"))
        silent = time.time() - state.stat().st_mtime
    except (OSError, ValueError):
        return None
    if data["state"] == "running" and silent > SILENT_AFTER:
        data |= {"state": "failed", "words": "It ended before it was done."}
    try:
        return Run(**{**data, "began_at": datetime.fromisoformat(data["began_at"])})
    except TypeError:
        return None  # kept by a release whose runs had other fields


def write(run: Run) -> None:
    """Replace the state as a whole, so that a reader never sees half of it."""
    state = folder_of(run.id) / "state.json"
    fresh = state.with_suffix(".new")
    data = {**asdict(run), "began_at": run.began_at.astimezone(UTC).isoformat()}
    fresh.write_text(json.dumps(data), encoding="utf-8")
    fresh.replace(state)


def _root() -> Path:
    return Path(settings.VAR.root) / "diagnoses"


def _is_id(text: str) -> bool:
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)
