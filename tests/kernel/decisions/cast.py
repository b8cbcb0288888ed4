"""Decision models for the tests: a table of priorities, and ways to write others."""

from typing import Any

from servoloop.kernel.decisions.document import DecisionDocument, read_document
from servoloop.kernel.decisions.program import DecisionProgram, compile_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def document(body: str, *, name: str = "model", namespace: str = "urn:model") -> DecisionDocument:
    """A document with the elements in ``body``."""
    text = (
        f'<definitions xmlns="{NAMESPACE}" xmlns:x="urn:foreign" name="{name}" '
        f'namespace="{namespace}" id="definitions">{body}</definitions>'
    )
    return read_document(text.encode())


def program(body: str) -> DecisionProgram:
    """A compiled model with the elements in ``body``."""
    return compile_decisions(document(body).model)


def inputs(**types: str) -> str:
    """Input data by name and type."""
    return "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_}"/>'
        f"</inputData>"
        for name, type_ in types.items()
    )


def requires(*names: str) -> str:
    """Requirements of input data."""
    return "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>'
        for name in names
    )


def table(
    columns: dict[str, str],
    rules: list[tuple[tuple[str, ...], str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    output_values: str = "",
    default: str = "",
) -> str:
    """A decision ``Answer`` with a table: columns by name and type, rules of tests and answer."""
    clauses = "".join(
        f'<input><inputExpression typeRef="{type_}"><text>{name}</text></inputExpression></input>'
        for name, type_ in columns.items()
    )
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{_xml(test)}</text></inputEntry>" for test in tests)
        + f"<outputEntry><text>{_xml(answer)}</text></outputEntry></rule>"
        for tests, answer in rules
    )
    values = f"<outputValues><text>{_xml(output_values)}</text></outputValues>"
    fallback = f"<defaultOutputEntry><text>{_xml(default)}</text></defaultOutputEntry>"
    attributes = f'hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "")
    return (
        f"{inputs(**columns)}"
        f'<decision id="answer" name="Answer"><variable name="Answer"/>{requires(*columns)}'
        f"<decisionTable {attributes}>{clauses}"
        f"<output>{values if output_values else ''}{fallback if default else ''}</output>"
        f"{rows}</decisionTable></decision>"
    )


def decision(text: str, *, name: str = "Answer", needs: str = "", type_ref: str = "") -> str:
    """A decision that is one expression."""
    type_text = f' typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}"{type_text}/>{needs}'
        f"<literalExpression><text>{_xml(text)}</text></literalExpression></decision>"
    )


def answer(of: DecisionProgram, **given: Any) -> Any:
    """What the decision ``Answer`` comes to."""
    return of.evaluate("Answer", given).value


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
