"""Files that a process hands its people: kept under the hash of their content, never changed.

They lie where Django's default file storage says: a folder of ours, or an object store by setting.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from servoloop.kernel.errors import ServoloopError
from servoloop.storage.not_found import NotFound

LARGEST = 25_000_000  # bytes
LONGEST_NAME = 120
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_HASH = re.compile(r"^[0-9a-f]{64}$")


class TooLarge(ServoloopError):
    """A file beyond the limit."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is larger than {LARGEST // 1_000_000} MB.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    digest: str  # sha256 of the content
    name: str


def keep_file(name: str, chunks: Iterable[bytes]) -> AttachedFile:
    """Keep a file; the same content under the same name is kept once. Raises TooLarge."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge(name)
    content = b"".join(parts)
    kept = AttachedFile(digest=hashlib.sha256(content).hexdigest(), name=_fit(name))
    path = _path(kept)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return kept


def open_file(digest: str, name: str) -> IO[bytes]:
    """Raises NotFound."""
    kept = AttachedFile(digest=digest, name=name)
    is_ours = _HASH.match(digest) and _fit(name) == name
    if not is_ours or not default_storage.exists(_path(kept)):
        raise NotFound("file", name)
    file: IO[bytes] = default_storage.open(_path(kept), "rb")
    return file


def _path(file: AttachedFile) -> str:
    return f"attached/{file.digest[:2]}/{file.digest}/{file.name}"


def _fit(name: str) -> str:
    """A name that every file system takes, its ending kept."""
    plain = _UNFIT.sub("_", name).strip(" .") or "file"
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: LONGEST_NAME - 12]}{dot}{ending[:10]}" if dot else plain[:LONGEST_NAME]
