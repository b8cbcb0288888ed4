"""The words that the current processes use: topics, messages, skills, and their own names."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import current_programs
from servoloop.storage.queries.step_words import process_name
from servoloop.storage.queries.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Each in the order of the alphabet."""

    topics: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    processes: Mapping[str, Words] = field(default_factory=dict)  # key -> name


def vocabulary(viewer: Viewer) -> Vocabulary:
    """Colleagues only; empty for others. One query once the current versions are compiled."""
    if not viewer.is_colleague:
        return Vocabulary()
    programs = current_programs()
    nodes = [node for program in programs for node in program.nodes]
    return Vocabulary(
        topics=tuple(sorted({node.step.topic for node in nodes if node.step.topic})),
        skills=tuple(sorted({skill for node in nodes for skill in node.step.skills})),
        messages=tuple(sorted({node.message.name for node in nodes if node.message})),
        processes={program.key: process_name(program) for program in programs},
    )
