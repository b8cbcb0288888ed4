"""Object-centric event logs (OCEL 2.0 and 1.0): the notation told, read and flattened."""

from servoloop.kernel.interchange.object_log import flatten
from servoloop.kernel.interchange.ocel_json import read_ocel_json
from servoloop.kernel.interchange.ocel_sqlite import MAGIC, read_ocel_sqlite
from servoloop.kernel.interchange.ocel_xml import read_ocel_xml
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.source import Source, looks_like_xml


def read_ocel_events(source: Source, options: ReadOptions) -> RawEvents:
    """Read the log and flatten it on `options.object_type` (None: the best, see `flatten`).

    Raises UnreadableLog when the file is none of the three notations.
    """
    if source.head.startswith(MAGIC):
        log = read_ocel_sqlite(source)
    elif looks_like_xml(source.head):
        log = read_ocel_xml(source)
    else:
        log = read_ocel_json(source)
    return flatten(log, object_type=options.object_type)
