import io
import resource
import time

import pytest

from servoloop.kernel.process.document import Limits, UnreadableProcess, read_document
from tests.kernel.process.drawing import HEAD, TINY

BPMN = b'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'


class Endless:
    """A stream that repeats one text until `size` bytes have been read."""

    def __init__(self, opening: bytes, text: bytes, *, size: int) -> None:
        self._opening = opening
        self._text = text * (65_536 // len(text))
        self._length = len(text)
        self._left = size
        self.given = 0

    def read(self, count: int) -> bytes:
        if self._opening:
            chunk, self._opening = self._opening, b""
        else:
            chunk = self._text[: min(count, self._left) // self._length * self._length]
        self._left -= len(chunk)
        self.given += len(chunk)
        return chunk


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableProcess) as caught:
        read_document(content)
    words = str(caught.value)
    assert words.endswith((".", "…")) and "\n" not in words and "Traceback" not in words
    return words


def test_an_unedited_file_is_written_back_byte_for_byte() -> None:
    content = TINY.read_bytes()
    assert read_document(content).to_bytes() == content


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "gb18030", "utf-16"])
def test_the_encoding_survives(encoding: str) -> None:
    name = "é" if encoding == "iso-8859-1" else "退款"
    text = (
        f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>\r\n<!-- {name} -->\r\n'
        f'<definitions {BPMN.decode()} name="{name}">\r\n<!-- {name} --><?tool keep?>'
        "<x:own xmlns:x='urn:x'><![CDATA[a < b]]></x:own></definitions>\r\n<!-- last -->\r\n"
    )
    document = read_document(text.encode(encoding))
    written = document.to_bytes()
    assert document.root.get("name") == name
    assert written.decode(encoding) == text.replace("'urn:x'", '"urn:x"')


def test_a_byte_order_mark_survives() -> None:
    content = b"\xef\xbb\xbf" + TINY.read_bytes()
    assert read_document(content).to_bytes() == content


def test_a_character_that_the_encoding_lacks_becomes_a_reference() -> None:
    content = b'<?xml version="1.0" encoding="iso-8859-1"?>\n<definitions ' + BPMN + b"/>"
    document = read_document(content)
    document.root.set("name", "退款")
    written = document.to_bytes()
    assert b'name="&#36864;&#27454;"' in written
    assert read_document(written).root.get("name") == "退款"


def test_the_version_is_blind_to_layout_of_tags_and_sees_every_value() -> None:
    plain = TINY.read_bytes()
    document = read_document(plain)
    turned = plain.replace(
        b'id="tiny" name="A question is answered"', b"name='A question is answered'  id='tiny'"
    )
    assert turned != plain
    assert read_document(turned).version() == document.version()
    changed = plain.replace(b"PT10M", b"PT11M")
    assert read_document(changed).version() != document.version()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"   ", "well-formed"),
        (b"hello", "not well-formed XML (line 1"),
        (b"%PDF-1.7", "not well-formed"),
        (b"<definitions " + BPMN + b"><process>", "not well-formed XML (line 1"),
        (b"<definitions/>", "not BPMN 2.0"),
        (b"<html><body/></html>", "its root is 'html'"),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20191111/MODEL/"/>', "namespace"),
        (b"<process " + BPMN + b"/>", "its root is 'process'"),
        (b"<definitions " + BPMN + b" id='a' id='b'/>", "well-formed"),
        (
            b'<?xml version="1.0" encoding="UTF-8"?><definitions ' + BPMN + b' name="\xe9"/>',
            "encoding",
        ),
        (b'<?xml version="1.0" encoding="klingon"?><definitions ' + BPMN + b"/>", "encoding"),
    ],
)
def test_what_is_no_process_file_is_refused_with_the_reason(content: bytes, says: str) -> None:
    assert says in refusal(content)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/never.dtd">',
        b'<!DOCTYPE d [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]>',
        b"<!DOCTYPE definitions>",
    ],
)
def test_entities_and_document_types_are_refused(declaration: bytes) -> None:
    words = refusal(declaration + b"<definitions " + BPMN + b">&a;</definitions>")
    assert "document type or entities" in words


def test_a_gigabyte_of_nesting_is_refused_at_once_in_little_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    stream = Endless(b"<definitions " + BPMN + b">", b"<a>", size=1_000_000_000)
    with pytest.raises(UnreadableProcess, match="100 deep"):
        read_document(stream)  # type: ignore[arg-type]  # only read() is used
    assert stream.given < 1_000_000
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


@pytest.mark.parametrize(
    ("text", "limit"),
    [(b"<a/>", "more than 200000 elements"), (b"aaaa", "larger than 16 MB"), (b"<!---->", "16 MB")],
)
def test_a_gigabyte_of_anything_is_refused(text: bytes, limit: str) -> None:
    stream = Endless(b"<definitions " + BPMN + b">", text, size=1_000_000_000)
    with pytest.raises(UnreadableProcess, match=limit):
        read_document(stream)  # type: ignore[arg-type]  # only read() is used
    assert stream.given < 17_000_000


def test_limits_can_be_set() -> None:
    content = f"{HEAD}<bpmn:process id='p'/></bpmn:definitions>".encode()
    read_document(io.BytesIO(content), limits=Limits(depth=2, elements=2))
    with pytest.raises(UnreadableProcess, match="1 deep"):
        read_document(content, limits=Limits(depth=1))
