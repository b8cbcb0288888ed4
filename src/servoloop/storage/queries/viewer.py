"""Who is looking: every query takes the viewer and shows only what they may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A colleague (`is_colleague`), a customer (`customer`), or nobody known."""

    person: str = ""  # user name
    roles: frozenset[str] = frozenset()
    customer: int | None = None  # id of the customer row
    is_colleague: bool = False


ANONYMOUS = Viewer()
