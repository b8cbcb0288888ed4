"""A change made in an editor that loses half of the file, grafted onto the whole of it."""

from copy import deepcopy
from random import Random

import pytest
from lxml import etree

from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.graft import graft
from servoloop.kernel.process.namespaces import BPMN, SERVOLOOP, bpmn
from servoloop.kernel.process.pairing import written
from tests.kernel.process.drawing import ROOT

FOREIGN = "urn:another:tool"
REST = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:other="urn:another:tool" id="d"'
    ' targetNamespace="urn:d"'
)
TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" {rest}>
  <bpmn:process id="p" isExecutable="true" isClosed="false">
    <?hint keep me?>
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <!-- the heart of it -->
    <bpmn:userTask id="a" name="First" startQuantity="1">
      <bpmn:extensionElements>
        <other:memo priority="3">call back</other:memo>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming>
      <bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <other:swimlane id="x1" colour="blue"/>
    <bpmn:userTask id="b" name="Second"><bpmn:incoming>f2</bpmn:incoming></bpmn:userTask>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="a"/>
    <bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
  </bpmn:process>
</bpmn:definitions>
""".replace("{rest}", REST)
LOST = {f"{{{FOREIGN}}}swimlane"}
DEFAULTS = {("isClosed", "false"), ("startQuantity", "1")}


def whole(text: str = TEXT) -> Document:
    return read_document(text.encode())


def exported(document: Document) -> Document:
    """What an editor writes: no comments, no instructions, no defaults, another prefix."""
    root = deepcopy(document.root)
    for each in list(root.iter(etree.Comment, etree.ProcessingInstruction, *LOST)):
        parent = each.getparent()
        if parent is not None:
            parent.remove(each)
    for each in root.iter("*"):
        for name, value in DEFAULTS:
            if each.get(name) == value:
                del each.attrib[name]
    return read_document(etree.tostring(root).replace(b"bpmn:", b"b2:").replace(b":bpmn=", b":b2="))


def changed(document: Document, *edits: tuple[str, str]) -> Document:
    text = exported(document).to_bytes().decode()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return read_document(text.encode())


def result(*edits: tuple[str, str], text: str = TEXT) -> str:
    document = whole(text)
    edited = changed(document, *edits)
    return graft(document, before=exported(whole(text)), edited=edited).to_bytes().decode()


def test_nothing_changed_leaves_every_byte() -> None:
    assert result() == TEXT


def test_a_new_name_is_the_only_difference() -> None:
    assert result(('name="First"', 'name="Erste"')) == TEXT.replace("First", "Erste")


def test_an_attribute_that_was_taken_away_goes_and_a_default_stays() -> None:
    kept = result((' name="First"', ""))
    assert 'name="First"' not in kept
    assert 'startQuantity="1"' in kept


def test_a_new_element_stands_where_the_editor_put_it() -> None:
    kept = result(
        (
            '<b2:sequenceFlow id="f1"',
            '<b2:endEvent id="end"><b2:incoming>f3</b2:incoming></b2:endEvent>'
            '<b2:sequenceFlow id="f1"',
        )
    )
    assert kept.index('id="b"') < kept.index('<bpmn:endEvent id="end">') < kept.index('id="f1"')
    assert "    <bpmn:endEvent" in kept  # as deep as its neighbours
    assert "<!-- the heart of it -->" in kept


def test_a_removed_element_takes_along_what_was_in_it_and_nothing_else() -> None:
    document = whole()
    edited = changed(document)
    task = next(each for each in edited.root.iter() if each.get("id") == "a")
    task.getparent().remove(task)  # type: ignore[union-attr]  # it has one
    kept = graft(document, before=exported(whole()), edited=edited).to_bytes().decode()
    assert "call back" not in kept
    for stays in ("drawn by hand", "hint keep me", "the heart of it", "swimlane", 'id="b"'):
        assert stays in kept


def test_an_element_of_another_kind_with_the_same_id_keeps_what_the_editor_lost() -> None:
    document = whole()
    edited = changed(document)
    task = next(each for each in edited.root.iter() if each.get("id") == "a")
    task.tag = bpmn("manualTask")
    text = graft(document, before=exported(whole()), edited=edited).to_bytes().decode()
    assert '<bpmn:manualTask id="a" name="First" startQuantity="1">' in text


def test_an_element_that_moves_into_another_takes_its_comment_along() -> None:
    text = TEXT.replace('name="First"', 'name="First" other:seen="yes"')
    document = whole(text)
    edited = exported(whole(text))
    process = edited.root.find(bpmn("process"))
    assert process is not None
    scope = etree.SubElement(process, bpmn("subProcess"), id="scope")
    scope.append(next(each for each in edited.root.iter() if each.get("id") == "a"))
    kept = graft(document, before=exported(whole(text)), edited=edited)
    inside = next(each for each in kept.root.iter() if each.get("id") == "a").getparent()
    assert inside is not None and inside.get("id") == "scope"
    assert 'startQuantity="1"' in kept.to_bytes().decode()


def test_a_new_namespace_is_declared_once_at_the_top() -> None:
    kept = result(
        ("<other:memo", f'<s:step xmlns:s="{SERVOLOOP}" standardTime="PT5M"/><other:memo')
    )
    assert kept.count(SERVOLOOP) == 1
    assert '<s:step standardTime="PT5M"/>' in kept


def test_text_between_elements_of_something_new_is_kept_with_its_blanks() -> None:
    memo = '<other:form key="f1">kept  it is <other:b>as</other:b> it was</other:form>'
    kept = result(("<other:memo", f"{memo}<other:memo"))
    assert memo in kept


def test_text_between_elements_can_be_changed() -> None:
    text = TEXT.replace("call back", "call <other:b>him</other:b> back")
    kept = result(("</other:b> back", "</other:b> soon"), text=text)
    assert "call <other:b>him</other:b> soon</other:memo>" in kept


def test_the_type_of_a_new_expression_has_the_prefix_of_the_file() -> None:
    text = TEXT.replace(' xmlns:bpmn="', ' xmlns="').replace("bpmn:", "")
    document = whole(text)
    before = exported(whole())
    condition = (
        '<b2:conditionExpression xsi:type="b2:tFormalExpression">x &gt; 1'
        "</b2:conditionExpression></b2:sequenceFlow>"
    )
    new = before.to_bytes().decode().replace('targetRef="b"/>', f'targetRef="b">{condition}')
    kept = graft(document, before=before, edited=read_document(new.encode())).to_bytes().decode()
    assert '<conditionExpression xsi:type="tFormalExpression">x &gt; 1' in kept


def test_children_that_were_exchanged_are_exchanged_and_comments_keep_their_place() -> None:
    document = whole()
    edited = exported(whole())
    process = edited.root.find(bpmn("process"))
    assert process is not None
    tasks = process.findall(bpmn("userTask"))
    process.insert(process.index(tasks[0]), tasks[1])
    kept = graft(document, before=exported(whole()), edited=edited).to_bytes().decode()
    assert kept.index('id="b"') < kept.index('id="a"')
    assert kept.index("the heart of it") < kept.index('id="b"')


def test_a_before_that_is_of_another_file_loses_nothing_of_the_edited_one() -> None:
    other = read_document((ROOT / "examples" / "processes" / "tiny.bpmn").read_bytes())
    edited = changed(whole(), ('name="First"', 'name="Erste"'))
    kept = graft(whole(), before=other, edited=edited)
    ids = {each.get("id") for each in kept.root.iter("*")}
    assert ids >= {each.get("id") for each in edited.root.iter("*") if each.get("id")}


def some_edit(root: etree._Element, random: Random) -> None:
    """One thing that an editor does, somewhere in the process."""
    inner = [each for each in root.iter(f"{{{BPMN}}}*") if each.getparent() is not None]
    one = random.choice(inner)
    parent = one.getparent()
    assert parent is not None
    match random.randrange(5):
        case 0:
            one.set("name", f"n{random.randrange(99)}")
        case 1 if parent is not root:
            parent.remove(one)
        case 2:
            new = etree.SubElement(parent, bpmn("task"), id=f"t{random.randrange(10_000)}")
            parent.insert(random.randrange(len(parent)), new)
        case 3:
            parent.insert(random.randrange(len(parent)), one)
        case _:
            one.attrib.pop("name", "")


@pytest.mark.parametrize("seed", range(150))
def test_what_an_editor_opens_after_the_graft_is_what_it_wrote(seed: int) -> None:
    random = Random(seed)
    folder = ROOT / "examples" / "processes"
    texts = [TEXT, *(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.bpmn")))]
    text = texts[seed % len(texts)]
    edited = exported(whole(text))
    for _ in range(random.randint(1, 8)):
        some_edit(edited.root, random)
    kept = graft(whole(text), before=exported(whole(text)), edited=edited)
    assert written(exported(kept).root) == written(edited.root)
