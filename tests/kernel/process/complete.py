"""Processes that say everything: block-structured ones for the laws, and one to spoil by hand."""

from dataclasses import dataclass, field

from servoloop.kernel.process.readiness.readiness import Readiness, assess
from tests.kernel.process.blocks import Block, Drawing
from tests.kernel.process.drawing import document, start

STEP = (
    '<bpmn:extensionElements><servoloop:step standardTime="PT5M" responseTime="PT1H" role="agent">'
    "<servoloop:sop>Do it well.</servoloop:sop>{outputs}"
    '<servoloop:escalation role="supervisor" within="PT30M"/>'
    '<servoloop:escalation role="manager" within="PT1H"/>'
    "</servoloop:step></bpmn:extensionElements>"
)
SHEET = (
    '<bpmn:extensionElements><servoloop:sheet owner="bo">'
    '<servoloop:serviceLevel metric="first_response" within="PT2H"/>'
    '<servoloop:serviceLevel metric="resolution" within="P30D"/>'
    "</servoloop:sheet></bpmn:extensionElements>"
)


def choice(name: str, *options: str, tag: str = "output", required: bool = True) -> str:
    written = "".join(f'<servoloop:option value="{each}"/>' for each in options)
    return (
        f'<servoloop:{tag} name="{name}" type="choice" required="{str(required).lower()}">'
        f"{written}</servoloop:{tag}>"
    )


def output(name: str, type: str, rest: str = 'required="true"') -> str:
    return f'<servoloop:output name="{name}" type="{type}" {rest}/>'


def step(id: str, outputs: str = "") -> str:
    """A complete human step."""
    inside = STEP.format(outputs=outputs)
    return f'<bpmn:userTask id="{id}" name="{id.title()}">{inside}</bpmn:userTask>'


def form(*fields: str) -> str:
    inside = f"<servoloop:form>{''.join(fields)}</servoloop:form>" if fields else ""
    return start("start", f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>")


def judged(*parts: str, strict: bool | None = None) -> Readiness:
    """The verdict on a complete process with these parts."""
    body = f'<bpmn:process id="p" isExecutable="true">{SHEET}{"".join(parts)}</bpmn:process>'
    return assess(document(body), strict=strict)


def rules(readiness: Readiness) -> set[str]:
    return {each.rule.id for each in readiness.findings}


@dataclass
class CompleteDrawing(Drawing):
    """A drawing whose tasks say everything and whose decisions ask one choice of the form each."""

    fields: list[str] = field(default_factory=list)

    def task(self) -> str:
        name = self.new("task")
        self.texts.append(step(name))
        return name

    def _flows(self, edges: list[tuple[str, str]]) -> str:
        ways: dict[str, list[str]] = {}
        for source, target in edges:
            ways.setdefault(source, []).append(target)
        return "".join(
            self._flow(source, target, number, len(targets))
            for source, targets in ways.items()
            for number, target in enumerate(targets)
        )

    def _flow(self, source: str, target: str, number: int, count: int) -> str:
        condition = ""
        if count > 1 and self.gateways.get(source) == "exclusive":
            if number == 0:
                options = [f"way{each}" for each in range(count)]
                self.fields.append(choice(f"at_{source}", *options, tag="field"))
            condition = (
                f'<bpmn:conditionExpression>at_{source} = "way{number}"</bpmn:conditionExpression>'
            )
        return (
            f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}"'
            f' targetRef="{target}">{condition}</bpmn:sequenceFlow>'
        )

    def text(self) -> str:
        self.fields.clear()
        flows = self._flows(self.edges)
        inner = "".join(self.texts)
        form_text = form(*self.fields, *self._inner_fields(inner))
        written = SHEET + inner.replace("{start}", form_text) + flows
        for name, kind in self.gateways.items():
            written = written.replace(f"{{{name}}}", f'<bpmn:{kind}Gateway id="{name}"/>')
        for name, inside in self.ends.items():
            written = written.replace(
                f"{{{name}}}", f'<bpmn:endEvent id="{name}">{inside}</bpmn:endEvent>'
            )
        declared = '<bpmn:error id="e" errorCode="E1"/>'
        return f'{declared}<bpmn:process id="p" isExecutable="true">{written}</bpmn:process>'

    def _inner_fields(self, inner: str) -> list[str]:
        """Of the decisions inside scopes, whose flows were written when the scope was closed."""
        return [
            choice(f"at_{name}", *(f"way{n}" for n in range(3)), tag="field")
            for name in self.gateways
            if f'at_{name} = "way2"' in inner
        ] + [
            choice(f"at_{name}", "way0", "way1", tag="field")
            for name in self.gateways
            if f'at_{name} = "way1"' in inner and f'at_{name} = "way2"' not in inner
        ]

    def finish(self, first: str, last: str) -> None:
        self.texts.append("{start}")
        self.edges += [("start", first), (last, self.ending(""))]


def completely_drawn(block: Block) -> CompleteDrawing:
    drawing = CompleteDrawing()
    drawing.finish(*drawing.draw(block))
    return drawing
