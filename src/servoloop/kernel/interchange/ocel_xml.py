"""OCEL as XML: 2.0 (`<event id type time>`) and 1.0 (`<string key="id" …/>`), streamed."""

from collections.abc import Iterable, Iterator
from typing import cast

from lxml import etree

from servoloop.kernel.interchange.object_log import ObjectLog
from servoloop.kernel.interchange.ocel_json import first_values
from servoloop.kernel.interchange.source import Source, UnreadableLog

ROOT = "log"
MEMBERS = ("event", "object")
"""At `log/events/event`; an `<object>` further down is a relation, not an object."""
_Actions = Iterable[tuple[str, etree._Element]]


def read_ocel_xml(source: Source) -> ObjectLog:
    """Read events and objects one element at a time.

    Raises UnreadableLog when the text is no well-formed XML, declares a document type, or an event
    has no id.
    """
    log = ObjectLog(name=source.name, version="2.0")
    try:
        for element in _members(source):
            if "id" not in element.attrib:
                log.version = "1.0"
                _add_old(log, element)
            elif element.tag == "event":
                _add_event(log, element)
            else:
                _add_object(log, element)
            source.rows = len(log.event_ids)
    except etree.XMLSyntaxError as error:
        raise UnreadableLog(
            f"{source.name} is not well-formed XML at line {error.lineno or 1:,}, or breaks off "
            "there."
        ) from error
    return log


def _members(source: Source) -> Iterator[etree._Element]:
    """The events and objects, each forgotten afterwards; only they reach Python, a fifth of the
    time it takes to hear of every element.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag=MEMBERS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    is_first = True
    for chunk in source.chunks():
        parser.feed(chunk)
        for _, element in cast(_Actions, parser.read_events()):
            if is_first:
                _check_root(element.getroottree().getroot(), source)
                is_first = False
            parent = element.getparent()
            grandparent = None if parent is None else parent.getparent()
            if parent is None or grandparent is None or grandparent.getparent() is not None:
                continue
            yield element
            parent.remove(element)
    _check_root(parser.close(), source)


def _check_root(root: etree._Element, source: Source) -> None:
    if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]  # the stubs lack it
        raise UnreadableLog(
            f"{source.name} declares a document type (DOCTYPE), which could hide entities; no log "
            "needs one, remove it."
        )
    if root.tag != ROOT:
        raise UnreadableLog(
            f"{source.name} is XML with the root <{str(root.tag)[:40]}>; a log has the root <log>."
        )


def _add_event(log: ObjectLog, event: etree._Element) -> None:
    attributes: dict[str, str | None] = {}
    objects: list[str] = []
    for part in event:
        if part.tag == "attributes":
            attributes = {each.get("name", ""): each.text for each in part}
        elif part.tag == "objects":
            objects = [each.get("object-id", "") for each in part]
    log.add_event(
        event.get("id", ""),
        activity=event.get("type"),
        time=event.get("time"),
        line=_line(event),
        attributes=attributes,
        objects=objects,
    )


def _add_object(log: ObjectLog, each: etree._Element) -> None:
    log.add_object(
        each.get("id", ""),
        type=each.get("type", ""),
        attributes=first_values(
            (given.get("name", ""), given.get("time", ""), given.text)
            for part in each
            if part.tag == "attributes"
            for given in part
        ),
    )


def _add_old(log: ObjectLog, element: etree._Element) -> None:
    values: dict[str, str] = {}
    lists: dict[str, list[tuple[str, str]]] = {}
    for each in element:
        key = each.get("key", "")
        if each.tag == "list":
            lists[key] = [(inner.get("key", ""), inner.get("value", "")) for inner in each]
        else:
            values[key] = each.get("value", "")
    if "id" not in values:
        raise UnreadableLog(
            f"The <{element.tag}> at line {_line(element):,} of {log.name} has no id, "
            "which OCEL asks for."
        )
    if element.tag == "event":
        log.add_event(
            values["id"],
            activity=values.get("activity"),
            time=values.get("timestamp"),
            line=_line(element),
            attributes=dict(lists.get("vmap", ())),
            objects=[value for _, value in lists.get("omap", ())],
        )
    else:
        log.add_object(
            values["id"], type=values.get("type", ""), attributes=dict(lists.get("ovmap", ()))
        )


def _line(element: etree._Element) -> int:
    return cast("int | None", element.sourceline) or 0
