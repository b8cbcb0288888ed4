"""What the look at a log found, kept in its run's folder between the two steps."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from servoloop.kernel.interchange.cleaning_steps import Proposal
from servoloop.kernel.interchange.looked import Look, LookedColumn
from servoloop.kernel.interchange.read_report import FormatUse, ObjectCount, Refusal, RoleChoice

FILE, NAMES_FILE = "look.json", "names.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesMet:
    """How the names of a log and a definition meet: what neither has of the other."""

    steps: tuple[str, ...]  # of the definition, all
    strangers: tuple[str, ...]  # activities of the log that are no step


def write_look(look: Look, folder: Path) -> None:
    (folder / FILE).write_text(json.dumps(asdict(look)), encoding="utf-8")


def read_look(folder: Path) -> Look | None:
    """None where nobody has looked yet, or a release did whose looks were other ones."""
    data = _json(folder / FILE)
    if data is None:
        return None
    try:
        return _look(data)
    except (KeyError, TypeError):
        return None


def write_names(names: NamesMet | None, folder: Path) -> None:
    """Keep them; None removes what an earlier definition left."""
    file = folder / NAMES_FILE
    if names is None:
        file.unlink(missing_ok=True)
    else:
        file.write_text(json.dumps(asdict(names)), encoding="utf-8")


def read_names(folder: Path) -> NamesMet | None:
    """None where no definition was chosen when the log was looked at."""
    data = _json(folder / NAMES_FILE)
    if data is None:
        return None
    return NamesMet(steps=tuple(data["steps"]), strangers=tuple(data["strangers"]))


def _json(file: Path) -> dict[str, Any] | None:
    try:
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data


def _look(data: dict[str, Any]) -> Look:
    lists = ("lines", "possible_formats", "sheets")
    pairs = ("classifiers", "activities")
    return Look(
        **data
        | {name: tuple(data[name]) for name in lists}
        | {name: tuple((one, other) for one, other in data[name]) for name in pairs}
        | {
            "columns": tuple(
                LookedColumn(name=each["name"], cells=tuple(each["cells"]))
                for each in data["columns"]
            ),
            "roles": tuple(
                RoleChoice(
                    role=each["role"],
                    columns=tuple(each["columns"]),
                    by=each["by"],
                    others=tuple(each["others"]),
                )
                for each in data["roles"]
            ),
            "date_formats": tuple(FormatUse(**each) for each in data["date_formats"]),
            "object_types": tuple(ObjectCount(**each) for each in data["object_types"]),
            "refusals": tuple(Refusal(**each) for each in data["refusals"]),
            "proposals": tuple(Proposal(**each) for each in data["proposals"]),
        }
    )
