"""A process file as it is: the lxml tree is the document of record.

Whatever is not ours (foreign extensions, comments, instructions, diagram, whitespace) stays where
it is; edits touch only what they change. A hostile file is refused before a tree is built.
"""

import codecs
import hashlib
import io
import re
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.namespaces import BPMN, bpmn

_CHUNK = 65_536  # bytes
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# libxml2's words for bytes that do not fit the encoding: XML_ERR_INVALID_ENCODING and its kin.
_ENCODING_ERRORS = frozenset({31, 32, 81, 6000, 6001, 6002, 6003})


class ProcessError(ServoloopError):
    """Something is wrong with a process definition."""


class UnreadableProcess(ProcessError):
    """A file that is not a BPMN 2.0 process file, or not one that is safe to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be; far above any drawn model, far below what could hurt."""

    megabytes: int = 16
    depth: int = 100  # elements inside elements
    elements: int = 200_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """A readable BPMN file; the tree inside changes when it is edited."""

    root: etree._Element
    prolog: str  # everything before the root element, verbatim
    epilog: str  # blanks after the last node
    codec: str  # Python's name of the encoding
    mark: bytes  # byte order mark, usually none
    newline: str

    def to_bytes(self) -> bytes:
        """The file again: same encoding, declaration, prefixes and line ends."""
        parts = [self.prolog, etree.tostring(self.root, encoding="unicode", with_tail=False)]
        for node in self.root.itersiblings():
            parts += ["\n", etree.tostring(node, encoding="unicode", with_tail=False)]
        text = "".join(parts) + self.epilog
        if self.newline != "\n":
            text = text.replace("\n", self.newline)
        return self.mark + text.encode(self.codec, errors="xmlcharrefreplace")

    def version(self) -> str:
        """The SHA-256 of the canonical XML: blind to encoding, prefix order and comments."""
        canonical = etree.tostring(self.root, method="c14n2", with_tail=False, with_comments=False)
        return hashlib.sha256(canonical).hexdigest()


def read_document(source: bytes | BinaryIO, *, limits: Limits = LIMITS) -> Document:
    """Read a BPMN file in bounded memory, or raise `UnreadableProcess` with one sentence."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    content = _scanned(stream, limits=limits)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise UnreadableProcess(_explain(error)) from None
    return _document_of(root, content)


def _parser(sentry: "_Sentry | None" = None) -> etree.XMLParser:
    return etree.XMLParser(
        target=sentry,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        strip_cdata=False,
    )


class _Sentry:
    """Sees every tag go by before a tree is built, and stops the parser at the first danger."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._depth = 0
        self._elements = 0

    def start(self, tag: str | bytes, attrib: object) -> None:
        self._depth += 1
        self._elements += 1
        if self._elements == 1 and tag != bpmn("definitions"):
            raise UnreadableProcess(_not_bpmn(tag))
        if self._depth > self._limits.depth:
            raise UnreadableProcess(
                f"The file nests elements more than {self._limits.depth} deep;"
                " a process needs far less."
            )
        if self._elements > self._limits.elements:
            raise UnreadableProcess(
                f"The file has more than {self._limits.elements} elements; split the process."
            )

    def end(self, tag: str | bytes) -> None:
        self._depth -= 1

    def data(self, data: str | bytes) -> None:
        pass

    def comment(self, text: str | bytes) -> None:
        pass

    def doctype(self, *_declaration: object) -> None:
        raise UnreadableProcess(
            "The file declares a document type or entities, which are refused for safety;"
            " remove the <!DOCTYPE …> declaration."
        )

    def close(self) -> None:
        return None


def _scanned(stream: BinaryIO, *, limits: Limits) -> bytes:
    parser = _parser(_Sentry(limits))
    chunks: list[bytes] = []
    size = 0
    try:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limits.megabytes * 1_000_000:
                raise UnreadableProcess(
                    f"The file is larger than {limits.megabytes} MB; a process file is smaller."
                )
            chunks.append(chunk)
            parser.feed(chunk)
        if not size:
            raise UnreadableProcess("The file is empty; a BPMN 2.0 XML file was expected.")
        parser.close()
    except etree.XMLSyntaxError as error:
        raise UnreadableProcess(_explain(error)) from None
    except (UnicodeError, LookupError):
        raise UnreadableProcess(_WRONG_ENCODING) from None
    return b"".join(chunks)


_WRONG_ENCODING = (
    "The bytes of the file do not fit the encoding that it declares; save it as UTF-8."
)


def _explain(error: etree.XMLSyntaxError) -> str:
    if getattr(error, "code", 0) in _ENCODING_ERRORS or "encoding" in str(error).lower():
        return _WRONG_ENCODING
    line, column = error.position
    reason = str(error.msg).split(", line ")[0]
    return f"The file is not well-formed XML (line {line}, column {column}): {reason}."


def _not_bpmn(tag: str | bytes) -> str:
    name = etree.QName(tag)
    if name.localname == "definitions" and name.namespace != BPMN:
        found = f"'definitions' of the namespace '{name.namespace or ''}'"
    else:
        found = f"'{name.localname}'"
    return f"The file is not BPMN 2.0: its root is {found}, not 'definitions' of '{BPMN}'."


def _document_of(root: etree._Element, content: bytes) -> Document:
    mark, codec = _codec_of(root, content)
    text = content[len(mark) :].decode(codec, errors="replace")
    newline = "\r\n" if "\r\n" in text and text.count("\n") == text.count("\r\n") else "\n"
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    prolog = _PROLOG.match(text)
    return Document(
        root=root,
        prolog=prolog.group() if prolog else "",
        epilog=text[len(text.rstrip()) :],
        codec=codec,
        mark=mark,
        newline=newline,
    )


def _codec_of(root: etree._Element, content: bytes) -> tuple[bytes, str]:
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return mark, codec
    declared = root.getroottree().docinfo.encoding or "utf-8"
    try:
        return b"", codecs.lookup(declared).name
    except LookupError:
        raise UnreadableProcess(
            f"The encoding '{declared}' cannot be written back; save the file as UTF-8."
        ) from None
