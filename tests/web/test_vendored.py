"""The third-party files that browsers get are the ones that the manifest names."""

import hashlib
import json
import re
from pathlib import Path

import servoloop

SHELL = Path(servoloop.__file__).parent / "web" / "shell"
VENDOR = SHELL / "static" / "vendor"
PACKAGES = json.loads((VENDOR / "manifest.json").read_text())["packages"]


def test_every_vendored_file_has_its_recorded_hash() -> None:
    for package in PACKAGES:
        for file in package["files"]:
            content = (VENDOR / file["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"], file["path"]


def test_every_package_names_its_version_and_licence() -> None:
    for package in PACKAGES:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["licence"]


def test_nothing_is_vendored_outside_the_manifest() -> None:
    named = {file["path"] for package in PACKAGES for file in package["files"]}
    described = {"manifest.json", "dagre/VERSION", "dagre/LEGAL.txt"}
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert found - described == named


def test_every_icon_that_a_page_asks_for_is_in_the_sprite() -> None:
    sprite = (VENDOR / "icons" / "icons.svg").read_text()
    have = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    asked = set()
    for path in SHELL.parent.rglob("*"):
        if path.suffix == ".html":
            asked |= set(re.findall(r"""icon\(?\s*["']([a-z0-9-]+)["']""", path.read_text()))
        elif path.suffix == ".py":
            asked |= set(re.findall(r"""icon=["']([a-z0-9-]+)["']""", path.read_text()))

    assert len(asked) > 30
    assert asked <= have
