"""How a run says how far it is, that it still lives, and how it hears that it should stop."""

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

from servoloop.kernel.interchange.read_report import ReadProgress
from servoloop.web.diagnose.runs import Run, drop_upload, write

_TELL_AFTER = 0.3  # seconds between two words on how far it is
_BEAT = 2.0  # seconds


class Cancelled(Exception):
    """Somebody asked the run to stop."""


class Telling:
    """Writes the state of a run: on progress, and every two seconds without any."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.folder = folder
        self.began = time.monotonic()
        self.told = 0.0
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self.heart = threading.Thread(target=self._beat, daemon=True)
        self.heart.start()

    def __call__(self, progress: ReadProgress) -> None:
        if self._should_stop():
            raise Cancelled
        if time.monotonic() - self.told < _TELL_AFTER:
            return
        self.told = time.monotonic()
        spent = self.told - self.began
        total = progress.bytes_total
        share = min(1.0, progress.bytes_read / total) if total else None
        self.tell(
            replace(
                self.run,
                share=share,
                rows=progress.rows,
                rows_per_second=progress.rows / spent if spent else 0.0,
                seconds_left=spent * (1 - share) / share if share else None,
            )
        )

    def is_read(self) -> None:
        """All has been read; from here on it cannot say how far it is."""
        if self._should_stop():
            raise Cancelled
        self.tell(replace(self.run, share=1.0, seconds_left=None))

    def tell(self, run: Run) -> None:
        with self.lock:
            self.run = run
            if self.folder.is_dir():  # else it was deleted meanwhile
                write(run, self.folder)

    def end(self, run: Run) -> None:
        self.is_over.set()
        self.heart.join()
        self.tell(run)

    def _should_stop(self) -> bool:
        return (self.folder / "cancel").exists() or not self.folder.is_dir()

    def _beat(self) -> None:
        while not self.is_over.wait(_BEAT):
            if self._should_stop():
                self._stop_here()
            self.tell(self.run)

    def _stop_here(self) -> None:
        """While it mines it hears nothing: the process ends as it stands."""
        drop_upload(self.folder)
        self.tell(replace(self.run, state="cancelled"))
        os._exit(0)
