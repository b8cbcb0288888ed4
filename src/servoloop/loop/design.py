"""Design: publish a version of a process."""

import re
from datetime import datetime

from lxml import etree

from servoloop.kernel.process.check import NotExecutable, Verdict, check
from servoloop.kernel.process.document import Document, read_document
from servoloop.storage import definitions
from servoloop.storage.definitions import Published

_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>\s*", re.DOTALL)


def publish(
    xml: bytes,
    *,
    at: datetime,
    process: str | None = None,
    library: dict[str, bytes] | None = None,
) -> Published:
    """Make a BPMN file the current version of its process; `library` holds the called ones by id.

    Publishing the same content again changes nothing. Raises UnreadableProcess, and NotExecutable
    with the findings when the process cannot run.
    """
    document = read_document(xml)
    called = {name: read_document(text) for name, text in (library or {}).items()}
    verdict: Verdict = check(document, process=process, library=called)
    if verdict.program is None:
        raise NotExecutable(verdict.findings)
    return definitions.publish(
        verdict.program,
        xml=as_text(document),
        library={name: as_text(each) for name, each in called.items()},
        at=at,
    )


def retire(key: str, *, at: datetime) -> None:
    """No new cases of this process; running ones go on. Raises NotFound."""
    definitions.retire(key, at=at)


def as_text(document: Document) -> str:
    """The file as text in UTF-8, comments before and after the root included."""
    outside = _DECLARATION.sub("", document.prolog)
    root = etree.tostring(document.root, encoding="unicode", with_tail=False)
    after = [
        etree.tostring(node, encoding="unicode", with_tail=False)
        for node in document.root.itersiblings()
    ]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', outside + root, *after]) + "\n"
