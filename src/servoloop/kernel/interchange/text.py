"""From bytes to UTF-8 text: the encoding guessed, undecodable bytes marked, never hidden."""

import codecs
from collections.abc import Iterable, Iterator

from servoloop.kernel.interchange.source import UnreadableLog, looks_like_utf16

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNDECODABLE = "\ufffd".encode()
"""Stands where bytes could not be decoded; rows holding it are refused with their line."""


def guess_encoding(head: bytes) -> str:
    """UTF-8 when most lines with foreign bytes are valid in it, else GB18030 or Windows-1252.

    Chinese text in GB18030 has its high bytes in pairs; Western text has them alone.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    if looks_like_utf16(head):
        return "utf-16-be" if head[0] == 0 else "utf-16-le"
    lines = [line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()]
    valid = sum(_decodes(line) for line in lines)
    # Lines in another encoding are hardly ever valid UTF-8, so a majority of it tells.
    if valid >= 0.6 * len(lines):
        return "utf-8"
    return "gb18030" if _share_of_pairs(b"\n".join(lines)) > 0.8 else "cp1252"


def known_encoding(name: str) -> str:
    """The canonical name of an encoding; UnreadableLog when there is none."""
    try:
        codecs.getincrementaldecoder(name)(errors="replace").decode("a,b\n".encode(name))
        return codecs.lookup(name).name
    except (LookupError, ValueError, TypeError, AssertionError) as error:  # base64 is a codec too
        raise UnreadableLog(
            f"No text encoding '{name}'; use a name such as utf-8, gb18030, cp1252 or utf-16."
        ) from error


def as_utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Re-encode as UTF-8 with plain line feeds; undecodable bytes become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    old_mac: bool | None = None
    for chunk in chunks:
        text = decoder.decode(chunk)
        if old_mac is None and text:
            old_mac = "\r" in text and "\n" not in text
        text = text.replace("\0", "\ufffd")  # no text holds one; its row is refused
        yield (text.replace("\r", "\n") if old_mac else text).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _share_of_pairs(text: bytes) -> float:
    high = paired = 0
    position = 0
    while position < len(text):
        if text[position] < 0x80:
            position += 1
            continue
        high += 1
        if position + 1 < len(text) and text[position + 1] >= 0x80:
            high += 1
            paired += 2
            position += 1
        position += 1
    return paired / high if high else 0.0
