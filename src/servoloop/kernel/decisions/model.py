"""A decision model as data: decisions, what they require, and the logic in their boxes (DMN 1.2 to
1.5).

Texts are FEEL as written; nothing here is compiled. ``type_ref`` is the name of a type or None.
"""

from dataclasses import dataclass, field
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralExpression:
    """A FEEL text; another ``language`` than FEEL cannot be evaluated."""

    text: str
    type_ref: str | None = None
    language: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A column that rules test: its expression and, maybe, the values it may have."""

    expression: LiteralExpression
    label: str | None = None
    allowed: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """A column that rules answer; ``allowed`` also gives the priority of its values."""

    name: str | None = None
    label: str | None = None
    type_ref: str | None = None
    allowed: str | None = None
    default: LiteralExpression | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: the texts of its tests and of its answers."""

    tests: tuple[str, ...]
    answers: tuple[LiteralExpression, ...]
    annotation: str | None = None
    id: str | None = None


HitPolicy = OneOf["UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregation = OneOf["SUM", "COUNT", "MIN", "MAX"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """Rules over columns; the hit policy says what several matching rules mean."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy = "UNIQUE"
    aggregation: Aggregation | None = None
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """A named value, or without a name the result of its context."""

    name: str | None
    value: "Logic"
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedContext:
    """Named values in order, each seeing those before it."""

    entries: tuple[ContextEntry, ...]
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a function."""

    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFunction:
    """A function of FEEL, or one in another language, which answers null here."""

    parameters: tuple[Parameter, ...]
    body: "Logic | None"
    is_external: bool = False
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedInvocation:
    """A call with named arguments."""

    function: "Logic"
    bindings: tuple[tuple[str, "Logic"], ...]
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedList:
    """Items in boxes."""

    items: tuple["Logic", ...]
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedRelation:
    """A list of contexts, written as a table of columns and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple["Logic", ...], ...]
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedConditional:
    """``if … then … else …`` in boxes."""

    condition: "Logic"
    yes: "Logic"
    no: "Logic"
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFilter:
    """``source[match]`` in boxes."""

    source: "Logic"
    match: "Logic"
    type_ref: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedLoop:
    """``for``, ``some`` or ``every`` in boxes."""

    kind: OneOf["for", "some", "every"]
    variable: str
    source: "Logic"
    body: "Logic"
    type_ref: str | None = None
    id: str | None = None


Logic = (
    LiteralExpression
    | DecisionTable
    | BoxedContext
    | BoxedFunction
    | BoxedInvocation
    | BoxedList
    | BoxedRelation
    | BoxedConditional
    | BoxedFilter
    | BoxedLoop
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A type: a name for another one, a context of components, or a function."""

    name: str
    type_ref: str | None = None
    is_collection: bool = False
    components: tuple["ItemDefinition", ...] = ()
    parameters: tuple[Parameter, ...] | None = None
    result_ref: str | None = None
    allowed: str | None = None
    constraint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model, under a name; an empty name imports its elements as they are called."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """What is handed in."""

    id: str
    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A value worked out from inputs, decisions and knowledge; ``requires`` are references."""

    id: str
    name: str
    logic: Logic | None
    type_ref: str | None = None
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeModel:
    """A function that decisions share (business knowledge model)."""

    id: str
    name: str
    function: BoxedFunction | None
    type_ref: str | None = None
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """Decisions offered as one function of inputs."""

    id: str
    name: str
    type_ref: str | None = None
    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


Element = InputData | Decision | KnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionModel:
    """One file: its elements by id, its types and its imports."""

    name: str
    namespace: str
    elements: dict[str, Element] = field(default_factory=dict)
    types: tuple[ItemDefinition, ...] = ()
    imports: tuple[Import, ...] = ()

    def named(self, name: str) -> Element | None:
        """The decision, service, knowledge or input of that name, in this order of preference."""
        kinds = (Decision, DecisionService, KnowledgeModel, InputData)
        for kind in kinds:
            for element in self.elements.values():
                if isinstance(element, kind) and element.name == name:
                    return element
        return None

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions in the order of the file."""
        return tuple(e for e in self.elements.values() if isinstance(e, Decision))
