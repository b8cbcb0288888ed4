"""Compiled templates of the report, kept between processes: compiling them takes a second.

Jinja parses each of 20 templates and writes Python for it, which Python compiles. What it made is
kept where Python keeps the byte code of this package; where nothing can be written, each process
compiles again.
"""

import pickle
import secrets
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

FOLDER = Path(cache_from_source(__file__)).parent


class KeptTemplates(jinja2.BytecodeCache):
    """One file a template in `folder`, written anew when the template or Python changes.

    A file of another text or version, or one that is cut off, counts as none.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template is kept."""
        try:
            with self._file(bucket).open("rb") as stream:
                bucket.load_bytecode(stream)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, whole or not at all: several processes may do so at once."""
        file = self._file(bucket)
        written = file.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            written.write_bytes(bucket.bytecode_to_string())
            written.replace(file)
        except OSError:  # a read-only image
            return

    def _file(self, bucket: Bucket) -> Path:
        """By the version of Jinja too: what is in the file does not name it."""
        made_of = f"{jinja2.__version__} {bucket.key}"
        return self._folder / f"template-{sha256(made_of.encode()).hexdigest()[:16]}.jinja"
