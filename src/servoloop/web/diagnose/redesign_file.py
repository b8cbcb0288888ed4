"""The candidate redesigns of a diagnosis, kept beside its report as `redesigns.json`."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the mining libraries take seconds to load
    from servoloop.kernel.mining.findings.finding import Finding

FILE = "redesigns.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRedesign:
    """A changed BPMN file, with the finding that it answers in both languages."""

    key: str  # of the finding
    definition: str  # process id
    version: str  # of the definition that it changes
    says: dict[str, str]  # "en" and "zh"
    bpmn: str


def write_redesigns(findings: "Iterable[Finding]", folder: Path) -> None:
    """Those findings that have one."""
    kept = [
        KeptRedesign(
            key=each.key,
            definition=each.proposal.definition,
            version=each.proposal.version,
            says={language: each.says.in_language(language) for language in ("en", "zh")},
            bpmn=each.proposal.redesign.decode(),
        )
        for each in findings
        if each.proposal is not None and each.proposal.redesign is not None
    ]
    text = json.dumps([asdict(each) for each in kept], ensure_ascii=False)
    (folder / FILE).write_text(text, encoding="utf-8")


def read_redesigns(folder: Path) -> list[KeptRedesign]:
    """By expected gain, as the findings; none of a diagnosis from before they were kept."""
    file = folder / FILE
    if not file.exists():
        return []
    return [KeptRedesign(**each) for each in json.loads(file.read_text(encoding="utf-8"))]
