"""Design: publish a version of a process, once the readiness gate lets it through."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from lxml import etree

from servoloop.accounts.people import staff
from servoloop.kernel.engine.starts import start_schedules
from servoloop.kernel.process.check import NotExecutable, Verdict, check
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.readiness.people import Organisation, Worker
from servoloop.kernel.process.readiness.readiness import NotReady, Readiness, assess
from servoloop.kernel.process.readiness.waivers import Waiver, write_waiver
from servoloop.kernel.routing.workplace import Workplace
from servoloop.storage import definitions
from servoloop.storage.calendars import calendars
from servoloop.storage.definitions import UNSIGNED, Published, Signature
from servoloop.storage.start_timers import keep_start_timers

_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>\s*", re.DOTALL)


def publish(
    xml: bytes,
    *,
    at: datetime,
    process: str | None = None,
    library: Mapping[str, bytes] | None = None,
    waivers: tuple[Waiver, ...] = (),
    signature: Signature = UNSIGNED,
) -> Published:
    """Make a BPMN file the current version of its process, if the readiness gate lets it through.

    `library` holds the called processes by id; `waivers` are written into the file first, which
    makes it another version. Publishing the same content again changes nothing. Raises
    UnreadableProcess, NotReady with the verdict of the gate, and BadWaiver.
    """
    document = read_document(xml)
    for waiver in waivers:
        write_waiver(document, waiver)
    called = _read_library(library)
    readiness = assess(document, process=process, library=called, organisation=organisation(at=at))
    if readiness.program is None or not readiness.is_ready:
        raise NotReady(readiness)
    return _publish(readiness.program, document, called, at=at, signature=signature)


def publish_ungated(
    xml: bytes,
    *,
    at: datetime,
    process: str | None = None,
    library: Mapping[str, bytes] | None = None,
) -> Published:
    """As `publish`, but whatever can be executed is published; for tests and measurements.

    No page and no command calls this. Raises UnreadableProcess, and NotExecutable with findings.
    """
    document = read_document(xml)
    called = _read_library(library)
    verdict: Verdict = check(document, process=process, library=called)
    if verdict.program is None:
        raise NotExecutable(verdict.findings)
    return _publish(verdict.program, document, called, at=at)


def _publish(
    program: Program,
    document: Document,
    called: Mapping[str, Document],
    *,
    at: datetime,
    signature: Signature = UNSIGNED,
) -> Published:
    """Store the version, and let its timer start events count from now."""
    schedules = start_schedules(program, at=at, workplace=Workplace(calendars=calendars()))
    with transaction.atomic():
        published = definitions.publish(
            program,
            xml=as_text(document),
            library={name: as_text(each) for name, each in called.items()},
            at=at,
            signature=signature,
        )
        keep_start_timers(published.id, program.key, schedules=schedules)
    return published


def readiness_of(
    xml: bytes,
    *,
    at: datetime,
    process: str | None = None,
    library: Mapping[str, bytes] | None = None,
) -> Readiness:
    """What the gate would say to this file here and now. Raises UnreadableProcess. Two queries."""
    return assess(
        read_document(xml),
        process=process,
        library=_read_library(library),
        organisation=organisation(at=at),
    )


def organisation(*, at: datetime) -> Organisation:
    """Everybody who works here, and the calendars. Two queries."""
    workers = tuple(Worker(person=each.person, roles=each.roles) for each in staff())
    return Organisation(workers=workers, calendars=calendars(), at=at)


def _read_library(library: Mapping[str, bytes] | None) -> dict[str, Document]:
    return {name: read_document(text) for name, text in (library or {}).items()}


def as_text(document: Document) -> str:
    """The file as text in UTF-8, comments before and after the root included."""
    outside = _DECLARATION.sub("", document.prolog)
    root = etree.tostring(document.root, encoding="unicode", with_tail=False)
    after = [
        etree.tostring(node, encoding="unicode", with_tail=False)
        for node in document.root.itersiblings()
    ]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', outside + root, *after]) + "\n"
