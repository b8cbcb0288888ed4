"""A definition as a planner of redesigns sees it: its steps by what a log calls them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servoloop.kernel.mining.conformance.net import plain_name
from servoloop.kernel.process.document import Document
from servoloop.kernel.process.program import Flow, Node, Op, Program
from servoloop.kernel.process.redesign.operations import CannotRedesign, Redesign
from servoloop.kernel.process.step import Field, FieldType
from servoloop.kernel.process.words import Words

Plan = tuple[Redesign, ...]
"""Changes to be made together."""

NO_NAMES: Mapping[str, str] = {}


def words(en: str, zh: str) -> Words:
    """A text of a file: these are named in Chinese, with English labels."""
    return Words(default=zh, translations={"en": en})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Definition:
    """The file, its program, and `aliases` from activities of the log to steps (id or name).

    `cases` are those of the log that run by it, where the log holds cases of several processes.
    """

    document: Document
    program: Program
    library: Mapping[str, Document]
    aliases: Mapping[str, str]
    cases: frozenset[str] = frozenset()

    def step(self, activity: str) -> Node:
        """The step that the log calls so. Raises CannotRedesign when there is none."""
        found = self.find(activity)
        if found is not None:
            return found
        raise CannotRedesign(
            f"The definition has no step '{activity}' to change.",
            f"流程定义中没有可修改的步骤“{activity}”。",
        )

    def find(self, activity: str) -> Node | None:
        """The step by id, or by name in any language."""
        wanted = self.aliases.get(activity, activity)
        if wanted in self.program.by_id:
            return self.program.node(wanted)
        plain = plain_name(wanted)
        for node in self.program.nodes:
            names = (node.name.default, *node.name.translations.values())
            if plain in {plain_name(name) for name in names if name}:
                return node
        return None

    def human(self, activity: str) -> Node:
        """The same, when people do it."""
        node = self.step(activity)
        if node.op is Op.HUMAN:
            return node
        raise CannotRedesign(
            f"'{activity}' is not done by people here, so there is nothing to change in how it is.",
            f"“{activity}”在此并非人工步骤，没有可调整的做法。",
        )

    @property
    def humans(self) -> tuple[Node, ...]:
        """Steps of people, in the order of the file."""
        return tuple(node for node in self.program.nodes if node.op is Op.HUMAN)

    @property
    def first_human(self) -> Node:
        """The step with which people begin. Raises CannotRedesign when they do nothing."""
        for node in self.walk(self.program.start):
            if node.op is Op.HUMAN:
                return node
        if self.humans:
            return self.humans[0]
        raise CannotRedesign(
            "No step of the definition is done by people.", "流程定义中没有人工步骤。"
        )

    @property
    def start(self) -> Node:
        """The start event with the form. Raises CannotRedesign when there is none."""
        if self.program.start >= 0:
            return self.program.nodes[self.program.start]
        raise CannotRedesign(
            "The definition has no start event with a form.", "流程定义没有带表单的开始事件。"
        )

    def walk(self, index: int) -> Iterator[Node]:
        """The nodes from one on, breadth first."""
        seen, waiting = {index}, [index] if index >= 0 else []
        while waiting:
            node = self.program.nodes[waiting.pop(0)]
            yield node
            inner = [node.inner_start] if node.inner_start >= 0 else []
            for target in (*inner, *(flow.target for flow in self.ways(node))):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)

    def ways(self, node: Node) -> list[Flow]:
        """The flows out of a node."""
        return [self.program.flows[each] for each in node.outgoing]

    def before(self, node: Node) -> list[Node]:
        """The nodes before one, nearest first, as long as there is no other way in or out."""
        found: list[Node] = []
        while len(node.incoming) == 1:
            node = self.program.nodes[self.program.flows[node.incoming[0]].source]
            if len(node.outgoing) != 1:
                break
            found.append(node)
        return found

    def amounts(self, *, but: Node) -> list[Field]:
        """Fields of money that are known when a step begins, those of the last steps first."""
        earlier = [n for n in self.program.nodes if n.index < but.index and n.index != but.index]
        fields = [f for node in reversed(earlier) for f in node.step.outputs]
        return [f for f in (*fields, *self.program.sheet.form) if f.type is FieldType.MONEY]
