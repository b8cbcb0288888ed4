"""Where one installation keeps what it must not lose: the folder `var/`.

::

    var/
    ├─ lock             held (flock) by the one `servoloop up` of this folder
    ├─ running.json     what that `up` started: its process, addresses, database; 0600
    ├─ secret_key       signs sessions and links; 0600
    ├─ postgres.json    passwords of the embedded PostgreSQL; 0600
    ├─ postgres/        its data, socket; 0700, owned by the user it runs as
    ├─ log/             one file per process
    ├─ mail/            letters, while no mail server is set
    └─ static/          collected CSS, JavaScript, fonts
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from servoloop.kernel.errors import ServoloopError


class FolderUnusable(ServoloopError):
    """`var/` cannot be made or written."""


class FolderBusy(ServoloopError):
    """Another process holds the lock of `var/`."""

    def __init__(self, folder: "VarFolder", process: str) -> None:
        super().__init__(
            f"Another Servoloop (process {process}) is working in {folder.root}; "
            "stop it, or wait until it has ended."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VarFolder:
    """The paths inside one `var/`; `root` is absolute."""

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def running(self) -> Path:
        return self.root / "running.json"

    @property
    def secret_key(self) -> Path:
        return self.root / "secret_key"

    @property
    def passwords(self) -> Path:
        return self.root / "postgres.json"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def static(self) -> Path:
        return self.root / "static"


def var_folder() -> VarFolder:
    """The folder named by SERVOLOOP_VAR, else `var` in the working directory. Makes nothing."""
    return VarFolder(root=Path(os.environ.get("SERVOLOOP_VAR") or "var").absolute())


def make(folder: VarFolder) -> VarFolder:
    """Create `var/` and `var/log/` if they are missing. Raises FolderUnusable."""
    try:
        folder.log.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(
            f"Cannot make the folder {folder.root}: {error.strerror}. "
            "Make it writable or name another one in SERVOLOOP_VAR."
        ) from error
    return folder


@contextmanager
def locked(folder: VarFolder) -> Iterator[None]:
    """Hold the folder for a block; the kernel lets go of it however we end. Raises FolderBusy."""
    # Not inherited by children (close-on-exec), or an orphan would keep the folder busy.
    descriptor = os.open(make(folder).lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise FolderBusy(folder, holder or "unknown") from None
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, readable by its owner only."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def kept_secret_key(folder: VarFolder) -> str:
    """The installation's secret key; drawn and kept on the first call."""
    try:
        return folder.secret_key.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        make(folder)
    # Two processes may start at once: link() lets exactly one draft become the key.
    draft = folder.root / f".secret_key.{secrets.token_hex(4)}"
    write_private(draft, secrets.token_urlsafe(64))
    try:
        os.link(draft, folder.secret_key)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return folder.secret_key.read_text(encoding="utf-8").strip()


def read_json(path: Path) -> dict[str, object]:
    """The object kept in `path`; empty when there is none or it was cut short."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def running_database_url(folder: VarFolder) -> str | None:
    """Where the `servoloop up` of this folder keeps its database; None when none was started."""
    url = read_json(folder.running).get("database_url")
    return url if isinstance(url, str) else None
