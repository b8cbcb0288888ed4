"""Peers live in environments of their own, made on first use by uv: `benchmarks/.envs/<name>`."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / ".envs"


def python_of(name: str, requirements: Sequence[str]) -> str:
    """The Python of the environment `name`; made, with the requirements in it, if it is missing."""
    home = _FOLDER / name
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        subprocess.run(["uv", "venv", "--quiet", "--clear", str(home)], check=True)
        subprocess.run(
            ["uv", "pip", "install", "--quiet", "--python", str(python), *requirements], check=True
        )
        (home / "ready").write_text("\n".join(requirements), encoding="utf-8")
    return str(python)
