"""Words and Markdown as paragraphs of a PDF."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from markdown_it import MarkdownIt
from markdown_it.token import Token
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph

CHINESE = "STSong-Light"
_INDENT = 14.0  # points, of each level of a list
_READER = MarkdownIt("commonmark", {"html": False})
_SCRIPTED = re.compile(r"^\s*(?!https?:|mailto:|/|#)", re.IGNORECASE)
_TAGS = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}


def marked_up(text: str) -> str:
    """Plain text as ReportLab's markup, each run in a font that has its letters."""
    return "".join(
        f'<font name="{CHINESE}">{escape(run)}</font>' if is_chinese else escape(run)
        for is_chinese, run in _runs(text)
    )


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """The text cut where the font changes: Helvetica has the letters of Windows-1252 only."""
    run, was_chinese = "", False
    for letter in text:
        is_chinese = not _is_latin(letter)
        if is_chinese != was_chinese and run:
            yield was_chinese, run
            run = ""
        run += letter
        was_chinese = is_chinese
    if run:
        yield was_chinese, run


def _is_latin(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def paragraphs_of(markdown: str, style: ParagraphStyle) -> Iterator[Flowable]:
    """The paragraphs, headings and lists of a Markdown text; tables and pictures stay text."""
    numbers: list[int] = []  # of the lists around: 0 for bullets
    bullet = ""
    for token in _READER.parse(markdown):
        match token.type:
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)) if token.attrs else 1)
            case "bullet_list_open":
                numbers.append(0)
            case "ordered_list_close" | "bullet_list_close":
                numbers.pop()
            case "list_item_open":
                bullet = f"{numbers[-1]}." if numbers[-1] else "•"
                numbers[-1] += 1 if numbers[-1] else 0
            case "inline":
                yield _paragraph(_inline(token), style, depth=len(numbers), bullet=bullet)
                bullet = ""
            case "code_block" | "fence":
                yield _paragraph(marked_up(token.content), style, depth=len(numbers), bullet="")


def _paragraph(markup: str, style: ParagraphStyle, *, depth: int, bullet: str) -> Paragraph:
    if not depth:
        return Paragraph(markup, style)
    indent = _INDENT * depth
    listed = ParagraphStyle(
        f"{style.name}-{depth}", parent=style, leftIndent=indent, bulletIndent=indent - _INDENT
    )
    return Paragraph(markup, listed, bulletText=bullet or None)


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                parts.append(marked_up(child.content))
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("<br/>")
            case "link_open":
                parts.append(f'<a color="#0b5f8a" href={quoteattr(_address(child))}>')
            case "link_close":
                parts.append("</a>")
            case kind:
                parts.append(_TAGS.get(kind, ""))
    return "".join(parts)


def _address(token: Token) -> str:
    address = str(token.attrs.get("href", ""))
    return "" if _SCRIPTED.match(address) else address
