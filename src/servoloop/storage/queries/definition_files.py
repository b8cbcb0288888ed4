"""The files of published versions, with the processes that they call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import words_from_data
from servoloop.storage.models import Definition
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionFile:
    id: int
    key: str
    version: str
    name: Words
    xml: str
    library: Mapping[str, str]  # the called processes by id
    is_current: bool
    published_at: datetime


def definition_file(viewer: Viewer, key: str, *, version: str | None = None) -> DefinitionFile:
    """A version, by its hash or the beginning of it; without one the current, else the newest.

    Colleagues only. Raises NotFound. One query.
    """
    found = Definition.objects.none()
    if viewer.is_colleague:
        found = Definition.objects.filter(key=key)
        if version:
            found = found.filter(version__startswith=version)
    row = found.order_by("-is_current", "-published_at", "-id").first()
    if row is None:
        raise NotFound("process", key if version is None else f"{key} in version {version[:12]}")
    return DefinitionFile(
        id=row.pk,
        key=row.key,
        version=row.version,
        name=words_from_data(row.name),
        xml=row.xml,
        library=row.library,
        is_current=row.is_current,
        published_at=row.published_at,
    )


def definition_exists(id: int) -> bool:
    return Definition.objects.filter(pk=id).exists()
