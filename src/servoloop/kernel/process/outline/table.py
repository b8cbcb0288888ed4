"""A pasted table (tab-separated: step, role, time, method) as the lines of an outline."""

import re
from collections.abc import Sequence
from dataclasses import replace

from servoloop.kernel.process.outline.lines import Line, LineReader, Remark, Sort
from servoloop.kernel.process.outline.spans import read_span

_HEADS = {
    "number": re.compile(r"^(?:no\.?|nr\.?|#|序号|编号)$", re.I),
    "step": re.compile(r"step|activity|task|what|步骤|活动|任务|环节|节点|工作内容", re.I),
    "role": re.compile(r"role|who|owner|responsible|lane|角色|岗位|负责|执行|部门|谁", re.I),
    "within": re.compile(r"respon\w+ time|within|deadline|响应|时限|期限", re.I),
    "time": re.compile(r"time|duration|minutes|how long|时间|时长|用时|耗时|工时", re.I),
    "method": re.compile(r"method|sop|how|standard|方法|标准|做法|要求|说明", re.I),
}
_USUAL = ("step", "role", "time", "method")


def is_table(text: str) -> bool:
    """Whether at least two lines have columns."""
    return sum("\t" in line.strip() for line in text.splitlines()) >= 2


def read_table(text: str, reader: LineReader) -> list[Line]:
    """Every row as a line; the first row may say what the columns are."""
    rows = [line.rstrip("\r\n").split("\t") for line in text.splitlines()]
    first = next((n for n, row in enumerate(rows) if len(row) > 1), 0)
    columns = _columns(rows[first])
    lines = []
    for number, row in enumerate(rows):
        raw = "\t".join(row)
        if columns is not None and number == first:
            lines.append(Line(number=number + 1, text=raw, sort=Sort.BLANK))
        elif len(row) == 1:
            lines.append(reader.read(number + 1, raw))
        else:
            lines.append(_row(number + 1, raw, row, columns or _guessed(row), reader))
    return lines


def _columns(row: Sequence[str]) -> tuple[str, ...] | None:
    """What the heads say, or None when this is no row of heads."""
    names = []
    for cell in row:
        found = (name for name, head in _HEADS.items() if head.search(cell.strip()))
        names.append(next(found, ""))
    return tuple(names) if "step" in names and any(map(read_span, row)) is False else None


def _guessed(row: Sequence[str]) -> tuple[str, ...]:
    """Step, role, time, method; a first column of numbers is passed over."""
    has_number = row[0].strip().rstrip(".、").isdecimal()
    return ("number", *_USUAL) if has_number else _USUAL


def _row(
    number: int, raw: str, row: Sequence[str], columns: Sequence[str], reader: LineReader
) -> Line:
    cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if name}
    line = replace(reader.read(number, cells.get("step", "")), text=raw, indent=0)
    mark = cells.get("number", "").rstrip(".、")
    if mark.isdecimal():
        line = replace(line, mark=int(mark))
    if line.sort is not Sort.STEP:
        return line
    if role := cells.get("role", ""):
        # As if it stood before the step, so that systems and customers are known as such.
        told = reader.step(replace(line, role="", remarks=()), f"{role}: {line.words}")
        line = replace(told, time=line.time, within=line.within)
    for name in ("time", "within"):
        if cell := cells.get(name, ""):
            span = read_span(f"{cell} min" if cell.replace(".", "", 1).isdecimal() else cell)
            if span is None:
                line = line.noted(Remark.TIME_NOT_UNDERSTOOD, cell)
            else:
                line = line.timed(span, is_limit=name == "within")
    return replace(line, method=cells.get("method", ""))
