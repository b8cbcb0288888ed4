"""A redesign written into a file: the door of this package."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from servoloop.kernel.process.check import NotExecutable, check
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.edit import set_sheet, set_step
from servoloop.kernel.process.model import FlowNode
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.redesign.approvals import raise_limit, skip_below
from servoloop.kernel.process.redesign.flows import Canvas
from servoloop.kernel.process.redesign.machines import add_self_service, automate
from servoloop.kernel.process.redesign.moving import move_before
from servoloop.kernel.process.redesign.notices import add_notice, add_reminder
from servoloop.kernel.process.redesign.operations import (
    AddChecklist,
    AddFastLane,
    AddFields,
    AddNotice,
    AddReminder,
    AddSelfService,
    Automate,
    CannotRedesign,
    DoAtOnce,
    MoveBefore,
    RaiseLimit,
    Redesign,
    SetAssignment,
    SetEscalation,
    SetStandard,
    SkipBelow,
)
from servoloop.kernel.process.redesign.parallel import do_at_once
from servoloop.kernel.process.redesign.sorting import add_fast_lane
from servoloop.kernel.process.step import Field, Step

NO_LIBRARY: Mapping[str, Document] = {}


def apply(document: Document, change: Redesign) -> Document:
    """The changed file; the given one stays as it is.

    Raises CannotRedesign where the file does not have the shape that the change needs.
    """
    canvas = Canvas(read_document(document.to_bytes()))
    _CHANGES[type(change)](canvas, change)
    return canvas.document


def redesigned(
    document: Document, *changes: Redesign, library: Mapping[str, Document] = NO_LIBRARY
) -> tuple[Document, Program]:
    """The file after all changes, with its program: executable, and sound as far as can be told.

    Raises CannotRedesign too where the changes would leave a process that cannot be executed.
    """
    for change in changes:
        document = apply(document, change)
    verdict = check(document, library=library)
    if verdict.program is None:
        reason = str(NotExecutable(verdict.findings))
        raise CannotRedesign(
            f"The change would not leave a sound process: {reason}",
            f"此改动会使流程不再健全：{reason}",
        )
    return document, verdict.program


def _set_assignment(canvas: Canvas, change: SetAssignment) -> None:
    wanted = [canvas.node(each) for each in change.elements]
    changed = [each for each in wanted if each.step.assignment is not change.assignment]
    if not changed:
        raise CannotRedesign(
            f"These steps are assigned by {change.assignment} already.",
            f"这些步骤已经按 {change.assignment} 分派。",
        )
    for node in changed:
        _set(canvas, node, replace(node.step, assignment=change.assignment))


def _set_standard(canvas: Canvas, change: SetStandard) -> None:
    node = canvas.node(change.element)
    step = replace(
        node.step,
        role=change.role or node.step.role,
        calendar=change.calendar or node.step.calendar,
        standard_time=change.standard_time or node.step.standard_time,
        response_time=change.response_time or node.step.response_time,
    )
    _set(canvas, node, step)


def _set_escalation(canvas: Canvas, change: SetEscalation) -> None:
    node = canvas.node(change.element)
    _set(canvas, node, replace(node.step, escalation=change.levels))


def _add_fields(canvas: Canvas, change: AddFields) -> None:
    node = canvas.node(change.element)
    if node.type == "startEvent" and not node.container:
        (process,) = [p for p in canvas.model.processes if node in p.nodes]
        fields = _with(process.sheet.form, change.fields, canvas, node)
        set_sheet(canvas.document, process.id, sheet=replace(process.sheet, form=fields))
        return
    _set(
        canvas,
        node,
        replace(node.step, outputs=_with(node.step.outputs, change.fields, canvas, node)),
    )


def _with(
    known: tuple[Field, ...], new: tuple[Field, ...], canvas: Canvas, node: FlowNode
) -> tuple[Field, ...]:
    names = {each.name for each in known}
    fresh = tuple(each for each in new if each.name not in names)
    if not fresh:
        raise CannotRedesign(
            f"'{canvas.named(node.id)}' asks for this already.",
            f"“{canvas.named(node.id, 'zh')}”已经要求填写这些内容。",
        )
    return (*known, *fresh)


def _add_checklist(canvas: Canvas, change: AddChecklist) -> None:
    node = canvas.node(change.element)
    _set(canvas, node, replace(node.step, checklist=(*node.step.checklist, *change.items)))


def _set(canvas: Canvas, node: FlowNode, step: Step) -> None:
    if step == node.step:
        raise CannotRedesign(
            f"'{canvas.named(node.id)}' says this already.",
            f"“{canvas.named(node.id, 'zh')}”已经如此规定。",
        )
    set_step(canvas.document, node.id, step=step)


# Each function takes the change of its own class.
_CHANGES: Mapping[type, Callable[[Canvas, Any], None]] = {
    SetAssignment: _set_assignment,
    SetStandard: _set_standard,
    SetEscalation: _set_escalation,
    AddFields: _add_fields,
    AddChecklist: _add_checklist,
    SkipBelow: skip_below,
    RaiseLimit: raise_limit,
    MoveBefore: move_before,
    DoAtOnce: do_at_once,
    Automate: automate,
    AddNotice: add_notice,
    AddReminder: add_reminder,
    AddFastLane: add_fast_lane,
    AddSelfService: add_self_service,
}
