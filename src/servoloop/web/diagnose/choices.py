"""What somebody chose for a diagnosis: how the log is read, cleaned and compared."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from servoloop.kernel.interchange.cleaning_steps import CleaningStep
from servoloop.kernel.interchange.options import ReadOptions

FILE = "choices.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`process` and `version` name a published definition, `definition` the file name of one that
    was brought along; '' is none. Of our own cases only `process` and `with_model` count, and ''
    means all of them.
    """

    options: ReadOptions
    cleaning: tuple[CleaningStep, ...] = ()
    join_lifecycle: bool = False
    with_model: bool = False
    process: str = ""
    version: str = ""
    definition: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)  # activity of the log -> step

    @property
    def compares(self) -> bool:
        """Is there a definition to compare with?"""
        return bool(self.process or self.definition)


def read_choices(folder: Path, *, zone: str) -> Choices:
    """Those kept in a run's folder; else nothing but guesses, wall-clock times being of `zone`."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Choices(options=ReadOptions(zone=zone))
    options = _options(data.pop("options"))
    data["cleaning"] = tuple(data["cleaning"])
    return replace(Choices(options=options), **data)


def write_choices(choices: Choices, folder: Path) -> None:
    (folder / FILE).write_text(json.dumps(asdict(choices)), encoding="utf-8")


def _options(data: dict[str, Any]) -> ReadOptions:
    return ReadOptions(**{**data, "left_out": tuple(data["left_out"])})
