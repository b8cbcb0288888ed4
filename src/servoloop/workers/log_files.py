"""Log files that processes append to by themselves: kept small, and followed on a terminal."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

LARGEST = 10_000_000  # bytes of one file; one older file of that size is kept beside it


def keep_small(folder: Path, *, largest: int = LARGEST) -> None:
    """Move what a file over `largest` bytes holds into `<name>.log.1`, and empty the file.

    Its writers opened it for appending and go on at its new end. What they write between the copy
    and the cut is lost: some microseconds of a log, once in ten megabytes.
    """
    for path in folder.glob("*.log"):
        if path.stat().st_size > largest:
            old = path.with_name(f"{path.name}.1")
            draft = path.with_name(f"{path.name}.2")
            draft.write_bytes(path.read_bytes())
            os.truncate(path, 0)
            draft.replace(old)


@dataclass(slots=True, kw_only=True)
class Followed:
    """What is added to the log files of a folder, copied to a terminal with the file's name."""

    folder: Path
    out: TextIO = field(default_factory=lambda: sys.stdout)
    seen: dict[Path, int] = field(init=False)  # bytes of each file that are not to be shown

    def __post_init__(self) -> None:
        self.seen = {path: path.stat().st_size for path in self.folder.glob("*.log")}

    def show(self) -> None:
        """Print the whole lines that were added since the last call."""
        for path in sorted(self.folder.glob("*.log")):
            size, start = path.stat().st_size, self.seen.get(path, 0)
            if size < start:  # the file was emptied
                start = 0
            with path.open("rb") as file:
                file.seek(start)
                whole, newline, _ = file.read(size - start).rpartition(b"\n")
            self.seen[path] = start + len(whole) + len(newline)
            for line in whole.decode("utf-8", "replace").splitlines():
                print(f"{path.stem:<9} {line}", file=self.out, flush=True)
