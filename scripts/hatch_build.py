"""Compiles the translations whenever the project is built or installed, in place or as a wheel."""

import sys
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

from translations import compile_catalogues


class CompileTranslations(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:
        compile_catalogues()
