"""The manual as a PDF: A4, page numbers, bookmarks, the diagram as vectors.

Chinese is set in STSong-Light, one of the fonts that PDF readers bring along, so that the file
stays small and no font need be on the server. A wide diagram is shown as a whole, and then in
readable pieces on pages of their own.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from servoloop.loop.manual.manual import Manual, Row, StepPage
from servoloop.loop.manual.sketch_flowable import SketchFlowable, pieces_of
from servoloop.loop.manual.type_setting import CHINESE, marked_up, paragraphs_of

MARGIN = 18 * mm
BOTTOM = MARGIN + 6 * mm
ACROSS = landscape(A4)
FRAME_PADDING = 12  # points, of both sides
INK, QUIET, LINE, ACCENT = (
    colors.HexColor(each) for each in ("#1b2733", "#5b6770", "#d5dbe1", "#0b5f8a")
)
BODY = ParagraphStyle(
    "body", fontName="Helvetica", fontSize=10, leading=15, textColor=INK, spaceAfter=4,
    alignment=TA_LEFT,
)  # fmt: skip
SMALL = ParagraphStyle("small", parent=BODY, fontSize=9, leading=13, textColor=QUIET)
TITLE = ParagraphStyle("title", parent=BODY, fontSize=26, leading=34, spaceAfter=8)
HEADING = ParagraphStyle("heading", parent=BODY, fontSize=15, leading=21, spaceBefore=12)
PART = ParagraphStyle(
    "part", parent=BODY, fontSize=10.5, leading=15, textColor=ACCENT, spaceBefore=8, spaceAfter=2
)


def manual_pdf(manuals: Sequence[Manual]) -> bytes:
    """One file with a manual for each language asked for, one after the other."""
    if CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
    stream = BytesIO()
    pages = _Pages(stream, manuals)
    pages.build([part for manual in manuals for part in _manual(manual)])
    return stream.getvalue()


class _Pages(BaseDocTemplate):  # type: ignore[misc]  # it ships no types
    """A frame with a foot line; headings become bookmarks."""

    def __init__(self, stream: BytesIO, manuals: Sequence[Manual]) -> None:
        first = manuals[0]
        super().__init__(
            stream,
            pagesize=A4,
            title=f"{first.name} – {first.say('manual')}",
            leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=BOTTOM,
        )  # fmt: skip
        self.foot = first
        upright = Frame(MARGIN, BOTTOM, self.width, self.height, id="upright")
        across = Frame(MARGIN, BOTTOM, ACROSS[0] - 2 * MARGIN, ACROSS[1] - MARGIN - BOTTOM)
        self.addPageTemplates(
            [
                PageTemplate(id="upright", frames=[upright], onPage=self._foot),
                PageTemplate(id="across", frames=[across], onPage=self._foot, pagesize=ACROSS),
            ]
        )

    def _foot(self, canvas: Any, _document: Any) -> None:
        canvas.setStrokeColor(LINE)
        width = canvas._pagesize[0]
        canvas.line(MARGIN, MARGIN + 3 * mm, width - MARGIN, MARGIN + 3 * mm)
        words = f"{self.foot.name} · {self.foot.say('version')} {self.foot.version}"
        style = ParagraphStyle("foot", parent=SMALL, fontSize=8)
        line = Paragraph(marked_up(f"{words} · {canvas.getPageNumber()}"), style)
        line.wrap(width - 2 * MARGIN, 20)
        line.drawOn(canvas, MARGIN, MARGIN - 4 * mm)

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's hook
        if isinstance(flowable, Paragraph) and flowable.style.name in ("title", "heading"):
            key = f"part-{self.seq.nextf('part')}"
            self.canv.bookmarkPage(key)
            level = 0 if flowable.style.name == "title" else 1
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level)


def _manual(manual: Manual) -> Iterator[Flowable]:
    yield Paragraph(marked_up(manual.say("manual")), SMALL)
    yield Paragraph(marked_up(manual.name), TITLE)
    yield Paragraph(marked_up(f"{manual.say('version')} {manual.version}"), SMALL)
    yield from paragraphs_of(manual.description, BODY)
    if manual.goal:
        yield Paragraph(marked_up(manual.say("goal")), PART)
        yield from paragraphs_of(manual.goal, BODY)
    if manual.facts:
        yield _rows(manual.facts)
    if manual.promises:
        yield Paragraph(marked_up(manual.say("promises")), PART)
        yield _rows(manual.promises)
    if manual.sketch is not None:
        yield Paragraph(marked_up(manual.say("diagram")), HEADING)
        yield SketchFlowable(manual.sketch, tallest=A4[1] - 2 * MARGIN - 40 * mm)
    yield Paragraph(marked_up(manual.say("steps")), HEADING)
    yield _overview(manual)
    yield from _pieces(manual)
    yield PageBreak()
    for step in manual.steps:
        yield from _step(manual, step)
    yield PageBreak()


def _pieces(manual: Manual) -> Iterator[Flowable]:
    """The diagram across several pages, when it is too wide to be read on one."""
    if manual.sketch is None:
        return
    room = (ACROSS[0] - 2 * MARGIN - FRAME_PADDING, ACROSS[1] - MARGIN - BOTTOM - FRAME_PADDING)
    pieces = pieces_of(manual.sketch, room=room)
    if not pieces:
        return
    yield NextPageTemplate("across")
    for piece in pieces:
        yield PageBreak()
        yield piece
    yield NextPageTemplate("upright")


def _overview(manual: Manual) -> Flowable:
    heads = [manual.say(each) for each in ("step", "who", "standard_time", "response_time")]
    rows = [[_cell(head, SMALL) for head in heads]]
    for step in manual.steps:
        facts = {row.label: row.value for row in step.facts}
        times = [facts.get(manual.say(each), "–") for each in ("standard_time", "response_time")]
        rows.append(
            [
                _cell(f"{step.number}. {step.name}"),
                _cell(step.role or step.kind),
                *map(_cell, times),
            ]
        )
    return _table(rows, widths=(72 * mm, 42 * mm, 30 * mm, 30 * mm), repeat=1)


def _step(manual: Manual, step: StepPage) -> Iterator[Flowable]:
    head: list[Flowable] = [
        Paragraph(marked_up(f"{step.number}. {step.name}"), HEADING),
        Paragraph(marked_up(" · ".join(each for each in (step.role, step.kind) if each)), SMALL),
    ]
    if step.facts:
        head.append(_rows(step.facts))
    yield KeepTogether(head)
    if step.sop or step.kind == manual.say("kind_person"):
        yield Paragraph(marked_up(manual.say("method")), PART)
        yield from paragraphs_of(step.sop or manual.say("no_method"), BODY)
    if step.checklist:
        yield Paragraph(marked_up(manual.say("checklist")), PART)
        for item in step.checklist:
            yield Paragraph(marked_up(f"☐ {item}"), BODY)
    for key, rows in (
        ("form", step.fields),
        ("attachments", step.attachments),
        ("escalation", step.escalation),
    ):
        if rows:
            yield KeepTogether([Paragraph(marked_up(manual.say(key)), PART), _rows(rows)])
    if step.outcomes:
        yield Paragraph(marked_up(manual.say("outcomes")), PART)
        yield Paragraph(marked_up(" / ".join(step.outcomes)), BODY)
    yield Spacer(1, 6)


def _rows(rows: Sequence[Row]) -> Flowable:
    cells = [[_cell(row.label, SMALL), _cell(row.value)] for row in rows]
    return _table(cells, widths=(58 * mm, 116 * mm))


def _cell(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    return Paragraph(marked_up(text), style)


def _table(rows: list[list[Paragraph]], *, widths: Sequence[float], repeat: int = 0) -> Table:
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    return Table(
        rows, colWidths=list(widths), style=TableStyle(style), repeatRows=repeat, hAlign="LEFT"
    )
