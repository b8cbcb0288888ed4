"""The sketch of a process drawn into a PDF page, as large as the page allows."""

from math import ceil
from typing import Any

from reportlab.lib import colors
from reportlab.platypus import Flowable

from servoloop.kernel.process.layout.sketch import Mark, Sketch, Text, Way
from servoloop.loop.manual.type_setting import CHINESE

INK, FILL = colors.HexColor("#1b2733"), colors.white
FRAME = colors.HexColor("#8b97a2")
FONT_SIZE = 11.0
ARROW = 6.0
READABLE = 0.62
"""The scale at which the words of the diagram are 7 points high."""
OVERLAP = 60.0


class SketchFlowable(Flowable):  # type: ignore[misc]  # it ships no types
    """Scaled to the width of the frame, and to `tallest` points at most; never enlarged.

    A piece shows the sketch from `left` on, `shown` wide.
    """

    def __init__(
        self, sketch: Sketch, *, tallest: float, left: float = 0.0, shown: float | None = None
    ) -> None:
        super().__init__()
        self.sketch = sketch
        self.tallest = tallest
        self.left = left
        self.shown = shown or sketch.width
        self.scale = 1.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The size it will take, as ReportLab asks for it."""
        del height
        self.scale = min(1.0, width / self.shown, self.tallest / self.sketch.height)
        return width, self.sketch.height * self.scale + 6

    def draw(self) -> None:
        """Draw onto the page; the sketch counts from the top, the page from the bottom."""
        canvas = self.canv
        canvas.saveState()
        canvas.scale(self.scale, -self.scale)
        canvas.translate(-self.left, -self.sketch.height)
        window = canvas.beginPath()
        window.rect(self.left, 0, self.shown, self.sketch.height)
        canvas.clipPath(window, stroke=0)
        for mark in self.sketch.frames:
            _frame(canvas, mark)
        for way in self.sketch.ways:
            _way(canvas, way)
        for mark in self.sketch.marks:
            _mark(canvas, mark)
        for text in self.sketch.texts:
            _text(canvas, text)
        canvas.restoreState()


def pieces_of(sketch: Sketch, *, room: tuple[float, float]) -> list[SketchFlowable]:
    """The sketch in readable pieces for pages of `room` (width, height) points, a little of the
    piece before on each; none when the whole is readable at the width of an upright page.
    """
    if room[1] / sketch.width >= READABLE:
        return []
    scale = min(READABLE, room[1] / sketch.height)
    shown = room[0] / scale
    count = max(1, ceil((sketch.width - OVERLAP) / (shown - OVERLAP)))
    return [
        SketchFlowable(sketch, tallest=room[1] - 8, left=number * (shown - OVERLAP), shown=shown)
        for number in range(count)
    ]


def _frame(canvas: Any, mark: Mark) -> None:
    canvas.setStrokeColor(FRAME)
    canvas.setLineWidth(0.8)
    canvas.rect(mark.at.x, mark.at.y, mark.at.width, mark.at.height, fill=0)


def _way(canvas: Any, way: Way) -> None:
    points = [tuple(map(float, each.split(","))) for each in way.points.split()]
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.1)
    canvas.setDash([] if way.kind == "flow" else [4, 3])
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    canvas.drawPath(path, fill=0)
    canvas.setDash([])
    if way.kind != "association":
        _arrow(canvas, points[-2], points[-1])
    if way.slash:
        canvas.line(*way.slash[0], *way.slash[1])


def _arrow(canvas: Any, before: tuple[float, ...], tip: tuple[float, ...]) -> None:
    length = max(0.01, ((tip[0] - before[0]) ** 2 + (tip[1] - before[1]) ** 2) ** 0.5)
    along = ((tip[0] - before[0]) / length * ARROW, (tip[1] - before[1]) / length * ARROW)
    path = canvas.beginPath()
    path.moveTo(*tip)
    path.lineTo(tip[0] - along[0] - along[1] / 2, tip[1] - along[1] + along[0] / 2)
    path.lineTo(tip[0] - along[0] + along[1] / 2, tip[1] - along[1] - along[0] / 2)
    path.close()
    canvas.setFillColor(INK)
    canvas.drawPath(path, fill=1)


def _mark(canvas: Any, mark: Mark) -> None:
    canvas.setStrokeColor(INK)
    canvas.setFillColor(FILL)
    canvas.setLineWidth(2.6 if mark.is_thick else 1.2)
    x, y = mark.at.middle
    half = mark.at.width / 2
    if mark.kind == "event":
        canvas.setDash([3, 2] if mark.is_dashed else [])
        canvas.circle(x, y, half, fill=1)
        if mark.is_double:
            canvas.circle(x, y, half - 3, fill=0)
        canvas.setDash([])
    elif mark.kind == "gateway":
        _diamond(canvas, mark)
    else:
        canvas.roundRect(
            mark.at.x,
            mark.at.y,
            mark.at.width,
            mark.at.height,
            8 if mark.kind == "task" else 3,
            fill=1,
        )


def _diamond(canvas: Any, mark: Mark) -> None:
    x, y = mark.at.middle
    path = canvas.beginPath()
    path.moveTo(mark.at.x, y)
    path.lineTo(x, mark.at.y)
    path.lineTo(mark.at.right, y)
    path.lineTo(x, mark.at.bottom)
    path.close()
    canvas.drawPath(path, fill=1)
    if "parallel" in mark.sign:
        canvas.line(x - 9, y, x + 9, y)
        canvas.line(x, y - 9, x, y + 9)
    elif "exclusive" in mark.sign:
        canvas.line(x - 6, y - 7, x + 6, y + 7)
        canvas.line(x + 6, y - 7, x - 6, y + 7)


def _text(canvas: Any, text: Text) -> None:
    """The page is upside down while the sketch is drawn; letters are turned back."""
    canvas.saveState()
    canvas.translate(text.x, text.y)
    canvas.scale(1, -1)
    if text.turned:
        canvas.rotate(90)
    canvas.setFillColor(INK)
    is_latin = all(ord(letter) < 256 for letter in text.words)
    canvas.setFont("Helvetica" if is_latin else CHINESE, FONT_SIZE)
    canvas.drawCentredString(0, 0, text.words)
    canvas.restoreState()
