"""A decision model compiled: evaluate a decision, a service or a function by name, and say why.

Elements are known across models by (namespace, id). The variables of an element are exactly what it
requires; an element of an imported model is reached as ``import name.element name``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from servoloop.kernel.decisions.elements import (
    CompiledElement,
    Key,
    Need,
    compile_element,
    result_type,
)
from servoloop.kernel.decisions.errors import UnknownDecision
from servoloop.kernel.decisions.explanation import TableExplanation
from servoloop.kernel.decisions.item_types import (
    Types,
    component_names,
    define_types,
)
from servoloop.kernel.decisions.model import (
    Decision,
    DecisionModel,
    DecisionService,
    Element,
    InputData,
    KnowledgeModel,
)
from servoloop.kernel.decisions.problems import Problem
from servoloop.kernel.feel.budget import SIZE, STEPS, Budget
from servoloop.kernel.feel.compiler import FIRST_LOCAL
from servoloop.kernel.feel.data import Data, to_data
from servoloop.kernel.feel.errors import BudgetExceeded
from servoloop.kernel.feel.types import coerce
from servoloop.kernel.feel.values import Function, from_python


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a decision came to, and the tables that had a part in it, in order."""

    value: Any
    explanations: tuple[TableExplanation, ...]

    def to_data(self) -> dict[str, Data]:
        """The outcome as JSON-able data for an event."""
        because: list[Any] = [explanation.to_data() for explanation in self.explanations]
        return {"value": to_data(self.value), "because": because}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionProgram:
    """A model, with those it imports, compiled. ``problems`` are texts that could not be read."""

    model: DecisionModel
    elements: dict[Key, CompiledElement] = field(repr=False)
    types: dict[str, Types] = field(repr=False)
    import_paths: dict[str, tuple[tuple[str, ...], ...]] = field(repr=False)
    named: dict[str, Element] = field(repr=False)
    problems: tuple[Problem, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The decisions and services that can be evaluated."""
        return tuple(
            element.name
            for element in self.model.elements.values()
            if isinstance(element, (Decision, DecisionService))
        )

    def evaluate(
        self,
        name: str,
        context: Mapping[str, Any],
        *,
        at: datetime | None = None,
        steps: int = STEPS,
        size: int = SIZE,
        explain: bool = True,
    ) -> Outcome:
        """Evaluate a decision, or a service with its inputs in the context; null where it fails.

        Raises UnknownDecision, and BudgetExceeded or FeelTypeError like an expression.
        """
        element = self.named.get(name)
        if element is None:
            raise UnknownDecision(name, known=self.names)
        budget = Budget(steps=steps, size=size, at=at)
        budget.trace = [] if explain else None
        run = _Run(program=self, home=self.model.namespace, inputs=context, budget=budget)
        try:
            value = run.value((self.model.namespace, element.id))
            if isinstance(element, DecisionService) and isinstance(value, Function):
                value = value.call([run.given(n) for n in value.parameters], budget)
        except ArithmeticError:
            value = None
        except RecursionError:
            raise BudgetExceeded("The decision nests values or calls too deeply.") from None
        return Outcome(value=value, explanations=tuple(budget.trace or ()))

    def invoke(self, name: str, arguments: Mapping[str, Any], *, at: datetime | None = None) -> Any:
        """Call a service or a knowledge model by name with named arguments."""
        element = self.model.named(name)
        if not isinstance(element, (DecisionService, KnowledgeModel)):
            raise UnknownDecision(name, known=self.names)
        run = _Run(program=self, home=self.model.namespace, inputs={}, budget=Budget(at=at))
        function = run.value((self.model.namespace, element.id))
        if not isinstance(function, Function):
            return None
        values = [from_python(arguments.get(parameter)) for parameter in function.parameters]
        return function.call(values, run.budget)


def compile_decisions(
    model: DecisionModel, *, imported: Iterable[DecisionModel] = ()
) -> DecisionProgram:
    """Compile a model with the models that it imports, directly or through others."""
    models = {other.namespace: other for other in imported} | {model.namespace: model}
    types: dict[str, Types] = {}
    for namespace in models:
        _types_of(namespace, models, types, path=())
    properties = component_names(models.values())
    elements: dict[Key, CompiledElement] = {}
    problems: list[Problem] = []
    for other in models.values():
        for element in other.elements.values():
            compiled = compile_element(element, other, models, types[other.namespace], properties)
            elements[compiled[0].key] = compiled[0]
            problems += compiled[1]
    return DecisionProgram(
        model=model,
        elements=elements,
        types=types,
        import_paths=_import_paths(model, models),
        named=_named(model),
        problems=tuple(problems),
    )


def _named(model: DecisionModel) -> dict[str, Element]:
    """What can be evaluated, by name; a decision comes before a service or function of its name."""
    names = [e.name for e in model.elements.values() if not isinstance(e, InputData)]
    found = {name: model.named(name) for name in names}
    return {name: element for name, element in found.items() if element is not None}


def _types_of(
    namespace: str, models: dict[str, DecisionModel], types: dict[str, Types], path: tuple[str, ...]
) -> Types:
    if namespace not in models or namespace in path:
        return {}
    if namespace not in types:
        model = models[namespace]
        types[namespace] = define_types(
            model,
            [
                (entry.name, _types_of(entry.namespace, models, types, (*path, namespace)))
                for entry in model.imports
            ],
        )
    return types[namespace]


def _import_paths(
    model: DecisionModel, models: dict[str, DecisionModel]
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """All chains of import names that lead from a model to another one."""
    paths: dict[str, list[tuple[str, ...]]] = {model.namespace: [()]}
    pending: list[tuple[DecisionModel, tuple[str, ...], tuple[str, ...]]] = [(model, (), ())]
    while pending:
        found, path, passed = pending.pop(0)
        for entry in found.imports:
            if entry.namespace not in models or entry.namespace in passed or len(path) > 8:
                continue
            longer = (*path, entry.name) if entry.name else path
            paths.setdefault(entry.namespace, []).append(longer)
            following = models[entry.namespace]
            pending.append((following, longer, (*passed, found.namespace)))
    return {namespace: tuple(found) for namespace, found in paths.items()}


@dataclass(slots=True, kw_only=True)
class _Run:
    """One evaluation: values worked out so far, on one budget."""

    program: DecisionProgram
    home: str
    inputs: Mapping[str, Any]
    budget: Budget
    values: dict[Key, Any] = field(default_factory=dict)
    underway: set[Key] = field(default_factory=set)
    is_service: bool = False

    def value(self, key: Key) -> Any:
        """The value of an element; null for one that requires itself."""
        if key in self.values:
            return self.values[key]
        if key in self.underway:
            return None
        self.underway.add(key)
        found = self.program.elements[key]
        value = self._work_out(found)
        if found.type is not None and isinstance(found.element, InputData):
            value = coerce(value, found.type, self.program.types[key[0]])[1]
        self.underway.discard(key)
        self.values[key] = value
        return value

    def _work_out(self, found: CompiledElement) -> Any:
        if isinstance(found.element, InputData):
            return self._input(found)
        if isinstance(found.element, DecisionService):
            return self._service(found, found.element)
        logic = found.logic
        assert logic is not None
        variables = self._variables(found.needs)
        if not logic.framed:
            return logic.run(variables)
        locals_ = [None] * (logic.places - FIRST_LOCAL)
        return logic.run([variables, self.budget, {}, *locals_])

    def _variables(self, needs: tuple[Need, ...]) -> dict[str, Any]:
        variables: dict[str, Any] = {}
        for need in needs:
            if need.is_own_input and not self.is_service and need.key[0] == self.home:
                name = need.path[0]
                value = self.inputs.get(name)
                if value is not None and type(value) not in need.input_kinds:
                    value = self._converted(value, need)
                variables[name] = value
                continue
            inner = variables
            for name in need.path[:-1]:
                inner = inner.setdefault(name, {})
            inner[need.path[-1]] = self.value(need.key)
        return variables

    def _converted(self, value: Any, need: Need) -> Any:
        value = from_python(value)
        if need.input_type is None:
            return value
        return coerce(value, need.input_type, self.program.types[need.key[0]])[1]

    def _input(self, found: CompiledElement) -> Any:
        """What was handed in for an input; for an imported one, under the import's name."""
        namespace = found.key[0]
        for path in self.program.import_paths.get(namespace, ()):
            inner: Any = self.inputs
            for name in path:
                inner = inner.get(name) if isinstance(inner, Mapping) else None
            if isinstance(inner, Mapping) and found.element.name in inner:
                return from_python(inner[found.element.name])
        return from_python(self.inputs.get(found.element.name))

    def given(self, name: str) -> Any:
        """What was handed in under a name."""
        return from_python(self.inputs.get(name))

    def _service(self, found: CompiledElement, service: DecisionService) -> Function:
        model_namespace = found.key[0]
        inputs = self._keys(model_namespace, (*service.input_data, *service.input_decisions))
        outputs = self._keys(model_namespace, service.outputs)
        names = tuple(self.program.elements[key].element.name for key in inputs)
        types = self.program.types[model_namespace]
        result = result_type(service.type_ref, types)

        def call(arguments: list[Any], budget: Budget) -> Any:
            values: dict[Key, Any] = {}
            for key, argument in zip(inputs, arguments, strict=True):
                fits, value = self._argument(key, argument)
                if not fits:
                    return None
                values[key] = value
            budget.enter()
            inner = _Run(
                program=self.program,
                home=self.home,
                inputs={},
                budget=budget,
                values=values,
                is_service=True,
            )
            answers = {self.program.elements[key].element.name: inner.value(key) for key in outputs}
            budget.leave()
            answer = next(iter(answers.values())) if len(outputs) == 1 else answers
            return answer if result is None else coerce(answer, result, types)[1]

        declared = tuple(self.program.elements[key].type for key in inputs)
        return Function(
            name=service.name, parameters=names, call=call, types=declared, result=result
        )

    def _argument(self, key: Key, argument: Any) -> tuple[bool, Any]:
        target = self.program.elements[key]
        if target.type is None:
            return True, argument
        return coerce(argument, target.type, self.program.types[key[0]])

    def _keys(self, namespace: str, references: Iterable[str]) -> list[Key]:
        keys = []
        for reference in references:
            other, _, identifier = reference.rpartition("#")
            key = (other or namespace, identifier)
            if key in self.program.elements:
                keys.append(key)
        return keys
