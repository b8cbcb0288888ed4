"""Who PostgreSQL runs as, and whether that user can get at the files.

PostgreSQL refuses to run as root. As root we therefore run it as a normal user, and change no
permission outside our own folder to do so: where that user cannot get in, our files move instead.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from servoloop.storage.server.binaries import Binaries
from servoloop.storage.server.errors import ServerUnavailable

# Where data and programs go when `var/` lies under a folder closed to others, such as /root.
SHARED_HOME = Path("/var/lib/servoloop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A normal user; `drop` is set when we are root and have to become it."""

    uid: int
    gid: int
    drop: bool

    # The next three are subprocess's arguments of the same names; None leaves us who we are.
    @property
    def user(self) -> int | None:
        return self.uid if self.drop else None

    @property
    def group(self) -> int | None:
        return self.gid if self.drop else None

    @property
    def extra_groups(self) -> list[int] | None:
        return [] if self.drop else None


def identity_for(home: Path) -> Identity:
    """Ourselves, or as root: who owns the data or the folder around it, else postgres, nobody."""
    if os.geteuid() != 0:
        return Identity(uid=os.geteuid(), gid=os.getegid(), drop=False)
    if home.exists() and (owner := home.stat()).st_uid != 0:
        return Identity(uid=owner.st_uid, gid=owner.st_gid, drop=True)
    for user in _normal_users(home.parent):
        return Identity(uid=user.pw_uid, gid=user.pw_gid, drop=True)
    raise ServerUnavailable(
        "PostgreSQL cannot run as root, and this machine has no normal user to run it as: add one "
        "named postgres, start Servoloop as a normal user, or set DATABASE_URL."
    )


def _normal_users(folder: Path) -> Iterator[pwd.struct_passwd]:
    """Users initdb accepts (it needs a name for its uid), best first."""
    for path in (folder, folder.parent):
        with suppress(KeyError, FileNotFoundError):
            if owner := path.stat().st_uid:
                yield pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            yield pwd.getpwnam(name)


def reachable_home(home: Path) -> Path:
    """`home`, or where it has to be instead because its user could not walk to it."""
    identity = identity_for(home)
    if not identity.drop or _may(identity, "-x", home.parent):
        return home
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return SHARED_HOME / mark


def reachable_binaries(binaries: Binaries, identity: Identity) -> Binaries:
    """`binaries`, or a copy under SHARED_HOME when `identity` cannot run them where they are."""
    if not identity.drop or _may(identity, "-x", binaries.folder / "postgres"):
        return binaries
    if binaries.origin != "wheel":
        raise ServerUnavailable(
            f"PostgreSQL cannot run as root, and a normal user cannot run {binaries.folder}: "
            "unset PG_BIN, name programs outside root's home, or set DATABASE_URL."
        )
    copy = SHARED_HOME / f"postgresql-{binaries.version}"
    # Two levels are kept (pginstall and its sibling libraries): the programs find both relatively.
    package = binaries.folder.parents[1]
    bin_folder = copy / package.name / binaries.folder.relative_to(package)
    if not bin_folder.exists():
        _copy_programs(package, copy)
    return replace(binaries, folder=bin_folder)


def _copy_programs(package: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, draft / source.name, symlinks=True)
        draft.replace(target)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise ServerUnavailable(
            f"PostgreSQL cannot run as root, a normal user cannot read {package}, and the copy to "
            f"{target} failed ({error.strerror}): move the project out of root's home, or set "
            "DATABASE_URL."
        ) from error


def _may(identity: Identity, test: str, path: Path) -> bool:
    """Ask the kernel itself, as that user: modes, ACLs and mount options all count."""
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test "$0" "$1"', test, str(path)],
        user=identity.user,
        group=identity.group,
        extra_groups=identity.extra_groups,
        cwd="/",
        check=False,
    )
    return asked.returncode == 0
