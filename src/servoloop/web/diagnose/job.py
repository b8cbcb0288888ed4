"""One diagnosis as a process of its own: `python -m servoloop.web.diagnose.job FOLDER`."""

import os
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.read_report import ReadProgress
from servoloop.web.diagnose.runs import Run, read, write

if TYPE_CHECKING:
    from servoloop.loop.diagnose import Diagnosis

_TELL_AFTER = 0.3  # seconds between two words on how far it is
_BEAT = 2.0  # seconds


class Cancelled(Exception):
    """Somebody asked the run to stop."""


class Telling:
    """Says how far the run is, and that it still lives."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.told = 0.0
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self.heart = threading.Thread(target=self._beat, daemon=True)
        self.heart.start()

    def __call__(self, progress: ReadProgress) -> None:
        if (self.folder / "cancel").exists():
            raise Cancelled
        if time.monotonic() - self.told < _TELL_AFTER:
            return
        self.told = time.monotonic()
        total = progress.bytes_total
        share = min(1.0, progress.bytes_read / total) if total else None
        self.tell(replace(self.run, share=share, rows=progress.rows))

    def tell(self, run: Run) -> None:
        with self.lock:
            self.run = run
            write(run)

    def end(self, run: Run) -> None:
        self.is_over.set()
        self.heart.join()
        self.tell(run)

    def _beat(self) -> None:
        while not self.is_over.wait(_BEAT):
            self.tell(self.run)


def main(folder: Path) -> None:
    run = read(folder)
    if run is None:
        raise SystemExit(f"No run to do in {folder}.")
    telling = Telling(run, folder)
    try:
        page = _report(folder, telling)
        (folder / "report.html").write_text(page, encoding="utf-8")
        telling.end(replace(telling.run, state="done", share=1.0))
    except Cancelled:
        telling.end(replace(telling.run, state="cancelled"))
    except ServoloopError as error:
        telling.end(replace(telling.run, state="failed", words=str(error)))
    except Exception:
        telling.end(replace(telling.run, state="failed", words="It ended before it was done."))
        raise
    finally:
        for log in folder.glob("log*"):
            log.unlink()  # what people bring along is not kept


def _report(folder: Path, telling: Telling) -> str:
    # The mining libraries take seconds to load; the heart beats already.
    from servoloop.loop.report.render import render

    found = _diagnosis(folder, telling)
    telling(ReadProgress(rows=telling.run.rows, bytes_read=1, bytes_total=1))
    named = replace(found, name=telling.run.name)
    return render(named, language="zh" if telling.run.language == "zh" else "en")


def _diagnosis(folder: Path, telling: Telling) -> "Diagnosis":
    run = telling.run
    if run.is_live:
        import django

        django.setup()
        from servoloop.loop.diagnose_live import diagnose_live
        from servoloop.storage.queries.viewer import Viewer

        return diagnose_live(
            Viewer(is_colleague=True),  # only colleagues can begin a run
            at=datetime.now(UTC),
            language="zh-hans" if run.language == "zh" else "en",
            zone=run.zone,
        )
    from servoloop.kernel.interchange.options import ReadOptions
    from servoloop.loop.diagnose import diagnose_log

    log = next(folder.glob("log*"))
    return diagnose_log(log, options=ReadOptions(zone=run.zone), progress=telling)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
