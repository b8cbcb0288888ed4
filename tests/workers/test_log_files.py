"""Log files that stay small while others write them."""

import io
from pathlib import Path

from servoloop.workers.log_files import Followed, keep_small


def test_a_large_log_moves_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 101)
        keep_small(tmp_path, largest=100)
        writer.write(b"after\n")
    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "web.log.1").read_bytes() == b"x" * 101


def test_a_small_log_stays(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_bytes(b"x" * 100)
    keep_small(tmp_path, largest=100)
    assert [path.name for path in tmp_path.iterdir()] == ["web.log"]


def test_only_two_files_of_a_log_are_ever_kept(tmp_path: Path) -> None:
    for text in (b"a" * 9, b"b" * 9, b"c" * 9):
        (tmp_path / "web.log").write_bytes(text)
        keep_small(tmp_path, largest=5)
    assert (tmp_path / "web.log.1").read_bytes() == b"c" * 9
    assert {path.name for path in tmp_path.iterdir()} == {"web.log", "web.log.1"}


def test_following_shows_whole_lines_with_the_name_of_their_file(tmp_path: Path) -> None:
    out = io.StringIO()
    log = tmp_path / "live.log"
    log.write_text("before\n")
    followed = Followed(folder=tmp_path, out=out)
    with log.open("a") as writer:
        writer.write("one\ntw")
        writer.flush()
        followed.show()
        writer.write("o\n")
        writer.flush()
        followed.show()
    assert out.getvalue() == "live      one\nlive      two\n"


def test_following_goes_on_after_the_file_was_emptied(tmp_path: Path) -> None:
    out = io.StringIO()
    followed = Followed(folder=tmp_path, out=out)
    (tmp_path / "web.log").write_text("a long first line\n")
    followed.show()
    (tmp_path / "web.log").write_text("new\n")
    followed.show()
    assert out.getvalue().splitlines()[-1] == "web       new"
