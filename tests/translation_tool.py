"""scripts/translations.py, which is a script and lies in no package."""

import importlib.util
from pathlib import Path
from typing import Any

_path = Path(__file__).resolve().parents[1] / "scripts" / "translations.py"
_spec = importlib.util.spec_from_file_location("translations", _path)
assert _spec is not None
assert _spec.loader is not None
translations: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(translations)
