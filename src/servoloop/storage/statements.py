"""The SQL files of this package: one question or one change each."""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> str:
    """The text of `sql/<name>.sql`; parameters are written as %(name)s."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
