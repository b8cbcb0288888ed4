"""One department: its lane with what comes in and what goes out, to look at and print."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from servoloop.kernel.process.department import Department, UnknownLane, cut_out, lanes_of
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.program import Op, Program
from servoloop.storage.definitions import program_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import DefinitionFile, definition_file
from servoloop.web.design.step_lines import step_lines
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_first(request: HttpRequest, key: str) -> HttpResponse:
    """Lead to the first department in which people work."""
    file, document = _document(request, key)
    lanes = [lane.id for lane in lanes_of(document)]
    if not lanes:
        raise Http404
    program = program_of(file.key, file.version)
    peopled = (lane for lane in lanes if _has_people(_cut(document, lane), program))
    return redirect("design:department", key, next(peopled, lanes[0]))


@require_GET
@colleagues_only
def show_department(request: HttpRequest, key: str, lane: str) -> HttpResponse:
    file, document = _document(request, key)
    department = _cut(document, lane)
    program = program_of(file.key, file.version)
    steps = step_lines(
        program.node(each)
        for each in department.steps
        if each in program.by_id and program.node(each).bpmn_type.lower().endswith("task")
    )
    context = {
        "file": file,
        "department": department,
        "lanes": lanes_of(document),
        "steps": steps,
        "names": names_of(line.node.step.owner or "" for line in steps),
    }
    return render(request, "design/department.html", context)


@require_GET
@colleagues_only
def show_department_xml(request: HttpRequest, key: str, lane: str) -> HttpResponse:
    """The cut-out as BPMN."""
    _file, document = _document(request, key)
    text = _cut(document, lane).document.to_bytes()
    answer = HttpResponse(text, content_type="application/xml; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{key}-{lane}.bpmn"'
    return answer


def _has_people(department: Department, program: Program) -> bool:
    known = (program.node(each) for each in department.steps if each in program.by_id)
    return any(node.op is Op.HUMAN for node in known)


def _document(request: HttpRequest, key: str) -> tuple[DefinitionFile, Document]:
    try:
        file = definition_file(viewer_of(request), key, version=request.GET.get("version") or None)
    except NotFound:
        raise Http404 from None
    return file, read_document(file.xml.encode())


def _cut(document: Document, lane: str) -> Department:
    try:
        return cut_out(document, lane)
    except UnknownLane:
        raise Http404 from None
