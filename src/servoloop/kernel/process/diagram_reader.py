"""The diagram of a process file: what is drawn where."""

from collections.abc import Callable, Iterator

from lxml import etree

from servoloop.kernel.process.model import DiagramElement
from servoloop.kernel.process.namespaces import BPMNDI, DC, DI, local_name_in


def read_diagram(
    root: etree._Element, *, resolve: Callable[[str | None], str | None]
) -> Iterator[DiagramElement]:
    """Every diagram element; `resolve` turns a qualified reference into an id."""
    for element in root.iter(f"{{{BPMNDI}}}*"):
        yield DiagramElement(
            id=element.get("id", ""),
            type=local_name_in(element, BPMNDI),
            element=element,
            shows=resolve(element.get("bpmnElement")) or "",
            bounds=_bounds(element),
            waypoints=_waypoints(element),
        )


def _bounds(element: etree._Element) -> tuple[float, float, float, float] | None:
    bounds = element.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    x, y, width, height = (_number(bounds.get(each)) for each in ("x", "y", "width", "height"))
    return (x, y, width, height)


def _waypoints(element: etree._Element) -> tuple[tuple[float, float], ...]:
    points = element.iterchildren(f"{{{DI}}}waypoint")
    return tuple((_number(each.get("x")), _number(each.get("y"))) for each in points)


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
