"""Nothing that comes in a file may raise outside our error tree."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.reader import read_model
from tests.kernel.process.blocks import Drawing, blocks, drawn
from tests.kernel.process.drawing import HEAD, MIWG, TINY

FILES = (TINY, *sorted(MIWG.glob("*.bpmn")))
SMALL = tuple(each for each in FILES if each.stat().st_size < 50_000)
FRAGMENTS = (
    *(b"<", b">", b"&", b'"', b"\x00", b"\xff", b"]]>", b"<!--", b"&#x0;", b"\xef\xbb\xbf"),
    *(b'id="', b"<bpmn:task/>", b"isExecutable", b"P1D", b"=", b"${", b"true", b"-1", b"1e999"),
)
PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(content: bytes) -> bool:
    """Read, model, check, write again; False when it was refused with a sentence."""
    try:
        document = read_document(content)
    except ServoloopError as error:
        assert str(error).endswith("."), str(error)
        return False
    verdict = check(document)
    assert (verdict.program is not None) == verdict.is_executable
    assert all(each.words for each in verdict.findings)
    again = read_document(document.to_bytes())
    assert again.version() == document.version()
    assert [each.id for each in read_model(again).nodes()] == [
        each.id for each in read_model(document).nodes()
    ]
    return True


@PATIENT
@given(data=st.data())
def test_mangled_files_are_refused_or_read(data: st.DataObject) -> None:
    path: Path = data.draw(st.sampled_from(FILES), label="file")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        position = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["flip", "delete", "insert", "copy"]))
        length = data.draw(st.integers(1, 60))
        if kind == "flip":
            content[position] ^= data.draw(st.integers(1, 255))
        elif kind == "delete":
            del content[position : position + length]
        elif kind == "insert":
            content[position:position] = data.draw(st.sampled_from(FRAGMENTS))
        else:
            other = data.draw(st.integers(0, len(content) - 1))
            content[position:position] = content[other : other + length]
        if not content:
            break
    survives(bytes(content))


@PATIENT
@given(data=st.data())
def test_files_whose_values_are_exchanged_are_read(data: st.DataObject) -> None:
    """Stays well-formed, so that the reader and the compiler see the nonsense."""
    path: Path = data.draw(st.sampled_from(SMALL), label="file")
    document = read_document(path.read_bytes())
    elements = [*document.root.iter("*")]
    values = sorted({str(value) for each in elements for value in each.attrib.values()})
    tags = sorted({str(each.tag) for each in elements})
    for _ in range(data.draw(st.integers(1, 6), label="changes")):
        element = data.draw(st.sampled_from(elements))
        kind = data.draw(st.sampled_from(["attribute", "text", "tag", "move"]))
        if kind == "attribute" and element.attrib:
            name = data.draw(st.sampled_from(sorted(map(str, element.attrib))))
            element.set(name, data.draw(st.sampled_from([*values, "", "=", "x y", "-5", "ü"])))
        elif kind == "text":
            element.text = data.draw(st.sampled_from([*values, "", "=1 +", "P1M", "a = "]))
        elif kind == "tag" and element.getparent() is not None:
            element.tag = data.draw(st.sampled_from(tags))
        elif kind == "move":
            target = data.draw(st.sampled_from(elements))
            if element is not target and element not in target.iterancestors():
                target.append(element)
    survives(document.to_bytes())


@PATIENT
@given(text=st.text(max_size=80), extension=st.text(max_size=40))
def test_any_expression_and_any_extension_is_read(text: str, extension: str) -> None:
    clean = "".join(each for each in text if each.isprintable()).replace("&", "").replace("<", "")
    value = "".join(each for each in extension if each.isprintable())
    value = value.replace("&", "").replace("<", "").replace('"', "")
    content = (
        f'{HEAD}<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/>'
        f'<bpmn:userTask id="t"><bpmn:extensionElements><servoloop:step standardTime="{value}"'
        f' role="{value}" costRate="{value}" retries="{value}" layer="{value}">'
        f'<servoloop:output name="{value}" type="{value}" minimum="{value}"/>'
        f'<servoloop:escalation role="{value}" within="{value}"/><servoloop:sop lang="{value}"/>'
        f"</servoloop:step></bpmn:extensionElements></bpmn:userTask>"
        f'<bpmn:exclusiveGateway id="g" default="g-e"/><bpmn:endEvent id="e"/>'
        f'<bpmn:sequenceFlow id="s-t" sourceRef="s" targetRef="t"/>'
        f'<bpmn:sequenceFlow id="t-g" sourceRef="t" targetRef="g"/>'
        f'<bpmn:sequenceFlow id="g-e" sourceRef="g" targetRef="e"/>'
        f'<bpmn:sequenceFlow id="g-t" sourceRef="g" targetRef="t"><bpmn:conditionExpression>'
        f"{clean}</bpmn:conditionExpression></bpmn:sequenceFlow>"
        f"</bpmn:process></bpmn:definitions>"
    )
    survives(content.encode())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_unmangled_files_survive(path: Path) -> None:
    assert survives(path.read_bytes())


@settings(max_examples=30, deadline=None)
@given(drawing=blocks(max_leaves=20).map(drawn))
def test_the_same_file_always_gets_the_same_verdict(drawing: Drawing) -> None:
    content = f"{HEAD}{drawing.text()}</bpmn:definitions>".encode()
    assert check(read_document(content)).findings == check(read_document(content)).findings
