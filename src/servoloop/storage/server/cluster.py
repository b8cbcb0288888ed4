"""A data directory: made once by initdb, or copied from a template; its passwords and version.

::

    home/            0700, owned by the user PostgreSQL runs as
    ├─ data/         PGDATA; appears by one rename, so it is whole or absent
    └─ run/          the socket, unless its path would be too long
"""

import json
import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from servoloop.storage.folder import read_json, write_private
from servoloop.storage.server.binaries import Binaries
from servoloop.storage.server.errors import ServerUnavailable
from servoloop.storage.server.identity import Identity

OWNER_ROLE = "postgres"  # the superuser; nobody but the supervisor logs in as it
ROLE = "servoloop"  # what web and workers log in as; owns the database, is no superuser
DATABASE = "servoloop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """Of the two roles; drawn at random, kept in one 0600 file beside the data."""

    owner: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A data directory with what is needed to run it."""

    home: Path
    binaries: Binaries
    identity: Identity
    passwords: Passwords

    @property
    def data(self) -> Path:
        return self.home / "data"


def data_major(home: Path) -> int | None:
    """The major version that wrote the data under `home`; None when there is none yet."""
    try:
        return int((home / "data" / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise ServerUnavailable(
            f"The database in {home} belongs to another user (uid {home.stat().st_uid}): start "
            "Servoloop as that user or as root, or name another folder in SERVOLOOP_VAR."
        ) from error


def open_cluster(
    home: Path, *, binaries: Binaries, identity: Identity, passwords_file: Path, durable: bool
) -> Cluster:
    """The cluster under `home`, made on the first call. Raises ServerUnavailable.

    With `durable=False` initdb skips its syncs (tests only).
    """
    _prepare_home(home, identity)
    found = data_major(home)
    if found not in (None, binaries.major):
        raise ServerUnavailable(
            f"The database in {home} was written by PostgreSQL {found}, but the programs here are "
            f"version {binaries.major}: name PostgreSQL {found} in PG_BIN, dump with it, and "
            "restore into a new folder (docs/how-to/operate.md)."
        )
    passwords = _kept_passwords(passwords_file)
    cluster = Cluster(
        home=home,
        binaries=binaries,
        identity=identity,
        passwords=passwords or _draw_passwords(passwords_file),
    )
    if found is None:
        _initialise(cluster, durable=durable)
    elif passwords is None:
        _reset_owner_password(cluster)
    return cluster


def copy_cluster(template: Cluster, home: Path) -> Cluster:
    """A second cluster with the same content and passwords; `template` must not be running."""
    _prepare_home(home, template.identity)
    _run(template.identity, ["cp", "-a", str(template.data), str(home / "data")])
    return Cluster(
        home=home,
        binaries=template.binaries,
        identity=template.identity,
        passwords=template.passwords,
    )


def _prepare_home(home: Path, identity: Identity) -> None:
    """Make `home` 0700 and its user's own; idempotent, so a crash half-way does no harm."""
    try:
        home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        if identity.drop:
            os.chown(home, identity.uid, identity.gid, follow_symlinks=False)
    except OSError as error:
        raise ServerUnavailable(
            f"Cannot make the database folder {home}: {error.strerror}. Make it writable, name "
            "another folder in SERVOLOOP_VAR, or set DATABASE_URL."
        ) from error


def _initialise(cluster: Cluster, *, durable: bool) -> None:
    """Run initdb beside the final place, then move it there by one rename."""
    draft = cluster.home / "data.new"
    password_file = cluster.home / "password.new"
    shutil.rmtree(draft, ignore_errors=True)  # what a killed initdb left
    password_file.unlink(missing_ok=True)
    write_private(password_file, cluster.passwords.owner)
    if cluster.identity.drop:
        os.chown(password_file, cluster.identity.uid, cluster.identity.gid)
    try:
        _run(
            cluster.identity,
            [
                cluster.binaries.program("initdb"),
                f"--pgdata={draft}",
                f"--username={OWNER_ROLE}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--lc-messages=C",
                "--data-checksums",
                "--no-instructions",
                *_locale_options(cluster.binaries.major),
                *([] if durable else ["--no-sync"]),
            ],
        )
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(cluster.data)


def _locale_options(major: int) -> list[str]:
    """The same order and case rules on every machine: Unicode code points, not the system's."""
    if major < 17:
        return ["--locale=C.UTF-8"]
    return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _kept_passwords(file: Path) -> Passwords | None:
    kept = read_json(file)
    owner, role = kept.get("owner"), kept.get("role")
    if isinstance(owner, str) and isinstance(role, str):
        return Passwords(owner=owner, role=role)
    return None


def _draw_passwords(file: Path) -> Passwords:
    drawn = Passwords(owner=secrets.token_urlsafe(24), role=secrets.token_urlsafe(24))
    write_private(file, json.dumps({"owner": drawn.owner, "role": drawn.role}))
    return drawn


def _reset_owner_password(cluster: Cluster) -> None:
    """The password file was lost: whoever may write the data may set a new one, server stopped."""
    _run(
        cluster.identity,
        [cluster.binaries.program("postgres"), "--single", "-D", str(cluster.data), "postgres"],
        # token_urlsafe draws no quote, so the text needs no escaping.
        said=f"ALTER ROLE {OWNER_ROLE} PASSWORD '{cluster.passwords.owner}'\n",
    )


def _run(identity: Identity, command: list[str], *, said: str = "") -> None:
    """Run one of PostgreSQL's programs to its end as `identity`. Raises ServerUnavailable."""
    finished = subprocess.run(
        command,
        input=said,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        user=identity.user,
        group=identity.group,
        extra_groups=identity.extra_groups,
    )
    if finished.returncode != 0:
        raise ServerUnavailable(
            f"{Path(command[0]).name} could not prepare the database: {reason(finished.stderr)}"
        )


_REASONS = (
    ("No space left on device", "the disk is full; free some space and start again."),
    ("Disk quota exceeded", "the disk quota is used up; free some space and start again."),
    ("Address already in use", "its port is taken by another program; start again."),
    ("Permission denied", "its user may not read or write the folder; check who owns it."),
    ("are incompatible with server", "the data was written by another version of PostgreSQL."),
)


def reason(said: str) -> str:
    """What PostgreSQL's output amounts to, as the end of a sentence."""
    for mark, words in _REASONS:
        if mark in said:
            return words
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line or "error:" in line]
    return (fatal or lines or ["it gave no reason."])[-1]
