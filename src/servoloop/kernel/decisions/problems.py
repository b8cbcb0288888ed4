"""What is wrong with a decision model, in words for the person who maintains it."""

from dataclasses import dataclass, field
from typing import Any
from typing import Literal as OneOf

ProblemKind = OneOf[
    "syntax", "unknown name", "unknown type", "type", "gap", "overlap", "unreachable", "structure"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding. ``where`` names the decision and the cell; ``example`` is an input that shows
    it."""

    kind: ProblemKind
    where: str
    message: str
    is_error: bool = True
    example: dict[str, Any] = field(default_factory=dict)
    rules: tuple[int, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The finding as JSON-able data."""
        return {
            "kind": self.kind,
            "where": self.where,
            "message": self.message,
            "error": self.is_error,
            "example": self.example,
            "rules": list(self.rules),
        }
