"""DMN files: the XML tree is the document of record, the model is read from it, edits go into it.

Foreign extensions, diagrams and comments stay as they are. Parsing fetches nothing, resolves no
entities and refuses very large or very deep files.
"""

from dataclasses import dataclass, field

from lxml import etree

from servoloop.kernel.decisions.errors import UnreadableDecisions
from servoloop.kernel.decisions.model import DecisionModel
from servoloop.kernel.decisions.reading import is_decision_model, read_model

MAX_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDocument:
    """A DMN file: its XML and the model that was read from it."""

    root: etree._Element = field(repr=False)
    model: DecisionModel

    def to_bytes(self) -> bytes:
        """The file as UTF-8, with everything in it that this package does not know."""
        tree = self.root.getroottree()
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def read_document(content: bytes) -> DecisionDocument:
    """Read a DMN file (1.1 to 1.5); raises UnreadableDecisions."""
    root = parse_xml(content)
    if not is_decision_model(root):
        raise UnreadableDecisions(
            f"The file's root element is '{etree.QName(root).localname}'. "
            "A DMN file begins with 'definitions' in OMG's DMN namespace."
        )
    return DecisionDocument(root=root, model=read_model(root))


def reread(document: DecisionDocument) -> DecisionDocument:
    """The document with its model read anew, after its XML was edited."""
    return DecisionDocument(root=document.root, model=read_model(document.root))


def parse_xml(content: bytes) -> etree._Element:
    """The root of an XML text; raises UnreadableDecisions."""
    if len(content) > MAX_BYTES:
        raise UnreadableDecisions(
            f"The file has {len(content)} bytes. A decision model may have {MAX_BYTES}."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = str(error.msg).split(", line ")[0]
        raise UnreadableDecisions(
            f"The file is not well-formed XML (line {line}, column {column}): {reason}. "
            "A DMN file was expected."
        ) from None
    except ValueError:
        raise UnreadableDecisions(
            "The bytes of the file do not fit the encoding that it declares; save it as UTF-8."
        ) from None
