"""The cases that each finding of a diagnosis names, kept beside its report."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the mining libraries take seconds to load
    from servoloop.kernel.mining.findings.finding import Finding

FILE = "finding_cases.json"


def write_finding_cases(findings: "Iterable[Finding]", folder: Path) -> None:
    """By the key of the finding."""
    kept = {each.key: each.affected for each in findings}
    (folder / FILE).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def read_finding_cases(folder: Path) -> Mapping[str, Sequence[str]]:
    """None of a diagnosis from before they were kept."""
    file = folder / FILE
    if not file.exists():
        return {}
    kept: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return kept
