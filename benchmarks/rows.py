"""The form of every benchmark's result: rows {name, value, unit, peer, peer_value, ratio}."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure, beside a peer's where there is one."""

    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None  # value / peer_value


def row(name: str, value: float, unit: str, *, peer: str = "", peer_value: float = 0.0) -> Row:
    """A row with its ratio; without a peer's value there is none."""
    if not peer_value:
        return Row(name=name, value=_rounded(value), unit=unit, peer=peer)
    return Row(
        name=name,
        value=_rounded(value),
        unit=unit,
        peer=peer,
        peer_value=_rounded(peer_value),
        ratio=_rounded(value / peer_value),
    )


def wants_json(description: str) -> bool:
    """Read the command line of a benchmark that has no other options."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    return bool(parser.parse_args().json)


def show(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print the rows for a program, or as a Markdown table for people and for `docs/`."""
    if as_json:
        print(json.dumps([asdict(each) for each in rows], ensure_ascii=False))
        return
    print("| what | value | unit | peer | peer's value | ratio |")
    print("|---|---:|---|---|---:|---:|")
    for each in rows:
        cells = (each.name, each.value, each.unit, each.peer, each.peer_value, each.ratio)
        print("| " + " | ".join("" if cell is None else _text(cell) for cell in cells) + " |")


def _rounded(value: float) -> float:
    """Three significant digits below 1000, whole numbers above."""
    return float(f"{value:.3g}") if abs(value) < 1000 else float(round(value))


def _text(cell: float | str) -> str:
    return cell if isinstance(cell, str) else f"{cell:,.10g}"
