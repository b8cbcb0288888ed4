"""From DMN's XML to the model; elements are known by their local names, so every version reads
alike."""

from collections.abc import Iterator

from lxml import etree

from servoloop.kernel.decisions.model import (
    Aggregation,
    BoxedConditional,
    BoxedContext,
    BoxedFilter,
    BoxedFunction,
    BoxedInvocation,
    BoxedList,
    BoxedLoop,
    BoxedRelation,
    ContextEntry,
    Decision,
    DecisionModel,
    DecisionService,
    DecisionTable,
    Element,
    HitPolicy,
    Import,
    InputClause,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    LiteralExpression,
    Logic,
    OutputClause,
    Parameter,
    Rule,
)

Xml = etree._Element

_NAMESPACES = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")

_HIT_POLICIES: dict[str, HitPolicy] = {
    "UNIQUE": "UNIQUE",
    "ANY": "ANY",
    "PRIORITY": "PRIORITY",
    "FIRST": "FIRST",
    "RULE ORDER": "RULE ORDER",
    "OUTPUT ORDER": "OUTPUT ORDER",
    "COLLECT": "COLLECT",
}
_AGGREGATIONS: dict[str, Aggregation] = {
    "SUM": "SUM",
    "COUNT": "COUNT",
    "MIN": "MIN",
    "MAX": "MAX",
}


def is_decision_model(root: Xml) -> bool:
    """Whether an XML root is DMN's ``definitions``."""
    name = etree.QName(root)
    return name.localname == "definitions" and (name.namespace or "").startswith(_NAMESPACES)


def read_model(root: Xml) -> DecisionModel:
    """The model in a ``definitions`` element; what it does not know is passed over."""
    elements: dict[str, Element] = {}
    for child in _children(root):
        element = _element(child)
        if element is not None:
            elements[element.id] = element
    return DecisionModel(
        name=root.get("name", ""),
        namespace=root.get("namespace", ""),
        elements=elements,
        types=tuple(_item(child) for child in _children(root, "itemDefinition")),
        imports=tuple(
            Import(name=(child.get("name") or "").strip(), namespace=child.get("namespace", ""))
            for child in _children(root, "import")
        ),
    )


def _element(xml: Xml) -> Element | None:
    match _local(xml):
        case "inputData":
            return InputData(id=_id(xml), name=_name(xml), type_ref=_variable_type(xml))
        case "decision":
            return Decision(
                id=_id(xml),
                name=_name(xml),
                logic=first_logic(xml),
                type_ref=_variable_type(xml),
                requires=_requirements(xml),
            )
        case "businessKnowledgeModel":
            function = _child(xml, "encapsulatedLogic")
            return KnowledgeModel(
                id=_id(xml),
                name=_name(xml),
                function=None if function is None else _function(function),
                type_ref=_variable_type(xml),
                requires=_requirements(xml),
            )
        case "decisionService":
            return DecisionService(
                id=_id(xml),
                name=_name(xml),
                type_ref=_variable_type(xml),
                outputs=_hrefs(xml, "outputDecision"),
                encapsulated=_hrefs(xml, "encapsulatedDecision"),
                input_decisions=_hrefs(xml, "inputDecision"),
                input_data=_hrefs(xml, "inputData"),
            )
    return None


def _requirements(xml: Xml) -> tuple[str, ...]:
    found: list[str] = []
    for kind, targets in (
        ("informationRequirement", ("requiredInput", "requiredDecision")),
        ("knowledgeRequirement", ("requiredKnowledge",)),
    ):
        for requirement in _children(xml, kind):
            for target in targets:
                found += _hrefs(requirement, target)
    return tuple(found)


def _item(xml: Xml) -> ItemDefinition:
    function = _child(xml, "functionItem")
    return ItemDefinition(
        name=_name(xml),
        type_ref=_type_text(_text_of(xml, "typeRef")),
        is_collection=xml.get("isCollection", "false").strip() in ("true", "1"),
        components=tuple(_item(child) for child in _children(xml, "itemComponent")),
        parameters=None if function is None else _parameters(function, "parameters"),
        result_ref=None if function is None else _type_text(function.get("outputTypeRef")),
        allowed=_unary_text(xml, "allowedValues"),
        constraint=_unary_text(xml, "typeConstraint"),
    )


def first_logic(xml: Xml) -> Logic | None:
    """The first boxed expression among the children of an element."""
    return next((found for child in _children(xml) if (found := _logic(child)) is not None), None)


def _logic(xml: Xml) -> Logic | None:
    match _local(xml):
        case "literalExpression":
            return _literal(xml)
        case "decisionTable":
            return _table(xml)
        case "context":
            return BoxedContext(
                entries=tuple(_entry(child) for child in _children(xml, "contextEntry")),
                type_ref=_type(xml),
                id=xml.get("id"),
            )
        case "functionDefinition":
            return _function(xml)
        case "invocation":
            return _invocation(xml)
        case "list":
            return BoxedList(items=_logics(xml), type_ref=_type(xml), id=xml.get("id"))
        case "relation":
            return BoxedRelation(
                columns=tuple(_name(column) for column in _children(xml, "column")),
                rows=tuple(_logics(row) for row in _children(xml, "row")),
                type_ref=_type(xml),
                id=xml.get("id"),
            )
        case "conditional" | "filter" | "for" | "some" | "every":
            return _branching(xml)
    return None


