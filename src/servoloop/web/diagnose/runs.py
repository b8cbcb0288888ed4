"""Diagnoses on their way: each a folder that goes from the log brought along to the report.

::

    var/diagnoses/<id>/
    ├─ state.json     the run: how far it is
    ├─ upload/        the log as it was brought along; deleted when it is diagnosed, and so is
    ├─ definition.bpmn, a definition to compare with
    ├─ look.json      what was guessed of it     (look_file)
    ├─ choices.json   what somebody chose then   (choices)
    ├─ log.parquet    the log as it was diagnosed: read, cleaned, joined
    ├─ model.bpmn     the model that was discovered, where one was asked for
    └─ report.html

A run is a process of its own (`job`), so it outlives the request and its memory is gone with it.
It tells how far it is in `state.json`; a run whose file has gone silent has ended unheard.
"""

import json
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

SILENT_AFTER = 20.0  # seconds; the job writes every two at the latest
MOST_RUNNING = 2  # at a time: mining takes what cores there are
WAITS_FOR = timedelta(days=1)
"""So long a log that was looked at waits for its diagnosis."""
LONGEST_NAME = 60

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
    state: str  # running, looked (it waits for choices), done, failed or cancelled
    stage: str = "diagnosis"  # or "look": what the run does while it is running
    share: float | None = None  # 0..1 of the log that has been read
    rows: int = 0
    rows_per_second: float = 0.0
    seconds_left: float | None = None  # until all is read
    words: str = ""  # why it failed, or why it cannot be diagnosed as chosen; in English

    @property
    def percent(self) -> int:
        return round(100 * (self.share or 0))

    @property
    def time_left(self) -> timedelta | None:
        return None if self.seconds_left is None else timedelta(seconds=round(self.seconds_left))

    @property
    def kept_until(self) -> datetime:
        """When it is deleted with all that belongs to it."""
        waits = self.state == "looked"
        return self.began_at + (WAITS_FOR if waits else kept_for())


def kept_for() -> timedelta:
    """The operator's choice."""
    return timedelta(days=settings.SERVOLOOP_DIAGNOSES_DAYS)


def begin(
    name: str,
    chunks: Iterable[bytes] | None,
    *,
    stage: str,
    person: str,
    language: str,
    zone: str,
    at: datetime,
) -> Run:
    """A new run with its folder: of a log, or without one of our own cases. `start` starts it."""
    run = Run(
        id=uuid.uuid4().hex,
        name=name,
        person=person,
        language=language,
        began_at=at,
        zone=zone,
        is_live=chunks is None,
        state="running",
        stage=stage,
    )
    upload = folder_of(run.id) / "upload"
    upload.mkdir(parents=True)
    if chunks is not None:
        with (upload / _file_name(name)).open("wb") as log:
            for chunk in chunks:
                log.write(chunk)
    write(run, folder_of(run.id))
    return run


def start(run: Run, *, stage: str) -> None:
    """Let a process look at the log of a run, or diagnose it."""
    folder = folder_of(run.id)
    (folder / "cancel").unlink(missing_ok=True)
    write(
        replace(
            run,
            state="running",
            stage=stage,
            share=None,
            rows=0,
            rows_per_second=0.0,
            seconds_left=None,
            words="",
        ),
        folder,
    )
    _children[:] = [child for child in _children if child.poll() is None]
    command = [sys.executable, "-m", "servoloop.web.diagnose.job", str(folder)]
    _children.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))


def find(run: str) -> Run | None:
    """The run, or None when there is none of this id."""
    if not _is_id(run):
        return None
    return read(folder_of(run))


def recent(person: str, *, limit: int = 20) -> list[Run]:
    """A person's runs, newest first."""
    runs = (read(folder) for folder in _folders())
    own = [run for run in runs if run is not None and run.person == person]
    return sorted(own, key=lambda run: run.began_at, reverse=True)[:limit]


def is_busy() -> bool:
    running = [run for run in map(read, _folders()) if run is not None and run.state == "running"]
    return len(running) >= MOST_RUNNING


def ask_to_stop(run: str) -> None:
    (folder_of(run) / "cancel").touch()


def remove(run: str) -> None:
    """Delete a run with all that belongs to it; one that is running ends by itself then."""
    shutil.rmtree(folder_of(run), ignore_errors=True)


def remove_old(*, at: datetime) -> None:
    """Delete what has been kept long enough, and what was brought along for runs that ended."""
    for folder in _folders():
        run = read(folder)
        if run is None:
            begun = datetime.fromtimestamp(folder.stat().st_mtime, tz=UTC)
            if at > begun + kept_for():
                shutil.rmtree(folder, ignore_errors=True)
        elif run.state != "running":
            if at > run.kept_until:
                remove(run.id)
            elif run.state != "looked":
                drop_upload(folder)


def drop_upload(folder: Path) -> None:
    """What people bring along is not kept, nor the rows of it that they were shown."""
    shutil.rmtree(folder / "upload", ignore_errors=True)
    for name in ("definition.bpmn", "look.json", "names.json"):
        (folder / name).unlink(missing_ok=True)


def uploaded_log(folder: Path) -> Path | None:
    """The log that was brought along, while it is there."""
    upload = folder / "upload"
    files = sorted(upload.iterdir()) if upload.is_dir() else []
    return next(iter(files), None)


def definition_file(folder: Path) -> Path:
    """Where a definition that was brought along lies."""
    return folder / "definition.bpmn"


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


def write(run: Run, folder: Path | None = None) -> None:
    """Replace the state as a whole, so that a reader never sees half of it."""
    state = (folder or folder_of(run.id)) / "state.json"
    fresh = state.with_suffix(".new")
    data = {**asdict(run), "began_at": run.began_at.astimezone(UTC).isoformat()}
    fresh.write_text(json.dumps(data), encoding="utf-8")
    fresh.replace(state)


def _root() -> Path:
    return Path(settings.VAR.root) / "diagnoses"


def _folders() -> Iterator[Path]:
    root = _root()
    return (each for each in root.iterdir() if each.is_dir()) if root.is_dir() else iter(())


def _file_name(name: str) -> str:
    """A name for the disk that messages may show: short, and with its last endings."""
    plain = Path(name).name or "log"
    ending = "".join(Path(plain).suffixes[-2:])[-20:]
    stem = plain.removesuffix(ending) if ending else plain
    return f"{stem[:LONGEST_NAME]}{ending}"


def _is_id(text: str) -> bool:
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)
