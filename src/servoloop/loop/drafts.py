"""Drafts: begin one, save it without overwriting anybody, keep a copy, put it away."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.utils.text import slugify

from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.edit import rename
from servoloop.kernel.process.graft import graft
from servoloop.kernel.process.layout.diagram import draw_diagram
from servoloop.kernel.process.model import Model, Process
from servoloop.kernel.process.namespaces import BPMNDI
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.readiness.readiness import Readiness, assess
from servoloop.kernel.process.words import NO_WORDS, Words
from servoloop.loop.design import as_text, organisation
from servoloop.storage import drafts
from servoloop.storage.definitions import called_texts, is_published
from servoloop.storage.drafts import Draft, DraftText
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.viewer import Viewer

_EMPTY = """\
<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:servoloop="urn:servoloop:bpmn:1"
    id="{key}_definitions" targetNamespace="urn:servoloop:{key}">
  <bpmn:process id="{key}" isExecutable="true">
    <bpmn:startEvent id="{key}_start"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{key}_diagram">
    <bpmndi:BPMNPlane id="{key}_plane" bpmnElement="{key}">
      <bpmndi:BPMNShape id="{key}_start_di" bpmnElement="{key}_start">
        <dc:Bounds x="180" y="180" width="36" height="36"/>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
_SHAPE = f"{{{BPMNDI}}}BPMNShape"
_DIGIT = re.compile(r"^[^a-z]")


def create_draft(
    xml: bytes,
    *,
    person: str,
    at: datetime,
    origin: str,
    base: int | None = None,
    name: Words = NO_WORDS,
) -> Draft:
    """Begin with a text as it is, under another name where one is given.

    What nobody has drawn yet is laid out. `base` is the definition that it came from. Raises
    UnreadableProcess.
    """
    document = read_document(xml)
    if next(document.root.iter(_SHAPE), None) is None:
        draw_diagram(document)
    process = main_process(read_model(document))
    if process is not None and name != NO_WORDS:
        rename(document, process.id, name=name)
    return drafts.add_draft(_text_of(document), person=person, at=at, origin=origin, base=base)


def create_empty_draft(*, name: Words, token: str, person: str, at: datetime) -> Draft:
    """Begin with nothing but a start event.

    The id of the process comes from the name where that is written in Latin letters; `token` tells
    apart what would be named alike.
    """
    key = _new_key(name.in_language("en"), token=token)
    text = _EMPTY.format(key=key)
    return create_draft(text.encode(), person=person, at=at, origin="empty", name=name)


def create_draft_of(key: str, *, viewer: Viewer, at: datetime) -> Draft:
    """Begin with the current version of a process. Raises NotFound."""
    file = definition_file(viewer, key)
    return create_draft(
        file.xml.encode(), person=viewer.person, at=at, origin="version", base=file.id
    )


def save_draft(id: int, *, xml: bytes, before: bytes, rev: int, person: str, at: datetime) -> Draft:
    """Write what an editor changed: the difference between its exports `before` and `xml`.

    `before` is what the editor wrote for revision `rev` before anything was changed; what it could
    not carry stays in the draft. Saving no difference changes nothing. Raises DraftMoved when
    somebody saved in between, DraftClosed, NotFound and UnreadableProcess.
    """
    held = drafts.open_draft(id, rev=rev)
    text = _grafted(held.xml, before=before, xml=xml)
    if text.xml == held.xml:
        return held
    return drafts.replace_text(id, text, rev=rev, person=person, at=at)


def copy_draft(id: int, *, xml: bytes, before: bytes, rev: int, person: str, at: datetime) -> Draft:
    """Keep what an editor holds as a draft of its own, when the first was saved by somebody else.

    Raises NotFound and UnreadableProcess.
    """
    held = drafts.load_draft(id)
    ground = drafts.text_at(id, rev=rev) or held.xml
    text = _grafted(ground, before=before, xml=xml)
    return drafts.add_draft(text, person=person, at=at, origin=f"copy:{id}", base=held.base)


def discard_draft(id: int, *, at: datetime) -> None:
    """Put a draft away; `reopen_draft` brings it back. Raises NotFound when it is not open."""
    if not drafts.close_draft(id, closed_as="discarded", at=at):
        raise NotFound("open draft", id)


def reopen_draft(id: int) -> None:
    """Raises NotFound when the draft was not discarded."""
    drafts.reopen_draft(id)


def draft_findings(xml: bytes, *, at: datetime, process: str | None = None) -> Readiness:
    """What the gate would say to this text here and now; called processes are the published ones.

    Raises UnreadableProcess. Two queries, and one more for called processes.
    """
    document = read_document(xml)
    return assess(
        document,
        process=process,
        library=library_of(document),
        organisation=organisation(at=at),
    )


def library_of(document: Document) -> Mapping[str, Document]:
    """The current versions of the processes that a document calls and does not hold itself."""
    model = read_model(document)
    held = {each.id for each in model.processes}
    called = {node.called for node in model.nodes() if node.called} - held
    if not called:
        return {}
    return {key: read_document(text.encode()) for key, text in called_texts(called).items()}


def main_process(model: Model) -> Process | None:
    """The process that would be published, or the first that is meant to be; None without any."""
    marked = [each for each in model.processes if each.nodes and each.is_executable]
    filled = [each for each in model.processes if each.nodes]
    called = {node.called for node in model.nodes() if node.called}
    outer = [each for each in marked or filled if each.id not in called]
    return next(iter(outer or marked or filled or model.processes), None)


def _grafted(original: str, *, before: bytes, xml: bytes) -> DraftText:
    document = graft(
        read_document(original.encode()), before=read_document(before), edited=read_document(xml)
    )
    return _text_of(document)


def _text_of(document: Document) -> DraftText:
    process = main_process(read_model(document))
    return DraftText(
        xml=as_text(document),
        key=process.id if process is not None else "",
        name=process.sheet.name if process is not None else NO_WORDS,
    )


def _new_key(name: str, *, token: str) -> str:
    key = slugify(name)[:48].strip("-")
    if not key:
        return f"process-{token}"
    key = f"p-{key}" if _DIGIT.match(key) else key
    return f"{key}-{token}" if is_published(key) else key