def _branching(xml: Xml) -> Logic:
    """A boxed conditional, filter or loop."""
    match _local(xml):
        case "conditional":
            return BoxedConditional(
                condition=_inner(xml, "if"),
                yes=_inner(xml, "then"),
                no=_inner(xml, "else"),
                type_ref=_type(xml),
                id=xml.get("id"),
            )
        case "filter":
            return BoxedFilter(
                source=_inner(xml, "in"),
                match=_inner(xml, "match"),
                type_ref=_type(xml),
                id=xml.get("id"),
            )
    kind = _local(xml)
    return BoxedLoop(
        kind="for" if kind == "for" else "some" if kind == "some" else "every",
        variable=" ".join((xml.get("iteratorVariable") or "").split()),
        source=_inner(xml, "in"),
        body=_inner(xml, "return" if kind == "for" else "satisfies"),
        type_ref=_type(xml),
        id=xml.get("id"),
    )


def _inner(xml: Xml, name: str) -> Logic:
    child = _child(xml, name)
    found = None if child is None else first_logic(child)
    return LiteralExpression(text="null") if found is None else found


def _logics(xml: Xml) -> tuple[Logic, ...]:
    return tuple(found for child in _children(xml) if (found := _logic(child)) is not None)


def _literal(xml: Xml) -> LiteralExpression:
    return LiteralExpression(
        text=_text_of(xml, "text") or "",
        type_ref=_type(xml),
        language=xml.get("expressionLanguage"),
        id=xml.get("id"),
    )


def _entry(xml: Xml) -> ContextEntry:
    variable = _child(xml, "variable")
    return ContextEntry(
        name=None if variable is None else _name(variable),
        value=first_logic(xml) or LiteralExpression(text="null"),
        type_ref=None if variable is None else _type(variable),
    )


def _function(xml: Xml) -> BoxedFunction:
    return BoxedFunction(
        parameters=_parameters(xml, "formalParameter"),
        body=first_logic(xml),
        is_external=(xml.get("kind") or "FEEL").strip().upper() != "FEEL",
        type_ref=_type(xml),
        id=xml.get("id"),
    )


def _parameters(xml: Xml, name: str) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name=_name(child), type_ref=_type(child)) for child in _children(xml, name)
    )


def _invocation(xml: Xml) -> BoxedInvocation:
    bindings = []
    for binding in _children(xml, "binding"):
        parameter = _child(binding, "parameter")
        value = first_logic(binding) or LiteralExpression(text="null")
        bindings.append(("" if parameter is None else _name(parameter), value))
    return BoxedInvocation(
        function=first_logic(xml) or LiteralExpression(text="null"),
        bindings=tuple(bindings),
        type_ref=_type(xml),
        id=xml.get("id"),
    )


def _table(xml: Xml) -> DecisionTable:
    return DecisionTable(
        inputs=tuple(_input(child) for child in _children(xml, "input")),
        outputs=tuple(_output(child) for child in _children(xml, "output")),
        rules=tuple(_rule(child) for child in _children(xml, "rule")),
        hit_policy=_HIT_POLICIES.get((xml.get("hitPolicy") or "UNIQUE").strip(), "UNIQUE"),
        aggregation=_AGGREGATIONS.get((xml.get("aggregation") or "").strip()),
        type_ref=_type(xml),
        id=xml.get("id"),
    )


def _input(xml: Xml) -> InputClause:
    expression = _child(xml, "inputExpression")
    return InputClause(
        expression=LiteralExpression(text="null") if expression is None else _literal(expression),
        label=xml.get("label"),
        allowed=_unary_text(xml, "inputValues"),
        id=xml.get("id"),
    )


def _output(xml: Xml) -> OutputClause:
    default = _child(xml, "defaultOutputEntry")
    return OutputClause(
        name=_name(xml) or None,
        label=xml.get("label"),
        type_ref=_type(xml),
        allowed=_unary_text(xml, "outputValues"),
        default=None if default is None else _literal(default),
        id=xml.get("id"),
    )


def _rule(xml: Xml) -> Rule:
    annotations = [_text_of(child, "text") or "" for child in _children(xml, "annotationEntry")]
    description = _text_of(xml, "description")
    return Rule(
        tests=tuple(_text_of(child, "text") or "-" for child in _children(xml, "inputEntry")),
        answers=tuple(_literal(child) for child in _children(xml, "outputEntry")),
        annotation=" ".join(filter(None, annotations)) or description,
        id=xml.get("id"),
    )


# XML.


def _local(xml: Xml) -> str:
    return etree.QName(xml).localname


def _children(xml: Xml, name: str | None = None) -> Iterator[Xml]:
    """Child elements in DMN's own namespaces, by local name."""
    for child in xml.iterchildren("{*}*"):
        qualified = etree.QName(child)
        if (qualified.namespace or "").startswith(_NAMESPACES) and name in (
            None,
            qualified.localname,
        ):
            yield child


def _child(xml: Xml, name: str) -> Xml | None:
    return next(_children(xml, name), None)


def _text_of(xml: Xml, name: str) -> str | None:
    child = _child(xml, name)
    return None if child is None else "".join(str(part) for part in child.itertext())


def _unary_text(xml: Xml, name: str) -> str | None:
    child = _child(xml, name)
    text = None if child is None else _text_of(child, "text")
    return text if text and text.strip() else None


def _id(xml: Xml) -> str:
    return xml.get("id") or f"_{_name(xml)}"


def _name(xml: Xml) -> str:
    return " ".join((xml.get("name") or "").split())


def _hrefs(xml: Xml, name: str) -> tuple[str, ...]:
    return tuple(href for child in _children(xml, name) if (href := child.get("href")))


def _variable_type(xml: Xml) -> str | None:
    variable = _child(xml, "variable")
    return None if variable is None else _type(variable)


def _type(xml: Xml) -> str | None:
    return _type_text(xml.get("typeRef"))


def _type_text(text: str | None) -> str | None:
    """The name of a type; old files write it with a prefix, as in ``feel:number``."""
    return " ".join((text or "").split()).rpartition(":")[2].rpartition("}")[2] or None
