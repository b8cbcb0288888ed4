"""The report's compiled templates are kept, and never stand in the way."""

from pathlib import Path

import jinja2
import pytest

from servoloop.loop.report.compiled_templates import KeptTemplates


def rendered(templates: Path, kept: Path) -> str:
    """By a new environment, as in a new process."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        bytecode_cache=KeptTemplates(kept),
    )
    return environment.get_template("page.html").render(name="<b>")


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text("Hello {{ name }}")
    return folder


def test_a_kept_template_is_not_compiled_again(
    templates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rendered(templates, tmp_path / "kept")

    def refuse(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(jinja2.Environment, "compile", refuse)
    assert rendered(templates, tmp_path / "kept") == first == "Hello &lt;b&gt;"


def test_a_changed_template_is_compiled_again(templates: Path, tmp_path: Path) -> None:
    rendered(templates, tmp_path / "kept")
    (templates / "page.html").write_text("Bye {{ name }}")
    assert rendered(templates, tmp_path / "kept") == "Bye &lt;b&gt;"
    assert len(list((tmp_path / "kept").iterdir())) == 1


@pytest.mark.parametrize("length", [0, 1, 12, 60, 200])
def test_a_file_cut_off_counts_as_none(templates: Path, tmp_path: Path, length: int) -> None:
    rendered(templates, tmp_path / "kept")
    (file,) = (tmp_path / "kept").iterdir()
    whole = file.read_bytes()
    assert length < len(whole)
    file.write_bytes(whole[:length])
    assert rendered(templates, tmp_path / "kept") == "Hello &lt;b&gt;"
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_done_without(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file, not a folder")
    assert rendered(templates, tmp_path / "kept") == "Hello &lt;b&gt;"
