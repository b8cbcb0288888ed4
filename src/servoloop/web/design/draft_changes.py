"""What a draft would change for whom, against the current version."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servoloop.kernel.process.diff import compare
from servoloop.loop.draft_publishing import program_in
from servoloop.storage.definitions import program_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.viewer import Viewer
from servoloop.web.design.diff_view import ConcernedGroup, concerned_groups
from servoloop.web.shell.names import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    current: int | None = None  # the definition that would be replaced
    groups: tuple[ConcernedGroup, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)  # BPMN id -> added or changed
    is_same: bool = False  # not even the drawing differs from the current version
    is_idle: bool = False  # nothing that matters differs


def changes_to_current(viewer: Viewer, key: str, *, xml: str, names: Names) -> Changes:
    """Nothing when nothing changes, nothing was published yet, or the draft cannot be executed."""
    try:
        file = definition_file(viewer, key)
    except NotFound:
        return Changes()
    new = program_in(xml)
    if new is None:
        return Changes(current=file.id)
    difference = compare(program_of(key, file.version), new, roles=names.roles)
    groups = concerned_groups(difference, names=names)
    return Changes(
        current=file.id,
        groups=tuple(groups),
        marks=difference.marks(),
        is_same=new.version == file.version and file.is_current,
        is_idle=difference.is_empty,
    )
