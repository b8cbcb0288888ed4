"""A service blueprint as one SVG file that needs nothing else: no styles, no scripts, no fonts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from servoloop.kernel.process.blueprint import Blueprint, Cell, LinkKind
from servoloop.kernel.process.spoken_time import spoken
from servoloop.kernel.process.step import Layer
from servoloop.kernel.process.words import NO_WORDS, Words

NO_ROLES: Mapping[str, Words] = {}
_LEFT, _PITCH, _WIDE, _HIGH, _GAP, _PAD, _SLIP = 110, 176, 150, 84, 14, 26, 40  # px
_LETTERS = 21  # that fit into a card's line; a Chinese one counts two
_TEXT = 'font-family="system-ui, &quot;Noto Sans CJK SC&quot;, sans-serif" font-size="12"'
_LAYERS = (Layer.CUSTOMER, Layer.FRONTSTAGE, Layer.BACKSTAGE, Layer.SUPPORT)
_COLOURS = {
    "evidence": "#f6f3ea",
    Layer.CUSTOMER: "#eef5fb",
    Layer.FRONTSTAGE: "#edf7f0",
    Layer.BACKSTAGE: "#f4f2fa",
    Layer.SUPPORT: "#f3f4f6",
}
_WORDS: Mapping[str, Words] = {
    "evidence": Words(default="Evidence", translations={"zh": "有形展示"}),
    Layer.CUSTOMER: Words(default="Customer", translations={"zh": "客户行为"}),
    Layer.FRONTSTAGE: Words(default="Frontstage", translations={"zh": "前台"}),
    Layer.BACKSTAGE: Words(default="Backstage", translations={"zh": "后台"}),
    Layer.SUPPORT: Words(default="Support", translations={"zh": "支持"}),
    "form": Words(default="Form", translations={"zh": "表单"}),
    "message": Words(default="Message", translations={"zh": "消息"}),
    "data": Words(default="Document", translations={"zh": "单据"}),
}
_LINES: Mapping[str, Words] = {
    Layer.CUSTOMER: Words(default="line of interaction", translations={"zh": "互动线"}),
    Layer.FRONTSTAGE: Words(default="line of visibility", translations={"zh": "可视线"}),
    Layer.BACKSTAGE: Words(
        default="line of internal interaction", translations={"zh": "内部互动线"}
    ),
}


def blueprint_svg(
    blueprint: Blueprint, *, language: str, roles: Mapping[str, Words] = NO_ROLES
) -> str:
    """The drawing in one language; `roles` gives role keys their labels."""
    return "\n".join(_Sheet(blueprint, language, roles).lines()) + "\n"


class _Sheet:
    def __init__(self, blueprint: Blueprint, language: str, roles: Mapping[str, Words]) -> None:
        self._blueprint = blueprint
        self._language = language
        self._roles = roles
        self._at: dict[str, tuple[int, int]] = {}  # cell id -> left, top
        self._tops: dict[str, int] = {}
        self._bottom = self._place()
        self._width = _LEFT + max(blueprint.columns, 1) * _PITCH + _PAD

    def _place(self) -> int:
        """Give every cell its place; the bottom of the lowest layer."""
        slips = [len(cell.exhibits) for cell in self._blueprint.cells]
        y = 40
        self._tops["evidence"] = y
        y += max(slips, default=0) * (_SLIP + _GAP) + 2 * _PAD
        for layer in _LAYERS:
            self._tops[layer] = y
            stacked: dict[int, int] = defaultdict(int)
            for cell in self._blueprint.in_layer(layer):
                top = y + _PAD + stacked[cell.column] * (_HIGH + _GAP)
                self._at[cell.id] = (_LEFT + cell.column * _PITCH + _PAD // 2, top)
                stacked[cell.column] += 1
            y += max(stacked.values(), default=1) * (_HIGH + _GAP) - _GAP + 2 * _PAD
        return y

    def lines(self) -> Iterator[str]:
        name = self._said(self._blueprint.name)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self._width}"'
            f' height="{self._bottom}" viewBox="0 0 {self._width} {self._bottom}" {_TEXT}'
            f' role="img" aria-label="{_quoted(name)}">'
        )
        yield f"<title>{escape(name)}</title>"
        yield f'<rect width="{self._width}" height="{self._bottom}" fill="#fff"/>'
        yield f'<text x="12" y="26" font-size="16" font-weight="600">{escape(name)}</text>'
        yield from self._bands()
        yield from self._threads()
        for cell in self._blueprint.cells:
            yield from self._card(cell)
            yield from self._slips(cell)
        yield "</svg>"

    def _bands(self) -> Iterator[str]:
        keys = list(self._tops)
        for key, below in zip(keys, [*keys[1:], ""], strict=True):
            top, bottom = self._tops[key], self._tops.get(below, self._bottom)
            yield (
                f'<rect x="0" y="{top}" width="{self._width}" height="{bottom - top}"'
                f' fill="{_COLOURS[key]}"/>'
            )
            words = escape(_WORDS[key].in_language(self._language))
            yield f'<text x="12" y="{(top + bottom) // 2}" font-weight="600">{words}</text>'
            if key in _LINES:
                said = escape(_LINES[key].in_language(self._language))
                yield (
                    f'<line x1="0" x2="{self._width}" y1="{bottom}" y2="{bottom}" stroke="#667"'
                    f' stroke-dasharray="6 4"/><text x="12" y="{bottom - 5}" font-size="10"'
                    f' fill="#556">{said}</text>'
                )

    def _threads(self) -> Iterator[str]:
        yield (
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
            ' markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#667"/></marker></defs>'
        )
        for link in self._blueprint.links:
            (x1, y1), (x2, y2) = self._at[link.source], self._at[link.target]
            y1, y2 = y1 + _HIGH // 2, y2 + _HIGH // 2
            start, finish = (x1 + _WIDE, x2) if x2 > x1 else (x1, x2 + _WIDE)
            bend = 40 if x2 > x1 else -40
            dashes = "" if link.kind is LinkKind.FLOW else ' stroke-dasharray="4 3"'
            yield (
                f'<path d="M{start} {y1}C{start + bend} {y1} {finish - bend} {y2} {finish} {y2}"'
                f' fill="none" stroke="#667"{dashes} marker-end="url(#tip)"/>'
            )

    def _card(self, cell: Cell) -> Iterator[str]:
        x, y = self._at[cell.id]
        dashes = ' stroke-dasharray="4 3"' if cell.is_wait else ""
        yield (
            f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="8" fill="#fff"'
            f' stroke="#445"{dashes}/>'
        )
        lines = _wrapped(self._said(cell.name) or cell.id)[:3]
        for number, line in enumerate(lines):
            top = y + 18 + number * 15
            yield f'<text x="{x + 8}" y="{top}" font-weight="600">{escape(line)}</text>'
        who = self._said(self._roles.get(cell.role or "", Words(default=cell.role or "")))
        length = cell.standard_time or cell.wait
        facts = [who, spoken(length, self._language) if length is not None else ""]
        said = escape(" · ".join(each for each in facts if each))
        yield f'<text x="{x + 8}" y="{y + _HIGH - 8}" font-size="11" fill="#556">{said}</text>'
        if cell.fails:
            yield (
                f'<circle cx="{x + _WIDE}" cy="{y}" r="10" fill="#b42318"/><text x="{x + _WIDE}"'
                f' y="{y + 4}" text-anchor="middle" fill="#fff" font-weight="600">F</text>'
            )

    def _slips(self, cell: Cell) -> Iterator[str]:
        x, _top = self._at[cell.id]
        for number, exhibit in enumerate(cell.exhibits):
            y = self._tops["evidence"] + _PAD + number * (_SLIP + _GAP)
            name = self._said(exhibit.name) or self._said(_WORDS[exhibit.kind.value])
            yield (
                f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_SLIP}" fill="#fff"'
                f' stroke="#a58b3c"/><text x="{x + 8}" y="{y + 24}">'
                f"{escape(_wrapped(name)[0])}</text>"
            )

    def _said(self, words: Words) -> str:
        return "" if words == NO_WORDS else words.in_language(self._language)


def _wrapped(text: str) -> list[str]:
    """Lines that fit into a card; broken at blanks, or anywhere between Chinese characters."""
    lines, used = [""], 0
    for word in _words_in(text):
        long = _length(word)
        if used + long > _LETTERS and lines[-1]:
            lines.append("")
            used = 0
        lines[-1] += word if lines[-1] else word.lstrip()
        used += long
    return lines


def _words_in(text: str) -> Iterator[str]:
    word = ""
    for letter in " ".join(text.split()):
        if letter == " " or ord(letter) > 0x2E7F:
            if word:
                yield word
            word = letter
            if letter != " ":
                yield word
                word = ""
        else:
            word += letter
    if word:
        yield word


def _length(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
